"""How a command begins: new files are its owner's alone, signals end it in order, no argument is empty."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import click
import click_default_group
from click.shell_completion import CompletionItem

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""Signals that would end a process at once, with its half-made files and its lock left behind."""

_given_umask: int | None = None


def begin() -> None:
    """Keep new files from others, and turn signals into an exit that cleans up."""
    global _given_umask
    _given_umask = os.umask(0o077)
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:  # `nohup` lets some be ignored
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)  # a second one ends it at once
    sys.exit(128 + number)


def heeded(number: signal.Signals) -> bool:
    """Whether a signal is to have an effect: whoever started this process may have had it ignored."""
    return signal.getsignal(number) is not signal.SIG_IGN


def allow_umask(_ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    """Give what is written from now on the permissions that the umask allows, if that is wanted."""
    if wanted and _given_umask is not None:
        os.umask(_given_umask)


class DefaultGroup(click_default_group.DefaultGroup):  # type: ignore[misc]
    """A group with a command for where none is named, that shells can complete.

    Its first word may be a file as well as a command.
    """

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so, and have the shell add files."""
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the arguments that are left; the default command is not meant by a shell that completes."""
        if ctx.resilient_parsing:
            return click.Group.parse_args(self, ctx, args)
        remaining: list[str] = super().parse_args(ctx, args)
        return remaining


class RootGroup(DefaultGroup):
    """The group of all commands; refuses what a shell makes of a variable that is not set."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the arguments that are left; a usage error for one that is empty."""
        before = ""
        for word in args if not ctx.resilient_parsing else ():
            name, given, value = word.partition("=")
            attached = bool(given) and name.startswith("--")
            if not word or (attached and not value):
                at = name if attached else before
                what = f"The value of {at}" if at.startswith("-") else "An argument"
                raise click.UsageError(f"{what} is empty; perhaps a variable is not set.", ctx)
            before = word
        return super().parse_args(ctx, args)
