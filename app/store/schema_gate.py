"""A step of the schema: the log of what people decide about instructions before they are answered."""

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
    for column in ("instruction_id", "target"):
        db.table("instruction_events").create_index([column])
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER instruction_events_no_{verb.lower()} BEFORE {verb} ON instruction_events "
            "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END"
        )
