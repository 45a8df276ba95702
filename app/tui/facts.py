"""What Home reads from a project, in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from app.store import counts, review, runs
from app.store.project import Connection
from app.store.views import ReviewProgress, RunSummary


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """The runs with their counts, oldest first, and how far review is."""

    runs: tuple[RunSummary, ...]
    progress: ReviewProgress

    @property
    def unfinished(self) -> RunSummary | None:
        """The newest run, if it has not come to its end."""
        return self.runs[-1] if self.runs and self.runs[-1].state != "done" else None


def project_facts(c: Connection, reviewer: str) -> ProjectFacts:
    """Read what Home shows."""
    return ProjectFacts(counts.summary(c).runs, review.progress(c, reviewer))


def unfinished(c: Connection) -> bool:
    """Say whether the newest run has not come to its end."""
    newest = runs.find(c)
    return newest is not None and newest.state != "done"
