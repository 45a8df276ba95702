"""What another threshold would keep: the scores that votes were decided by."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from app.store.connection import Connection

# The released rule and the paper's ask for more than the threshold, ours for as much.
_SQL = """SELECT d.number, CASE v.rule WHEN 'quorum' THEN v.mean ELSE v.lowest END, v.rule <> 'quorum',
                 v.keep, d.turn < 2
          FROM desk d JOIN votes v ON v.instance_id = d.instance_id AND v.current = 1
          JOIN candidates w ON w.id = v.winner
          WHERE v.decided_by = 'rouge' AND d.aside = 0 AND TRIM(w.output) <> ''
          ORDER BY d.number"""
_FETCHED = 2_000


@dataclass(slots=True)
class Scores:
    """The votes that a threshold decides, in columns: number of the item, score, whether the score must be
    more than the threshold, whether the item is kept now, whether nobody has decided it.

    `settled` counts the kept items that no threshold touches (equal answers, the only answer).
    """

    numbers: array[int] = field(default_factory=lambda: array("q"))
    scores: array[float] = field(default_factory=lambda: array("d"))
    strict: array[int] = field(default_factory=lambda: array("b"))
    kept: array[int] = field(default_factory=lambda: array("b"))
    undecided: array[int] = field(default_factory=lambda: array("b"))
    settled: int = 0
    threshold: float = 0.01


def scores(c: Connection) -> Scores:
    """Read the scores of all voted items, and the threshold that most votes used."""
    found = Scores()
    cursor = c.tuples(_SQL)
    while rows := cursor.fetchmany(_FETCHED):
        numbers, values, strict, kept, undecided = zip(*rows, strict=True)
        found.numbers.extend(numbers)
        found.scores.extend(values)
        found.strict.extend(strict)
        found.kept.extend(kept)
        found.undecided.extend(undecided)
    found.settled = c.execute("SELECT COUNT(*) FROM votes WHERE current = 1 AND keep = 1").fetchone()[0]
    found.settled -= sum(found.kept)
    row = c.execute(
        "SELECT threshold FROM votes WHERE current = 1 GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1"
    ).fetchone()
    if row is not None:
        found.threshold = row[0]
    return found
