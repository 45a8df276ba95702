"""`quorum learn`: find what judgements teach, show what it gains, and vote by it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from app.cli.common import Threshold, open_for_writing
from app.method.gain import Compared, Gain, words_of_gain
from app.method.intervals import Estimate
from app.method.learning import DECISION_WEIGHT, FOLDS, REPEATS
from app.method.weighing import weighed
from app.run.learn import Learned, learn, learn_from
from app.run.voting import PROBABLE, Asked, revote_undecided
from app.store import fits
from app.store.project import Connection
from app.visible import visible_json, visible_line
from app.words import plural


@click.command("learn", short_help="Learn from judgements which answers are right.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--apply", is_flag=True, help="Vote by it on every item that nobody has decided.")
@click.option(
    "--threshold",
    type=Threshold(),
    help=f"With --apply: keep what is right with this probability or more [{PROBABLE:g}].",
)
@click.option(
    "--from",
    "other",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="PROJECT",
    help="Take what another project learned about the same models.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def learn_command(
    project: Path, apply: bool, threshold: float | None, other: Path | None, as_json: bool
) -> None:
    """Learn from the judged items of PROJECT how probably each answer is right, and store it.

    Decisions teach too, at a smaller weight. Printed is which share of the judged items the votes get right
    as they stand and would get right by rule learned, each item by weights that had not seen it. Earlier
    weights stay stored; rule learned goes by the newest. No vote changes without --apply, and no decision.
    """
    if threshold is not None and not apply:
        raise click.UsageError("--threshold goes with --apply.")
    asked = Asked("learned", PROBABLE if threshold is None else threshold)

    def change(c: Connection) -> tuple[Learned, int, int | None]:
        learned = learn(c) if other is None else learn_from(c, other)
        number = fits.save(c, learned.fit)
        return learned, number, revote_undecided(c, asked) if apply else None

    with open_for_writing(project) as opened:
        learned, number, voted = opened.write_now(change)
    if as_json:
        found = _as_dict(learned, number) | {"voted": voted}
        click.echo(visible_json(found, indent=2))
        return
    for line in _lines(learned, number):
        click.echo(visible_line(line))
    if voted is None:
        click.echo("No vote was changed: --apply votes by it on what nobody has decided.")
    else:
        click.echo(f"voted on again: {plural(voted, 'item')}, kept from a probability of {asked.threshold:g}")


def _lines(learned: Learned, number: int) -> list[str]:
    fit = learned.fit
    lines = [f"fit {number}, from {_source(learned)}"]
    if learned.unknown:
        lines.append(f"nothing known of: {', '.join(learned.unknown)}")
    lines += _gain_lines(learned.gain, learned.names)
    lines.append(words_of_gain(fit.figures))
    if learned.gain.reliability:
        lines += ["", "probability   came true   judged items"]
        lines += [
            f"{one.probability:>10.0%}   {one.right:>9.0%}   {one.items:>12,.0f}"
            for one in learned.gain.reliability
        ]
    lines += ["", "what counts, as a factor of the odds of being right"]
    lines += [f"  {factor:>8}  {words}" for factor, words in weighed(fit.weights, learned.names)]
    return lines


def _source(learned: Learned) -> str:
    fit = learned.fit
    words = plural(fit.judged, "judged item")
    if fit.decided:
        words += f" and {plural(fit.decided, 'decided one')} that count {DECISION_WEIGHT:g} each"
    return f"{words} of {fit.source}" if fit.source else words


def _gain_lines(gain: Gain, names: Mapping[str, str]) -> list[str]:
    if gain.all is None:
        return []
    lines = ["", f"{'right':<24}{'as the votes stand':<22}{'learned':<22}difference"]
    lines.append(_compared(f"all {gain.all.items:,} judged", gain.all))
    if gain.kept is not None:
        lines.append(_compared(f"the {gain.kept.items:,} kept", gain.kept))
    if gain.best is not None:
        model, right = gain.best
        lines.append(f"best model alone: {_share(right)}  {names.get(model, model)}")
    lines.append(
        f"each item by weights that had not seen it ({FOLDS} parts, {REPEATS} times); 95 % intervals"
    )
    return lines


def _compared(what: str, found: Compared) -> str:
    points = (
        f"{100 * found.gain.value:+.0f} points ({100 * found.gain.low:+.0f} to {100 * found.gain.high:+.0f})"
    )
    return f"{what:<24}{_share(found.before):<22}{_share(found.after):<22}{points}"


def _share(share: Estimate) -> str:
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"


def _as_dict(learned: Learned, number: int) -> dict[str, Any]:
    fit = learned.fit
    return {
        "fit": number,
        "judged": fit.judged,
        "decided": fit.decided,
        "source": fit.source or None,
        "unknown": list(learned.unknown),
        **learned.gain.as_dict(),
        "clear": bool(learned.gain.all and learned.gain.all.is_clear),
        "weights": json.loads(fit.weights.to_json()),
        "models": dict(learned.names),
    }
