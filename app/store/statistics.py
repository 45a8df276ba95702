"""What statistics are counted from: texts and votes in blocks, and which blocks have changed since.

A block is a thousand instructions in the order they were stored, or a thousand items by number. A block is
counted anew if its stamp is another, or if a log that is only added to has something new about it. Votes,
candidates, completions and instructions are never removed, so that their row numbers only grow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.store.connection import Connection
from app.store.decisions import ANSWERS

BLOCK = 1000
"""Instructions or items counted together."""
_GROWING = ("votes", "candidates", "completions", "instructions")
_LOGS = ("events", "instruction_events")


class Mark(NamedTuple):
    """The last row of a table that had been counted, and its id, by which another file is told apart."""

    row: int
    id: str


class InstructionText(NamedTuple):
    """An instruction as it is counted; `score` is the similarity with its pool when it was stored."""

    run: int
    text: str
    status: str
    reason: str
    score: float | None


class ItemFacts(NamedTuple):
    """An item with the vote and the decision that stand; `answer` is the text that goes out by them.

    `candidates`, `matrix` and `barred` are JSON as the vote has them, None where there is no vote.
    """

    number: int
    run: int
    status: str
    reason: str
    input: str
    candidates: str | None
    matrix: str | None
    barred: str | None
    winner: str | None
    keep: int | None
    vote_reason: str | None
    decided_by: str | None
    rule: str | None
    score: float | None
    strict: int | None
    decision: str
    override: int
    answer: str | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What a model wrote in a run: completions, tokens, and the seconds each took, added up."""

    run: int
    model: str
    completions: int
    tokens: int
    seconds: float


class Decided(NamedTuple):
    """How many items a reviewer decided so in an hour of a day ("2026-11-28T09")."""

    hour: str
    reviewer: str
    action: str
    run: int
    items: int


def marks(c: Connection) -> dict[str, Mark]:
    """Return where every growing table ends now."""
    found = {table: _last(c, f"SELECT rowid, id FROM {table}") for table in _GROWING}
    return found | {log: _last(c, f"SELECT seq, at FROM {log}", "seq") for log in _LOGS}


def _last(c: Connection, sql: str, key: str = "rowid") -> Mark:
    row = c.tuples(f"{sql} ORDER BY {key} DESC LIMIT 1").fetchone()
    return Mark(*row) if row else Mark(0, "")


def still_hold(c: Connection, known: dict[str, Mark]) -> bool:
    """Say whether these marks are of this file, and of no earlier copy of it that went another way."""
    for table, mark in known.items():
        key, name = ("seq", "at") if table in _LOGS else ("rowid", "id")
        if mark.row and c.tuples(f"SELECT {name} FROM {table} WHERE {key} = ?", (mark.row,)).fetchone() != (
            mark.id,
        ):
            return False
    return True


def seeds_of_runs(c: Connection) -> dict[int, list[str]]:
    """Map the number of each run to the distinct instructions of its seeds."""
    seeds: dict[int, list[str]] = {}
    for run, text in c.tuples(
        """SELECT DISTINCT r.number, s.instruction FROM run_seeds u JOIN runs r ON r.id = u.run_id
           JOIN seed_tasks s ON s.id = u.seed_id ORDER BY r.number"""
    ):
        seeds.setdefault(run, []).append(text)
    return seeds


def seeds_stamp(c: Connection) -> int:
    """Return a number that is another once a run has other seeds."""
    return int(c.execute("SELECT COUNT(*) FROM run_seeds").fetchone()[0])


def instruction_stamps(c: Connection) -> dict[int, tuple[int, ...]]:
    """Map each block of instructions to how many it has, how many are kept and a sum that tells which."""
    return _stamps(c, "instructions", "rowid")


def item_stamps(c: Connection) -> dict[int, tuple[int, ...]]:
    """Map each block of items to the same."""
    return _stamps(c, "instances", "number")


def _stamps(c: Connection, table: str, place: str) -> dict[int, tuple[int, ...]]:
    sql = f"""SELECT {place} / {BLOCK}, COUNT(*), SUM(status = 'kept'),
                     SUM((status = 'kept') * ({place} % {BLOCK})) FROM {table} GROUP BY 1 ORDER BY 1"""
    return {block: tuple(stamp) for block, *stamp in c.tuples(sql)}


def changed_instructions(c: Connection, since: dict[str, Mark]) -> set[int]:
    """Return the blocks with instructions that were decided on since."""
    sql = f"""SELECT DISTINCT t.rowid / {BLOCK} FROM instruction_events e
              JOIN instructions t ON t.id = e.instruction_id WHERE e.seq > ?"""
    return {block for (block,) in c.tuples(sql, (since["instruction_events"].row,))}


