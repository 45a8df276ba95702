"""`quorum vote`: vote again and show what changes. `quorum sweep`: what else would be kept."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import click

from app.cli.common import NUMBER, Threshold, open_for_reading, open_for_writing
from app.cli.intake import progress
from app.cli.why import why
from app.errors import ProjectError
from app.method.consensus import THRESHOLDS, RuleChoice
from app.method.equality import DIFFERENCE, Difference
from app.method.explanation import in_figures
from app.method.recipe_parts import AtLeast, Rule, TokeniserChoice, Voters, check_at_least
from app.method.terms import DECIDED_BY, in_words
from app.run.revoting import Flip, VoteReport, revote, vote_where_missing
from app.run.sweep import SweepReport, sweep
from app.run.voting import AS_IT_STANDS, Asked, Outcome, earlier_version
from app.store import runs
from app.store.project import Connection
from app.visible import visible_json, visible_line
from app.words import plural

F = TypeVar("F", bound=Callable[..., Any])


class AtLeastParam(click.ParamType[AtLeast | None]):
    """A smallest group: "half", a number of answers, or a share of them as a decimal number."""

    name = "half|number|share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> AtLeast | None:
        """Return what was typed; fails for what a recipe refuses too."""
        try:
            return check_at_least(value if value == "half" else float(value) if "." in value else int(value))
        except ValueError:
            self.fail(f"{value!r} is not half, a whole number from 2, or a share such as 0.6", param, ctx)


def _of_votes(command: F) -> F:
    """Give a command the project, which votes it is about, and by what else to vote, as `Asked`."""

    @functools.wraps(command)
    def with_asked(
        *,
        rule: Rule | None,
        threshold: float | None,
        at_least: AtLeast | None,
        tokeniser: TokeniserChoice | None,
        voters: Voters | None,
        containment: bool | None,
        **values: Any,
    ) -> Any:
        asked = Asked(rule, threshold, tokeniser, at_least, voters, containment)
        return command(asked=asked, **values)

    decorated: Any = with_asked
    for option in (
        click.option("--run", "number", type=NUMBER, help="Only this run."),
        click.option(
            "--tokeniser",
            type=click.Choice(get_args(TokeniserChoice)),
            help="What ROUGE-L compares; auto chooses for each item [default: as it stands].",
        ),
        click.option(
            "--at-least",
            type=AtLeastParam(),
            help="With rule quorum: how many answers must be equal to decide: half (more than half), a "
            "number, or a share such as 0.6 [default: as it stands, else half].",
        ),
        click.option(
            "--containment/--no-containment",
            default=None,
            help="With rule quorum: whether an answer that holds a shorter one counts as equal to it "
            "[default: as it stands].",
        ),
        click.option(
            "--voters",
            type=click.Choice(get_args(Voters)),
            help="Which answers vote: sound (not those that repeat the task or its input, refuse, loop or "
            "were cut), or all [default: as it stands; with --rule sound].",
        ),
        click.option("--threshold", type=Threshold(), help="The threshold [default: as it stands]."),
        click.option(
            "--rule",
            type=click.Choice(get_args(Rule)),
            help="The rule, in its present version [default: as it stands].",
        ),
        click.argument("project", type=click.Path(path_type=Path)),
    ):
        decorated = option(decorated)
    return cast(F, decorated)


@click.command("sweep", short_help="Survivors by threshold, number of models, and without each model.")
@_of_votes
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sweep_project(project: Path, asked: Asked, number: int | None, as_json: bool) -> None:
    """Show how many items of PROJECT other settings would keep; no vote and no decision changes.

    What you do not name is as the votes stand. Answered from the stored scores; those that are missing are
    computed, and stored with a vote by the recipe's rule. Works during a run.
    """

    def look(c: Connection) -> SweepReport:
        return sweep(c, asked, None if number is None else runs.get(c, number).id)

    with open_for_reading(project, sound=True) as opened:
        report = opened.read(look)
    if report.unscored:
        _store_missing(project, report.unscored)
    if as_json:
        click.echo(visible_json(_sweep_as_dict(report), indent=2))
    else:
        for line in _sweep_lines(report):
            click.echo(visible_line(line))


def _store_missing(project: Path, count: int) -> None:
    try:
        with open_for_writing(project) as opened:
            opened.write_now(vote_where_missing)
    except ProjectError as error:
        warning = f"The scores of {plural(count, 'item')} could not be stored: {error.message}"
        click.echo(visible_line(warning), err=True)


def _sweep_lines(report: SweepReport) -> list[str]:
    if not report.items:
        return ["Nothing to vote on yet."]
    lines = [_named_choices(report.choices), f"kept {report.kept:,} of {plural(report.items, 'item')}"]
    lines += ["", *_threshold_lines(report)]
    if report.by_samples:
        lines += ["", *_samples_lines(report)]
    lines += ["", "with this many models (mean over the choices)"]
    lines += [f"{size:>10}  {_share(kept, report.items)}" for size, kept in report.by_size.items()]
    lines += ["", "     without       kept  dropped now  kept now  other answer"]
    for (role, name), without in report.without.items():
        kept = report.kept - without.lost + without.gained
        figures = f"{kept:>9,}  {without.lost:>11,}  {without.gained:>8,}  {without.changed:>12,}"
        lines.append(f"    {role:<8}  {figures}  {name}")
    return lines


def _threshold_lines(report: SweepReport) -> list[str]:
    """Return what every threshold keeps, and beside it what it would keep of shuffled answers."""
    found = report.by_chance
    lines = ["at threshold  kept" + ("            kept by chance" if found else "")]
    for t in THRESHOLDS:
        by_chance = f"  {found.kept_at(t):14.1%}" if found else ""
        lines.append(f"{t:>10.2f}  {_share(report.by_threshold[t], report.items)}{by_chance}")
    return [*lines, f"by chance: {found.of_what()}"] if found else lines


def _samples_lines(report: SweepReport) -> list[str]:
    """Return of how many items as many samples or more are equal, where one model alone answered."""
    lines = ["with as many equal samples, of one model"]
    for equal, of in sorted(report.by_samples, reverse=True):
        at_least = sum(count for (e, o), count in report.by_samples.items() if o == of and e >= equal)
        lines.append(f"{f'{equal} of {of}':>10}  {_share(at_least, report.items)}")
    return lines


def _share(kept: float, items: int) -> str:
    return f"{kept:>9,.0f}  {100 * kept / items:5.1f}%"


def _sweep_as_dict(report: SweepReport) -> dict[str, Any]:
    found = report.by_chance
    return {
        "runs": _choice_dicts(report.choices),
        "items": report.items,
        "kept": report.kept,
        "by_threshold": [
            {"threshold": t, "kept": report.by_threshold[t], "by_chance": found and found.kept_at(t)}
            for t in THRESHOLDS
        ],
        "by_chance": found and found.as_dict(),
        "by_samples": [
            {"equal": equal, "of": of, "items": count}
            for (equal, of), count in sorted(report.by_samples.items(), reverse=True)
        ],
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


SHOWN = 20


@click.command("vote", short_help="Vote again, under the same or another rule.")
@_of_votes
@click.option("--dry-run", is_flag=True, help="Show what would change; store nothing. Works during a run.")
@click.option("--why", "item", type=NUMBER, metavar="ITEM", help="Only say why this item's answer won.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every item that flips.")
def vote(
    project: Path, asked: Asked, number: int | None, dry_run: bool, item: int | None, as_json: bool
) -> None:
    """Vote again on every item of PROJECT that has all its answers; no model is asked.

    What you do not name stays as the votes stand: rule and version, threshold, tokeniser. Items without a
    vote get what most votes of their run have, else the recipe's; imported candidates have rule released
    with threshold 0.01. Earlier votes stay stored, and decisions are never changed: votes that contradict a
    decision are counted.
    """

    if item is not None:
        if dry_run or as_json or number is not None or asked != AS_IT_STANDS:
            raise click.UsageError("--why stands alone: it says why the vote came out that stands.")
        with open_for_reading(project) as opened:
            for line in opened.read(lambda c: why(c, item)):
                click.echo(visible_line(line))
        return

    def change(c: Connection) -> VoteReport:
        run = None if number is None else runs.get(c, number).id
        with progress(None) as shown:
            return revote(c, asked, run, store=not dry_run, told=shown.voted)

    if dry_run:
        with open_for_reading(project) as opened:
            report = opened.read(change)
    else:
        with open_for_writing(project) as opened:
            report = opened.write_now(change)
    if as_json:
        click.echo(visible_json({"dry_run": dry_run} | _as_dict(report), indent=2))
    else:
        for line in [*(["dry run: nothing is stored"] if dry_run else []), *_lines(report)]:
            click.echo(visible_line(line))


def _lines(report: VoteReport) -> list[str]:
    if not report.kept + report.dropped:
        return ["Nothing to vote on yet."] if not report.waiting else [_waiting(report)]
    lines = [_named_choices(report.choices)]
    ways = ", ".join(f"{DECIDED_BY[way]} {count:,}" for way, count in report.decided_by.most_common())
    lines.append(f"kept     {report.kept:>9,}  {ways}".rstrip())
    reasons = ", ".join(f"{in_words(reason)} {count:,}" for reason, count in report.reasons.most_common())
    lines.append(f"dropped  {report.dropped:>9,}  {reasons}".rstrip())
    if report.barred:
        whys = ", ".join(f"{in_words(why)} {count:,}" for why, count in report.barred.most_common())
        lines.append(f"no vote  {report.barred.total():>9,}  answers: {whys}")
    lines += [f"won      {count:>9,}  {model}" for model, count in report.winners.most_common()]
    for difference in (Difference.SYMBOLS, Difference.PUNCTUATION):
        if count := report.differences[difference]:
            lines.append(f"answers taken as the same, {DIFFERENCE[difference]}: {plural(count, 'item')}")
    if report.waiting:
        lines.append(_waiting(report))
    lines += [earlier_version(rule, count) for rule, count in report.earlier.items()]
    if report.before.total():
        lines.append(f"before: kept {report.before[True]:,}, dropped {report.before[False]:,}")
        lines += _flips(report.flips)
    if report.differing:
        lines.append(
            f"decided against the vote: {plural(len(report.differing), 'item')}, "
            f"{len(report.newly_differing):,} of them since this vote; decisions stay as they are"
        )
    return lines


def _named_choices(by_run: Mapping[int, Counter[RuleChoice]]) -> str:
    """Name by what every run was voted on, once if all have the same."""
    texts = {
        number: "; ".join(
            in_figures(choice) + (f" ({plural(count, 'item')})" if len(counts) > 1 else "")
            for choice, count in counts.most_common()
        )
        for number, counts in sorted(by_run.items())
    }
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"run {number}: {text}" for number, text in texts.items())


def _waiting(report: VoteReport) -> str:
    return f"{plural(report.waiting, 'item')} without all answers yet"


def _flips(flips: list[Flip]) -> list[str]:
    if not flips:
        return ["changed: none"]
    kinds = [("kept now", _comes), ("dropped now", _goes), ("kept with another answer", _changes)]
    counts = [f"{sum(map(test, flips)):,} {words}" for words, test in kinds if any(map(test, flips))]
    lines = [f"changed: {plural(len(flips), 'item')}, {', '.join(counts)}"]
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
        "runs": _choice_dicts(report.choices),
        "items": report.kept + report.dropped,
        "kept": report.kept,
        "dropped": report.dropped,
        "waiting": report.waiting,
        "decided_by": dict(report.decided_by.most_common()),
        "reasons": dict(report.reasons.most_common()),
        "winners": dict(report.winners.most_common()),
        "barred": dict(report.barred.most_common()),
        "differences": {
            difference.name.lower(): report.differences[difference] for difference in Difference if difference
        },
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


def _choice_dicts(by_run: Mapping[int, Counter[RuleChoice]]) -> list[dict[str, Any]]:
    return [
        {
            "run": number,
            "rule": choice.rule,
            "version": choice.version,
            "threshold": choice.threshold,
            "at_least": choice.at_least,
            "voters": choice.voters,
            "containment": choice.containment,
            "items": count,
        }
        for number, counts in sorted(by_run.items())
        for choice, count in counts.most_common()
    ]


def _outcome_dict(outcome: Outcome) -> dict[str, Any]:
    return {"keep": outcome.keep, "winner": outcome.winner or None, "reason": outcome.reason}
