"""The tables of a project file, made by numbered steps that are never edited once released.

`STEPS[n]` brings a file from format n to n + 1; the format stands in `PRAGMA user_version`, and
`PRAGMA application_id` says that the file is ours. Each step runs with its record in one transaction.

The steps themselves stand in `steps.py`.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.store.steps import STEPS, Step

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x51554F52
"""The four bytes QUOR at offset 68 of the file."""

TABLES = frozenset(
    (
        *("models", "runs", "run_models", "seed_tasks", "run_seeds", "completions", "instructions"),
        *("instances", "candidates", "votes", "events", "event_items", "review_state", "repairs"),
        *("instruction_events", "desk", "texts", "reference_answers"),
        *("guidelines", "drawings", "drawn", "judgements", "judged_answers", "audits", "fits"),
    )
)
"""What a file of the present format must hold."""


def version() -> int:
    """Return the format that this program writes."""
    return len(STEPS)


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring an open file to the present format, one transaction per step."""
    with _without_pandas():
        from sqlite_utils import Database

    db = Database(connection, recursive_triggers=False, execute_plugins=False)
    # A step that builds a table anew drops the old one, which must not empty the tables that point to it;
    # such a step checks the keys itself. The setting cannot change inside a transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        migrations(STEPS).apply(db)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _without_pandas() -> Iterator[None]:
    """Let sqlite-utils be imported alone: where there is pandas, it takes a second to load that, for nothing
    that is used here. Imported late as well, as most openings migrate nothing.
    """
    if "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["pandas"]


def migrations(steps: Sequence[Step]) -> Migrations:
    """Build the migration set; each step sets `user_version` inside its own transaction."""
    with _without_pandas():
        from sqlite_utils import Migrations

    numbered = Migrations("quorum")
    for number, step in enumerate(steps, start=1):
        # These names stand in the files.
        numbered(name=f"version_{number}")(_with_version(step, number))
    return numbered


def _with_version(step: Step, number: int) -> Step:
    def run(db: Database) -> None:
        step(db)
        db.execute(f"PRAGMA user_version = {number:d}")

    return run
