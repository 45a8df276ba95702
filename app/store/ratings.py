"""Ratings: which of two models' answers a person finds better, task by task and without their names.

A rating is an event in a log that is only added to; undo takes it back, redo brings it back. Inside the
caller's transaction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

from app.store.connection import Connection
from app.store.decisions import stands
from app.store.text import now

Verdict = Literal["first", "second", "both", "neither"]
"""Which answer is better, that of the first or of the second model; both are good alike, or neither is."""
_STANDS = stands("ratings")
_OWN = "e.evaluation = ?1 AND e.first = ?2 AND e.second = ?3 AND e.reviewer = ?4"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two models of an evaluation by their fingerprints, in an order that does not depend on who asks."""

    evaluation: str
    first: str
    second: str

    @classmethod
    def of(cls, evaluation: str, one: str, other: str) -> Pair:
        """Order two models."""
        return cls(evaluation, *sorted((one, other)))

    def of_reviewer(self, reviewer: str) -> tuple[str, str, str, str]:
        """Return what tells the ratings of one reviewer."""
        return (self.evaluation, self.first, self.second, reviewer)


def rate(c: Connection, pair: Pair, reviewer: str, position: int, verdict: Verdict) -> None:
    """Store a rating of the answers to the task at a position."""
    c.execute(
        """INSERT INTO ratings (evaluation, first, second, reviewer, at, action, position, verdict)
           VALUES (?, ?, ?, ?, ?, 'rate', ?, ?)""",
        (*pair.of_reviewer(reviewer), now(), position, verdict),
    )


def undo(c: Connection, pair: Pair, reviewer: str) -> int | None:
    """Take back the last rating that stands; return its position, None where there is none."""
    row = c.tuples(
        f"""SELECT e.seq, e.position FROM ratings e WHERE e.action = 'rate' AND {_OWN} AND {_STANDS}
            ORDER BY e.seq DESC LIMIT 1""",
        pair.of_reviewer(reviewer),
    ).fetchone()
    return None if row is None else _turned(c, pair, reviewer, "undo", *row)


def redo(c: Connection, pair: Pair, reviewer: str) -> int | None:
    """Bring back what was taken back last, unless something was rated since; return its position."""
    row = c.tuples(
        f"""SELECT e.seq, e.position FROM ratings e WHERE e.action = 'rate' AND {_OWN} AND NOT {_STANDS}
                AND e.seq > (SELECT COALESCE(MAX(e.seq), 0) FROM ratings e
                             WHERE e.action = 'rate' AND {_OWN} AND {_STANDS})
            ORDER BY e.seq LIMIT 1""",
        pair.of_reviewer(reviewer),
    ).fetchone()
    return None if row is None else _turned(c, pair, reviewer, "redo", *row)


def _turned(c: Connection, pair: Pair, reviewer: str, action: str, target: int, position: int) -> int:
    c.execute(
        """INSERT INTO ratings (evaluation, first, second, reviewer, at, action, target, verdict)
           VALUES (?, ?, ?, ?, ?, ?, ?, '')""",
        (*pair.of_reviewer(reviewer), now(), action, target),
    )
    return position


def rated(c: Connection, pair: Pair, reviewer: str) -> set[int]:
    """Return the positions of the tasks that a reviewer has rated."""
    rows = c.tuples(
        f"SELECT e.position FROM ratings e WHERE e.action = 'rate' AND {_OWN} AND {_STANDS}",
        pair.of_reviewer(reviewer),
    )
    return {position for (position,) in rows}


def verdicts(c: Connection, pair: Pair) -> dict[int, Counter[Verdict]]:
    """Count what all reviewers said of two models, by the position of the task."""
    rows = c.tuples(
        f"""SELECT e.position, e.verdict FROM ratings e
            WHERE e.action = 'rate' AND e.evaluation = ? AND e.first = ? AND e.second = ? AND {_STANDS}""",
        (pair.evaluation, pair.first, pair.second),
    )
    said: defaultdict[int, Counter[Verdict]] = defaultdict(Counter)
    for position, verdict in rows:
        said[position][verdict] += 1
    return said
