"""What the commands that read a user's file share: how its fields are named, what they say, and progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.intake.lines import SetAside
from app.intake.reader import Account
from app.visible import visible_line

F = TypeVar("F", bound=Callable[..., Any])
_BACKSLASHED = {"\\t": "\t", "tab": "\t"}


def file_options(names: Sequence[str]) -> Callable[[F], F]:
    """Add --column, for these names, and --delimiter to a command."""

    def columns(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
        pairs = [value.partition("=") for value in values]
        for (name, sign, field), value in zip(pairs, values, strict=True):
            if not sign or not field or name not in names:
                raise click.BadParameter(f"{value!r} is not NAME=FIELD; names: {', '.join(names)}.")
        return {name: field for name, _, field in pairs}

    column = click.option(
        "--column",
        "columns",
        metavar="NAME=FIELD",
        multiple=True,
        callback=columns,
        help="FIELD of the file holds NAME, as in output=answer.text: dots lead into objects; repeatable.",
    )
    return lambda command: column(delimiter_option(command))


def _delimiter(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    sign = _BACKSLASHED.get(value.lower(), value)
    if len(sign) != 1 or sign in '"\r\n\0':
        raise click.BadParameter(f"{value!r} is not one character that can separate cells.")
    return sign


delimiter_option = click.option(
    "--delimiter",
    metavar="SIGN",
    callback=_delimiter,
    help="Separator of a CSV file; tab for tabs [default: found by itself].",
)


def tell(account: Account) -> None:
    """Say on standard error what was done with a file, and which lines of it were set aside."""
    tell_aside(account)
    if sentence := str(account):
        click.echo(visible_line(sentence), err=True)


def tell_aside(aside: SetAside) -> None:
    """Name the first lines that cannot be used, and count the others."""
    for bad in aside.first_bad:
        click.echo(visible_line(str(bad)), err=True)
    tell_more(aside.bad, len(aside.first_bad))


def tell_more(count: int, shown: int) -> None:
    """Count what was not named."""
    if count > shown:
        click.echo(f"… and {count - shown:,} more", err=True)


@contextmanager
def progress(path: Path | None) -> Iterator[FileProgress]:
    """Show how far a file is read, if there is one, and what follows, while standard error is a terminal."""
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    columns = (TextColumn("{task.description}"), BarColumn(30), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        yield FileProgress(shown, path.stat().st_size if path and path.is_file() else None)


class FileProgress:
    """A bar for the bytes of a file that are read, then another job in its place."""

    def __init__(self, shown: Progress, size: int | None) -> None:
        self._shown = shown
        self._task = shown.add_task("reading", total=size)
        self._votes: TaskID | None = None

    def reached(self, octets: int) -> None:
        """Show how far the file is read."""
        self._shown.update(self._task, completed=octets)

    def voted(self, votes: int) -> None:
        """Show how many votes are made; how many there will be is known only at the end."""
        if self._votes is None:
            self._shown.remove_task(self._task)
            self._votes = self._shown.add_task("voting", total=None)
        self._shown.update(self._votes, description=f"voting: {votes:,} items")
