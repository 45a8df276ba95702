"""The options of every command as Markdown, for the page `commands` of the manual: `make manual`."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import click

from app.cli import examples
from app.cli.commands import every_command
from app.cli.main import quorum

PAGE = Path(__file__).resolve().parents[1] / "manual" / "commands.md"
BEGIN, END = "<!-- generated from the commands by `make manual` -->\n", "<!-- end -->\n"
_SPECIAL = re.compile(r"[*]|<(?=[a-zA-Z/!])")


def reference() -> str:
    """Return a section for every command: how it is called, what it does, its options, examples."""
    root = click.Context(quorum, info_name="quorum")
    return "\n".join(map(_section, every_command(root)))


def renewed(page: str) -> str:
    """Return the text of the page with the generated part as the commands are now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{reference()}\n{END}{after}"


def _section(context: click.Context) -> str:
    """Return heading, help, options and examples of one command."""
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [
        f"## {context.command_path}",
        "",
        f"`{usage}`",
        "",
        _safe(inspect.cleandoc(command.help or "")),
        "",
    ]
    rows = [_row(option, context) for option in command.params if isinstance(option, click.Option)]
    if rows:
        lines += ["| option | what it does |", "|---|---|", *rows, ""]
    if shown := examples.lines(context.command_path.partition(" ")[2]):
        lines += ["```sh", *shown, "```", ""]
    return "\n".join(lines)


def _row(option: click.Option, context: click.Context) -> str:
    """Return the line of an option: its names and value, and what click says of it."""
    names, help_text = option.get_help_record(context) or ("", "")
    if isinstance(option.type, click.Choice) and not option.metavar:
        names = ", ".join(option.opts)
        help_text = f"{help_text} One of: {', '.join(map(str, option.type.choices))}.".strip()
    help_text = " ".join(help_text.split())
    return f"| `{_cell(names.removesuffix(' RANGE'))}` | {_cell(_safe(help_text))} |"


def _cell(text: str) -> str:
    """Return text for a cell of a table."""
    return text.replace("|", "\\|")


def _safe(text: str) -> str:
    """Return the text of a help so that Markdown shows it as it is, code between backticks as code."""
    parts = text.split("`")
    return "`".join(part if at % 2 else _SPECIAL.sub(r"\\\g<0>", part) for at, part in enumerate(parts))


def main() -> None:
    """Renew the page in the repository."""
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
