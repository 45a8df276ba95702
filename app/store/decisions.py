"""What people decide: an append-only log of events, and the state that follows from it.

Present state is a fold. A decision *stands* unless the last undo or redo that points at it is an
undo. For each instance the standing decisions, in order of sequence, give its state: the last one
that is no flag sets status, candidate and text; the last flag or unflag sets the flag.
`review_state` caches that fold and changes in the same transaction as the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from app.errors import ProjectError
from app.store.connection import Connection
from app.store.rows import Action, ItemDecision, ReviewState, ReviewStatus, UndoneEvent
from app.store.text import now

STATUS_OF: dict[str, ReviewStatus] = {
    "accept": "accepted",
    "choose": "chosen",
    "edit": "edited",
    "reject": "rejected",
    "later": "later",
}

# The newest undo or redo that points at an event says whether it stands.
STANDS = """COALESCE((SELECT t.action FROM events t WHERE t.target = e.seq ORDER BY t.seq DESC LIMIT 1),
                     'redo') = 'redo'"""


def decide(
    c: Connection, reviewer: str, action: Action, items: Sequence[ItemDecision], note: str = ""
) -> int:
    """Write one decision, over one item or many, into the log; return its sequence number.

    accept keeps the current vote's winner, or the candidate given; choose needs a candidate; edit
    needs a text that is not empty; the others take neither. What was accepted is stored, so a later
    vote does not change it. Raises ProjectError and then stores nothing.
    """
    if action not in get_args(Action) or not items:
        raise ProjectError(f"There is nothing to {action}.", "Choose at least one item.")
    found = [_complete(c, action, item) for item in {item.instance_id: item for item in items}.values()]
    event = _append(c, reviewer, action, None, note)
    c.executemany(
        "INSERT INTO event_items (event, instance_id, candidate_id, text) VALUES (?, ?, ?, ?)",
        [(event, item.instance_id, item.candidate_id, item.text) for item in found],
    )
    _fold(c, (item.instance_id for item in found))
    return event


def undo(c: Connection, reviewer: str) -> UndoneEvent | None:
    """Take back the reviewer's newest decision that stands; None when there is none left."""
    return _toggle(
        c,
        reviewer,
        "undo",
        f"""SELECT e.seq FROM events e WHERE e.reviewer = ? AND e.target IS NULL AND {STANDS}
            ORDER BY e.seq DESC LIMIT 1""",
        (reviewer,),
    )


def redo(c: Connection, reviewer: str) -> UndoneEvent | None:
    """Bring back what this reviewer undid last; None when nothing was undone since the last decision."""
    # Undo goes down the log, so among what can be redone the oldest was undone last.
    return _toggle(
        c,
        reviewer,
        "redo",
        f"""SELECT e.seq FROM events u JOIN events e ON e.seq = u.target
            WHERE u.reviewer = ?1 AND u.action = 'undo' AND NOT ({STANDS}) AND u.seq >
                  (SELECT COALESCE(MAX(d.seq), 0) FROM events d WHERE d.reviewer = ?1 AND d.target IS NULL)
            ORDER BY e.seq LIMIT 1""",
        (reviewer,),
    )


def state_of(c: Connection, instance_id: str) -> ReviewState:
    """Return the present state of an instance."""
    sql = "SELECT status, candidate_id, text, flagged, event FROM review_state WHERE instance_id = ?"
    row = c.execute(sql, (instance_id,)).fetchone()
    return ReviewState(row[0], row[1], row[2], bool(row[3]), row[4]) if row else ReviewState()


def refold(c: Connection) -> None:
    """Build `review_state` anew from the log."""
    c.execute("DELETE FROM review_state")
    _fold(c, [row[0] for row in c.execute("SELECT DISTINCT instance_id FROM event_items")])


def _complete(c: Connection, action: Action, item: ItemDecision) -> ItemDecision:
    """Check one item of a decision and fill in the candidate that an accept means."""
    key, candidate, text = item.instance_id, item.candidate_id, None
    if action == "edit":
        text = item.text
        if not (text or "").strip():
            raise ProjectError("An edited answer cannot be empty.", "Write one, or reject the item.")
    elif action not in ("accept", "choose"):
        candidate = None
    if action == "accept" and candidate is None:
        row = c.execute("SELECT winner FROM votes WHERE instance_id = ? AND current = 1", (key,)).fetchone()
        candidate = row[0] if row else None
    if action in ("accept", "choose") and candidate is None:
        raise ProjectError("This item has no winner to accept.", "Choose a candidate, or edit one.")
    if candidate is not None:
        sql = "SELECT 1 FROM candidates WHERE id = ? AND instance_id = ?"
        if c.execute(sql, (candidate, key)).fetchone() is None:
            raise ProjectError("The candidate does not belong to this item.", "Open the item again.")
    return ItemDecision(key, candidate, text)


def _append(c: Connection, reviewer: str, action: str, target: int | None, note: str) -> int:
    cursor = c.execute(
        "INSERT INTO events (reviewer, at, action, target, note) VALUES (?, ?, ?, ?, ?)",
        (reviewer, now(), action, target, note),
    )
    return int(cursor.lastrowid or 0)


def _toggle(
    c: Connection, reviewer: str, action: str, query: str, parameters: tuple[str, ...]
) -> UndoneEvent | None:
    row = c.execute(query, parameters).fetchone()
    if row is None:
        return None
    target = int(row[0])
    _append(c, reviewer, action, target, "")
    items = c.execute("SELECT instance_id FROM event_items WHERE event = ? ORDER BY rowid", (target,))
    touched = tuple(item[0] for item in items)
    _fold(c, touched)
    was = c.execute("SELECT action, at FROM events WHERE seq = ?", (target,)).fetchone()
    return UndoneEvent(target, was[0], touched, was[1])


def _fold(c: Connection, instances: Iterable[str]) -> None:
    """Compute the state of these instances from the log and store it."""
    sql = f"""SELECT e.seq, e.action, i.candidate_id, i.text
              FROM event_items i JOIN events e ON e.seq = i.event
              WHERE i.instance_id = ? AND {STANDS} ORDER BY e.seq"""
    for key in instances:
        state = fold([tuple(row) for row in c.execute(sql, (key,))])
        if state == ReviewState():
            c.execute("DELETE FROM review_state WHERE instance_id = ?", (key,))
            continue
        c.execute(
            """INSERT OR REPLACE INTO review_state (instance_id, status, candidate_id, text, flagged, event)
               VALUES (?, ?, ?, ?, ?, ?)""",
            (key, state.status, state.candidate_id, state.text, state.flagged, state.event),
        )


def fold(standing: Iterable[tuple[int, str, str | None, str | None]]) -> ReviewState:
    """Give the state that follows from an instance's standing decisions (seq, action, candidate, text)."""
    status: ReviewStatus = "undecided"
    candidate: str | None = None
    text: str | None = None
    event: int | None = None
    flagged = False
    for seq, action, its_candidate, its_text in standing:
        if action in ("flag", "unflag"):
            flagged = action == "flag"
        else:
            status, candidate, text, event = STATUS_OF[action], its_candidate, its_text, seq
    return ReviewState(status, candidate, text, flagged, event)
