"""Runs, recipes or projects side by side: the table that papers print."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from app.insight.insight import Insight, insight, whole_windows
from app.insight.keeping import Counted
from app.insight.sheets import Sheet, Table, right_share
from app.method.distribution import Distribution
from app.store import runs
from app.store.project import Connection

By = Literal["run", "recipe", "project"]
"""What a column is."""

QUESTION = "Which is better?"
_NOTE = (
    "Rows are what the vote keeps and nobody rejected, or a person took. Shares of right answers have their "
    "95% interval; where intervals overlap, the samples do not tell which is better."
)


def sides(c: Connection, known: Counted, by: By, name: str = "") -> list[Insight]:
    """Return a project as it is compared: as a whole, by recipe or by run; `name` is its own (foreign).

    Hidden runs are left out.
    """
    if by == "project":
        return [insight(c, known, name=name)]
    groups: dict[str, set[int]] = {}
    for run in runs.all_runs(c):
        if run.hidden:
            continue
        groups.setdefault(run.recipe_name if by == "recipe" else f"run {run.number}", set()).add(run.number)
    made = [
        insight(c, known, frozenset(numbers), f"{name} {group}".strip()) for group, numbers in groups.items()
    ]
    return [side for side in made if any(stage.made for stage in side.funnel)]


def compared(found: Sequence[Insight]) -> Sheet:
    """Put them side by side, a column each."""
    if len(found) < 2:
        only = "There is one run, so nothing to compare. `quorum compare` puts several projects side by side."
        return Sheet("compare", "Compare", QUESTION, (only,))
    rows = tuple((name, *map(cell, found)) for name, cell in _FIGURES)
    table = Table(("", *(side.name for side in found)), rows, _NOTE)
    return Sheet("compare", "Compare", QUESTION, tuple(_says(found)), (table,))


def _says(found: Sequence[Insight]) -> Iterator[str]:
    judged = [side for side in found if _right(side) is not None]
    if len(judged) < 2:
        yield "Too few judged items to say which is right more often."
        return
    best = max(judged, key=lambda side: _value(side)[0])
    if all(_value(best)[1] > _value(side)[2] for side in judged if side is not best):
        yield f"Right most often: {best.name}; its interval lies above all others."
    else:
        yield "Intervals of the right shares overlap: the samples do not tell which is right more often."


def _right(side: Insight) -> object:
    share = side.card.stands.winner if side.card.stands else None
    return share if share and share.count >= 10 else None


def _value(side: Insight) -> tuple[float, float, float]:
    assert side.card.stands is not None
    estimate = side.card.stands.winner.estimate
    return estimate.value, estimate.low, estimate.high


def _kept(stage: str) -> Callable[[Insight], str]:
    def cell(side: Insight) -> str:
        of = side.stage(stage)
        return f"{of.kept:,} of {of.made:,} ({of.kept / of.made:.0%})" if of.made else "–"

    return cell


def _mean(lie: Distribution, form: str) -> str:
    return format(lie.mean, form) if lie.count else "–"


def _agreement(side: Insight) -> str:
    items = sum(pair.items for pair in side.pairs)
    return f"{sum(pair.similarity * pair.items for pair in side.pairs) / items:.2f}" if items else "–"


def _equal(side: Insight) -> str:
    items = sum(pair.items for pair in side.pairs)
    return f"{sum(pair.equal for pair in side.pairs) / items:.0%}" if items else "–"


def _last(side: Insight) -> str:
    whole = whole_windows(side)
    return f"{whole[-1]}" if whole else "–"


_FIGURES: tuple[tuple[str, Callable[[Insight], str]], ...] = (
    ("models", lambda side: f"{len({model.name for model in side.models if model.answers})}"),
    ("instructions kept", _kept("instructions")),
    ("new in the last hundred", _last),
    ("instances kept", _kept("instances")),
    ("votes kept", _kept("votes")),
    ("rows", lambda side: f"{side.lengths['output'].count:,}"),
    ("similar to a seed, mean", lambda side: _mean(side.to_seeds, ".2f")),
    ("similar in the pool, mean", lambda side: _mean(side.to_pool, ".2f")),
    ("MATTR-50", lambda side: "–" if side.variety is None else f"{side.variety:.3f}"),
    ("words, instruction", lambda side: _mean(side.lengths["instruction"], ".1f")),
    ("words, input", lambda side: _mean(side.lengths["input"], ".1f")),
    ("words, output", lambda side: _mean(side.lengths["output"], ".1f")),
    ("similarity of answers", _agreement),
    ("equal answers", _equal),
    ("decided", lambda side: f"{side.stage('decisions').made:,}"),
    (
        "right, what the vote keeps",
        lambda side: right_share(side.card.stands.winner if side.card.stands else None),
    ),
)
