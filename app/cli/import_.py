"""`quorum import …`: what exists already, taken into a project."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import click

from app.cli.changing import open_to_change
from app.cli.seeds import seeds
from app.cli.topics import topics
from app.cli.words import counted
from app.errors import IntakeError
from app.intake.candidates import GoodLine, read_candidates
from app.intake.decisions import read_decisions
from app.intake.jsonl import BadLine
from app.run.deciding import apply_decisions
from app.run.importing import ImportReport, import_candidates
from app.store.reviewer import login_name
from app.visible import visible_line


@click.group("import", short_help="Take what exists already into a project.")
def import_group() -> None:
    """Take what exists already into a project."""


@import_group.command("candidates", short_help="Tasks with the answers of several models.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
def candidates(project: Path, file: Path) -> None:
    """Take the tasks and answers of FILE into PROJECT, which is created if it does not exist, and vote.

    FILE is JSONL: {"instruction": …, "input": …, "outputs": [{"model": …, "output": …}, …]}, the writer's
    output first. Lines that cannot be used are named and set aside, all others are stored together. The
    same file again adds nothing; answers of other models to a task that is there are added to it.
    """
    lines = read_candidates(file)
    bad: list[BadLine] = []
    for line in lines:  # a project must not be made for a file without a single task
        if isinstance(line, GoodLine):
            break
        bad.append(line)
    else:
        raise _nothing_in(file, bad)
    with open_to_change(project, create=True) as opened:
        report = import_candidates(opened, file.name, chain(bad, [line], lines))
    for told in _lines(report):
        click.echo(visible_line(told), err=True)


@import_group.command("decisions", short_help="Decisions that were made elsewhere.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reviewer", help="Name stored with the decisions [default: the login name]")
def decisions(project: Path, file: Path, reviewer: str | None) -> None:
    """Apply the decisions of FILE to PROJECT, as decisions of one reviewer.

    FILE is JSONL: {"item": 142, "decision": "accept"}; accept, choose or edit (with "output"), reject (with
    "reason") or later. An item is meant by its number, its "id", or its "instruction" and "input"; "note",
    "tags", "grade" and "flag" may stand beside a decision. What holds already is not written again.
    """
    with open_to_change(project) as opened:
        report = apply_decisions(opened, reviewer or login_name(), read_decisions(file))
    for bad in report.first_bad:
        click.echo(visible_line(f"line {bad.line}: {bad.what}. {bad.hint}".rstrip()), err=True)
    for told in _more(report.bad, len(report.first_bad)):
        click.echo(told, err=True)
    parts = [f"{counted(report.applied, 'line')} applied"]
    parts += [f"{report.there:,} held already"] if report.there else []
    parts += [f"{counted(report.bad, 'line')} set aside"] if report.bad else []
    click.echo(", ".join(parts), err=True)


def _nothing_in(file: Path, bad: list[BadLine]) -> IntakeError:
    if not bad:
        return IntakeError(f"{file} is empty.", "Give one task a line.")
    first = bad[0]
    return IntakeError(f"{file} holds no task: line {first.line}: {first.what}.", first.hint)


def _lines(report: ImportReport) -> list[str]:
    lines = [f"line {bad.line}: {bad.what}. {bad.hint}".rstrip() for bad in report.first_bad]
    lines += _more(report.bad, len(report.first_bad))
    lines += [
        f"line {number}: {model} has another answer here already, which stays"
        for number, model in report.first_differing
    ]
    lines += _more(report.differing, len(report.first_differing))
    if report.unread:
        names = ", ".join(f"{name} ({count:,})" for name, count in report.unread.most_common(10))
        lines.append(f"fields that were not taken over: {names}")
    where = f" in run {report.run}" if report.run else ""
    parts = [f"{counted(report.new, 'new task')}{where}"]
    parts += [f"{report.extended:,} got further candidates"] if report.extended else []
    parts += [f"{report.there:,} were there already"] if report.there else []
    parts += [f"{counted(report.bad, 'line')} set aside"] if report.bad else []
    lines.append(", ".join(parts))
    if report.new and report.tokeniser == "unicode":
        lines.append(
            "over a fifth of the answers' letters lie outside a-z: they are compared in every script "
            "(tokeniser unicode)"
        )
    if report.candidates:
        lines.append(
            f"{counted(report.candidates, 'candidate')} stored, {counted(report.voted, 'item')} voted on"
        )
    return lines


def _more(count: int, told: int) -> list[str]:
    return [f"… and {count - told:,} more"] if count > told else []


import_group.add_command(seeds)
import_group.add_command(topics)
