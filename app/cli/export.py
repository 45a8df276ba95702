"""`quorum export PROJECT OUT`: the chosen rows as a file a trainer reads."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

import click

from app.export.formats import FORMATS, Format
from app.export.stages import StageRows, export_stage
from app.export.write import export as write_export
from app.store.project import Project
from app.store.rows import Include
from app.visible import visible_line


@click.command("export", short_help="Write the rows of a project to a file.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True)
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
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
def export(
    project: Path,
    out: Path,
    form: Format,
    include: Include,
    what: Literal["rows"] | StageRows,
    number: int | None,
    force: bool,
) -> None:
    """Write the rows of PROJECT to OUT, one JSON object a line; works while a run is going.

    What `--what candidates` writes, `quorum import candidates` reads; what `--what instances` writes can be
    the seed tasks of another run.
    """
    with Project.open(project, read_only=True) as opened:
        if what == "rows":
            report = write_export(opened, out, form, include, run=number, force=force)
        else:
            every = include == "all"
            report = export_stage(opened, out, what, dropped=every, run=number, force=force)
    empty = f", {report.empty_skipped} with empty output left out" if report.empty_skipped else ""
    click.echo(visible_line(f"{report.rows} rows{empty}: {report.path}"), err=True)
