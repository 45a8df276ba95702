"""What people decide: an append-only log of events, and the state that follows from it.

Present state is a fold. A decision *stands* unless the last undo or redo that points at it is an
undo. `app.store.review_state` makes the state of an instance from its standing decisions in order of
sequence; the table `review_state` and the desk cache it and change in the same transaction as the log.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Sequence
from typing import get_args

from app.errors import ProjectError
from app.store import desk
from app.store.connection import Connection
from app.store.review_state import (
    STATUS_OF,
    Action,
    How,
    ItemDecision,
    ReviewState,
    Said,
    UndoneEvent,
    check_reason,
    fold,
    rating_of,
    rating_text,
    tags_of,
    tags_text,
    task_of,
    task_text,
)
from app.store.text import now


def login_name() -> str:
    """Return the login name, or "reviewer" where the system has none for us."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USER") or "reviewer"


__all__ = ["STANDS", "STATUS_OF", "decide", "redo", "refold", "state_of", "undo"]

AT_ONCE = 500
"""Instances folded together: few enough for any memory, enough for one query to be worth it."""

# The newest undo or redo that points at an event says whether it stands.
STANDS = """COALESCE((SELECT t.action FROM events t WHERE t.target = e.seq ORDER BY t.seq DESC LIMIT 1),
                     'redo') = 'redo'"""


def decide(
    c: Connection,
    reviewer: str,
    action: Action,
    items: Sequence[ItemDecision],
    note: str = "",
    how: How = "",
) -> int:
    """Write one decision, over one item or many, into the log; return its sequence number.

    accept keeps the current vote's winner, or the candidate given; choose needs a candidate; edit
    needs a text that is not empty; reject may have a reason; ask asks the answerers for one more
    candidate. What was accepted is stored, so a later vote does not change it. Raises ProjectError
    and then stores nothing.
    """
    if action not in get_args(Action) or not items:
        raise ProjectError(f"There is nothing to {action}.", "Choose at least one item.")
    found = [_complete(c, action, item) for item in {item.instance_id: item for item in items}.values()]
    rows = [(item.instance_id, item.candidate_id, item.text) for item in found]
    return record(c, reviewer, action, rows, note, how)


def record(
    c: Connection,
    reviewer: str,
    action: Action,
    rows: Sequence[tuple[str, str | None, str | None]],
    note: str = "",
    how: How = "",
) -> int:
    """Write a decision that was checked, over rows of (instance, candidate, text); return its number."""
    event = _append(c, reviewer, action, None, note, how)
    c.executemany(
        "INSERT INTO event_items (event, instance_id, candidate_id, text) VALUES (?, ?, ?, ?)",
        [(event, *row) for row in rows],
    )
    _fold(c, (row[0] for row in rows))
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
    sql = f"SELECT {_STATE} FROM review_state WHERE instance_id = ?"
    row = c.execute(sql, (instance_id,)).fetchone()
    if row is None:
        return ReviewState()
    status, candidate, text, flagged, event, reason, note, tags, rating, *task, conflict = row
    return ReviewState(
        *(status, candidate, text, bool(flagged), event, reason, note, tags_of(tags)),
        *(None if rating is None else rating_of(rating), *task, bool(conflict)),
    )


def refold(c: Connection) -> None:
    """Build `review_state` and the desk anew from the log."""
    c.execute("DELETE FROM review_state")
    _fold(c, [row[0] for row in c.execute("SELECT DISTINCT instance_id FROM event_items")])
    desk.refill(c)


def own_answer(c: Connection, reviewer: str, instance_id: str) -> tuple[str, str | None, str | None] | None:
    """Return what a reviewer decided last about an item's answer: (action, candidate, text)."""
    row = c.execute(
        f"""SELECT e.action, i.candidate_id, i.text FROM events e JOIN event_items i ON i.event = e.seq
            WHERE i.instance_id = ? AND e.reviewer = ? AND e.how <> 'again' AND {STANDS}
                  AND e.action IN ('accept', 'choose', 'edit', 'reject', 'later')
            ORDER BY e.seq DESC LIMIT 1""",
        (instance_id, reviewer),
    ).fetchone()
    return tuple(row) if row else None


