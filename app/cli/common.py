"""What several commands share: a project opened for writing, and a value from 0 to 1."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from app.store.project import Project, ProjectLocked


def open_for_writing(path: Path, *, create: bool = False) -> Project:
    """Open a project for writing; raises ProjectError, with what to do while somebody else writes to it."""
    try:
        return Project.open(path, create=create)
    except ProjectLocked as locked:
        hint = "Wait until its run is over, or stop it; what it has stored stays."
        raise ProjectLocked(locked.message, hint, locked.pid) from None


class Threshold(click.FloatRange):
    """A number from 0 to 1; unlike click's own range it refuses what is not a number ("nan")."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the value as a number, or end with a usage error."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):  # nan is neither below 0 nor above 1
            self.fail(f"{value} is not in the range 0<=x<=1.", param, ctx)
        return number
