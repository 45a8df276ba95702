"""All commands, one after another: for the reference in the manual and the man page."""

from __future__ import annotations

from collections.abc import Iterator

import click


def every_command(root: click.Context) -> Iterator[click.Context]:
    """Yield a context of every command, each before its subcommands, in the order of the help."""
    group = root.command
    assert isinstance(group, click.Group)
    for name in group.commands:
        context = click.Context(group.commands[name], info_name=name, parent=root)
        yield context
        if isinstance(context.command, click.Group):
            yield from every_command(context)
