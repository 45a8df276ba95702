"""`quorum import …`: take what already exists into a project: seed tasks, topics, candidates, decisions."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import get_args

import click

from app.cli.common import Guessing, open_for_writing
from app.errors import IntakeError
from app.export.layout import whole_file
from app.intake.given import GoodLine, read_candidates, read_decisions
from app.intake.lines import SHOWN, BadLine, SetAside
from app.intake.seeds import FIELDS, BadTask, SeedTask, read_seeds, seed_file, seed_rows
from app.intake.topics import Chosen, Limits, choose_topics
from app.method.terms import Kind
from app.run.import_candidates import ImportReport, import_candidates
from app.run.import_decisions import apply_decisions
from app.store import runs
from app.store.decisions import login_name
from app.visible import visible_line
from app.words import plural

_LEFT_OUT = {
    "words": "too many words",
    "subcategories": "too few sub-categories",
    "pages": "too few pages",
    "repeated": "repeated",
    "bad": "unreadable",
}
_LIMITS = Limits()


@click.command("topics", short_help="Choose common topics out of a CSV file of categories.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--words", type=int, default=_LIMITS.words, show_default=True, help="Fewer words than this.")
@click.option(
    "--subcategories", type=int, default=_LIMITS.subcategories, show_default=True, help="More than this."
)
@click.option("--pages", type=int, default=_LIMITS.pages, show_default=True, help="More than this.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the topics there, not to the output.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
def topics(file: Path, words: int, subcategories: int, pages: int, out: Path | None, force: bool) -> None:
    """Print the categories of FILE that are common topics, one a line, for `quorum run --topics`.

    FILE is CSV with a header: a title, the number of its sub-categories and of its pages. The limits are
    those of LaMini-LM.
    """
    chosen = choose_topics(file, Limits(words, subcategories, pages))
    text = "".join(f"{topic}\n" for topic in chosen.topics)
    if out:
        with whole_file(out.absolute(), force=force) as target:
            target.write(text.encode())
    else:
        click.echo(text, nl=False)
    click.echo(visible_line(_told(chosen)), err=True)
    for number, what in chosen.bad:
        click.echo(f"line {number}: {what}", err=True)


def _told(chosen: Chosen) -> str:
    parts = [f"{count:,} {_LEFT_OUT[why]}" for why, count in chosen.left_out.items()]
    left_out = f"; left out: {', '.join(parts)}" if parts else ""
    return f"{chosen.lines:,} categories, {plural(len(chosen.topics), 'topic')}{left_out}"


def _columns(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Read FIELD=COLUMN pairs."""
    columns: dict[str, str] = {}
    for value in values:
        field, sign, column = value.partition("=")
        if not sign or field not in FIELDS:
            raise click.BadParameter(f"{value!r} is not FIELD=COLUMN; fields: {', '.join(FIELDS)}.")
        columns[field] = column
    return columns


@click.command("seeds", short_help="Example tasks for the next run.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice(get_args(Kind)), help="The kind of all tasks, whatever their inputs."
)
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
    tasks = [task for task in read if isinstance(task, SeedTask)]
    bad = [task for task in read if isinstance(task, BadTask)]
    if not tasks:
        why = f": {bad[0].place}: {bad[0].what}" if bad else ""
        raise IntakeError(f"{file} holds no seed task{why}.", bad[0].hint if bad else "")
    rows = seed_rows(tasks)
    with open_for_writing(project, create=True) as opened:
        run, new = opened.write_now(lambda c: runs.import_seeds(c, rows, file.name))
    for task in bad[:SHOWN]:
        click.echo(visible_line(f"{task.place}: {task.what}. {task.hint}".rstrip()), err=True)
    if len(bad) > SHOWN:
        click.echo(f"… and {len(bad) - SHOWN:,} more", err=True)
    of_a = sum(row.kind == "A" for row in new)
    parts = [plural(len(new), "new seed task")]
    if run:
        parts[0] += f" in run {run.number}: {of_a:,} of kind A (with an input), {len(new) - of_a:,} of kind B"
    parts += [f"{len(rows) - len(new):,} already existed"] if len(rows) > len(new) else []
    parts += [f"{len(bad):,} set aside"] if bad else []
    click.echo(", ".join(parts), err=True)


