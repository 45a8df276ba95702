"""Drawings: items that were drawn at random from a project, to be judged or audited, and from how many.

A drawing to judge is stored whole before anybody sees an item of it, with the seed, the filter that it was
drawn from and the size of what it was drawn from. What was drawn is known whatever becomes of the items
later. That of an audit grows by every row that is judged: their order follows from the seed
(`app.store.audits`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.store.connection import Connection
from app.store.rows import build_all, first
from app.store.text import digest, now

Purpose = Literal["judge", "audit"]
_COLUMNS = """d.id AS id, d.number AS number, d.purpose AS purpose, d.reviewer AS reviewer, d.at AS at,
    d.chosen AS chosen, d.seed AS seed, d.population AS population,
    (SELECT COUNT(*) FROM drawn n WHERE n.drawing = d.id) AS size"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """`size` items drawn uniformly without replacement out of `population` that met the filter `chosen`
    (empty: all); `reviewer` is who drew."""

    id: str
    number: int
    purpose: Purpose
    reviewer: str
    at: str
    chosen: str
    seed: int
    population: int
    size: int


def save(
    c: Connection,
    purpose: Purpose,
    reviewer: str,
    drawn: Iterable[tuple[str, str]],
    *,
    chosen: str,
    seed: int,
    population: int,
) -> Drawing:
    """Store a drawing of (instance, identity of the text seen) in the order drawn."""
    [(number,)] = c.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM drawings")
    key = digest("drawing", purpose, number, seed)
    c.execute(
        """INSERT INTO drawings (id, number, purpose, reviewer, at, chosen, seed, population)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (key, number, purpose, reviewer, now(), chosen, seed, population),
    )
    c.executemany(
        "INSERT INTO drawn (drawing, position, instance_id, content) VALUES (?, ?, ?, ?)",
        [(key, position, instance, content) for position, (instance, content) in enumerate(drawn)],
    )
    return one(c, key)


def one(c: Connection, drawing_id: str) -> Drawing:
    """Return a drawing that exists."""
    return next(
        build_all(Drawing, c.execute(f"SELECT {_COLUMNS} FROM drawings d WHERE d.id = ?", (drawing_id,)))
    )


def newest(c: Connection, purpose: Purpose, chosen: str | None = None) -> Drawing | None:
    """Return the newest drawing for a purpose, and from a filter if one is given; None without any."""
    sql = f"""SELECT {_COLUMNS} FROM drawings d WHERE d.purpose = ?1 AND d.chosen = COALESCE(?2, d.chosen)
              ORDER BY d.number DESC LIMIT 1"""
    return first(Drawing, c.execute(sql, (purpose, chosen)))


def of(c: Connection, purpose: Purpose) -> list[Drawing]:
    """Return all drawings for a purpose, oldest first."""
    sql = f"SELECT {_COLUMNS} FROM drawings d WHERE d.purpose = ? ORDER BY d.number"
    return list(build_all(Drawing, c.execute(sql, (purpose,))))


def drawn(c: Connection, drawing_id: str) -> list[tuple[str, str]]:
    """Return (instance, identity of the text seen) of a drawing, in the order drawn."""
    sql = "SELECT instance_id, content FROM drawn WHERE drawing = ? ORDER BY position"
    return [tuple(row) for row in c.tuples(sql, (drawing_id,))]


def ever_drawn(c: Connection, purpose: Purpose, chosen: str) -> Sequence[str]:
    """Return the instances that were drawn before for a purpose out of the same filter."""
    sql = """SELECT n.instance_id FROM drawings d JOIN drawn n ON n.drawing = d.id
             WHERE d.purpose = ? AND d.chosen = ?"""
    return [key for (key,) in c.tuples(sql, (purpose, chosen))]
