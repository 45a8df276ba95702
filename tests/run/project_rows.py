"""Look into the project file of a run that has ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.store.project import Project


def rows(project: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return what `sql` selects."""
    with Project.open(project, read_only=True) as opened:
        return opened.read(lambda c: [tuple(row) for row in c.execute(sql)])