def winner_of(c: Connection, instance_id: str) -> str | None:
    """Return the candidate that the current vote prefers."""
    row = c.execute(
        "SELECT winner FROM votes WHERE instance_id = ? AND current = 1", (instance_id,)
    ).fetchone()
    return row[0] if row else None


def _complete(c: Connection, action: Action, item: ItemDecision) -> ItemDecision:
    """Check one item of a decision and fill in the candidate that an accept means."""
    key, candidate = item.instance_id, item.candidate_id
    text = _checked(action, item.text)
    if action not in ("accept", "choose", "edit"):
        candidate = None
    if action == "accept" and candidate is None:
        candidate = winner_of(c, key)
    if action in ("accept", "choose") and candidate is None:
        raise ProjectError("This item has no winner to accept.", "Choose a candidate, or edit one.")
    if candidate is not None:
        sql = "SELECT 1 FROM candidates WHERE id = ? AND instance_id = ?"
        if c.execute(sql, (candidate, key)).fetchone() is None:
            raise ProjectError("The candidate does not belong to this item.", "Open the item again.")
    if action == "ask":
        state = state_of(c, key)
        if state.instruction is not None:
            text = task_text(state.instruction, state.input or "")
    return ItemDecision(key, candidate, text)


def _checked(action: Action, text: str | None) -> str | None:
    """Return the text that belongs to an action in its one form; raises ProjectError for a wrong one."""
    if action == "edit":
        if not (text or "").strip():
            raise ProjectError("An edited answer cannot be empty.", "Write one, or reject the item.")
    elif action == "reject":
        check_reason(text)
    elif action == "tags":
        return tags_text(tags_of(text))
    elif action == "rate":
        return rating_text(rating_of(text))
    elif action == "task":
        return None if text is None else task_text(*task_of(text))
    elif action != "note":
        return None
    return text


def _append(c: Connection, reviewer: str, action: str, target: int | None, note: str, how: How = "") -> int:
    cursor = c.execute(
        "INSERT INTO events (reviewer, at, action, target, note, how) VALUES (?, ?, ?, ?, ?, ?)",
        (reviewer, now(), action, target, note, how),
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


_STATE = """status, candidate_id, text, flagged, event, reason, note, tags, rating, instruction, input, task,
            conflict"""
_SAID = f"""SELECT e.seq, e.reviewer, e.action, e.how, i.candidate_id, i.text,
                   CASE e.action WHEN 'edit' THEN i.text ELSE x.output END
            FROM event_items i JOIN events e ON e.seq = i.event
            LEFT JOIN candidates x ON x.id = i.candidate_id
            WHERE i.instance_id = ? AND {STANDS} ORDER BY e.seq"""


def _fold(c: Connection, instances: Iterable[str]) -> None:
    """Compute the state of these instances from the log and store it."""
    keys = list(instances)
    for at in range(0, len(keys), AT_ONCE):
        chunk = keys[at : at + AT_ONCE]
        for key in chunk:
            _store(c, key, fold([Said(*row) for row in c.execute(_SAID, (key,))]))
        desk.revise(c, chunk)


def _store(c: Connection, key: str, state: ReviewState) -> None:
    if state == ReviewState():
        c.execute("DELETE FROM review_state WHERE instance_id = ?", (key,))
        return
    rating = None if state.rating is None else rating_text(state.rating)
    c.execute(
        f"""INSERT OR REPLACE INTO review_state (instance_id, {_STATE})
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            *(key, state.status, state.candidate_id, state.text, state.flagged, state.event, state.reason),
            *(state.note, json.dumps(state.tags, ensure_ascii=False), rating),
            *(state.instruction, state.input, state.task, state.conflict),
        ),
    )
