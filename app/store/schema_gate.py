"""Steps of the schema: the log of what people decide about instructions before they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def instruction_gate(db: Database) -> None:
    """Create the log, which is only added to; `before` is the instruction's text when it was decided on."""
    db.execute(
        """CREATE TABLE instruction_events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('accept', 'edit', 'reject', 'undo')),
            instruction_id TEXT NOT NULL REFERENCES instructions(id), before TEXT NOT NULL, text TEXT,
            target INTEGER REFERENCES instruction_events(seq),
            CHECK ((target IS NOT NULL) = (action = 'undo')), CHECK ((text IS NOT NULL) = (action = 'edit'))
        ) STRICT"""
    )
    _index_and_guard(db)


def gate_redo(db: Database) -> None:
    """Let the log hold redos; SQLite cannot change a CHECK, so the table is built anew."""
    columns = "seq, reviewer, at, action, instruction_id, before, text, target"
    db.execute(
        """CREATE TABLE instruction_events_new (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('accept', 'edit', 'reject', 'undo', 'redo')),
            instruction_id TEXT NOT NULL REFERENCES instructions(id), before TEXT NOT NULL, text TEXT,
            target INTEGER REFERENCES instruction_events(seq),
            CHECK ((target IS NOT NULL) = (action IN ('undo', 'redo'))),
            CHECK ((text IS NOT NULL) = (action = 'edit'))
        ) STRICT"""
    )
    copied = f"SELECT {columns} FROM instruction_events ORDER BY seq"
    db.execute(f"INSERT INTO instruction_events_new ({columns}) {copied}")
    db.execute("DROP TABLE instruction_events")
    db.execute("ALTER TABLE instruction_events_new RENAME TO instruction_events")
    _index_and_guard(db)


def _index_and_guard(db: Database) -> None:
    """Index the log and refuse every change of an entry."""
    for column in ("instruction_id", "target"):
        db.table("instruction_events").create_index([column])
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER instruction_events_no_{verb.lower()} BEFORE {verb} ON instruction_events "
            "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END"
        )
