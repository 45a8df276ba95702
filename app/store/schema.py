"""The tables of a project file, made by numbered steps that are never edited once released.

`STEPS[n]` brings a file from format n to n + 1; the format stands in `PRAGMA user_version`, and
`PRAGMA application_id` says that the file is ours. Each step runs with its record in one transaction.

The steps themselves stand in `steps.py`.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.store.columns import COLUMNS, COLUMNS_FORMAT
from app.store.connection import in_memory
from app.store.steps import STEPS, Step

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x51554F52
"""The four bytes QUOR at offset 68 of the file."""

TABLES = frozenset(COLUMNS)
"""What a file of the present format must hold."""
NUMBERED = {
    **dict.fromkeys(("events", "instruction_events", "judgements", "audits", "ratings"), "seq"),
    **dict.fromkeys(("guidelines", "fits"), "number"),
}
"""Tables that only grow, and the column by which their rows are numbered for ever."""
_NOT_OURS = ("sqlite_", "_sqlite", "texts_")
"""How tables begin that SQLite, sqlite-utils and the text index keep for themselves."""


def missing(connection: sqlite3.Connection, version: int) -> str:
    """Name what a file lacks of the tables and columns of its format; "" where it lacks nothing."""
    found = columns_of(connection)
    for table, columns in columns_in(version).items():
        if table not in found:
            return f"the table {table}"
        if lacking := sorted(set(columns) - found[table]):
            return f"the column {lacking[0]} of {table}"
    return ""


def columns_of(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """Return the columns of every table of an open file."""
    found: dict[str, set[str]] = {}
    query = "SELECT m.name, x.name FROM sqlite_master m, pragma_table_info(m.name) x WHERE m.type = 'table'"
    for table, column in connection.execute(query):
        found.setdefault(table, set()).add(column)
    return found


def columns_in(version: int) -> Mapping[str, Collection[str]]:
    """Return the columns of every table of a format; those of an older one are found by making one."""
    if version == COLUMNS_FORMAT:
        return COLUMNS
    empty = in_memory()
    try:
        upgrade(empty, STEPS[:version])
        made = columns_of(empty)
    finally:
        empty.close()
    return {table: columns for table, columns in made.items() if not table.startswith(_NOT_OURS)}


def descriptions(version: int) -> dict[str, str]:
    """Return the statement that makes each table of a format, those of SQLite and the text index left out."""
    empty = in_memory()
    try:
        upgrade(empty, STEPS[:version])
        rows = empty.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    finally:
        empty.close()
    return {name: sql for name, sql in rows if not name.startswith(_NOT_OURS) and name != "texts"}


def version() -> int:
    """Return the format that this program writes."""
    return len(STEPS)


def upgrade(connection: sqlite3.Connection, steps: Sequence[Step] | None = None) -> None:
    """Bring an open file to the present format, or to where `steps` end, one transaction per step."""
    with _without_pandas():
        from sqlite_utils import Database

    db = Database(connection, recursive_triggers=False, execute_plugins=False)
    # A step that builds a table anew drops the old one, which must not empty the tables that point to it;
    # such a step checks the keys itself. The setting cannot change inside a transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        migrations(STEPS if steps is None else steps).apply(db)
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
