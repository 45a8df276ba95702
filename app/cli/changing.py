"""Open a project for a command that changes it and is no run: a run that is going has the right of way."""

from __future__ import annotations

from pathlib import Path

from app.store.project import Project, ProjectLocked


def open_to_change(path: Path, *, create: bool = False) -> Project:
    """Open a project for writing; raises ProjectError, with what to do while somebody else writes to it."""
    try:
        return Project.open(path, create=create)
    except ProjectLocked as locked:
        hint = "Wait until its run is over, or stop it; what it has stored stays."
        raise ProjectLocked(locked.message, hint, locked.pid) from None