def changed_items(c: Connection, since: dict[str, Mark]) -> set[int]:
    """Return the blocks with items that got a vote, a candidate or a decision since."""
    blocks: set[int] = set()
    for table in ("votes", "candidates"):
        sql = f"""SELECT DISTINCT i.number / {BLOCK} FROM {table} x JOIN instances i ON i.id = x.instance_id
                  WHERE x.rowid > ?"""
        blocks |= {block for (block,) in c.tuples(sql, (since[table].row,))}
    newest = since["events"].row
    sql = f"""SELECT DISTINCT i.number / {BLOCK} FROM events e JOIN event_items x ON x.event = e.seq
              JOIN instances i ON i.id = x.instance_id WHERE e.seq > ?
              UNION SELECT DISTINCT i.number / {BLOCK} FROM events e JOIN event_items x ON x.event = e.target
              JOIN instances i ON i.id = x.instance_id WHERE e.seq > ?"""
    return blocks | {block for (block,) in c.tuples(sql, (newest, newest))}


def instructions_of(c: Connection, block: int) -> list[InstructionText]:
    """Return the instructions of a block, in the order they were stored."""
    sql = """SELECT r.number, t.text, t.status, t.reason, t.score FROM instructions t
             JOIN runs r ON r.id = t.run_id WHERE t.rowid >= ? AND t.rowid < ? ORDER BY t.rowid"""
    return [InstructionText._make(row) for row in c.tuples(sql, (block * BLOCK, (block + 1) * BLOCK))]


_ITEMS = """SELECT i.number, r.number, i.status, i.reason, COALESCE(s.input, i.input), v.candidates, v.matrix,
                   v.barred, v.winner, v.keep, v.reason, v.decided_by, v.rule, v.score, v.strict,
                   COALESCE(s.status, 'undecided'), COALESCE(d.override, 0),
                   CASE WHEN s.status = 'edited' THEN s.text
                        WHEN COALESCE(s.status, 'undecided') IN ('accepted', 'chosen') OR
                             (COALESCE(s.status, 'undecided') IN ('undecided', 'later') AND v.keep = 1)
                        THEN x.output END
            FROM instances i JOIN runs r ON r.id = i.run_id
            LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
            LEFT JOIN review_state s ON s.instance_id = i.id LEFT JOIN desk d ON d.number = i.number
            LEFT JOIN candidates x ON x.id = COALESCE(s.candidate_id, v.winner)
            WHERE i.number >= ? AND i.number < ? ORDER BY i.number"""


def items_of(c: Connection, block: int) -> Iterator[ItemFacts]:
    """Yield the items of a block."""
    rows = c.tuples(_ITEMS, (block * BLOCK, (block + 1) * BLOCK))
    return map(ItemFacts._make, rows)


def answers_of(c: Connection, block: int) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield the candidates of the items of a block: id, run, model as "role:fingerprint", reason, output.

    The reason says why it takes no part in votes, "" where it does. Of a model that gave samples there is its
    own answer alone.
    """
    sql = """SELECT x.id, i.run_id, x.role, x.model, x.reason, x.output
             FROM instances i JOIN candidates x ON x.instance_id = i.id
             WHERE i.number >= ? AND i.number < ? AND x.attempt >= 0"""
    # Joined here: there are few runs and models, and four candidates or more for each item.
    numbers = dict(c.tuples("SELECT id, number FROM runs").fetchall())
    for key, run, role, model, reason, output in c.tuples(sql, (block * BLOCK, (block + 1) * BLOCK)):
        yield key, numbers[run], f"{role}:{model}", reason, output


def spent_since(c: Connection, row: int) -> list[Spent]:
    """Return what was written by completions after this row."""
    sql = """SELECT r.number, x.model, COUNT(*), SUM(x.tokens), SUM(x.seconds) FROM completions x
             JOIN runs r ON r.id = x.run_id WHERE x.rowid > ? GROUP BY 1, 2"""
    return [Spent(*found) for found in c.tuples(sql, (row,))]


def decided(c: Connection) -> list[Decided]:
    """Count the decisions on answers that stand, by hour, reviewer, action and run, in order of time."""
    sql = f"""WITH undone AS (SELECT target FROM (SELECT target, action, MAX(seq) FROM events
                              WHERE target IS NOT NULL GROUP BY target) WHERE action = 'undo')
              SELECT SUBSTR(e.at, 1, 13), e.reviewer, e.action, r.number, COUNT(*) FROM events e
              JOIN event_items x ON x.event = e.seq JOIN instances i ON i.id = x.instance_id
              JOIN runs r ON r.id = i.run_id
              WHERE {ANSWERS} AND e.seq NOT IN undone GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"""
    return [Decided(*row) for row in c.tuples(sql)]


def compared_of(item: ItemFacts) -> tuple[list[str], list[str]]:
    """Return the candidates of a vote, and for each why it did not vote, "" where it did."""
    candidates: list[str] = json.loads(item.candidates or "[]")
    return candidates, json.loads(item.barred) if item.barred else [""] * len(candidates)
