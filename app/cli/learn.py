"""`quorum learn`: find what judgements teach, show what it gains, and vote by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from app.cli.common import Threshold, open_for_writing
from app.run.learn import Learned, learn, learn_from
from app.run.learned_words import learned_lines
from app.run.revoting import revote_undecided
from app.run.voting import PROBABLE, Asked
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
    type=click.Path(path_type=Path),
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
    first, *lines = learned_lines(learned)
    for line in (f"fit {number}, {first}", *lines):
        click.echo(visible_line(line))
    if voted is None:
        click.echo("No vote was changed: --apply votes by it on what nobody has decided.")
    else:
        click.echo(f"voted on again: {plural(voted, 'item')}, kept from a probability of {asked.threshold:g}")


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
