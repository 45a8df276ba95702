"""What the Review screen reads: the queue, one item, and how far review is."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import get_args

from app.errors import ProjectError
from app.store import decisions, generated, votes
from app.store.connection import Connection
from app.store.rows import Filter, Order
from app.store.views import LastDecision, ReviewItem, ReviewProgress

DECIDED = "('accepted', 'chosen', 'edited', 'rejected')"

_SOURCE = """FROM instances i
             JOIN votes v ON v.instance_id = i.id AND v.current = 1
             LEFT JOIN review_state s ON s.instance_id = i.id
             LEFT JOIN runs r ON r.id = i.run_id"""
_STATUS = "COALESCE(s.status, 'undecided')"
# A person and the vote say otherwise: about keeping the item, or about which text is its answer.
_DIFFERS = f"""CASE {_STATUS} WHEN 'rejected' THEN v.keep = 1 WHEN 'edited' THEN v.keep = 0
    WHEN 'undecided' THEN 0 WHEN 'later' THEN 0
    ELSE v.keep = 0 OR NOT EXISTS (SELECT 1 FROM candidates a JOIN candidates b ON a.output = b.output
                                   WHERE a.id = s.candidate_id AND b.id = v.winner) END"""
_FILTERS: dict[str, str] = {
    "all": "1",
    "undecided": f"v.keep = 1 AND {_STATUS} IN ('undecided', 'later')",
    "dropped": "v.keep = 0",
    "decided": f"{_STATUS} IN {DECIDED}",
    "flagged": "s.flagged = 1",
    "differing": _DIFFERS,
}
_ORDERS: dict[str, str] = {
    "disagreement": "v.disagreement DESC, i.number",
    "agreement": "v.disagreement, i.number",
    "number": "i.number",
    "newest": "i.number DESC",
}
# Undecided first, then what was put off, then what is decided; within each the order asked for.
_TURN = f"CASE {_STATUS} WHEN 'undecided' THEN 0 WHEN 'later' THEN 1 ELSE 2 END"

_PAUSE_SECONDS = 120.0
"""A longer gap between two decisions is a pause and does not count towards the pace."""


def queue(
    c: Connection, order: Order = "disagreement", filter: Filter = "undecided", run: int | None = None
) -> list[str]:
    """Return the ids of the voted instances that pass `filter`, completely sorted.

    undecided: kept by the vote and not decided (put off ones come last); dropped: the vote drops it,
    decided or not; decided; differing: decided, and the vote says otherwise; flagged; all: every one
    that has a vote. Of one run where `run`, its
    number, is given.
    """
    if order not in get_args(Order) or filter not in get_args(Filter):
        raise ProjectError(f"There is no order {order!r} or filter {filter!r}.", "")
    sql = f"""SELECT i.id {_SOURCE} WHERE i.status = 'kept' AND {_FILTERS[filter]}
              AND r.number = COALESCE(?, r.number) ORDER BY {_TURN}, {_ORDERS[order]}"""
    return [row[0] for row in c.execute(sql, (run,))]


def differing(c: Connection, run_id: str | None = None) -> list[int]:
    """Return the numbers of the decided items whose vote says otherwise, in order."""
    sql = f"""SELECT i.number {_SOURCE} WHERE i.status = 'kept' AND {_DIFFERS}
              AND i.run_id = COALESCE(?, i.run_id) ORDER BY i.number"""
    return [row[0] for row in c.execute(sql, (run_id,))]


def item(c: Connection, instance_id: str) -> ReviewItem:
    """Return everything there is to show of one instance. Raises ProjectError where there is none."""
    row = c.execute(
        """SELECT i.number, r.number, t.kind, t.text, i.input FROM instances i
           JOIN instructions t ON t.id = i.instruction_id JOIN runs r ON r.id = i.run_id
           WHERE i.id = ?""",
        (instance_id,),
    ).fetchone()
    if row is None:
        raise ProjectError("The item is not in this project.", "Open the queue again.")
    return ReviewItem(
        instance_id=instance_id,
        number=row[0],
        run_number=row[1],
        kind=row[2],
        instruction=row[3],
        input=row[4],
        candidates=tuple(generated.candidates_of(c, instance_id)),
        vote=votes.current_vote(c, instance_id),
        state=decisions.state_of(c, instance_id),
        last=_last(c, "i.instance_id = ?", instance_id),
        thoughts=generated.thoughts_of(c, instance_id),
    )


def progress(c: Connection, reviewer: str) -> ReviewProgress:
    """Return how far review is: counts over the whole project, pace and last decision of `reviewer`."""
    decided, overrides = c.execute(
        f"""SELECT COUNT(*), COALESCE(SUM(
                CASE s.status WHEN 'rejected' THEN v.keep IS NOT 0
                              WHEN 'edited' THEN 1
                              ELSE v.keep IS NOT 1 OR s.candidate_id IS NOT v.winner END), 0)
            FROM review_state s LEFT JOIN votes v ON v.instance_id = s.instance_id AND v.current = 1
            WHERE s.status IN {DECIDED}"""
    ).fetchone()
    left = c.execute(
        f"SELECT COUNT(*) {_SOURCE} WHERE i.status = 'kept' AND {_FILTERS['undecided']}"
    ).fetchone()
    last = _last(c, "e.reviewer = ?", reviewer)
    return ReviewProgress(decided, left[0], overrides, last, _per_minute(c, reviewer))


def _last(c: Connection, condition: str, value: str) -> LastDecision | None:
    """Return the newest standing decision of an instance or a reviewer."""
    row = c.execute(
        f"""SELECT e.seq, e.reviewer, e.at, e.action, n.number, x.position + 1,
                   (SELECT COUNT(*) FROM event_items a WHERE a.event = e.seq)
            FROM events e JOIN event_items i ON i.event = e.seq
            JOIN instances n ON n.id = i.instance_id LEFT JOIN candidates x ON x.id = i.candidate_id
            WHERE {condition} AND e.target IS NULL AND {decisions.STANDS}
            ORDER BY e.seq DESC, n.number LIMIT 1""",
        (value,),
    ).fetchone()
    return LastDecision(*row) if row else None


def _per_minute(c: Connection, reviewer: str) -> float | None:
    """Measure the pace over the last twenty decisions without a pause between them."""
    sql = "SELECT at FROM events WHERE reviewer = ? AND target IS NULL ORDER BY seq DESC LIMIT 20"
    times = [datetime.fromisoformat(row[0]).timestamp() for row in c.execute(sql, (reviewer,))]
    gaps: list[float] = []
    for newer, older in pairwise(times):
        # A clock set back makes a negative gap: no pace can be read across it.
        if not 0 <= newer - older <= _PAUSE_SECONDS:
            break
        gaps.append(newer - older)
    return 60.0 * len(gaps) / sum(gaps) if sum(gaps) > 0 else None
