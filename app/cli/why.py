"""`quorum vote --why`: why the answer of one item won, in words and bars."""

from __future__ import annotations

from collections.abc import Iterator

from app.method import explanation
from app.method.intervals import probable
from app.method.terms import in_words
from app.run import learned_parts
from app.store import review
from app.store.project import Connection
from app.store.views import ReviewItem


def why(c: Connection, number: int) -> list[str]:
    """Return what decided the vote on an item (foreign text). Raises ProjectError where there is none."""
    return list(_lines(review.item(c, review.id_of(c, number))))


def _lines(item: ReviewItem) -> Iterator[str]:
    vote, rows = item.vote, {candidate.id: candidate for candidate in item.candidates}
    if vote is None or any(key not in rows for key in vote.candidates):
        yield f"#{item.number:04d}: not voted on yet"
        return
    order = [rows[key] for key in vote.candidates]
    names, outputs = [one.model_name for one in order], [one.output for one in order]
    yield f"#{item.number:04d}: {explanation.explain(vote, names, outputs)}"
    for at, candidate in enumerate(order):
        mark = "●" if at == vote.winner else " "
        chance = "" if vote.probabilities is None else f"{probable(vote.probabilities[at]):>4}  "
        why_not = f"  did not vote: {in_words(vote.barred[at])}" if vote.barred and vote.barred[at] else ""
        yield f"{mark} {chance}{candidate.model_name} ({candidate.role}){why_not}"
        for bar, factor, words in learned_parts.bars(item, candidate.id):
            yield f"      {bar}  {factor:>7}  {words}"
