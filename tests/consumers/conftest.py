"""Without TRL there is nothing to run here: `make test-consumers` installs it."""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("trl") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    from tests.consumers.small import loaded, model, project, tokenizer

    __all__ = ["loaded", "model", "project", "tokenizer"]
