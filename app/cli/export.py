"""`quorum export PROJECT OUT`: the chosen rows as a file a trainer reads."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

import click

from app.export.pairs import LEFT_OUT
from app.export.request import FORMATS
from app.export.request import request as make_request
from app.export.stages import StageRows, export_stage
from app.export.write import ExportReport
from app.export.write import export as write_export
from app.store.project import Project
from app.store.rows import Include
from app.visible import visible_line


@click.command("export", short_help="Write the rows of a project to a file.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="alpaca-jsonl", show_default=True)
@click.option(
    "--include",
    type=click.Choice(get_args(Include)),
    default="consensus",
    show_default=True,
    help="accepted: what a person accepted, chose or edited. consensus: these, and what the vote keeps "
    "undecided. all: every instance once.",
)
@click.option(
    "--what",
    type=click.Choice(("rows", *get_args(StageRows))),
    default="rows",
    show_default=True,
    help="rows: what a trainer reads. Else what that stage kept, with --include all what it dropped too.",
)
@click.option("--run", "number", type=click.IntRange(min=1), help="Only this run.")
@click.option(
    "--system", default="", help="A system prompt for every row; not every format has a place for it."
)
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
def export(
    project: Path,
    out: Path,
    form: str,
    include: Include,
    what: Literal["rows"] | StageRows,
    number: int | None,
    system: str,
    force: bool,
) -> None:
    """Write the rows of PROJECT to OUT; works while a run is going.

    Every format but alpaca is one JSON object a line, whatever OUT is called. What `--what candidates`
    writes, `quorum import candidates` reads; what `--what instances` writes can be the seed tasks of another
    run.
    """
    wanted = make_request(form, include, run=number, system=system)
    with Project.open(project, read_only=True) as opened:
        if what == "rows":
            report = write_export(opened, out, wanted, force=force)
        else:
            report = export_stage(opened, out, what, dropped=include == "all", run=number, force=force)
    for line in lines_of(report):
        click.echo(visible_line(line), err=True)


def lines_of(report: ExportReport) -> list[str]:
    """Say what was written where, and what stayed behind for which reason."""
    empty = f", {report.empty_skipped:,} with empty output left out" if report.empty_skipped else ""
    stayed = [f"left out: {count:,} {LEFT_OUT[why]}" for why, count in report.left_out.items()]  # type: ignore[index]
    return [f"{report.rows:,} rows{empty}: {report.path}", *stayed]
