"""What several commands share: a project opened for writing, models by name, guesses, a value from 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from app.engine.catalog import find_models
from app.engine.names import model_path
from app.errors import did_you_mean
from app.store.project import Project, ProjectLocked
from app.visible import visible_line


def open_for_writing(path: Path, *, create: bool = False) -> Project:
    """Open a project for writing; raises ProjectError, with what to do while somebody else writes to it."""
    try:
        return Project.open(path, create=create)
    except ProjectLocked as locked:
        hint = "Wait until its run is over, or stop it; what it has stored stays."
        raise ProjectLocked(locked.message, hint, locked.pid) from None


@contextmanager
def open_for_reading(path: Path, *, sound: bool = False) -> Iterator[Project]:
    """Open a project read-only and say what is not as it should be.

    A small file is always looked through for damage first, a large one where `sound` asks for it, as what is
    printed would be taken for all there is. Raises ProjectError; for a damaged file, with what can be read.
    """
    with Project.open(path, read_only=True) as project:
        if project.notice:
            click.echo(visible_line(project.notice), err=True)
        project.check(lambda words: click.echo(visible_line(words), err=True), large=sound)
        yield project


NUMBER = click.IntRange(1, 10**9)
"""A number of a run, an item or rows: SQLite takes none of twenty digits, and nobody has as many."""


class Model(click.ParamType[Path]):
    """A model: the path of its file, or its name on this machine, or how that begins."""

    name = "model"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path of the file; raises ModelError where none or several are called so."""
        return model_path(str(value))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the models of this machine whose name or file begins so, and have the shell add files."""
        begun = incomplete.casefold()
        names = {file.path.stem for file in find_models()}
        items = [CompletionItem(name) for name in sorted(names) if name.casefold().startswith(begun)]
        return [*items, CompletionItem(incomplete, type="file")]


class Guessing(click.Group):
    """A group that asks which command was meant by a name it does not know."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments begin with, or end with a usage error."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            guess = did_you_mean(args[0], self.list_commands(ctx)).rstrip()
            raise click.UsageError(f"{error.message} {guess}".rstrip(), ctx) from None


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
