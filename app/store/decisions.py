"""What people decide: an append-only log of events, and the state that follows from it.

Present state is a fold. A decision *stands* unless the last undo or redo that points at it is an
undo. `app.store.review_state` makes the state of an instance from its standing decisions in order of
sequence; the table `review_state` and the desk cache it and change in the same transaction as the log.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Literal, TypeAlias, get_args

from app.errors import ProjectError
from app.store import counted, desk
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
from app.store.rows import build
from app.store.text import now

__all__ = ["ANSWERS", "decide", "redo", "refold", "standing", "stands", "state_of", "undo"]

AT_ONCE = 500
"""Instances folded together: few enough for any memory, enough for one query to be worth it."""
ANSWERS = f"e.action IN {ANSWER_ACTIONS}"
"""SQL: the event `e` decides an item."""


Log = Literal["events", "instruction_events", "judgements", "audits", "ratings"]
"""The logs that are only added to, whose undo and redo point at what they are about."""


def stands(log: Log = "events", until: str = "", of: str = "e") -> str:
    """Return SQL that says whether the decision `of` of a log stands, at present or after event `until`.

    The newest undo or redo that points at it tells.
    """
    seen = f" AND u.seq <= {until}" if until else ""
    return f"""COALESCE((SELECT u.action FROM {log} u WHERE u.target = {of}.seq{seen}
                         ORDER BY u.seq DESC LIMIT 1), 'redo') = 'redo'"""


_NEWEST = f"""FROM events e WHERE e.reviewer = ? AND e.target IS NULL AND {stands()}
              ORDER BY e.seq DESC LIMIT 1"""
_ADD_ITEM = "INSERT INTO event_items (event, instance_id, candidate_id, text) VALUES (?, ?, ?, ?)"
OwnAnswer: TypeAlias = "tuple[str, str | None, str | None]"
"""What somebody decided about an item's answer: (action, candidate, text)."""
_LAST = 2**63 - 1
"""A number that no event has reached."""
_STATE = (
    *("status", "candidate_id", "text", "flagged", "event", "reason", "note", "tags", "rating"),
    *("instruction", "input", "task", "conflict"),
)
_STORE = f"""INSERT OR REPLACE INTO review_state (instance_id, {", ".join(_STATE)})
    VALUES (?, {", ".join("?" for _ in _STATE)})"""
_VALUES = attrgetter(*_STATE)
_NOTHING = ReviewState()
_STANDING = f"""
    SELECT i.instance_id, e.seq, e.reviewer, e.action, e.how, i.candidate_id, i.text,
           CASE e.action WHEN 'edit' THEN i.text ELSE x.output END
    FROM event_items i JOIN events e ON e.seq = i.event LEFT JOIN candidates x ON x.id = i.candidate_id
    WHERE i.instance_id IN (SELECT value FROM json_each(:items)) AND e.seq <= :until
          AND {stands(until=":until")} ORDER BY e.seq"""


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
    complete = [completed(c, action, item) for item in {item.instance_id: item for item in items}.values()]
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
    c.executemany(_ADD_ITEM, [(event, *row) for row in rows])
    _fold(c, (row[0] for row in rows))
    return event


def record_each(
    c: Connection, reviewer: str, made: Sequence[tuple[Action, ItemDecision]], how: How = ""
) -> None:
    """Write decisions that were checked (`completed`), each about one item, as events of their own.

    The state of each item is computed once, so that many decisions take a few statements.
    """
    [(last,)] = c.tuples("SELECT COALESCE(MAX(seq), 0) FROM events")
    at, numbered = now(), list(enumerate(made, start=last + 1))
    c.executemany(
        "INSERT INTO events (seq, reviewer, at, action, note, how) VALUES (?, ?, ?, ?, '', ?)",
        [(seq, reviewer, at, action, how) for seq, (action, _) in numbered],
    )
    c.executemany(
        _ADD_ITEM, [(seq, item.instance_id, item.candidate_id, item.text) for seq, (_, item) in numbered]
    )
    _fold(c, dict.fromkeys(item.instance_id for _, item in made))


def newest_at(c: Connection, reviewer: str) -> str:
    """Say when the reviewer's newest decision was made that stands; "" where there is none."""
    found = c.tuples(f"SELECT e.at {_NEWEST}", (reviewer,)).fetchone()
    return str(found[0]) if found else ""


