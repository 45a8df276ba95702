"""`quorum status PROJECT`: counts per run, stage, kind, status, drop reason and model."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.method.reasons import in_words
from app.store import counts, runs
from app.store.project import Connection, Project
from app.store.views import RunSummary, Summary
from app.visible import visible_line


@click.command("status", short_help="Count what a project holds.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--run", "number", type=click.IntRange(min=1), help="Only this run.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(project: Path, number: int | None, as_json: bool) -> None:
    """Print what PROJECT holds, run by run; works while a run is going."""

    def read(c: Connection) -> Summary:
        return counts.summary(c, None if number is None else runs.get(c, number).id)

    with Project.open(project, read_only=True) as opened:
        summary = opened.read(read)
    if as_json:
        click.echo(json.dumps(summary.as_dict(), ensure_ascii=False, indent=2))
        return
    if not summary.runs:
        click.echo("No run yet.")
    for run in summary.runs:
        click.echo("\n".join(visible_line(line) for line in _lines(run)))


def _lines(run: RunSummary) -> list[str]:
    head = f"run {run.number}  {run.recipe}  {run.state}"
    if run.state != runs.IMPORTED:
        head += f"  {run.total('instructions', 'kept')} of {run.target} instructions  seed {run.seed}"
    lines = [head]
    if run.note:
        lines.append(f"  {run.note}")
    for cell in run.counts:
        words = [cell.stage, cell.kind, cell.status]
        detail = cell.model or in_words(cell.reason)
        lines.append(f"  {words[0]:<13}{words[1]:<3}{words[2]:<12}{cell.count:>7}  {detail}".rstrip())
    return lines
