"""What people decide about instructions before anything is made of them: at the gate after stage 1, and where
one that was dropped is restored.

Decisions are events in a log that is only added to. The present state of an instruction is a fold over those
that stand: the last edit gives its text, the last decision says whether it was rejected; without one it is as
the run left it. The fold is written into the instruction itself, and into instances that came with it, so
that every later stage sees it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

from app.errors import ProjectError
from app.method.terms import Kind
from app.store import counted, runs
from app.store.connection import Connection
from app.store.decisions import stands
from app.store.generated import ASKED_KIND
from app.store.rows import RunRow, build
from app.store.text import now, pair_key

GateAction = Literal["accept", "edit", "reject"]

HELD = "held after the instructions"
"""The note of a run that waits at the gate."""
REJECTED = "rejected"
"""Why an instruction is dropped that a person rejected."""

_STANDS = stands("instruction_events")
_DECISIONS = """SELECT e.seq, e.instruction_id, e.before, e.action FROM instruction_events e
                JOIN instructions t ON t.id = e.instruction_id WHERE t.run_id = ?1 AND e.target IS NULL"""
_LEFT_BY_RUN = """COALESCE((SELECT e.reason FROM instruction_events e WHERE e.instruction_id = t.id
                   ORDER BY e.seq LIMIT 1), t.reason)"""
"""Why the run dropped instruction `t`, "" where it kept it, whatever people decided since."""
_ANSWERED = """SELECT 1 FROM instances i JOIN candidates x ON x.instance_id = i.id
               WHERE i.instruction_id = ? AND x.role = 'answerer' LIMIT 1"""


@dataclass(frozen=True, slots=True)
class GateItem:
    """An instruction at the gate; `decision` is the one that stands, empty where there is none.

    `nearest` is the instruction of the pool that it is most like, `score` their ROUGE-L F1; `input` is
    that of the first instance that came with it, empty where none did.
    """

    id: str
    kind: Kind
    text: str
    decision: Literal["", "accept", "edit", "reject"]
    score: float | None
    nearest: str | None
    input: str


def held_run(c: Connection) -> RunRow | None:
    """Return the newest run if it waits at the gate."""
    run = runs.newest_made(c)
    return run if run is not None and run.note == HELD else None


def at(c: Connection, row: int) -> tuple[str, str]:
    """Return the id of the instruction stored in a row, and that of its run."""
    [(instruction, run)] = c.tuples("SELECT id, run_id FROM instructions WHERE rowid = ?", (row,))
    return instruction, run


def items(c: Connection, run_id: str) -> list[GateItem]:
    """Return the instructions of a run that are kept, or were rejected by a person, in the order stored."""
    standing = c.execute(f"{_DECISIONS} AND {_STANDS} ORDER BY e.seq", (run_id,))
    actions = {instruction: action for _, instruction, _, action in standing}
    sql = """SELECT t.id AS id, kind, text, score, nearest, COALESCE((SELECT i.input FROM instances i
                    WHERE i.instruction_id = t.id ORDER BY i.position LIMIT 1), '') AS input
             FROM instructions t WHERE run_id = ? AND (status = 'kept' OR reason = ?) ORDER BY t.rowid"""
    rows = c.execute(sql, (run_id, REJECTED))
    return [build(GateItem, row, decision=actions.get(row["id"], "")) for row in rows]


def decide(
    c: Connection, reviewer: str, action: GateAction, instruction_id: str, text: str | None = None
) -> int:
    """Accept, edit (with a text that is not empty) or reject an instruction; return the event's number.

    Raises ProjectError, and stores nothing, for an edit without text and for an instruction that is answered.
    """
    if (action == "edit") != (text is not None) or (text is not None and not text.strip()):
        raise ProjectError("An instruction cannot be empty.", "Reject it instead.")
    _check_unanswered(c, instruction_id)
    written = c.execute(
        f"""INSERT INTO instruction_events (reviewer, at, action, instruction_id, before, text, reason)
            SELECT ?, ?, ?, t.id, t.text, ?, {_LEFT_BY_RUN} FROM instructions t WHERE t.id = ?""",
        (reviewer, now(), action, text, instruction_id),
    )
    _fold(c, instruction_id)
    return int(written.lastrowid or 0)


def undo(c: Connection, reviewer: str, run_id: str) -> str | None:
    """Take back the reviewer's newest decision of a run that stands; return its instruction, None without."""
    sql = f"{_DECISIONS} AND e.reviewer = ?2 AND {_STANDS} ORDER BY e.seq DESC LIMIT 1"
    return _toggle(c, reviewer, "undo", sql, (run_id, reviewer))


