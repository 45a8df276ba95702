"""`quorum compare PROJECT…`: runs, recipes or projects side by side, as papers print them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from app.cli.common import open_for_reading
from app.insight.compare import By, compared, sides
from app.insight.insight import Insight
from app.insight.keeping import counted
from app.insight.sheets import Sheet, Table
from app.visible import visible_json, visible_line

_WIDE = 34


@click.command("compare", short_help="Put runs, recipes or projects side by side.")
@click.argument("projects", metavar="PROJECT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--by",
    type=click.Choice(("run", "recipe", "project")),
    help="What a column is; without it the project where several are named, else the run.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(projects: tuple[Path, ...], by: By | None, as_json: bool) -> None:
    """Print what runs, recipes or projects brought: yield, novelty, lengths, agreement, right share.

    Right shares come from judged random samples, with their 95% intervals; below ten judged items they are
    said to be too few.

    \b
    Examples:
      quorum compare thesis.db                     the runs of a project
      quorum compare thesis.db --by recipe         its recipes
      quorum compare small.db large.db             two projects
    """
    several = len(projects) > 1
    usual: By = "project" if several else "run"
    columns: list[Insight] = []
    for path in projects:
        with open_for_reading(path, sound=True) as project:
            ask = partial(sides, known=counted(project), by=by or usual, name=path.name if several else "")
            columns += project.read(ask)
    sheet = compared(columns)
    if as_json:
        click.echo(visible_json(_facts(sheet), indent=2))
        return
    for line in _lines(sheet):
        click.echo(visible_line(line, 1000))


def _facts(sheet: Sheet) -> dict[str, object]:
    tables = [part for part in sheet.parts if isinstance(part, Table)]
    figures = [
        {table.heads[at]: {row[0]: row[at] for row in table.rows}}
        for table in tables
        for at in _columns(table)
    ]
    return {"says": list(sheet.says), "columns": figures}


def _columns(table: Table) -> range:
    return range(1, len(table.heads))


def _lines(sheet: Sheet) -> Sequence[str]:
    lines = list(sheet.says)
    for table in (part for part in sheet.parts if isinstance(part, Table)):
        rows = [[visible_line(cell, _WIDE) for cell in row] for row in (table.heads, *table.rows)]
        widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
        lines += ["", *("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows), "", table.note]
    return lines
