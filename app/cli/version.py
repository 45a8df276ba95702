"""`quorum --version`: one line; with `--verbose` all that a report of a fault needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from app import __version__
from app.visible import visible_line

F = TypeVar("F", bound=Callable[..., Any])


def version_option(command: F) -> F:
    """Give a command the options --version and --verbose."""
    # --verbose is eager, so that it is known whichever of the two comes first.
    verbose = click.option(
        "--verbose",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_note,
        help="With --version: also print versions, hardware and folders, for a report of a fault.",
    )
    shown = click.option(
        "--version", is_flag=True, expose_value=False, callback=_show, help="Show the version and exit."
    )
    return shown(verbose(command))


def _note(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta[__name__] = value


def _show(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    verbose = ctx.meta[__name__]
    if verbose and not value:
        raise click.UsageError("--verbose goes with --version.", ctx)
    if not value or ctx.resilient_parsing:
        return
    click.echo(f"quorum, version {__version__}")
    if verbose:
        from app.cli.environment import facts  # half of the program, for these few lines

        for name, text in facts():
            click.echo(f"{name:<18}{visible_line(text)}")
    ctx.exit()
