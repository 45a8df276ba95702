"""Open a project file, and the only doors to it: `write`, `read` and `fetch`.

One thread writes, each call in its own BEGIN IMMEDIATE … COMMIT with synchronous=FULL: when `write`
returns, the change survives a crash and a power cut. Reads run on read-only connections of their
own and see one snapshot each, also while something is written.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from app.errors import ProjectError, QuorumError
from app.store import files, health, lock, runs, schema
from app.store.connection import Connection, Query, connect
from app.store.files import DiskFull
from app.store.health import Stamp
from app.store.lock import ProjectLocked, WriterLock
from app.store.reading import Readable, readable

__all__ = ["Connection", "DiskFull", "Project", "ProjectClosed", "ProjectLocked"]

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_SMALL = 64 * 2**20
"""Files up to this size are checked page by page at every opening (a tenth of a second)."""
_IDLE_READERS = 4
_PATIENCE = 5.0
"""Seconds for which closing waits for what is being read."""


class ProjectClosed(ProjectError):
    """The project was closed while something was fetched from it."""


class Project:
    """An open project. Make one with `Project.open`; close it, or use it in a `with` statement."""

    def __init__(
        self,
        path: Path,
        writer: Connection | None,
        writer_lock: WriterLock | None,
        source: Readable,
        backup: Path | None,
        built_at: Path | None = None,
    ) -> None:
        self.path = path
        self.read_only = writer is None
        self.backup = backup
        """Where the file was copied to before it was brought to a newer format at this opening."""
        self.notice = source.notice
        """What is not as it should be about how it is read (foreign text), or ""."""
        self._writer = writer
        self._lock = writer_lock
        self._executor = ThreadPoolExecutor(1, "project-writer")
        if writer is not None:
            # Ctrl+c in the start of its thread would leave it one that nobody waits for.
            self._executor.submit(_nothing).result()
        self._source = source
        self._idle: list[Connection] = []
        self._guard = threading.Condition()
        self._fetched: set[Query[Any]] = set()
        self._being_read: set[Query[Any]] = set()
        self._lent = 0
        self._closed = False
        self._broken: ProjectError | None = None
        self._built_at = built_at
        self._identity = _identity(built_at or path)
        self._log: tuple[int, int] | None = None
        self._sound: Stamp | None = None
        _OPEN[self._identity] += 1
        _LOG.info("opened %s%s", path, " read-only" if self.read_only else "")

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False, read_only: bool = False) -> Self:
        """Open the project at `path`; with `create`, make it first where nothing is there.

        Raises ProjectError for a folder, a foreign, newer or damaged file, one that cannot be read
        or written, and ProjectLocked while another process writes to it. A refused file is left
        byte for byte as it was. `read_only` needs no lock and never upgrades.
        """
        with _found(path) as resolved:
            return cls._open_read_only(resolved) if read_only else cls._open_writable(resolved, create)

    @classmethod
    @contextmanager
    def filled(cls, path: str | Path) -> Iterator[Self]:
        """Open the project at `path` as `open` does, or, where nothing is, make it with what is done inside.

        A new one is written under another name, without a log. It gets its own when the block ends well and
        it holds a run; else nothing is left of it.
        """
        with _found(path) as resolved:
            exists = os.path.lexists(resolved)
            held = None if exists else _acquire_new(resolved)
        if held and os.path.lexists(resolved):  # another process made it meanwhile
            held.release()
            held = None
        if held is None:
            with cls.open(resolved) as project:
                yield project
            return
        try:
            building = files.build(resolved)
            try:
                writer = _connect_without_log(building, resolved)
                with cls(resolved, writer, None, Readable(building, "ro"), None, building) as project:
                    yield project
                    holds = bool(project.read(runs.all_runs))
                    _keep_log(writer, resolved)
                if holds:
                    files.finish(building, resolved)
            finally:
                files.remove(building)
        finally:
            held.release()

    @classmethod
    def _open_writable(cls, path: Path, create: bool) -> Self:
        exists = os.path.lexists(path)
        if exists or not create:
            _check_header(path)
            if not os.access(path, os.W_OK):
                raise ProjectError(
                    f"{path} cannot be written.", "Check its permissions, or open it read-only."
                )
        held = lock.acquire(path) if exists or not create else _acquire_new(path)
        writer: Connection | None = None
        try:
            if not os.path.lexists(path):
                files.create(path)
            _check_header(path)
            files.check_only_name(path)
            thorough = files.has_unmerged_log(path) or path.stat().st_size <= _SMALL
            version = files.check_content(path, thorough=thorough)
            backup = files.back_up(path, version) if version < schema.version() else None
            writer = _connect_writer(path)
            if backup:
                files.upgrade(writer, path)
            runs.mark_interrupted(writer)
        except BaseException as error:
            if writer:
                writer.close()
            held.release()
            if isinstance(error, sqlite3.Error):
                raise files.storage_error(error, path, "open") from error
            raise
        return cls(path, writer, held, Readable(path, "ro"), backup)

    @classmethod
    def _open_read_only(cls, path: Path) -> Self:
        _check_header(path)
        source = readable(path)
        try:
            cls._check_readable(path, source)
        except BaseException:
            source.remove()
            raise
        return cls(path, None, None, source, None)

    @staticmethod
    def _check_readable(path: Path, source: Readable) -> None:
        """Refuse a file of another format, or without what its format holds."""
        try:
            connection = connect(source.path, source.mode)
            try:
                version = int(connection.execute("PRAGMA user_version").fetchone()[0])
                files.check_version(path, version)
                files.check_columns(connection, path, version)
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise files.damaged(path, str(error)) from error
        if version < schema.version():
            raise ProjectError(
                f"{path} has an older format ({version}) that must be brought up to date first.",
                "Open it once in the screens (`quorum FILE`); a backup is made before anything changes.",
            )

    @property
    def in_use(self) -> bool:
        """Whether this process or another one writes to the project: else nothing is in progress."""
        return self._lock is not None or lock.is_held(self.path)

    async def write(self, change: Callable[[Connection], T]) -> T:
        """Run `change` in one transaction on the writing thread and return its result after COMMIT.

        Whatever `change` raises rolls everything back and is raised here. A full disk (DiskFull), a
        failing disk or a read-only project raises ProjectError: then nothing of it was stored. So does a
        file that is no longer where it was: then nothing counts as stored. Cancelling the awaiting task
        does not stop a change that has begun.
        """
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._commit, change)

    def write_now(self, change: Callable[[Connection], T]) -> T:
        """Do the same as `write` for callers without an event loop; blocks.

        Ctrl+c ends the change, and nothing of it is stored.
        """
        self._check_open()
        asked = Query(change)
        try:
            return self._executor.submit(self._commit, asked).result()
        except KeyboardInterrupt:
            asked.end()
            # It may have come before there was anything to wait for; but what is asked for later runs later.
            self._executor.submit(_nothing).result()
            raise

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on one snapshot and return its result; iterators must be used up inside it.

        Safe from any thread. Raises ProjectError when the file cannot be read, or is no longer where it
        was.
        """
        asked = query if isinstance(query, Query) else Query(query)
        connection = self._borrow()
        try:
            with self._guard:
                self._being_read.add(asked)
            connection.execute("BEGIN")
            try:
                found = asked(connection)
            finally:
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._closed:
                raise self._was_closed() from error
            raise self._explained(error, "read") from error
        except QuorumError:
            raise
        except Exception as error:
            # What stumbles over a value may stumble because the file is damaged.
            if faults := health.faults(connection):
                raise self._damaged(connection, faults) from error
            raise
        finally:
            with self._guard:
                self._being_read.discard(asked)
            self._give_back(connection)
        self.check_in_place()
        return found

    async def fetch(self, query: Callable[[Connection], T]) -> T:
        """Do the same as `read` in another thread. Cancelling the awaiting task ends the query, and so does
        closing the project, with ProjectClosed, which is raised too where it is closed already."""
        asked = Query(query)
        with self._guard:
            self._fetched.add(asked)
        try:
            return await asyncio.to_thread(self.read, asked)
        except asyncio.CancelledError:
            asked.end()
            raise
        except ProjectError as error:
            # What is fetched in several steps may find it closed between two of them.
            if self._closed:
                raise self._was_closed() from error
            raise
        finally:
            with self._guard:
                self._fetched.discard(asked)

    def check(self, told: Callable[[str], None] = lambda _words: None, *, large: bool = True) -> None:
        """Look through the whole file for damage, unless that was done for it as it is now.

        `told` hears of it where it takes long. Raises ProjectError for a damaged file, with what can be read
        of it. A large file is read only where `large` asks for it, and not again on the same day unless it
        has changed.
        """
        stamp = health.stamp(self.path)
        is_large = stamp.size > _SMALL
        if self._sound == stamp or (is_large and (not large or health.was_sound(self.path, stamp))):
            return
        connection = self._borrow()
        words = f"Looking through {self.path.name} for damage first: {stamp.size / 1e6:,.0f} MB"
        try:
            with health.told_of(words, told if is_large else None):
                faults = health.faults(connection)
            if faults:
                raise self._damaged(connection, faults)
        finally:
            self._give_back(connection)
        self._sound = stamp
        if is_large:
            health.note_sound(self.path, stamp)

    def back_up_to(self, target: Path) -> str:
        """Copy the project as it is now to the new file `target`, checked; return in words what that holds.

        Raises ProjectError, and then leaves nothing at `target`.
        """

        def copy(c: Connection) -> str:
            files.copy_to(c, self.path, target)
            return health.readable(c)

        return self.read(copy)

    def check_in_place(self) -> None:
        """Raise ProjectError unless the path still leads to the open file: else nobody finds what it has."""
        try:
            same = _identity(self._built_at or self.path) == self._identity
        except OSError:
            same = False
        if not same:
            raise ProjectError(
                f"{self.path} was removed or replaced while it was open.",
                "What was done since is in no file of that name. Put it back, or open the project again. If "
                f"{self.path.name}-wal is left there, or {self.path.name}.replaced-wal, it holds the last "
                "changes: give it the project's new name and the ending -wal.",
            )

    def _is_replaced(self) -> bool:
        """Say whether another file lies in the place of this one."""
        try:
            return _identity(self.path) != self._identity
        except OSError:
            return False

    def close(self, *, ends_all: bool = False) -> None:
        """Finish what is being written, merge the log into the file and give the lock back.

        What is being fetched is ended, with `ends_all` whatever is being read; what else is being read is
        waited for, but not for long.
        """
        with self._guard:
            if self._closed:
                return
            self._closed = True
            idle, self._idle = self._idle, []
            ended = self._fetched | self._being_read if ends_all else set(self._fetched)
        for query in ended:
            query.end()
        self._executor.shutdown(wait=True)
        # Readers first: only the last connection to close merges the log and removes its file. Where a log is
        # left, the next opening reads the whole file.
        with self._guard:
            self._guard.wait_for(lambda: not self._lent, _PATIENCE)
        for connection in idle:
            connection.close()
        if self._writer:
            self._writer.close()
        self._source.remove()
        _OPEN[self._identity] -= 1
        if self._lock:
            if self._is_replaced():
                files.put_log_aside(self.path)
            self._lock.release()
        _LOG.info("closed %s", self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _commit(self, change: Callable[[Connection], T]) -> T:
        if self._writer is None:
            raise ProjectError(f"{self.path} is open read-only.", "Open it for writing to change it.")
        if self._broken:
            raise self._broken
        writer = self._writer
        self.check_in_place()
        if self._lock:
            self._lock.keep()
        writer.stopped = False
        try:
            writer.begin_writing()
            try:
                result = change(writer)
                writer.execute("COMMIT")
            except BaseException:
                writer.stopped = False
                # Some failures (a full disk) have rolled back already.
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._explained(error, "write") from error
        except QuorumError:
            self.check_in_place()  # a process beside this one, that reads the file, fails where it is gone
            raise
        self.check_in_place()
        self._check_log()
        return result

    def _check_log(self) -> None:
        """Raise ProjectError unless the log that the change was written to is still beside the file."""
        if self._built_at:
            return
        log = self.path.with_name(self.path.name + "-wal")
        try:
            found = _identity(log)
        except OSError:
            found = None
        self._log = self._log or found
        if found is None or found != self._log:
            raise ProjectError(
                f"{log}, which holds the last changes of the project, was removed while it was open.",
                "Close the project, which merges them into the file, and look at it with `quorum check`.",
            )

    def _damaged(self, connection: Connection, faults: Sequence[str]) -> ProjectError:
        """Build the error for a file that is damaged, with what can be read of it."""
        error = files.damaged(self.path, faults[0])
        return ProjectError(f"{error.message} Readable: {health.readable(connection)}.", error.hint)

    def _explained(self, error: sqlite3.Error, verb: str) -> Exception:
        """Put what a user can cause into words; a slip of ours (a broken constraint) stays as it is."""
        code = files.primary_code(error)
        if code not in _OUTSIDE and not (code == 0 and "UTF-8" in str(error)):
            return error
        failure = files.storage_error(error, self.path, verb)
        if verb == "write" and code in _LASTING:
            # After a failed fsync the system may have dropped the pages: only a fresh look at the
            # file tells what is in it, so this connection writes no more.
            self._broken = failure
        return failure

    def _borrow(self) -> Connection:
        self._check_open()
        self.check_in_place()
        with self._guard:
            self._check_open()  # once it is closed nobody waits for what is lent
            self._lent += 1
            if self._idle:
                return self._idle.pop()
        try:
            return connect(self._source.path, self._source.mode)
        except BaseException as error:
            self._take_back()
            if isinstance(error, sqlite3.Error):
                raise files.storage_error(error, self.path, "read") from error
            raise

    def _give_back(self, connection: Connection) -> None:
        with self._guard:
            # One that was ended may be in its transaction still.
            kept = not connection.in_transaction and not self._closed and len(self._idle) < _IDLE_READERS
            if kept:
                self._idle.append(connection)
        if not kept:
            connection.close()
        self._take_back()

    def _take_back(self) -> None:
        with self._guard:
            self._lent -= 1
            self._guard.notify_all()

    def _was_closed(self) -> ProjectClosed:
        return ProjectClosed(f"{self.path} was closed.", "Open it again.")

    def _check_open(self) -> None:
        if self._closed:
            raise ProjectError(f"{self.path} is closed.", "Open it again.")


_OUTSIDE = frozenset(
    (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_PERM,
    )
)
_LASTING = frozenset((sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))


# Files that this process has open, by device and inode. POSIX drops all of a process's locks on a
# file when it closes any descriptor of it (sqlite.org/howtocorrupt.html §2.2), so the header of
# these is never read beside SQLite; they were checked when they were opened.
_OPEN: Counter[tuple[int, int]] = Counter()


@contextmanager
def _found(path: str | Path) -> Iterator[Path]:
    """Give the file that a path leads to; what speaks against opening it is raised as ProjectError."""
    if "\0" in str(path):
        raise ProjectError(f"{path} is not a valid file name.", "Choose another name.")
    try:
        yield Path(path).expanduser().resolve()
    except (OSError, RuntimeError) as error:
        # RuntimeError: a loop of links, or a home folder of nobody (pathlib).
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        hint = "Make space on its disk." if files.is_full(error) else "Check the path."
        raise ProjectError(f"{path} cannot be opened ({why}).", hint) from error


def _acquire_new(path: Path) -> WriterLock:
    """Take the lock of a project that is not there yet; raises ProjectError where it has no place."""
    if not path.parent.is_dir():
        raise ProjectError(f"The folder {path.parent} does not exist.", "Create it, or choose another place.")
    return lock.acquire(path)


def _nothing() -> None:
    """Do nothing: whoever waits for it has waited for what was asked for before."""


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _check_header(path: Path) -> None:
    if not os.path.lexists(path) and lock.is_held(path):
        raise ProjectError(f"{path} is being made by another process.", "Wait until its import is over.")
    try:
        open_here = _OPEN[_identity(path)] > 0
    except OSError:
        open_here = False
    if not open_here:
        files.check_header(path)


def _connect_writer(path: Path) -> Connection:
    try:
        return connect(path, "rw")
    except sqlite3.Error as error:
        raise files.storage_error(error, path, "open") from error


def _connect_without_log(building: Path, path: Path) -> Connection:
    """Open a new project that nobody else has: what ends before it gets its name leaves nothing of it.

    A log would have every page written twice, and looked up in the log whenever it is read again.
    """
    writer = _connect_writer(building)
    try:
        for setting in ("journal_mode = MEMORY", "synchronous = OFF"):
            writer.execute(f"PRAGMA {setting}")
    except sqlite3.Error as error:
        writer.close()
        raise files.storage_error(error, path, "create") from error
    return writer


def _keep_log(writer: Connection, path: Path) -> None:
    """Have a new project keep a log from now on."""
    try:
        if (mode := writer.execute("PRAGMA journal_mode = WAL").fetchone()[0]) != "wal":
            raise sqlite3.OperationalError(f"journal_mode is {mode!r}")
    except sqlite3.Error as error:
        raise files.storage_error(error, path, "create") from error
