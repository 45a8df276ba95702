"""What rule learned adds up for an answer of an item, in words and as bars."""

from __future__ import annotations

from app.method.equality import content
from app.method.learned import Item, Part, model_key
from app.method.measures import parts
from app.method.weighing import factor, part_in_words, parts_in_words
from app.store.views import ReviewItem

WIDEST = 12
"""Cells of a bar on either side."""
_FULL = 3.0
"""Log-odds (× 20) that fill a bar."""


def in_words(item: ReviewItem, candidate: str | None) -> str:
    """Return the weightiest parts of an answer's odds in one line (foreign: it names models)."""
    return parts_in_words(parts_of(item, candidate), names(item))


def parts_of(item: ReviewItem, candidate: str | None) -> list[Part]:
    """Return what the odds of an answer are made of; nothing where the vote was made by another rule."""
    vote, rows = item.vote, {row.id: row for row in item.candidates}
    known = vote is not None and all(key in rows for key in vote.candidates)
    if vote is None or item.weights is None or not known or candidate not in vote.candidates:
        return []
    order = [rows[key] for key in vote.candidates]
    outputs = [row.output for row in order]
    measured = Item(
        item.kind,
        [model_key(row.role, row.model) for row in order],
        outputs,
        list(map(content, outputs)),
        vote.matrix,
        vote.barred or ("",) * len(order),
        vote.voting,
    )
    return parts(measured, item.weights, vote.candidates.index(candidate))


def names(item: ReviewItem) -> dict[str, str]:
    """Map the models of an item, by the keys that weights have, to their names (foreign)."""
    return {model_key(row.role, row.model): row.model_name for row in item.candidates}


def bars(item: ReviewItem, candidate: str | None) -> list[tuple[str, str, str]]:
    """Return (bar, factor, words) of each part: bars to the right raise the odds, those to the left lower."""
    return [
        (bar(part.adds), factor(part.adds), part_in_words(part, names(item)))
        for part in parts_of(item, candidate)
        if abs(part.adds) >= 0.05
    ]


def bar(adds: float) -> str:
    """Draw log-odds as a bar from the middle: `     ███│` lowers, `│██████` raises."""
    cells = min(WIDEST, max(1, round(abs(adds) / _FULL * WIDEST)))
    left, right = ("█" * cells, "") if adds < 0 else ("", "█" * cells)
    return f"{left:>{WIDEST}}│{right:<{WIDEST}}"
