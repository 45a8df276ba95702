"""Save what can be read of a damaged project into a new one, and say what could not.

Every table is read row by row; where a page cannot be read, the rows behind it are looked for. Rows that
belong to one that is lost have no place any more: they are returned, so that nothing read is thrown away.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import ProjectError
from app.store import counted, decisions, desk, files, schema, search
from app.store.connection import Connection, connect
from app.store.steps import STEPS

_DERIVED = frozenset(("texts", "desk", "review_state", "counted"))
"""Tables that are made again from the others."""
_LOOSE = frozenset(
    (
        *(("instructions", "completion_id"), ("instances", "completion_id"), ("candidates", "completion_id")),
        *(("votes", "fit"), ("judgements", "guideline")),
    )
)
"""What a row can do without: it stays when the row that this column names is lost."""
_WITH_TEXTS = 4
"""The format that brought the text index."""
_NO_FORMAT = 10_000
_HEADER = 100
_LAST_ROW = 2**62


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that could be read but has no place in the new project, and why."""

    table: str
    why: str
    values: dict[str, Any]


@dataclass(slots=True)
class Rescued:
    """How many rows of each table were saved, what could not be read, and what was read but left out."""

    rows: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def rescue(path: Path, target: Path) -> Rescued:
    """Save what can be read of the project at `path` as the new project `target`; `path` is not changed.

    Raises ProjectError where nothing can be read, or nothing can be written; then there is no `target`.
    """
    building = target.with_name(f".{target.name}.rescue")
    found = Rescued()
    with tempfile.TemporaryDirectory(prefix="quorum-") as folder:
        try:
            files.remove(building)
            source = _opened(path, Path(folder), found)
            with closing(source), closing(connect(building, "rwc")) as new:
                _fill(source, path, new, found)
                files.merge_log(new)
            files.give_name(building, target)
        except (sqlite3.Error, OSError) as error:
            raise files.storage_error(error, target, "save what can be read into") from error
        finally:
            files.remove(building)
    return found


def _opened(path: Path, folder: Path, found: Rescued) -> Connection:
    """Open a copy of the damaged file: as it is, without its log, or with a new description or beginning."""
    copy = folder / "copy.db"
    for note, prepare in (
        ("", _as_it_is),
        ("its log", _without_log),
        ("how its tables are described", _with_new_descriptions),
        ("its first page", _with_new_beginning),
    ):
        with suppress(sqlite3.Error, OSError):
            files.remove(copy)
            connection = connect(prepare(path, copy, folder), "ro")
            try:
                # A damaged letter must not take the rest of its row along.
                connection.text_factory = lambda text: text.decode("utf-8", "replace")
                connection.execute("BEGIN")
                if {"runs", "instances"} <= schema.columns_of(connection).keys():
                    found.lost += [note] if note else []
                    return connection
            except sqlite3.Error:
                pass
            connection.close()
    raise ProjectError(f"Nothing can be read of {path}.", "Take a backup of it, if there is one.")


def _as_it_is(path: Path, copy: Path, _folder: Path) -> Path:
    shutil.copyfile(path, copy)
    if files.has_unmerged_log(path):
        shutil.copyfile(path.with_name(path.name + "-wal"), copy.with_name(copy.name + "-wal"))
    return copy


def _without_log(path: Path, copy: Path, _folder: Path) -> Path:
    if not files.has_unmerged_log(path):
        raise FileNotFoundError("no log")
    shutil.copyfile(path, copy)
    return copy


def _with_new_descriptions(path: Path, copy: Path, folder: Path) -> Path:
    """Describe the tables of a copy as its format has them: one wrong letter there closes the file."""
    _as_it_is(path, copy, folder)
    # Not `connect`: the settings of a writer read the descriptions.
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        # Passes over faults of the descriptions: https://www.sqlite.org/pragma.html#pragma_writable_schema
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("BEGIN IMMEDIATE")
        # What is not a table is not read: rows are looked for without indexes.
        connection.execute("DELETE FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL")
        described = schema.descriptions(_version(connection, path))
        for table, sql in described.items():
            connection.execute(
                "UPDATE sqlite_master SET type = 'table', tbl_name = name, sql = ? WHERE name = ?",
                (sql, table),
            )
        marks = ", ".join("?" * len(described))
        connection.execute(
            f"DELETE FROM sqlite_master WHERE sql IS NOT NULL AND name NOT IN ({marks})", tuple(described)
        )
        connection.execute("COMMIT")
    return copy


