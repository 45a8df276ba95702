"""The commands by name, each in a module that is loaded when the command is first asked for.

Together they need half of the program: a second or two that a single one need not wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module

import click

from app.cli import examples

PLACES = {
    "open": "open:open_app",
    "run": "run:run",
    "status": "status:status",
    "export": "export:export",
    "publish": "publish:publish",
    "judge": "judge:judge",
    "card": "card:card",
    "audit": "audit:audit",
    "vote": "vote:vote",
    "sweep": "vote:sweep_project",
    "learn": "learn:learn_command",
    "import": "import_:import_group",
    "models": "models:models",
    "audition": "audition:audition_command",
    "eval": "eval_:eval_command",
    "cluster": "cluster:cluster_command",
    "recipes": "recipes:recipes",
    "report": "report:report",
    "compare": "compare:compare",
    "log": "status:log_command",
    "agreement": "status:agreement_command",
    "check": "check:check",
    "backup": "check:backup",
    "rescue": "check:rescue_command",
    "keys": "keys:keys_command",
    "dedup": "dedup:dedup_file",
    "bench": "bench:bench",
    "completion": "completion:completion",
    "man": "man:man",
    "help": "help:help_command",
}
"""Module and object of each, in the order of the manual."""


class Commands(MutableMapping[str, click.Command]):
    """The commands of `PLACES`, for a click group; names are known without loading anything."""

    def __init__(self) -> None:
        self._added: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._added:
            module, _, variable = PLACES[name].partition(":")
            command = getattr(import_module(f"app.cli.{module}"), variable)
            self._added[name] = examples.show_in(command, name)
        return self._added[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._added[name] = command

    def __delitem__(self, name: str) -> None:
        del self._added[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES | self._added)

    def __len__(self) -> int:
        return len(PLACES | self._added)

    def __contains__(self, name: object) -> bool:
        return name in PLACES or name in self._added


def every_command(root: click.Context) -> Iterator[click.Context]:
    """Yield a context of every command, each before its subcommands, in the order of the help."""
    group = root.command
    assert isinstance(group, click.Group)
    for name in group.commands:
        context = click.Context(group.commands[name], info_name=name, parent=root)
        yield context
        if isinstance(context.command, click.Group):
            yield from every_command(context)
