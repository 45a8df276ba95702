"""`quorum export PROJECT OUT`: the chosen rows as a file a trainer reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import click

from app.export.formats import FORMS
from app.export.human import HumanRow
from app.export.lint import CHECKS, NEAR_LIMIT
from app.export.pairs import LEFT_OUT
from app.export.request import FORMATS
from app.export.request import request as make_request
from app.export.stages import StageRows, export_stage
from app.export.trainers import Trainer
from app.export.write import ExportReport
from app.export.write import export as write_export
from app.intake.seeds import read_seed_tasks
from app.store.project import Project
from app.store.rows import Include
from app.visible import visible_line

SEEDS = "seeds"
_SHOWN = 5
"""Items that a warning names."""


@click.command("export", short_help="Write the rows of a project to a file.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(FORMATS), default="alpaca-jsonl", show_default=True)
@click.option(
    "--rows",
    type=click.Choice(tuple(FORMS)),
    help="The form of a row in csv (default alpaca-jsonl), parquet and datasets (default messages).",
)
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
@click.option("--run", type=click.IntRange(min=1), help="Only this run.")
@click.option(
    "--where",
    default="",
    help="Only rows for which all of this holds, for example 'kind:A score>=0.5 status:edited,chosen'. "
    "Keys: kind, status, flagged, by, reason, recipe, source, won, lost, tag, grade, model, score.",
)
@click.option("--cap", type=click.IntRange(min=1), help="At most so many rows of one instruction.")
@click.option("--seed", type=click.IntRange(min=0), help="Shuffle the rows by this number.")
@click.option("--split", default="", help="Train/validation/test as 90/5/5, or 90/10: a file each.")
@click.option(
    "--with-human",
    metavar="FILE|seeds",
    help="Mix in human-written rows: a file of seed tasks, or the seeds of the project's runs.",
)
@click.option("--share", type=float, help="How many percent of all rows shall be human-written.")
@click.option("--system", default="", help="A system prompt for every row, if the format has a place for it.")
@click.option(
    "--no-lint",
    multiple=True,
    type=click.Choice([*CHECKS, "all"]),
    metavar="CHECK",
    help=f"Leave out a warning: {', '.join(CHECKS)}, or all. May be given several times.",
)
@click.option(
    "--provenance", is_flag=True, help="Write a second file that says of every row where it came from."
)
@click.option(
    "--for",
    "trainers",
    multiple=True,
    type=click.Choice(get_args(Trainer)),
    help="Write beside the rows what this trainer needs to be told. May be given twice.",
)
@click.option("--license", "licence", default="", help="The licence that the card of a folder names.")
@click.option("--language", default="", help="The language that the card names, for example en.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
def export(
    project: Path,
    out: Path,
    what: Literal["rows"] | StageRows,
    dry_run: bool,
    force: bool,
    with_human: str | None,
    **typed: Any,
) -> None:
    """Write the rows of PROJECT to OUT; works while a run is going.

    alpaca is one JSON array; csv, parquet and datasets (a folder) are what they say; every other format is
    one JSON object a line, whatever OUT is called. What `--what candidates` writes, `quorum import
    candidates` reads; what `--what instances` writes can be the seed tasks of another run.
    """
    human = human_rows(with_human) if with_human and with_human != SEEDS else ()
    wanted = make_request(**typed, human=human, with_seeds=with_human == SEEDS)
    with Project.open(project, read_only=True) as opened:
        if what != "rows":
            every = typed["include"] == "all"
            made = export_stage(opened, out, what, dropped=every, run=typed["run"], force=force)
            click.echo(visible_line(f"{made.rows:,} {what}: {made.path}"), err=True)
            return
        report = write_export(opened, out, wanted, force=force, dry_run=dry_run)
    for line in lines_of(report, dry_run):
        click.echo(visible_line(line), err=True)


def human_rows(file: str) -> tuple[HumanRow, ...]:
    """Read the rows of a file of seed tasks. Raises IntakeError."""
    return tuple(
        HumanRow(task.instruction, input, output, task.source, Path(file).name)
        for task in read_seed_tasks(file)
        for input, output in task.instances
    )


def lines_of(report: ExportReport, dry_run: bool = False) -> Sequence[str]:
    """Say what was written where, and what stayed behind for which reason."""
    empty = f", {report.empty_skipped:,} with empty output left out" if report.empty_skipped else ""
    human = f" ({report.human:,} human-written)" if report.human else ""
    where = "nothing written (dry run)" if dry_run else f"{report.path}"
    if report.split is None:
        lines = [f"{report.rows:,} rows{human}{empty}: {where}"]
    else:
        lines = [f"{report.rows:,} rows{human}{empty}{': ' + where if dry_run else ''}"]
        total = max(report.rows, 1)
        for file in report.files:
            lines.append(f"  {file.part}: {file.rows:,} rows ({100 * file.rows / total:.1f} %): {file.path}")
        near = report.split
        lines.append(f"  {near.groups:,} groups kept whole; nearest across parts: ROUGE-L {near.highest:.2f}")
    stayed = [f"left out: {count:,} {LEFT_OUT[why]}" for why, count in report.left_out.items()]  # type: ignore[index]
    if report.escaped:
        lines.append(f"{report.escaped:,} cells that a spreadsheet would run begin with an apostrophe now")
    return [*lines, *stayed, *_warnings(report)]


def _warnings(report: ExportReport) -> list[str]:
    """Say what the checks found, with the first items to look at."""
    lines = []
    for name, count in report.lint.counts.items():
        items = ", ".join(f"#{number:04d}" for number in report.lint.found[name][:_SHOWN])
        more = ", …" if count > _SHOWN else ""
        lines.append(f"warning: {CHECKS[name]} ({name}): {count:,} ({items}{more})")
    if report.lint.unchecked:
        lines.append(f"not checked: near-duplicate, which takes at most {NEAR_LIMIT:,} instructions")
    return lines
