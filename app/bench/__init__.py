"""The paired measurements behind `quorum bench`: ratios from one run, never seconds from two."""
