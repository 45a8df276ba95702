"""What was learned: the weights of rule learned, a new row for each time. The newest is voted by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import ProjectError
from app.method.learned import VERSION, Weights
from app.store.connection import Connection
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
        fit = newest(c)
    else:
        row = c.tuples(f"SELECT {_COLUMNS} FROM fits WHERE number = ?", (number,)).fetchone()
        fit = None if row is None else _fit(*row)
    if fit is None:
        raise ProjectError(
            "Nothing was learned in this project yet.",
            "quorum judge PROJECT judges a sample, quorum learn PROJECT learns from it.",
        )
    return fit


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