def undo(c: Connection, reviewer: str) -> UndoneEvent | None:
    """Take back the reviewer's newest decision that stands; None when there is none left."""
    return _toggle(c, reviewer, "undo", f"SELECT e.seq {_NEWEST}", (reviewer,))


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
    return _standing(c, [instance_id], until)[instance_id]


def _standing(
    c: Connection, instances: Sequence[str], until: int = _LAST
) -> dict[str, list[StandingDecision]]:
    """Map each of these instances to the decisions over it that stand, in order."""
    found: dict[str, list[StandingDecision]] = {key: [] for key in instances}
    for key, *decision in c.tuples(_STANDING, {"items": json.dumps(instances), "until": until}):
        found[key].append(StandingDecision(*decision))
    return found


def refold(c: Connection) -> None:
    """Build `review_state` and the desk anew from the log."""
    everything = [key for (key,) in c.execute("SELECT instance_id FROM review_state")]
    with counted.through(c, everything, counted.OF_DECISIONS):
        c.execute("DELETE FROM review_state")
    _fold(c, [key for (key,) in c.execute("SELECT DISTINCT instance_id FROM event_items")])
    desk.refill(c)


def own_answers(c: Connection, reviewer: str, instances: Sequence[str]) -> dict[str, OwnAnswer]:
    """Map those of these items that a reviewer decided on to what was decided last about the answer."""
    # CROSS JOIN keeps SQLite from walking all events of the reviewer instead of the few of each item.
    sql = f"""SELECT i.instance_id, e.action, i.candidate_id, i.text
              FROM json_each(:items) g CROSS JOIN event_items i ON i.instance_id = g.value
              CROSS JOIN events e ON e.seq = i.event
              WHERE e.reviewer = :reviewer AND e.how <> 'again' AND {stands()}
                    AND ({ANSWERS} OR e.action = 'later') ORDER BY e.seq"""
    rows = c.tuples(sql, {"items": json.dumps(list(instances)), "reviewer": reviewer})
    return {key: (action, candidate, text) for key, action, candidate, text in rows}


def winners_of(c: Connection, instances: Sequence[str]) -> dict[str, str | None]:
    """Map each of these items to the candidate that its current vote prefers; to None where there is none."""
    sql = """SELECT g.value, v.winner FROM json_each(?) g
             LEFT JOIN votes v ON v.instance_id = g.value AND v.current = 1"""
    return dict(c.tuples(sql, (json.dumps(list(instances)),)).fetchall())


def completed(
    c: Connection, action: Action, item: ItemDecision, winners: Mapping[str, str | None] | None = None
) -> ItemDecision:
    """Check one item of a decision and fill in the candidate that an accept means. Raises ProjectError.

    `winners` are those of items whose votes were looked at already.
    """
    key, candidate = item.instance_id, item.candidate_id
    text = _checked(action, item.text)
    if action not in ("accept", "choose", "edit"):
        candidate = None
    if action == "accept" and candidate is None:
        known = winners if winners is not None and key in winners else winners_of(c, [key])
        candidate = known[key]
    elif candidate is not None:
        sql = "SELECT 1 FROM candidates WHERE id = ? AND instance_id = ?"
        if c.execute(sql, (candidate, key)).fetchone() is None:
            raise ProjectError("The candidate does not belong to this item.", "Open the item again.")
    if action in ("accept", "choose") and candidate is None:
        raise ProjectError("This item has no winner to accept.", "Choose a candidate, or edit one.")
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
        rows, gone = [], []
        for key, decisions in _standing(c, chunk).items():
            state = fold(decisions)
            if state == _NOTHING:
                gone.append((key,))
            else:
                rows.append((key, *_values(state)))
        with counted.through(c, chunk, counted.OF_DECISIONS):
            c.executemany("DELETE FROM review_state WHERE instance_id = ?", gone)
            c.executemany(_STORE, rows)
        desk.revise(c, chunk)


def _values(state: ReviewState) -> list[object]:
    """Return the values of `_STATE` as they are stored."""
    values = list(_VALUES(state))
    if state.tags or state.rating:
        values[_STATE.index("tags")] = json.dumps(state.tags, ensure_ascii=False)
        values[_STATE.index("rating")] = None if state.rating is None else rating_text(state.rating)
    else:
        values[_STATE.index("tags")] = "[]"
    return values
