"""`quorum report PROJECT…`: runs, and so recipes, side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.method.terms import in_words
from app.store import figures, runs
from app.store.figures import RunFigures, Yield
from app.store.project import Connection, Project
from app.visible import visible_line

_REASONS = 4
_WIDE = 34


@click.command("report", short_help="Put runs side by side: yield, drop reasons, novelty, lengths.")
@click.argument("projects", metavar="PROJECT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report(projects: tuple[Path, ...], as_json: bool) -> None:
    """Print the runs of all PROJECTs in columns, to compare what their recipes brought.

    Rows are what an export by consensus writes; lengths are mean words. The nearest of an instruction is
    the ROUGE-L with the one most like it in its pool when it was kept: lower is newer.
    """
    found: list[tuple[Path, RunFigures]] = []
    for path in projects:
        with Project.open(path, read_only=True) as opened:
            found += [(path, one) for one in opened.read(_figures)]
    if as_json:
        click.echo(json.dumps([_facts(path, one) for path, one in found], ensure_ascii=False, indent=2))
    elif not found:
        click.echo("No run yet.")
    else:
        click.echo("\n".join(_lines(found, several=len(projects) > 1)))


def _figures(c: Connection) -> list[RunFigures]:
    return [figures.of_run(c, run) for run in runs.all_runs(c)]


def _facts(path: Path, one: RunFigures) -> dict[str, Any]:
    return {"project": str(path), **asdict(one), "rows_per_1000_tokens": one.rows_per_1000_tokens}


def _lines(found: Sequence[tuple[Path, RunFigures]], *, several: bool) -> list[str]:
    """Return the table as lines: a head, one line a figure, then the drop reasons of each stage."""
    table = [["run", *(f"{path.name} {one.run}" if several else str(one.run) for path, one in found)]]
    ran = [one for _, one in found]
    table += [[name, *map(cell, ran)] for name, cell in _FIGURES]
    for name, stage in _STAGES:
        rows = [_dropped(stage(one)) for one in ran]
        table += [
            [f"{name} dropped" if place == 0 else "", *(_at(row, place) for row in rows)]
            for place in range(max(map(len, rows)))
        ]
    shown = [[visible_line(cell, _WIDE) for cell in row] for row in table]
    widths = [max(len(row[column]) for row in shown) for column in range(len(shown[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]


def _kept(made: Yield) -> str:
    share = f"  {made.kept / made.made:.0%}" if made.made else ""
    return f"{made.kept} of {made.made}{share}"


def _number(value: float | None, form: str = ".1f") -> str:
    return "-" if value is None else format(value, form)


def _dropped(made: Yield) -> list[str]:
    """Return the most frequent reasons, each with its count, and what is left of them."""
    told = [f"{count} {in_words(reason)}" for reason, count in made.dropped.items()]
    rest = sum(list(made.dropped.values())[_REASONS:])
    return [*told[:_REASONS], f"{rest} for other reasons"] if rest else told


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


_FIGURES: tuple[tuple[str, Callable[[RunFigures], str]], ...] = (
    ("recipe", lambda one: one.recipe),
    ("models", lambda one: f"{len(one.models)}"),
    ("requests", lambda one: f"{one.requests}"),
    ("tokens written", lambda one: f"{one.tokens}"),
    ("instructions kept", lambda one: _kept(one.instructions)),
    ("instances kept", lambda one: _kept(one.instances)),
    ("votes kept", lambda one: _kept(one.votes)),
    ("rows", lambda one: f"{one.rows}"),
    ("rows per 1,000 tokens", lambda one: _number(one.rows_per_1000_tokens, ".2f")),
    ("distinct instructions", lambda one: f"{one.distinct}"),
    ("nearest instruction", lambda one: _number(one.nearest, ".2f")),
    ("with an input", lambda one: _number(one.with_input, ".0%")),
    ("words, instruction", lambda one: _number(one.instruction_words)),
    ("words, input", lambda one: _number(one.input_words)),
    ("words, output", lambda one: _number(one.output_words)),
)
_STAGES: tuple[tuple[str, Callable[[RunFigures], Yield]], ...] = (
    ("instructions", lambda one: one.instructions),
    ("instances", lambda one: one.instances),
    ("votes", lambda one: one.votes),
)
