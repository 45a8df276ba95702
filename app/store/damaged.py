"""Open a damaged file so that its rows can be read: a copy of it, with a new beginning where that is needed.

The beginning of a file describes its tables, and one wrong letter there closes all of it. What the tables are
is known by its format; where each begins is still told by any readable page of the old description, and by a
new project, whose tables mostly begin on the same pages.
"""

from __future__ import annotations

import mmap
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

from app.errors import ProjectError
from app.store import files, schema
from app.store.connection import Connection, connect
from app.store.steps import STEPS

DESCRIPTION = "how its tables are described"
"""What is named as lost where a copy has a new beginning."""
_HEADER = 100
_VERSION = slice(60, 64)
_NO_FORMAT = 10_000
_ROWS, _KEYED = b"\x05\x0d", b"\x02\x0a"
"""How pages begin that hold a table's rows, and those of a table WITHOUT ROWID
(https://www.sqlite.org/fileformat2.html#b_tree_pages)."""


class Illegible(str):
    """A text of which some bytes were no UTF-8; each is replaced by U+FFFD."""

    __slots__ = ()


def opened(path: Path, folder: Path, lost: list[str]) -> Connection:
    """Open a copy in `folder` of the damaged project at `path`, and add to `lost` what had to be given up.

    Raises ProjectError where no table can be read, OSError where the disk refuses the copy.
    """
    copy = folder / "copy.db"
    ways: tuple[tuple[str, Callable[[Path, Path], None]], ...] = (
        ("", _as_it_is),
        ("its log", _without_log),
        (DESCRIPTION, _with_new_beginning),
    )
    for given_up, prepare in ways:
        with suppress(sqlite3.Error, _Inapplicable):
            files.remove(copy)
            prepare(path, copy)
            if connection := _with_tables(copy):
                lost += [given_up] if given_up else []
                return connection
    raise ProjectError(f"Nothing can be read of {path}.", "Use a backup of it, if there is one.")


class _Inapplicable(Exception):
    """A way to open a file that cannot help with this one."""


def _with_tables(copy: Path) -> Connection | None:
    """Open a copy; None where its tables cannot be read."""
    connection = connect(copy, "ro")
    try:
        connection.text_factory = _legible
        connection.execute("BEGIN")
        if {"runs", "instances"} <= schema.columns_of(connection).keys() and _has_rows(connection):
            return connection
    except sqlite3.Error:
        pass
    connection.close()
    return None


def version(source: sqlite3.Connection, path: Path) -> int:
    """Return the format of the rows; a number that no format has is damage. Raises ProjectError if newer."""
    found = int(source.execute("PRAGMA user_version").fetchone()[0])
    if not 0 < found < _NO_FORMAT:
        return schema.version()
    files.check_version(path, found)
    return found


def _legible(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return Illegible(text.decode("utf-8", "replace"))


def _has_rows(connection: Connection) -> bool:
    """Say whether the first row of some table can be read; a project may hold none, and be sound."""
    refused = 0
    for table in ("runs", "instructions", "instances", "candidates", "seed_tasks"):
        try:
            connection.execute(f"SELECT * FROM {table} NOT INDEXED LIMIT 1").fetchone()
            return True
        except sqlite3.Error:
            refused += 1
    return not refused


def _as_it_is(path: Path, copy: Path) -> None:
    shutil.copyfile(path, copy)
    if files.has_unmerged_log(path):
        shutil.copyfile(path.with_name(path.name + "-wal"), copy.with_name(copy.name + "-wal"))


def _without_log(path: Path, copy: Path) -> None:
    if not files.has_unmerged_log(path):
        raise _Inapplicable
    shutil.copyfile(path, copy)


def _with_new_beginning(path: Path, copy: Path) -> None:
    """Give a copy the header of a new project, and descriptions of its tables as its format has them."""
    _as_it_is(path, copy)
    _merge_log(copy)
    if not copy.stat().st_size:
        raise _Inapplicable
    with copy.open("rb") as file:
        said = int.from_bytes(file.read(_HEADER)[_VERSION], "big")
    number = said if 0 < said <= schema.version() else schema.version()
    fresh = copy.with_name("fresh.db")
    files.remove(fresh)
    with closing(connect(fresh, "rwc")) as new:
        schema.upgrade(new, STEPS[:number])
        new.execute(f"PRAGMA application_id = {schema.APPLICATION_ID:d}")
        files.merge_log(new)
        rows = new.tuples("SELECT name, sql, rootpage FROM sqlite_master WHERE type = 'table'").fetchall()
    size = files.page_size(fresh)
    described = {name: (sql, root) for name, sql, root in rows if name in schema.columns_in(number)}
    described.pop("texts", None)  # made again from the texts
    begins = dict(_beginnings(copy, size, {name: root for name, (_, root) in described.items()}))
    _write_empty_first_page(copy, fresh.read_bytes()[:_HEADER], size)
    # Not `connect`: the settings of a writer read the descriptions.
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        # https://www.sqlite.org/pragma.html#pragma_writable_schema
        connection.execute("PRAGMA writable_schema = ON")
        connection.executemany(
            """INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql)
               VALUES ('table', ?1, ?1, ?2, ?3)""",
            [(name, begins[name], sql) for name, (sql, _) in described.items()],
        )


def _merge_log(copy: Path) -> None:
    """Bring what a log holds into a copy, as far as SQLite can do it without a description of the tables."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def _write_empty_first_page(copy: Path, header: bytes, size: int) -> None:
    """Write a header and a description of nothing: an empty leaf of a table."""
    pages = copy.stat().st_size // size
    page = bytearray(header[:_HEADER].ljust(size, b"\0"))
    # How many pages there are (offset 28), that none of them is free (32, 36), and a change counter that says
    # that this is so (24, 92).
    page[28:32], page[32:40], page[92:96] = pages.to_bytes(4, "big"), bytes(8), page[24:28]
    page[_HEADER] = _ROWS[1]
    page[_HEADER + 5 : _HEADER + 7] = (size % 65536).to_bytes(2, "big")
    with copy.open("r+b") as file:
        file.write(page)
        file.truncate(pages * size)


def _beginnings(copy: Path, size: int, usual: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield on which page each table begins: as a description says that is left, else as in new files."""
    with copy.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:

        def begins(page: int) -> bool:
            at = (page - 1) * size
            return 1 < page <= len(held) // size and held[at : at + 1] in (*_split(_ROWS), *_split(_KEYED))

        for table, page in usual.items():
            found = [one for one in _described_at(held, table) if begins(one)]
            yield table, page if page in found or not found else found[-1]


def _split(signs: bytes) -> Iterator[bytes]:
    return (signs[at : at + 1] for at in range(len(signs)))


def _described_at(held: mmap.mmap, table: str) -> Iterator[int]:
    """Yield the first page of a table by every record of the description that is left somewhere in a file.

    Such a record is its serial types (a text of n bytes is 13 + 2n, an integer of n bytes is n), then
    "table", the name twice, the page and the statement (https://www.sqlite.org/fileformat2.html#record_format).
    """
    name = table.encode()
    length = re.escape(bytes([13 + 2 * len(name)]))
    kind = re.escape(bytes([13 + 2 * len(b"table")]))
    pattern = kind + length * 2 + rb"([\x01-\x04])[\x80-\xff]{0,2}[\x00-\x7f]table" + name * 2
    for match in re.finditer(pattern, held, re.DOTALL):
        end = match.end() + match[1][0]
        yield int.from_bytes(held[match.end() : end], "big")
