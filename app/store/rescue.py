"""Save what can be read of a damaged project into a new one, and say what could not.

Every table is read row by row; where a page cannot be read, the rows behind it are looked for. Rows that
cannot be what was stored, and those that belong to one that is lost, have no place any more: they are
returned, so that nothing read is thrown away. What is saved is sound by every check of `health`.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, get_args

from app.errors import RecipeError
from app.method.recipe import Recipe
from app.method.recipe_parts import TokeniserChoice, Voters
from app.store import counted, damaged, decisions, desk, files, schema, search, unsound
from app.store.connection import Connection, connect
from app.store.runs import IMPORTED
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
_BELONGED_TO = frozenset(
    (
        *("models", "runs", "run_models", "events", "instruction_events", "judgements", "audits", "ratings"),
        *("drawings", "guidelines", "fits", "evaluations"),
    )
)
"""Tables whose rows stay though letters of theirs are lost: others belong to them, and they hold no data."""
_WITH_TEXTS = 4
"""The format that brought the text index."""
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
            source = damaged.opened(path, Path(folder), found.lost)
            with closing(source), closing(connect(building, "rwc")) as new:
                _fill(source, path, new, found)
                files.merge_log(new)
            files.give_name(building, target)
        except (sqlite3.Error, OSError) as error:
            raise files.storage_error(error, target, "save what can be read into") from error
        finally:
            files.remove(building)
    return found


def _fill(source: Connection, path: Path, new: Connection, found: Rescued) -> None:
    version = damaged.version(source, path)
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
    _leave_out_unsound(new, schema.columns_in(version).keys() - _DERIVED, found)
    for statement in triggers:
        new.execute(statement)
    new.execute("COMMIT")
    schema.upgrade(new)
    new.execute("BEGIN IMMEDIATE")
    _number_anew(new)
    if version >= _WITH_TEXTS:
        _index_texts(new)
    new.execute("DELETE FROM review_state")
    decisions.refold(new)
    desk.refill(new)
    counted.recount(new)
    new.execute("COMMIT")
    found.lost += _left_out_in_words(found.left_out)
    for table in found.rows:
        found.rows[table] = new.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]


def _left_out_in_words(rows: Collection[LeftOut]) -> Iterator[str]:
    for (table, why), count in Counter((row.table, row.why) for row in rows).items():
        yield f"{table}: {unsound.counted_rows(count)} left out: {why}"


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
    illegible = 0
    for row in rows:
        if any(type(value) is damaged.Illegible for value in row):
            if table not in _BELONGED_TO:
                _note_left_out(
                    found, table, "it holds bytes that are not text", zip(columns, row[1:], strict=True)
                )
                continue
            illegible += 1
            row = tuple(str(value) if type(value) is damaged.Illegible else value for value in row)
        try:
            new.execute(insert, row[1:] if own else row)
        except (sqlite3.Error, OverflowError) as error:
            if getattr(error, "sqlite_errorname", "").startswith("SQLITE_FULL"):
                raise
            _note_left_out(found, table, str(error), zip(columns, row[1:], strict=True))
    if illegible:
        found.lost.append(
            f"{table}: letters in {unsound.counted_rows(illegible)}, which stay with \ufffd for each"
        )


def _note_left_out(found: Rescued, table: str, why: str, values: Iterable[tuple[str, Any]]) -> None:
    """Hand over a row that has no place, so that it can be written as JSON."""
    legible = {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        for name, value in values
    }
    found.left_out.append(LeftOut(table, why, legible))


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
            if lost := _rows_between(max(at, 0), after):
                found.lost.append(f"{table}: {lost} ({error})")
            if after is None:
                return
            at = after - 1


def _rows_between(last: int, after: int | None) -> str:
    """Name the rows behind `last` and before `after`, None being the end; "" where there are none."""
    if after is None:
        return f"rows {last + 1} to the end"
    if after - last < 2:
        return ""
    return f"row {last + 1}" if after - last == 2 else f"rows {last + 1} to {after - 1}"


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


def _leave_out_unsound(new: Connection, tables: Collection[str], found: Rescued) -> None:
    """Take out rows that are wrong in themselves and those that belong to none, until all are sound."""
    _mend_recipes(new, found)
    while True:
        _drop_orphans(new, tables, found)
        wrong = [one for one in chain(unsound.forms(new), unsound.values(new)) if one.table in tables]
        if not wrong:
            return
        for one in wrong:
            if one.mend:
                count = new.execute(
                    f"UPDATE {one.table} SET {one.mend} WHERE {one.where}", one.parameters
                ).rowcount
                found.lost.append(f"{one.table}: {one.why}, in {unsound.counted_rows(count)}")
            else:
                _take_out(new, one.table, one.where, one.why, found, one.parameters)


def _take_out(
    new: Connection, table: str, where: str, why: str, found: Rescued, parameters: tuple[Any, ...] = ()
) -> None:
    """Take rows out of a table and hand them over."""
    for row in new.execute(f"SELECT * FROM {table} WHERE {where}", parameters).fetchall():
        _note_left_out(found, table, why, dict(row).items())
    new.execute(f"DELETE FROM {table} WHERE {where}", parameters)


def _mend_recipes(new: Connection, found: Rescued) -> None:
    """Let a run whose recipe cannot be read count as imported: its items stay, and it cannot be resumed."""
    for row, number, recipe, state in new.tuples(
        "SELECT rowid, number, recipe_json, state FROM runs"
    ).fetchall():
        if recipe != "{}" and not _is_recipe(recipe, imported=state == IMPORTED):
            new.execute("UPDATE runs SET recipe_json = '{}', state = ? WHERE rowid = ?", (IMPORTED, row))
            found.lost.append(f"the recipe of run {number}, which counts as imported from now on")


def _is_recipe(stored: str, *, imported: bool) -> bool:
    if not imported:
        with suppress(RecipeError):
            Recipe.from_json(stored)
            return True
        return False
    try:
        own = json.loads(stored)
        return own.get("tokeniser", "auto") in get_args(TokeniserChoice) and (
            own.get("voters", "all") in get_args(Voters)
        )
    except (ValueError, AttributeError, TypeError):
        return False


def _drop_orphans(new: Connection, tables: Collection[str], found: Rescued) -> None:
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
                if not new.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {orphaned})").fetchone()[0]:
                    continue
                changed = True
                if (table, column) in _LOOSE:
                    new.execute(f"UPDATE {table} SET {column} = NULL WHERE {orphaned}")
                else:
                    _take_out(new, table, orphaned, f"what it belongs to in {parent} is lost", found)


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


def _number_anew(new: Connection) -> None:
    """Let the next row of every log get the number behind the last one that is there."""
    for table, column in schema.NUMBERED.items():
        last = f"SELECT COALESCE(MAX({column}), 0) FROM {table}"
        new.execute(f"UPDATE sqlite_sequence SET seq = ({last}) WHERE name = ?", (table,))


def _is_without_rowid(c: Connection, table: str) -> bool:
    row = c.tuples("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", (table,)).fetchone()
    return bool(row and row[0])


def _row_alias(c: Connection, table: str) -> str:
    """Name the column that is the row's number itself, "" where there is none."""
    keys = c.tuples(f"SELECT name, type FROM pragma_table_info('{table}') WHERE pk > 0").fetchall()
    return str(keys[0][0]) if len(keys) == 1 and keys[0][1] == "INTEGER" else ""
