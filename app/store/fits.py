"""What was learned: the weights of rule learned, a new row for each time. The newest is voted by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import ProjectError
from app.method.learned import VERSION, Weights
from app.store.connection import Connection
from app.store.decisions import ANSWERS, Log, stands
from app.store.review_state import ReviewStatus
from app.store.text import now

_COLUMNS = "number, at, version, weights, figures, judged, decided, last_judgement, last_event, source"


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights and what they were learned from.

    `judged` and `decided` count items; `last_judgement` and `last_event` are the last of each log that were
    read. `figures` is what cross-validation found, as plain data. `source` names the project that the weights
    come from if it is another (foreign text). `number` and `at` are given when stored.
    """

    weights: Weights
    judged: int
    decided: int
    last_judgement: int
    last_event: int
    figures: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    number: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about one item by itself: its state, the answer taken, why it was rejected.

    `winner` is the answer that the vote of that time preferred, which they saw marked.
    """

    instance_id: str
    status: ReviewStatus
    candidate_id: str | None
    reason: str
    winner: str | None


def decided(c: Connection) -> list[Decided]:
    """Return what was decided item by item: what was done in bulk or came from a file says little of answers.

    A vote that was made after a decision is not what it was about.
    """
    rows = c.tuples(
        """SELECT s.instance_id, s.status, s.candidate_id, s.reason,
                  (SELECT v.winner FROM votes v
                   WHERE v.instance_id = s.instance_id AND v.created_at <= e.at
                   ORDER BY v.created_at DESC, v.rowid DESC LIMIT 1)
           FROM review_state s JOIN events e ON e.seq = s.event
           WHERE s.status IN ('accepted', 'chosen', 'edited', 'rejected') AND e.how = '' AND e.note = ''"""
    )
    return [Decided(*row) for row in rows]


def last_event(c: Connection) -> int:
    """Return the number of the newest decision in the log, 0 without any."""
    return int(c.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])


@dataclass(frozen=True, slots=True)
class Seen:
    """A fit's number, and the last of each log that it knows."""

    number: int
    last_judgement: int
    last_event: int


def last(c: Connection) -> Seen | None:
    """Return how far the newest fit knows the logs, None where nothing was learned."""
    row = c.tuples(
        "SELECT number, last_judgement, last_event FROM fits ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return None if row is None else Seen(*row)


def since(c: Connection, fit: Fit | Seen) -> tuple[int, int]:
    """Count the judgements and the decisions that a fit does not know: given since then, or taken back."""
    return (
        _changed(c, "judgements", "e.action = 'judge'", fit.last_judgement),
        _changed(c, "events", ANSWERS, fit.last_event),
    )


def _changed(c: Connection, log: Log, wanted: str, last: int) -> int:
    """Count what stands in a log now and did not after event `last`, or the other way round."""
    sql = f"""SELECT COUNT(*) FROM {log} e
              WHERE e.seq IN (SELECT COALESCE(target, seq) FROM {log} WHERE seq > :last) AND {wanted}
                    AND {stands(log)} <> (e.seq <= :last AND {stands(log, until=":last")})"""
    return int(c.execute(sql, {"last": last}).fetchone()[0])


def save(c: Connection, fit: Fit) -> int:
    """Store what was learned, from now on the newest, and return its number."""
    figures = json.dumps(dict(fit.figures), ensure_ascii=False, allow_nan=False)
    stored = (now(), VERSION, fit.weights.to_json(), figures, fit.judged, fit.decided)
    cursor = c.execute(
        """INSERT INTO fits
           (at, version, weights, figures, judged, decided, last_judgement, last_event, source)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (*stored, fit.last_judgement, fit.last_event, fit.source),
    )
    return int(cursor.lastrowid or 0)


def newest(c: Connection) -> Fit | None:
    """Return what was learned last, None where nothing was."""
    row = c.tuples(f"SELECT {_COLUMNS} FROM fits ORDER BY number DESC LIMIT 1").fetchone()
    return None if row is None else _fit(*row)


def exists(c: Connection) -> bool:
    """Say whether anything was learned."""
    return bool(c.execute("SELECT EXISTS (SELECT 1 FROM fits)").fetchone()[0])


def get(c: Connection, number: int | None) -> Fit:
    """Return the fit of this number, None for the newest. Raises ProjectError where there is none."""
    if number is None:
        row = c.tuples(f"SELECT {_COLUMNS} FROM fits ORDER BY number DESC LIMIT 1").fetchone()
    else:
        row = c.tuples(f"SELECT {_COLUMNS} FROM fits WHERE number = ?", (number,)).fetchone()
    return _existing(row)


StoredFits = Mapping[int, tuple[Any, ...]]
"""All fits by their numbers, as they are stored."""


def every(c: Connection) -> StoredFits:
    """Read all fits, for `among`."""
    return {row[0]: row for row in c.tuples(f"SELECT {_COLUMNS} FROM fits")}


def among(stored: StoredFits, number: int | None) -> Fit:
    """Do the same as `get` without a connection."""
    return _existing(stored.get(max(stored, default=0) if number is None else number))


def _existing(row: tuple[Any, ...] | None) -> Fit:
    if row is None:
        raise ProjectError(
            "Nothing was learned in this project yet.",
            "quorum judge PROJECT judges a sample, quorum learn PROJECT learns from it.",
        )
    return _fit(*row)


def weights_of(c: Connection, number: int) -> Weights | None:
    """Return the weights of a fit, None where they are of another version."""
    [(stored,)] = c.tuples("SELECT weights FROM fits WHERE number = ?", (number,))
    try:
        return Weights.from_json(stored)
    except ValueError:
        return None


def _fit(
    number: int, at: str, version: int, weights: str, figures: str, judged: int, decided: int, *rest: Any
) -> Fit:
    last_judgement, last_event, source = rest
    try:
        learned = Weights.from_json(weights)
    except ValueError as error:
        raise ProjectError(
            f"The weights of fit {number} (version {version}) cannot be used: {error}.",
            "quorum learn PROJECT learns them anew.",
        ) from None
    return Fit(
        *(learned, judged, decided, last_judgement, last_event, json.loads(figures), source, number, at)
    )
