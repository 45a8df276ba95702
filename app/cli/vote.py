"""`quorum vote PROJECT`: vote again, and say what that changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import click

from app.cli.changing import open_to_change
from app.cli.values import Threshold
from app.cli.words import counted, named_choices
from app.method.reasons import in_words
from app.method.recipe_parts import Rule
from app.run.revote import Choice, Flip, Outcome, VoteReport, revote
from app.store import runs
from app.store.project import Connection
from app.visible import visible_line

SHOWN = 20
DECIDED_BY = {"exact": "by exact match", "rouge": "by similarity", "only-one": "only one answer"}


@click.command("vote", short_help="Vote again, under the same or another rule.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--rule", type=click.Choice(get_args(Rule)), help="The rule [default: the recipe's].")
@click.option("--threshold", type=Threshold(), help="The threshold [default: the recipe's].")
@click.option("--run", "number", type=click.IntRange(min=1), help="Only this run.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every item that flips.")
def vote(
    project: Path, rule: Rule | None, threshold: float | None, number: int | None, as_json: bool
) -> None:
    """Vote again on every item of PROJECT that has all its answers; no model is asked.

    Imported candidates have no recipe: theirs is rule released with threshold 0.01. Earlier votes stay
    stored, and decisions are never changed: where a vote now says otherwise than a decision, it is told.
    """

    def change(c: Connection) -> VoteReport:
        return revote(c, rule, threshold, None if number is None else runs.get(c, number).id)

    with open_to_change(project) as opened:
        report = opened.write_now(change)
    if as_json:
        click.echo(json.dumps(_as_dict(report), ensure_ascii=False, indent=2))
    else:
        for line in _lines(report):
            click.echo(visible_line(line))


def _lines(report: VoteReport) -> list[str]:
    if not report.kept + report.dropped:
        return ["Nothing to vote on yet."] if not report.waiting else [_waiting(report)]
    lines = [named_choices(report.choices)]
    ways = ", ".join(f"{DECIDED_BY[way]} {count:,}" for way, count in report.decided_by.most_common())
    lines.append(f"kept     {report.kept:>9,}  {ways}".rstrip())
    reasons = ", ".join(f"{in_words(reason)} {count:,}" for reason, count in report.reasons.most_common())
    lines.append(f"dropped  {report.dropped:>9,}  {reasons}".rstrip())
    lines += [f"won      {count:>9,}  {model}" for model, count in report.winners.most_common()]
    if report.waiting:
        lines.append(_waiting(report))
    if report.before.total():
        lines.append(f"before: kept {report.before[True]:,}, dropped {report.before[False]:,}")
        lines += _flips(report.flips)
    if report.differing:
        lines.append(
            f"decided otherwise than the vote says: {counted(len(report.differing), 'item')}, "
            f"{len(report.newly_differing):,} of them since this vote; decisions stay as they are"
        )
    return lines


def _waiting(report: VoteReport) -> str:
    return f"{counted(report.waiting, 'item')} without all answers yet"


def _flips(flips: list[Flip]) -> list[str]:
    if not flips:
        return ["other than before: no item"]
    kinds = [("kept now", _comes), ("dropped now", _goes), ("kept with another answer", _changes)]
    counts = [f"{sum(map(test, flips)):,} {words}" for words, test in kinds if any(map(test, flips))]
    lines = [f"other than before: {counted(len(flips), 'item')}, {', '.join(counts)}"]
    lines += [f"  #{flip.number:04d}  {_said(flip.before)} → {_said(flip.after)}" for flip in flips[:SHOWN]]
    if len(flips) > SHOWN:
        lines.append(f"  … and {len(flips) - SHOWN:,} more; --json names all")
    return lines


def _comes(flip: Flip) -> bool:
    return flip.after.keep and not flip.before.keep


def _goes(flip: Flip) -> bool:
    return flip.before.keep and not flip.after.keep


def _changes(flip: Flip) -> bool:
    return flip.before.keep and flip.after.keep


def _said(outcome: Outcome) -> str:
    return f"kept, {outcome.winner}" if outcome.keep else f"dropped, {in_words(outcome.reason)}"


def _as_dict(report: VoteReport) -> dict[str, Any]:
    return {
        "runs": [_choice_dict(number, choice) for number, choice in report.choices.items()],
        "items": report.kept + report.dropped,
        "kept": report.kept,
        "dropped": report.dropped,
        "waiting": report.waiting,
        "decided_by": dict(report.decided_by.most_common()),
        "reasons": dict(report.reasons.most_common()),
        "winners": dict(report.winners.most_common()),
        "before": {"kept": report.before[True], "dropped": report.before[False]},
        "flips": [
            {
                "number": flip.number,
                "before": _outcome_dict(flip.before),
                "after": _outcome_dict(flip.after),
            }
            for flip in report.flips
        ],
        "differing": report.differing,
        "newly_differing": report.newly_differing,
    }


def _choice_dict(number: int, choice: Choice) -> dict[str, Any]:
    return {"run": number, "rule": choice.rule, "threshold": choice.threshold}


def _outcome_dict(outcome: Outcome) -> dict[str, Any]:
    return {"keep": outcome.keep, "winner": outcome.winner or None, "reason": outcome.reason}