def redo(c: Connection, reviewer: str, run_id: str) -> str | None:
    """Bring back what this reviewer undid last; None when nothing was undone since their last decision."""
    # Undo goes down the log, so among what can be redone the oldest was undone last.
    sql = f"""{_DECISIONS} AND NOT {_STANDS} AND EXISTS
                (SELECT 1 FROM instruction_events u WHERE u.target = e.seq AND u.reviewer = ?2 AND u.seq >
                 (SELECT MAX(d.seq) FROM instruction_events d JOIN instructions i ON i.id = d.instruction_id
                  WHERE i.run_id = ?1 AND d.reviewer = ?2 AND d.target IS NULL))
              ORDER BY e.seq LIMIT 1"""
    return _toggle(c, reviewer, "redo", sql, (run_id, reviewer))


def newest(c: Connection, reviewer: str, run_id: str) -> tuple[str, str] | None:
    """Return when the reviewer's newest decision of a run was made, and what it was.

    That is an action, or "restore" where it kept what the run had dropped. None where nothing can be undone.
    """
    sql = f"""SELECT e.at, IIF(e.action = 'accept' AND e.reason > '', 'restore', e.action), e.instruction_id
              FROM instruction_events e
              JOIN instructions t ON t.id = e.instruction_id
              WHERE t.run_id = ? AND e.target IS NULL AND e.reviewer = ? AND {_STANDS}
              ORDER BY e.seq DESC LIMIT 1"""
    found = c.tuples(sql, (run_id, reviewer)).fetchone()
    if found is None or c.execute(_ANSWERED, (found[2],)).fetchone():
        return None
    return found[0], found[1]


def rejected_texts(c: Connection, run_id: str, kind: Kind | None = None) -> list[str]:
    """Return the texts that a person rejected in a run: they count as made and are not proposed again.

    `kind` is the one for which they were asked.
    """
    sql = f"""SELECT t.text FROM instructions t
              WHERE t.run_id = ?1 AND t.reason = ?2 AND (?3 IS NULL OR {ASKED_KIND} = ?3)"""
    return [text for (text,) in c.execute(sql, (run_id, REJECTED, kind))]


def _toggle(c: Connection, reviewer: str, action: str, sql: str, parameters: tuple[str, str]) -> str | None:
    """Undo or redo the decision that a query finds; return its instruction, None without."""
    decision = c.execute(sql, parameters).fetchone()
    if decision is None:
        return None
    seq, instruction_id, before, _ = decision
    _check_unanswered(c, instruction_id)
    c.execute(
        """INSERT INTO instruction_events (reviewer, at, action, instruction_id, before, target)
           VALUES (?, ?, ?, ?, ?, ?)""",
        (reviewer, now(), action, instruction_id, before, seq),
    )
    _fold(c, instruction_id)
    return str(instruction_id)


def _check_unanswered(c: Connection, instruction_id: str) -> None:
    """Raise ProjectError for an instruction that is answered: its items are decided on in Review."""
    if c.execute(_ANSWERED, (instruction_id,)).fetchone():
        raise ProjectError("This instruction has already been answered.", "Decide about its items in Review.")


def _fold(c: Connection, instruction_id: str) -> None:
    """Write what the standing decisions say into the instruction and the instances that came with it."""
    first = "SELECT before, reason FROM instruction_events WHERE instruction_id = ? ORDER BY seq LIMIT 1"
    [(text, reason)] = c.tuples(first, (instruction_id,))
    standing = f"""SELECT e.action, e.text FROM instruction_events e
                   WHERE e.instruction_id = ? AND e.target IS NULL AND {_STANDS} ORDER BY e.seq"""
    for action, edited in c.execute(standing, (instruction_id,)).fetchall():
        text = edited if action == "edit" else text
        reason = REJECTED if action == "reject" else ""
    status = "dropped" if reason else "kept"
    came_with = c.execute(
        """SELECT id, input, context FROM instances
           WHERE instruction_id = ? AND (status = 'kept' OR reason = ?)""",
        (instruction_id, REJECTED),
    ).fetchall()
    try:
        with counted.through(c, [key for key, _, _ in came_with], instruction=instruction_id):
            c.execute(
                "UPDATE instructions SET text = ?, status = ?, reason = ? WHERE id = ?",
                (text, status, reason, instruction_id),
            )
            c.executemany(
                "UPDATE instances SET pair = ?, status = ?, reason = ? WHERE id = ?",
                [(pair_key(text, given, context), status, reason, key) for key, given, context in came_with],
            )
    except sqlite3.IntegrityError:
        raise ProjectError(
            "Another item of this project has the same instruction and input.",
            "Change the text, or reject one.",
        ) from None
