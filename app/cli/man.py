"""`quorum man`: all commands as one page of the system's manual, from the same texts as their help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from app import __version__
from app.cli import examples
from app.cli.commands import every_command


@click.command("man", short_help="Print the page of the system's manual.")
@click.pass_context
def man(ctx: click.Context) -> None:
    """Print all commands, options and examples as a page for man(1)."""
    click.echo("\n".join(_page(ctx.find_root())))


def _page(root: click.Context) -> Iterator[str]:
    """Yield the lines of the page, in the macros of man(7)."""
    first, _, rest = inspect.cleandoc(root.command.help or "").partition("\n\n")
    yield f'.TH QUORUM 1 "" "Quorum {_plain(__version__)}"'
    yield ".ad l"
    yield ".SH NAME"
    yield rf"quorum \- {_text(first.rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield ".B quorum"
    yield _text("[COMMAND] [OPTIONS] [ARGUMENTS]")
    yield ".SH DESCRIPTION"
    yield from _paragraphs(rest)
    yield ".SH COMMANDS"
    for context in every_command(root):
        yield from _command(context)


def _command(context: click.Context) -> Iterator[str]:
    """Yield what there is to say of a command: its use, what it does, its options and examples."""
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f".SS {_text(usage)}"
    yield from _paragraphs(inspect.cleandoc(command.help or ""))
    for option in command.params:
        record = option.get_help_record(context) if isinstance(option, click.Option) else None
        if record is not None:
            yield ".TP"
            yield rf"\fB{_plain(record[0])}\fR"
            yield _text(" ".join(record[1].split()) or "-")
    if shown := examples.lines(context.command_path.partition(" ")[2]):
        yield from (".PP", ".nf", *map(_text, shown), ".fi")


def _paragraphs(text: str) -> Iterator[str]:
    for part in re.split(r"\n\s*\n", text):
        yield ".PP"
        yield _text(" ".join(part.replace("\b", "").split()))


def _text(text: str) -> str:
    """Return a line that roff shows as it is, even where it begins like a macro."""
    return rf"\&{_plain(text)}" if text[:1] in (".", "'") else _plain(text)


def _plain(text: str) -> str:
    """Return text with what roff would read as commands escaped."""
    return text.replace("\\", r"\e").replace("-", r"\-")
