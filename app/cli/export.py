"""`quorum export PROJECT OUT`: the chosen rows as a file a trainer reads."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import click
from click.core import ParameterSource

from app.cli.common import open_for_reading
from app.cli.export_options import choosing, chosen
from app.cli.start import allow_umask
from app.export.lint import CHECKS, NEAR_LIMIT
from app.export.pairs import LEFT_OUT
from app.export.request import FORMATS
from app.export.stages import StageRows, export_stage, hidden_rows, stage_to
from app.export.write import ExportReport, export_to
from app.export.write import export as write_export
from app.store.project import Project
from app.visible import visible_line
from app.words import plural

_STAGE_OPTIONS = ("project", "out", "what", "include", "run", "force", "umask")
STDOUT = "-"
_SHOWN = 5
"""Items that a warning names."""


@click.command("export", short_help="Write the rows of a project to a file.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", type=click.Choice(FORMATS), default="alpaca-jsonl", show_default=True)
@click.option(
    "--what",
    type=click.Choice(("rows", *get_args(StageRows))),
    default="rows",
    show_default=True,
    help="rows: what a trainer reads. Else what that stage kept, with --include all what it dropped too.",
)
@choosing
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@click.option(
    "--umask",
    is_flag=True,
    expose_value=False,
    callback=allow_umask,
    help="Give new files the permissions that your umask allows; without it only you can read them.",
)
def export(
    project: Path,
    out: Path,
    what: Literal["rows"] | StageRows,
    dry_run: bool,
    force: bool,
    **typed: Any,
) -> None:
    """Write the rows of PROJECT to OUT; works during a run.

    alpaca is one JSON array; csv, parquet and datasets (a folder) are such files; every other format is
    one JSON object per line, whatever OUT is called. What `--what candidates` and `--what judgements`
    write, `quorum import` reads; what `--what instances` writes can be the seed tasks of another run.

    With - in place of OUT the rows go to standard output and all else to standard error.
    """
    if what != "rows":
        _check_stage_options()
    wanted = chosen(typed)
    with open_for_reading(project, sound=True) as opened:
        if what != "rows":
            done = _stage(opened, out, what, dropped=typed["include"] == "all", run=typed["run"], force=force)
            click.echo(visible_line(done), err=True)
            if hidden := hidden_rows(opened, what, dropped=typed["include"] == "all", run=typed["run"]):
                name = "instance" if what == "candidates" else what[:-1]
                click.echo(_hidden(f"{plural(hidden, name)} of hidden runs"), err=True)
            return
        if str(out) == STDOUT:
            report = export_to(sys.stdout.buffer, opened, wanted, dry_run=dry_run)
        else:
            report = write_export(opened, out, wanted, force=force, dry_run=dry_run)
    instead = "standard output" if str(out) == STDOUT else ""
    for line in lines_of(report, "nothing written (dry run)" if dry_run else instead):
        click.echo(visible_line(line), err=True)


def _stage(
    project: Project, out: Path, what: StageRows, *, dropped: bool, run: int | None, force: bool
) -> str:
    """Write the rows of a stage; return what to say."""
    if str(out) == STDOUT:
        rows = stage_to(sys.stdout.buffer, project, what, dropped=dropped, run=run)
        return f"{_rows_of(what, rows)}: standard output"
    made = export_stage(project, out, what, dropped=dropped, run=run, force=force)
    return f"{_rows_of(what, made.rows)}: {made.path}"


def _rows_of(what: StageRows, rows: int) -> str:
    """Say how many rows of a stage were written; a row of candidates is a task with all its answers."""
    return f"{plural(rows, 'task')} with answers" if what == "candidates" else plural(rows, what[:-1])


def _check_stage_options() -> None:
    """Refuse options that say nothing about the rows of a stage. Raises UsageError."""
    context = click.get_current_context()
    for option in context.command.params:
        typed = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if typed and option.name not in _STAGE_OPTIONS:
            raise click.UsageError(f"{option.opts[0]} goes with --what rows only.")


def lines_of(report: ExportReport, instead: str = "") -> Sequence[str]:
    """Say what was written where (`instead` of that, where it was not), and what stayed behind and why."""
    empty = f", {report.empty_skipped:,} with empty output left out" if report.empty_skipped else ""
    human = f" ({report.human:,} human-written)" if report.human else ""
    where = instead or f"{report.path}"
    rows = plural(report.rows, "row")
    if report.split is None:
        lines = [f"{rows}{human}{empty}: {where}"]
    else:
        lines = [f"{rows}{human}{empty}{': ' + where if instead else ''}"]
        total = max(report.rows, 1)
        for file in report.files:
            lines.append(
                f"  {file.part}: {plural(file.rows, 'row')} ({100 * file.rows / total:.1f}%): {file.path}"
            )
        if empty_parts := [file.part for file in report.files if not file.rows]:
            lines.append(f"  nothing for {' and '.join(empty_parts)}: too few groups for such a share")
        near = report.split
        lines.append(
            f"  {plural(near.groups, 'group')} kept whole; nearest across parts: ROUGE-L {near.highest:.2f}"
        )
    stayed = [f"left out: {count:,} {LEFT_OUT[why]}" for why, count in report.left_out.items()]  # type: ignore[index]
    if not report.rows and not (stayed or report.empty_skipped):
        lines.append(
            "no rows: decide items in Review, or select more (--include all takes rejected ones too)"
        )
    if report.hidden.items:
        lines.append(_hidden(str(report.hidden)))
    if report.human_short:
        lines.append(f"the share is not met: {plural(report.human_short, 'human-written row')} too few")
    if report.turns_lost:
        lines.append(
            f"{plural(report.turns_lost, 'row')} lost turns that stand before the task: this format has no "
            "place for them; messages and sharegpt have"
        )
    if report.escaped:
        lines.append(
            f"an apostrophe was put before {plural(report.escaped, 'cell')} that a spreadsheet would run"
        )
    return [*lines, *stayed, *report.audit, *_warnings(report)]


def _hidden(rows: str) -> str:
    """Say what stays out with hidden runs, and how it is taken in again."""
    return f"left out: {rows}; `quorum run PROJECT --show RUN` shows a run again"


def _warnings(report: ExportReport) -> list[str]:
    """Say what the checks found, with the first items to look at."""
    lines = []
    for name, count in report.lint.counts.items():
        items = ", ".join(f"#{number:04d}" for number in report.lint.by_check[name][:_SHOWN])
        more = ", …" if count > _SHOWN else ""
        lines.append(f"warning: {CHECKS[name]} ({name}): {count:,} ({items}{more})")
    if report.lint.unchecked:
        lines.append(f"not checked: near-duplicate, which takes at most {NEAR_LIMIT:,} instructions")
    return lines
