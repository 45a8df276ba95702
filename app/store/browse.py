"""Everything of a project as one list: its items, and the instructions that were dropped and became none.

Items are found by the text index that Review uses too. Instructions that were dropped are not in it: there
are a few for each item at most, and to look through a hundred thousand takes less than a second, so that a
second index, to be kept in step by every run, would cost more than it gives.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import ProjectError
from app.store import review
from app.store.connection import Connection
from app.store.filters import PHRASE, WORD, Filter
from app.store.review_state import ReviewStatus
from app.store.rows import build_all

_OF_INSTRUCTIONS = {
    WORD: "INSTR(folded(t.text), folded({value})) > 0",
    PHRASE: "INSTR(folded(t.text), folded({value})) > 0",
    "run": "r.number = CAST({value} AS INTEGER)",
    "kind": "t.kind = {value}",
    "reason": "t.reason = {value}",
}
"""What a filter may ask of an instruction without an item: by any other key there is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: an item by its number, or by a negative key an instruction that became none.

    `text` is cut to its beginning (foreign). `dropped` says that nobody took it and no vote keeps it,
    `reason` why; `kept` that the vote keeps it.
    """

    key: int
    run: int
    text: str
    status: ReviewStatus
    kept: bool
    reason: str

    @property
    def dropped(self) -> bool:
        """Whether it goes nowhere as it is."""
        if self.status in ("undecided", "later"):
            return not self.kept
        return self.status == "rejected"


@dataclass(frozen=True, slots=True)
class Told:
    """All there is to tell of an entry: its texts, and for an instruction what it was too similar to."""

    instruction: str
    input: str
    answer: str
    score: float | None = None
    nearest: str = ""


def keys(c: Connection, wanted: Filter, reviewer: str = "") -> array[int]:
    """Return the keys of everything that is wanted: items by number, then dropped instructions as stored."""
    found = review.numbers(c, "number", wanted, reviewer=reviewer)
    found = array("q", sorted(found))
    found.extend(-row for row in _dropped_instructions(c, wanted))
    return found


def _dropped_instructions(c: Connection, wanted: Filter) -> list[int]:
    conditions: list[str] = []
    values: list[str] = []
    for term in wanted.terms:
        if term.key not in _OF_INSTRUCTIONS or term.operator != ":":
            return []
        test = _OF_INSTRUCTIONS[term.key].format(value="?")
        any_of = f"({' OR '.join(test for _ in term.values)})"
        conditions.append(f"NOT {any_of}" if term.negated else any_of)
        values += term.values
    sql = f"""SELECT t.rowid FROM instructions t JOIN runs r ON r.id = t.run_id WHERE t.status <> 'kept'
              AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.instruction_id = t.id)
              {"".join(f" AND {each}" for each in conditions)} ORDER BY t.rowid"""
    return [row for (row,) in c.tuples(sql, values)]


def entries(c: Connection, keys: Sequence[int]) -> dict[int, Entry]:
    """Return the entries of these keys."""
    wanted = json.dumps(list(keys))
    items = c.execute(
        """SELECT d.number AS key, d.run AS run, SUBSTR(COALESCE(s.instruction, t.text), 1, 200) AS text,
                  d.status AS status, d.keep = 1 AND d.aside = 0 AS kept,
                  COALESCE(NULLIF(s.reason, ''), d.reason) AS reason
           FROM json_each(?) k JOIN desk d ON d.number = k.value JOIN instances i ON i.number = d.number
           JOIN instructions t ON t.id = i.instruction_id LEFT JOIN review_state s ON s.instance_id = i.id""",
        (wanted,),
    )
    found = {entry.key: entry for entry in build_all(Entry, items)}
    dropped = c.execute(
        """SELECT k.value AS key, r.number AS run, SUBSTR(t.text, 1, 200) AS text, 'undecided' AS status,
                  0 AS kept, t.reason AS reason
           FROM json_each(?) k JOIN instructions t ON t.rowid = -k.value JOIN runs r ON r.id = t.run_id
           WHERE k.value < 0""",
        (wanted,),
    )
    return found | {entry.key: entry for entry in build_all(Entry, dropped)}


def told(c: Connection, key: int) -> Told:
    """Return what there is to tell of an entry. Raises ProjectError where there is none."""
    if key < 0:
        sql = "SELECT text, score, COALESCE(nearest, '') FROM instructions WHERE rowid = ?"
        text, score, nearest = c.tuples(sql, (-key,)).fetchone()
        return Told(text, "", "", score, nearest)
    row = c.tuples(
        """SELECT COALESCE(s.instruction, t.text), COALESCE(s.input, i.input),
                  COALESCE(s.text, x.output, '') FROM instances i
           JOIN instructions t ON t.id = i.instruction_id LEFT JOIN review_state s ON s.instance_id = i.id
           LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
           LEFT JOIN candidates x ON x.id = COALESCE(s.candidate_id, v.winner) WHERE i.number = ?""",
        (key,),
    ).fetchone()
    if row is None:
        raise ProjectError(f"There is no item #{key:04d}.", "Open the list again.")
    return Told(*row)


def restorable(c: Connection, number: int) -> list[str]:
    """Return the candidates that restoring an item could take: the vote's winner, else all there are."""
    row = c.tuples(
        """SELECT v.winner FROM votes v JOIN instances i ON i.id = v.instance_id
           WHERE i.number = ? AND v.current = 1""",
        (number,),
    ).fetchone()
    if row and row[0]:
        return [str(row[0])]
    rows = c.tuples(
        """SELECT x.id FROM candidates x JOIN instances i ON i.id = x.instance_id
           WHERE i.number = ? AND TRIM(x.output) <> ''""",
        (number,),
    ).fetchall()
    return [str(key) for (key,) in rows]
