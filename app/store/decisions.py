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
from typing import Literal, get_args

from app.errors import ProjectError
from app.store import desk
from app.store.connection import Connection
from app.store.review_state import (
    ANSWER_ACTIONS,
    Action,
    How,
    ItemDecision,
    ReviewState,
    StandingDecision,
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
from app.store.rows import build, build_all
from app.store.text import now

__all__ = ["ANSWERS", "decide", "redo", "refold", "standing", "stands", "state_of", "undo"]

AT_ONCE = 500
"""Instances folded together: few enough for any memory, enough for one query to be worth it."""
ANSWERS = f"e.action IN {ANSWER_ACTIONS}"
"""SQL: the event `e` decides an item."""


Log = Literal["events", "instruction_events", "judgements", "audits"]
"""The logs that are only added to, whose undo and redo point at what they are about."""


def stands(log: Log = "events", until: str = "") -> str:
    """Return SQL that says whether the decision `e` of a log stands, at present or after event `until`.

    The newest undo or redo that points at it tells.
    """
    seen = f" AND u.seq <= {until}" if until else ""
    return f"""COALESCE((SELECT u.action FROM {log} u WHERE u.target = e.seq{seen}
                         ORDER BY u.seq DESC LIMIT 1), 'redo') = 'redo'"""


_LAST = 2**63 - 1
"""A number that no event has reached."""
_STATE = (
    *("status", "candidate_id", "text", "flagged", "event", "reason", "note", "tags", "rating"),
    *("instruction", "input", "task", "conflict"),
)
_STANDING = f"""
    SELECT e.seq AS seq, e.reviewer AS reviewer, e.action AS action, e.how AS how,
           i.candidate_id AS candidate_id, i.text AS text,
           CASE e.action WHEN 'edit' THEN i.text ELSE x.output END AS answer
    FROM event_items i JOIN events e ON e.seq = i.event LEFT JOIN candidates x ON x.id = i.candidate_id
    WHERE i.instance_id = :item AND e.seq <= :until AND {stands(until=":until")} ORDER BY e.seq"""


def login_name() -> str:
    """Return the login name, or "reviewer" where the system has none for us."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USER") or "reviewer"


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
    complete = [_complete(c, action, item) for item in {item.instance_id: item for item in items}.values()]
    rows = [(item.instance_id, item.candidate_id, item.text) for item in complete]
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
        f"""SELECT e.seq FROM events e WHERE e.reviewer = ? AND e.target IS NULL AND {stands()}
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
        f"""SELECT e.seq FROM events b JOIN events e ON e.seq = b.target
            WHERE b.reviewer = ?1 AND b.action = 'undo' AND NOT ({stands()}) AND b.seq >
                  (SELECT COALESCE(MAX(d.seq), 0) FROM events d WHERE d.reviewer = ?1 AND d.target IS NULL)
            ORDER BY e.seq LIMIT 1""",
        (reviewer,),
    )


def state_of(c: Connection, instance_id: str) -> ReviewState:
    """Return the present state of an instance."""
    sql = f"SELECT {', '.join(_STATE)} FROM review_state WHERE instance_id = ?"
    row = c.execute(sql, (instance_id,)).fetchone()
    if row is None:
        return ReviewState()
    return build(
        ReviewState,
        row,
        flagged=bool(row["flagged"]),
        tags=tags_of(row["tags"]),
        rating=None if row["rating"] is None else rating_of(row["rating"]),
        conflict=bool(row["conflict"]),
    )


def standing(c: Connection, instance_id: str, until: int = _LAST) -> list[StandingDecision]:
    """Return the decisions over an instance that stand, in order; or that stood right after event `until`."""
    return list(build_all(StandingDecision, c.execute(_STANDING, {"item": instance_id, "until": until})))


def refold(c: Connection) -> None:
    """Build `review_state` and the desk anew from the log."""
    c.execute("DELETE FROM review_state")
    _fold(c, [key for (key,) in c.execute("SELECT DISTINCT instance_id FROM event_items")])
    desk.refill(c)


def own_answer(c: Connection, reviewer: str, instance_id: str) -> tuple[str, str | None, str | None] | None:
    """Return what a reviewer decided last about an item's answer: (action, candidate, text)."""
    row = c.execute(
        f"""SELECT e.action, i.candidate_id, i.text FROM events e JOIN event_items i ON i.event = e.seq
            WHERE i.instance_id = ? AND e.reviewer = ? AND e.how <> 'again' AND {stands()}
                  AND ({ANSWERS} OR e.action = 'later')
            ORDER BY e.seq DESC LIMIT 1""",
        (instance_id, reviewer),
    ).fetchone()
    return tuple(row) if row else None


def winner_of(c: Connection, instance_id: str) -> str | None:
    """Return the candidate that the current vote prefers."""
    row = c.execute(
        "SELECT winner FROM votes WHERE instance_id = ? AND current = 1", (instance_id,)
    ).fetchone()
    return row["winner"] if row else None


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
    target = int(row["seq"])
    _append(c, reviewer, action, target, "")
    items = c.execute("SELECT instance_id FROM event_items WHERE event = ? ORDER BY rowid", (target,))
    touched = tuple(key for (key,) in items)
    _fold(c, touched)
    toggled = c.execute("SELECT action, at FROM events WHERE seq = ?", (target,)).fetchone()
    return UndoneEvent(target, toggled["action"], touched, toggled["at"])


def _fold(c: Connection, instances: Iterable[str]) -> None:
    """Compute the state of these instances from the log and store it."""
    keys = list(instances)
    for at in range(0, len(keys), AT_ONCE):
        chunk = keys[at : at + AT_ONCE]
        for key in chunk:
            _store(c, key, fold(standing(c, key)))
        desk.revise(c, chunk)


def _store(c: Connection, key: str, state: ReviewState) -> None:
    if state == ReviewState():
        c.execute("DELETE FROM review_state WHERE instance_id = ?", (key,))
        return
    values: dict[str, object] = {name: getattr(state, name) for name in _STATE}
    values["tags"] = json.dumps(state.tags, ensure_ascii=False)
    values["rating"] = None if state.rating is None else rating_text(state.rating)
    c.execute(
        f"""INSERT OR REPLACE INTO review_state (instance_id, {", ".join(_STATE)})
            VALUES (:instance_id, {", ".join(f":{name}" for name in _STATE)})""",
        {"instance_id": key, **values},
    )
