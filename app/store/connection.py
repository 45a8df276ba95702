"""SQLite connections with every setting the store relies on."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from app.method.equality import content, largest_group
from app.method.pair_scores import compared
from app.store.read_ahead import read_ahead
from app.store.text import exact, folded, now, storable

T = TypeVar("T")

BUSY_SECONDS = 5.0
_TOGETHER = 10_000
"""Rows whose texts are looked at together, which copies them once."""
SQLITE_VERSION = sqlite3.sqlite_version


class _Rows(sqlite3.Cursor):
    """Rows of a query; damage that SQLite names in words that are no text is an error of its own here too."""

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except UnicodeDecodeError as error:
            raise _damaged(error) from None

    def fetchone(self) -> Any:
        return next(self, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return list(islice(self, size))

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except UnicodeDecodeError as error:
            raise _damaged(error) from None


class Connection(sqlite3.Connection):
    """A connection that stores texts with lone surrogates repaired, and records each repair.

    This is the one place where a text may change on its way in; see `app.store.text`.
    """

    stopped = False
    """Whether what is being done is to end, as somebody pressed ctrl+c: no statement runs any more."""

    file: Path | None = None
    """What it reads and writes; None where that is nowhere but in memory."""
    _changes_before = -1
    """The changes that this connection had made when it began to write."""

    def begin_writing(self) -> None:
        """Begin a transaction that writes: no other connection commits until it ends."""
        self.execute("BEGIN IMMEDIATE")
        self._changes_before = self.total_changes

    @property
    def as_committed(self) -> bool:
        """Whether this is a transaction that writes to a file and has changed nothing so far: until it ends,
        whoever reads the file finds what this connection finds."""
        return bool(self.file) and self.in_transaction and self.total_changes == self._changes_before

    def stop(self) -> None:
        """End what another thread does here: its statement fails, or the next one, with OperationalError."""
        self.stopped = True
        self.interrupt()

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run one statement as `sqlite3` does, with storable texts."""
        return self._run(self.cursor(_Rows), sql, parameters)

    def tuples(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a query whose rows are plain tuples, which cost less where there are very many."""
        cursor = self.cursor()
        cursor.row_factory = None
        return self._run(cursor, sql, parameters)

    def _run(self, cursor: sqlite3.Cursor, sql: str, parameters: Any) -> sqlite3.Cursor:
        self._check_going()
        try:
            return cursor.execute(sql, parameters)
        except UnicodeEncodeError:
            repaired: list[tuple[str, str]] = []
            cursor.execute(sql, _storable(parameters, repaired))
            self._record(repaired)
            return cursor
        except UnicodeDecodeError as error:
            raise _damaged(error) from None

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Run one statement per row as `sqlite3` does, with storable texts."""
        self._check_going()
        if isinstance(parameters, list) and _all_storable(parameters):
            return super().executemany(sql, parameters)
        repaired: list[tuple[str, str]] = []

        def rows() -> Iterator[Any]:
            for row in parameters:
                yield _storable(row, repaired)

        cursor = super().executemany(sql, rows())
        self._record(repaired)
        return cursor

    def executemany_own(self, sql: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        """Do the same with rows that hold no foreign text, or only what was made storable: not looked at."""
        self._check_going()
        return super().executemany(sql, rows)

    def _check_going(self) -> None:
        if self.stopped:
            raise sqlite3.OperationalError("interrupted")

    def _record(self, repaired: list[tuple[str, str]]) -> None:
        if repaired and self.in_transaction and not self.read_only:
            super().executemany(
                "INSERT OR IGNORE INTO repairs (stored, original, at) VALUES (?, ?, ?)",
                [(stored, original, now()) for stored, original in repaired],
            )

    @property
    def read_only(self) -> bool:
        """Say whether this connection refuses every write."""
        return bool(super().execute("PRAGMA query_only").fetchone()[0])


class Query(Generic[T]):
    """A query that another thread can end: what its connection is used for later goes on."""

    def __init__(self, query: Callable[[Connection], T]) -> None:
        self._query = query
        self._guard = Lock()
        self._connection: Connection | None = None
        self._ended = False

    def __call__(self, connection: Connection) -> T:
        """Run the query. Raises sqlite3.OperationalError once it was ended."""
        with self._guard:
            if self._ended:
                raise sqlite3.OperationalError("interrupted")
            self._connection = connection
        try:
            return self._query(connection)
        finally:
            with self._guard:
                self._connection = None
                connection.stopped = False

    def end(self) -> None:
        """End the query, if it still runs or has not begun."""
        with self._guard:
            self._ended = True
            if self._connection is not None:
                self._connection.stop()


def _damaged(error: UnicodeDecodeError) -> sqlite3.DatabaseError:
    """Return what SQLite said in words that Python could not read: they quote bytes of a damaged schema."""
    found = sqlite3.DatabaseError(error.object.decode("utf-8", "replace"))
    found.sqlite_errorcode, found.sqlite_errorname = sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"
    return found


def _all_storable(rows: list[Any]) -> bool:
    """Say whether no text of these rows has to be changed; looked at together, they cost half as much."""
    if len(rows) > _TOGETHER or not all(type(row) is tuple for row in rows):
        return False
    try:
        "".join([value for row in rows for value in row if type(value) is str]).encode()
    except UnicodeEncodeError:
        return False
    return True


def _storable(parameters: Any, repaired: list[tuple[str, str]]) -> Any:
    """Return the parameters with storable texts; add (stored, exact original) of each change."""
    values = parameters.values() if isinstance(parameters, dict) else parameters
    if "".join([value for value in values if type(value) is str]).isascii():
        return parameters  # nearly always, and looking at each value costs as much as storing it
    if isinstance(parameters, dict):
        return {name: _storable_value(value, repaired) for name, value in parameters.items()}
    return tuple(_storable_value(value, repaired) for value in parameters)


def _storable_value(value: Any, repaired: list[tuple[str, str]]) -> Any:
    if not isinstance(value, str):
        return value
    text = storable(value)
    if text is not value:
        repaired.append((text, exact(value)))
    return text


def connect(path: Path, mode: Literal["rw", "ro", "immutable", "rwc"]) -> Connection:
    """Open `path` with the store's settings.

    "ro" sees what a writer commits meanwhile; "immutable" leaves no file beside the database but
    must only be used while nobody writes; "rwc" creates. Raises sqlite3.Error.
    """
    query = {"immutable": "mode=ro&immutable=1"}.get(mode, f"mode={mode}")
    uri = f"file:{quote(os.fsencode(path.absolute()))}?{query}"
    # One executor thread writes and pooled readers move between threads: each connection is used
    # by one thread at a time, which is what SQLite needs.
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        factory=Connection,
    )
    try:
        connection.file = path
        connection.row_factory = sqlite3.Row
        _add_functions(connection)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        if mode in ("ro", "immutable"):
            connection.execute("PRAGMA query_only = ON")
        else:
            _prepare_writer(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_beside(path: Path, mebibytes: int) -> Connection:
    """Open a project for a process beside the one that writes to it, to read what that has committed.

    As many MiB of pages are kept. Raises sqlite3.Error.
    """
    connection = connect(path, "ro")
    connection.execute(f"PRAGMA cache_size = {-1024 * mebibytes:d}")
    return connection


def in_memory() -> Connection:
    """Open an empty database that is nowhere but in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None, factory=Connection)
    _add_functions(connection)
    return connection


def _add_functions(connection: Connection) -> None:
    """Let SQL ask the method."""
    connection.create_function("folded", 1, folded, deterministic=True)
    connection.create_function("content", 1, content, deterministic=True)
    connection.create_function("largest_group", 1, _largest_group, deterministic=True)
    connection.create_function("compared", 3, _compared, deterministic=True)
    connection.create_function("faulty", 5, _faulty, deterministic=True)


def _largest_group(texts: str) -> int:
    """Give SQL the size of the largest group of a JSON array of texts that say the same."""
    return largest_group(json.loads(texts))


def _compared(texts: str, winner: int, matrix: str) -> int:
    """Give SQL what a vote by normalised texts says of how equal they are: 10 × `equal` + `difference`."""
    equal, difference = compared(json.loads(texts), winner, json.loads(matrix))
    return 10 * equal + difference


@contextmanager
def roomy(connection: Connection, mebibytes: int = 256) -> Iterator[None]:
    """Keep up to 256 MiB of pages, or as many as are given, while a whole project is read.

    Rows are joined by ids that are hashes, so every row looks at other pages of the indexes. Those of a
    million items fit into this; with 16 MiB they are read again and again, which costs a third of the time.
    """
    before = connection.execute("PRAGMA cache_size").fetchone()[0]
    connection.execute(f"PRAGMA cache_size = {-1024 * mebibytes:d}")
    with read_ahead(connection.file):
        try:
            yield
        finally:
            connection.execute(f"PRAGMA cache_size = {before:d}")


def _faulty(check: str, instruction: str, input: str, output: str, cut: int) -> bool:
    """Say whether a check of `app.method.terms.FAULTS` finds a row; compiled when the first filter asks."""
    from app.method.faults import Row, is_faulty

    return is_faulty(check, Row(instruction, input, output, bool(cut)))


def _prepare_writer(connection: Connection) -> None:
    """Ask for durability and check that SQLite agreed: some builds have other defaults."""
    wanted = {
        "journal_mode": ("WAL", "wal"),
        "synchronous": ("FULL", 2),
        "foreign_keys": ("ON", 1),
        "wal_autocheckpoint": ("1000", 1000),
        # 64 MiB: a transaction over many rows would else write pages out and read them again.
        "cache_size": ("-65536", -65536),
    }
    for name, (value, answer) in wanted.items():
        connection.execute(f"PRAGMA {name} = {value}")
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != answer:
            raise sqlite3.OperationalError(f"{name} is {got!r}, not {answer!r}")
