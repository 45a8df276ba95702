"""`quorum import seeds PROJECT FILE`: example tasks for the next run."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from app.cli.changing import open_to_change
from app.cli.words import counted
from app.errors import IntakeError
from app.intake.seed_import import FIELDS, BadTask, read_seeds
from app.intake.seeds import SeedTask, seed_file, seed_rows
from app.method.kinds import Kind
from app.store import imported_seeds
from app.visible import visible_line

SHOWN = 10


def _columns(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Read FIELD=COLUMN pairs."""
    found: dict[str, str] = {}
    for value in values:
        field, sign, column = value.partition("=")
        if not sign or field not in FIELDS:
            raise click.BadParameter(f"{value!r} is not FIELD=COLUMN; fields: {', '.join(FIELDS)}.")
        found[field] = column
    return found


@click.command("seeds", short_help="Example tasks for the next run.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(get_args(Kind)), help="What all are, whatever their inputs.")
@click.option(
    "--column",
    "columns",
    metavar="FIELD=COLUMN",
    multiple=True,
    callback=_columns,
    help="FILE is CSV and this column holds that field; repeatable.",
)
def seeds(project: Path, file: Path, kind: Kind | None, columns: dict[str, str]) -> None:
    """Take the seed tasks of FILE into PROJECT, which is created if it does not exist.

    FILE is JSONL or a JSON array, in the form of Self-Instruct or Alpaca, CSV with a header, or a text file
    with an instruction a line. Inputs and outputs may be missing: a recipe that answers given tasks needs no
    outputs. Tasks with an input are kind A, others kind B. The next run uses all imported tasks; the same
    file again adds nothing.
    """
    read = list(read_seeds(seed_file(file), columns, kind))
    tasks = [one for one in read if isinstance(one, SeedTask)]
    bad = [one for one in read if isinstance(one, BadTask)]
    if not tasks:
        why = f": {bad[0].place}: {bad[0].what}" if bad else ""
        raise IntakeError(f"{file} holds no seed task{why}.", bad[0].hint if bad else "")
    rows = seed_rows(tasks)
    with open_to_change(project, create=True) as opened:
        run, new = opened.write_now(lambda c: imported_seeds.save(c, rows, file.name))
    for one in bad[:SHOWN]:
        click.echo(visible_line(f"{one.place}: {one.what}. {one.hint}".rstrip()), err=True)
    if len(bad) > SHOWN:
        click.echo(f"… and {len(bad) - SHOWN:,} more", err=True)
    of_a = sum(row.kind == "A" for row in new)
    parts = [counted(len(new), "new seed task")]
    if run:
        parts[0] += f" in run {run.number}: {of_a:,} of kind A (with an input), {len(new) - of_a:,} of kind B"
    parts += [f"{len(rows) - len(new):,} were there already"] if len(rows) > len(new) else []
    parts += [f"{len(bad):,} set aside"] if bad else []
    click.echo(", ".join(parts), err=True)
