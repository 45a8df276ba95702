"""`quorum sweep PROJECT`: what other thresholds and smaller ensembles would keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import click

from app.cli.changing import open_to_change
from app.cli.values import Threshold
from app.cli.words import counted, named_choices
from app.errors import ProjectError
from app.method.recipe_parts import Rule
from app.method.sweep import THRESHOLDS
from app.run.revote import vote_where_missing
from app.run.sweep import SweepReport, sweep
from app.store import runs
from app.store.project import Connection, Project
from app.visible import visible_line


@click.command("sweep", short_help="Survivors by threshold, number of models, and without each model.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--rule", type=click.Choice(get_args(Rule)), help="The rule [default: the recipe's].")
@click.option("--threshold", type=Threshold(), help="The threshold [default: the recipe's].")
@click.option("--run", "number", type=click.IntRange(min=1), help="Only this run.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sweep_project(
    project: Path, rule: Rule | None, threshold: float | None, number: int | None, as_json: bool
) -> None:
    """Say how many items of PROJECT would be kept otherwise; changes no vote and no decision.

    Answered from the stored scores; those that are missing are computed, and stored with a vote by the
    recipe's rule. Works while a run is going.
    """

    def look(c: Connection) -> SweepReport:
        return sweep(c, rule, threshold, None if number is None else runs.get(c, number).id)

    with Project.open(project, read_only=True) as opened:
        report = opened.read(look)
    if report.unscored:
        _store_missing(project, report.unscored)
    if as_json:
        click.echo(json.dumps(_as_dict(report), ensure_ascii=False, indent=2))
    else:
        for line in _lines(report):
            click.echo(visible_line(line))


def _store_missing(project: Path, count: int) -> None:
    try:
        with open_to_change(project) as opened:
            opened.write_now(vote_where_missing)
    except ProjectError as error:
        told = f"The scores of {counted(count, 'item')} could not be stored: {error.message}"
        click.echo(visible_line(told), err=True)


def _lines(report: SweepReport) -> list[str]:
    if not report.items:
        return ["Nothing to vote on yet."]
    lines = [named_choices(report.choices), f"kept {report.kept:,} of {counted(report.items, 'item')}"]
    lines += ["", "at threshold"]
    lines += [f"{t:>10.2f}  {_share(report.by_threshold[t], report.items)}" for t in THRESHOLDS]
    lines += ["", "with so many models (mean over which ones)"]
    lines += [f"{size:>10}  {_share(kept, report.items)}" for size, kept in report.by_size.items()]
    lines += ["", "     without       kept  dropped now  kept now  other answer"]
    for (role, name), without in report.without.items():
        kept = report.kept - without.lost + without.gained
        figures = f"{kept:>9,}  {without.lost:>11,}  {without.gained:>8,}  {without.changed:>12,}"
        lines.append(f"    {role:<8}  {figures}  {name}")
    return lines


def _share(kept: float, items: int) -> str:
    return f"{kept:>9,.0f}  {100 * kept / items:5.1f} %"


def _as_dict(report: SweepReport) -> dict[str, Any]:
    return {
        "runs": [
            {"run": number, "rule": choice.rule, "threshold": choice.threshold}
            for number, choice in report.choices.items()
        ],
        "items": report.items,
        "kept": report.kept,
        "by_threshold": [{"threshold": t, "kept": report.by_threshold[t]} for t in THRESHOLDS],
        "by_models": [{"models": size, "kept": kept} for size, kept in report.by_size.items()],
        "without": [
            {
                "role": role,
                "model": name,
                "kept": report.kept - without.lost + without.gained,
                "lost": without.lost,
                "gained": without.gained,
                "changed": without.changed,
            }
            for (role, name), without in report.without.items()
        ],
    }