def _with_new_beginning(path: Path, copy: Path, folder: Path) -> Path:
    """Give a copy the header of a new project, and its whole first page where that does not suffice."""
    fresh = folder / "fresh.db"
    files.create(fresh)
    first = fresh.read_bytes()[: files.page_size(fresh)]
    for length in (_HEADER, len(first)):
        shutil.copyfile(path, copy)
        with copy.open("r+b") as file:
            file.write(first[:length])
            # How many pages there are (offset 28), and that none of them is free (32 and 36).
            file.seek(28)
            file.write((path.stat().st_size // len(first)).to_bytes(4, "big") + bytes(8))
        with suppress(sqlite3.Error), closing(connect(copy, "ro")) as connection:
            if "instances" in schema.columns_of(connection):
                break
    return copy


def _fill(source: Connection, path: Path, new: Connection, found: Rescued) -> None:
    version = _version(source, path)
    new.execute(f"PRAGMA application_id = {schema.APPLICATION_ID:d}")
    schema.upgrade(new, STEPS[:version])
    new.execute("PRAGMA foreign_keys = OFF")
    new.execute("BEGIN IMMEDIATE")
    triggers = _without_triggers(new)
    there = schema.columns_of(source)
    for table, columns in schema.columns_in(version).items():
        if table in _DERIVED:
            continue
        if table not in there:
            found.lost.append(f"the table {table}")
            continue
        _copy(source, new, table, sorted(set(columns) & there[table]), found)
    _drop_orphans(new, schema.columns_in(version).keys() - _DERIVED, found)
    for statement in triggers:
        new.execute(statement)
    new.execute("COMMIT")
    schema.upgrade(new)
    new.execute("BEGIN IMMEDIATE")
    if version >= _WITH_TEXTS:
        _index_texts(new)
    new.execute("DELETE FROM review_state")
    decisions.refold(new)
    desk.refill(new)
    counted.recount(new)
    new.execute("COMMIT")
    for table in found.rows:
        found.rows[table] = new.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]


def _version(source: sqlite3.Connection, path: Path) -> int:
    """Return the format of the rows; a number that no format has is damage. Raises ProjectError if newer."""
    version = int(source.execute("PRAGMA user_version").fetchone()[0])
    if not 0 < version < _NO_FORMAT:
        return schema.version()
    files.check_version(path, version)
    return version


def _without_triggers(new: Connection) -> list[str]:
    """Take the triggers away that keep logs from being changed; return how they are made again."""
    rows = new.tuples("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in rows:
        new.execute(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in rows]


def _copy(source: Connection, new: Connection, table: str, columns: list[str], found: Rescued) -> None:
    """Copy the rows of a table that can be read; note what cannot, and what the table does not take."""
    by_row = not _is_without_rowid(new, table)
    own = not by_row or bool(_row_alias(new, table))
    names = columns if own else ["rowid", *columns]
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    rows = _by_row(source, table, columns, found) if by_row else _both_ends(source, table, columns, found)
    found.rows[table] = 0
    for row in rows:
        try:
            new.execute(insert, row[1:] if own else row)
        except (sqlite3.Error, OverflowError) as error:
            if getattr(error, "sqlite_errorname", "").startswith("SQLITE_FULL"):
                raise
            found.left_out.append(LeftOut(table, str(error), dict(zip(columns, row[1:], strict=True))))


def _by_row(source: Connection, table: str, columns: list[str], found: Rescued) -> Iterator[tuple[Any, ...]]:
    """Yield (row id, values…) of every row that can be read, in order."""
    query = f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid"
    at = -_LAST_ROW
    while True:
        try:
            for row in source.tuples(query, (at,)):
                if row[0] <= at:
                    raise sqlite3.DatabaseError("rows out of order")
                at = row[0]
                yield row
            return
        except sqlite3.Error as error:
            after = _next_readable(source, table, max(at, -1))
            upto = "the end" if after is None else f"row {after - 1}"
            found.lost.append(f"{table}: rows {max(at, 0) + 1} to {upto} ({error})")
            if after is None:
                return
            at = after - 1


def _next_readable(source: Connection, table: str, at: int) -> int | None:
    """Return the first row behind `at` that can be read again, None where there is none."""
    query = f"SELECT rowid FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT 1"

    def look(start: int) -> int | None:
        row = source.tuples(query, (start,)).fetchone()
        return None if row is None or row[0] <= start else int(row[0])

    step, bad = 1, at
    while step < _LAST_ROW:
        try:
            look(at + step)
            break
        except sqlite3.Error:
            bad, step = at + step, 2 * step
    else:
        return None
    good = at + step
    while good - bad > 1:
        middle = (good + bad) // 2
        try:
            look(middle)
            good = middle
        except sqlite3.Error:
            bad = middle
    return look(good)


def _both_ends(
    source: Connection, table: str, columns: list[str], found: Rescued
) -> Iterator[tuple[Any, ...]]:
    """Yield (None, values…) from the beginning up to the damage, and from the end back to it."""
    keys = source.tuples(f"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk").fetchall()
    seen: set[tuple[Any, ...]] = set()
    for way in ("ASC", "DESC"):
        order = ", ".join(f"{name} {way}" for (name,) in keys)
        try:
            for row in source.tuples(f"SELECT NULL, {', '.join(columns)} FROM {table} ORDER BY {order}"):
                if row not in seen:
                    seen.add(row)
                    yield row
            return
        except sqlite3.Error as error:
            if way == "ASC":
                found.lost.append(f"{table}: rows behind the first {len(seen)} ({error})")


def _drop_orphans(new: Connection, tables: set[str], found: Rescued) -> None:
    """Take out rows that belong to rows which are lost, until all that is there belongs to something."""
    changed = True
    while changed:
        changed = False
        for table in sorted(tables):
            for key in new.tuples(f"PRAGMA foreign_key_list({table})").fetchall():
                parent, column, wanted = key[2], key[3], key[4]
                orphaned = (
                    f"{column} IS NOT NULL AND NOT EXISTS "
                    f"(SELECT 1 FROM {parent} parent WHERE parent.{wanted} = {table}.{column})"
                )
                rows = new.execute(f"SELECT * FROM {table} WHERE {orphaned}").fetchall()
                if not rows:
                    continue
                changed = True
                if (table, column) in _LOOSE:
                    new.execute(f"UPDATE {table} SET {column} = NULL WHERE {orphaned}")
                    continue
                why = f"what it belongs to in {parent} is lost"
                found.left_out += [LeftOut(table, why, dict(row)) for row in rows]
                new.execute(f"DELETE FROM {table} WHERE {orphaned}")


def _index_texts(new: Connection) -> None:
    """Fill the text index, as storing the items and answers did."""
    tasks = new.tuples(
        "SELECT i.number, t.text, i.input FROM instances i JOIN instructions t ON t.id = i.instruction_id"
    )
    for number, instruction, given in tasks.fetchall():
        search.add_task(new, number, instruction, given)
    for key, position, output in new.tuples(
        "SELECT instance_id, position, output FROM candidates"
    ).fetchall():
        search.add_answer(new, key, position, output)


def _is_without_rowid(c: Connection, table: str) -> bool:
    row = c.tuples("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", (table,)).fetchone()
    return bool(row and row[0])


def _row_alias(c: Connection, table: str) -> str:
    """Name the column that is the row's number itself, "" where there is none."""
    keys = c.tuples(f"SELECT name, type FROM pragma_table_info('{table}') WHERE pk > 0").fetchall()
    return str(keys[0][0]) if len(keys) == 1 and keys[0][1] == "INTEGER" else ""