@click.group("import", cls=Guessing, short_help="Import what already exists into a project.")
def import_group() -> None:
    """Import what already exists into a project."""


@import_group.command("candidates", short_help="Tasks with the answers of several models.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
def candidates(project: Path, file: Path) -> None:
    """Take the tasks and answers of FILE into PROJECT, which is created if it does not exist, and vote.

    FILE is JSONL: {"instruction": …, "input": …, "outputs": [{"model": …, "output": …}, …]}, the writer's
    output first. Lines that cannot be used are named and set aside, all others are stored together. The
    same file again adds nothing; answers of other models to an existing task are added to it.
    """
    lines = read_candidates(file)
    bad: list[BadLine] = []
    for line in lines:  # a project must not be made for a file without a single task
        if isinstance(line, GoodLine):
            break
        bad.append(line)
    else:
        raise _nothing_in(file, bad)
    with open_for_writing(project, create=True) as opened:
        report = import_candidates(opened, file.name, chain(bad, [line], lines))
    for text in _lines(report):
        click.echo(visible_line(text), err=True)


@import_group.command("decisions", short_help="Decisions that were made elsewhere.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reviewer", help="Name stored with the decisions [default: the login name]")
def decisions(project: Path, file: Path, reviewer: str | None) -> None:
    """Apply the decisions of FILE to PROJECT, as decisions of one reviewer.

    FILE is JSONL: {"item": 142, "decision": "accept"}; accept, choose or edit (with "output"), reject (with
    "reason") or later. Name an item by its number, its "id", or its "instruction" and "input"; "note",
    "tags", "grade" and "flag" may accompany a decision. What already holds is not stored again.
    """
    with open_for_writing(project) as opened:
        report = apply_decisions(opened, reviewer or login_name(), read_decisions(file))
    for text in _set_aside(report):
        click.echo(visible_line(text), err=True)
    parts = [f"{plural(report.applied, 'line')} applied"]
    parts += [f"{report.there:,} already held"] if report.there else []
    parts += [f"{plural(report.bad, 'line')} set aside"] if report.bad else []
    click.echo(", ".join(parts), err=True)


def _nothing_in(file: Path, bad: list[BadLine]) -> IntakeError:
    if not bad:
        return IntakeError(f"{file} is empty.", "Give one task a line.")
    first = bad[0]
    return IntakeError(f"{file} holds no task: line {first.line}: {first.what}.", first.hint)


def _set_aside(report: SetAside) -> list[str]:
    lines = [f"line {bad.line}: {bad.what}. {bad.hint}".rstrip() for bad in report.first_bad]
    return lines + _more(report.bad, len(report.first_bad))


def _lines(report: ImportReport) -> list[str]:
    lines = _set_aside(report)
    lines += [
        f"line {number}: {model} has another answer here already, which stays"
        for number, model in report.first_differing
    ]
    lines += _more(report.differing, len(report.first_differing))
    if report.unread:
        names = ", ".join(f"{name} ({count:,})" for name, count in report.unread.most_common(10))
        lines.append(f"fields that were not taken over: {names}")
    where = f" in run {report.run}" if report.run else ""
    parts = [f"{plural(report.new, 'new task')}{where}"]
    parts += [f"{report.extended:,} got further candidates"] if report.extended else []
    parts += [f"{report.there:,} already existed"] if report.there else []
    parts += [f"{plural(report.bad, 'line')} set aside"] if report.bad else []
    lines.append(", ".join(parts))
    if report.unicode:
        lines.append(
            f"{plural(report.unicode, 'new task')} whose answers have over a fifth of their letters outside "
            "a-z: they are compared in their own script (tokeniser unicode)"
        )
    if report.candidates:
        lines.append(
            f"{plural(report.candidates, 'candidate')} stored, {plural(report.voted, 'item')} voted on"
        )
    return lines


def _more(count: int, shown: int) -> list[str]:
    return [f"… and {count - shown:,} more"] if count > shown else []


import_group.add_command(seeds)
import_group.add_command(topics)
