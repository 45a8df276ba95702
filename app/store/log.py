"""The decision log as it happened, and what each reviewer says of each item (to measure agreement)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.errors import ProjectError
from app.method.agreement import Opinion, Opinions
from app.store import decisions
from app.store.connection import Connection
from app.store.decisions import ANSWERS, stands
from app.store.review_state import ReviewState, fold


@dataclass(frozen=True, slots=True)
class Answer:
    """A candidate in a reader's words: the name of its model, and its text (both foreign)."""

    model: str
    output: str


@dataclass(frozen=True, slots=True)
class Change:
    """An item's state before an event and after it; `answers` are those that the states name by their ids."""

    number: int
    instance_id: str
    before: ReviewState
    after: ReviewState
    answers: dict[str, Answer]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `target` is the event that an undo or redo points at; `items` counts what it is about,
    of which `changes` has the first ones, in order of number."""

    seq: int
    at: str
    reviewer: str
    action: str
    how: str
    note: str
    target: int | None
    items: int
    changes: tuple[Change, ...]


_EVENTS = """SELECT seq, at, reviewer, action, how, note, target FROM events
             WHERE :item IS NULL OR COALESCE(target, seq) IN
                   (SELECT event FROM event_items WHERE instance_id = :item) ORDER BY seq"""
_ITEMS = """SELECT n.number, n.id FROM event_items i JOIN instances n ON n.id = i.instance_id
            WHERE i.event = :event AND (:item IS NULL OR n.id = :item) ORDER BY n.number LIMIT :shown"""
# The last standing decision of each reviewer on each item. A label has few values, so that agreement by
# chance can be computed; `answer` tells whether two people want the same text.
_OPINIONS = f"""
    SELECT e.reviewer, i.instance_id, e.how,
           CASE WHEN e.action = 'reject' THEN 'rejected' WHEN e.action = 'edit' THEN 'edited'
                WHEN x.output = (SELECT w.output FROM votes v JOIN candidates w ON w.id = v.winner
                                 WHERE v.instance_id = i.instance_id AND v.current = 1) THEN 'winner'
                ELSE 'another' END AS label,
           CASE e.action WHEN 'edit' THEN i.text ELSE x.output END AS answer
    FROM events e JOIN event_items i ON i.event = e.seq LEFT JOIN candidates x ON x.id = i.candidate_id
    WHERE {ANSWERS} AND {stands()} ORDER BY e.seq"""


def entries(c: Connection, item: str | None = None, shown: int = -1) -> Iterator[Entry]:
    """Yield every event, or those about one item (its id), in order; `shown` limits the changes of each."""
    for seq, at, reviewer, action, how, note, target in c.execute(_EVENTS, {"item": item}).fetchall():
        event = target or seq
        count = c.execute("SELECT COUNT(*) FROM event_items WHERE event = ?", (event,)).fetchone()[0]
        about = c.execute(_ITEMS, {"event": event, "item": item, "shown": shown}).fetchall()
        changes = tuple(_change(c, number, key, seq) for number, key in about)
        yield Entry(seq, at, reviewer, action, how, note, target, count, changes)


def _change(c: Connection, number: int, key: str, seq: int) -> Change:
    before, after = _state(c, key, seq - 1), _state(c, key, seq)
    rows = c.execute(
        """SELECT x.id, m.name, x.output FROM candidates x JOIN models m ON m.fingerprint = x.model
           WHERE x.id IN (?, ?)""",
        (before.candidate_id, after.candidate_id),
    )
    return Change(number, key, before, after, {id: Answer(name, output) for id, name, output in rows})


def find_item(c: Connection, name: str) -> str:
    """Return the id of the item with this number ("142", "#0142") or id. Raises ProjectError."""
    number = name.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        row = c.execute("SELECT id FROM instances WHERE number = ?", (int(number),)).fetchone()
    else:
        row = c.execute("SELECT id FROM instances WHERE id = ?", (name,)).fetchone()
    if row is None:
        raise ProjectError(f"There is no item {name}.", "Give the number that Review shows, or the id.")
    return str(row["id"])


def ids_of(c: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Map those of these numbers that items have to their ids."""
    sql = "SELECT number, id FROM instances WHERE number IN (SELECT value FROM json_each(?))"
    return dict(c.tuples(sql, (json.dumps(list(numbers)),)).fetchall())


def _state(c: Connection, item: str, seq: int) -> ReviewState:
    return fold(decisions.standing(c, item, seq))


def opinions(c: Connection) -> Opinions:
    """Read what everybody says."""
    collected = Opinions({}, {})
    for reviewer, item, how, label, answer in c.execute(_OPINIONS):
        opinion = Opinion(label, answer)
        of_item = collected.last.setdefault(item, {})
        if how != "again":
            of_item[reviewer] = opinion
        elif reviewer in of_item:
            collected.again.setdefault(reviewer, []).append((of_item[reviewer], opinion))
    return collected
