"""Make, back up and upgrade project files so that a crash at any instant leaves a whole file.

A file is looked at before SQLite may touch it: what is not a project of ours is refused unchanged.
"""

from __future__ import annotations

import errno
import glob
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from app import atomic
from app.errors import ProjectError
from app.store import schema
from app.store.connection import Connection, connect


class DiskFull(ProjectError):
    """There was no room for a change: nothing of it was stored, and once there is room it can be made."""


_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
"""Bytes of the header of an SQLite file."""
_COMPANIONS = ("-wal", "-shm", "-journal", ".lock")
_HINTS = {
    sqlite3.SQLITE_FULL: "Free some disk space and continue; what was stored before is safe.",
    sqlite3.SQLITE_IOERR: "The disk refused. Open the project again; what was stored before is safe.",
    sqlite3.SQLITE_BUSY: "Another program holds the file. Close it there and try again.",
    sqlite3.SQLITE_LOCKED: "Another program holds the file. Close it there and try again.",
    sqlite3.SQLITE_READONLY: "The file or its folder cannot be written. Check the permissions.",
    sqlite3.SQLITE_CANTOPEN: "Check that the folder exists and can be written.",
    sqlite3.SQLITE_CORRUPT: "The file is damaged. Keep a copy of it; `quorum rescue` saves what can be read.",
    sqlite3.SQLITE_NOTADB: "The file is damaged. Keep a copy of it; `quorum rescue` saves what can be read.",
    sqlite3.SQLITE_TOOBIG: "A text is larger than SQLite can hold (1 GB).",
}


def create(path: Path) -> None:
    """Make a new project at `path`, which must not exist; the caller holds its lock.

    The file is built under another name and linked into place whole: `path` never names a half-made
    project. Raises ProjectError.
    """
    building = build(path)
    try:
        finish(building, path)
    finally:
        remove(building)


def build(path: Path) -> Path:
    """Make what becomes a new project at `path` under another name beside it; the caller holds the lock.

    Whoever fills it lets `finish` give it its name, or removes it. Raises ProjectError, and then leaves
    nothing.
    """
    check_name(path)
    # The lock is held, so a leftover of this name belongs to nobody.
    building = path.with_name(f".{path.name}.new")
    try:
        remove(building)
        connection = connect(building, "rwc")
        try:
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID:d}")
            schema.upgrade(connection)
            merge_log(connection)
        finally:
            connection.close()
    except BaseException as error:
        with suppress(OSError):  # what speaks against removing it is what is told already
            remove(building)
        if isinstance(error, sqlite3.Error | OSError):
            raise storage_error(error, path, "create") from error
        raise
    return building


def finish(building: Path, path: Path) -> None:
    """Give a new project that was built and closed its name. Raises ProjectError."""
    try:
        give_name(building, path)
    except (sqlite3.Error, OSError) as error:
        raise storage_error(error, path, "create") from error


def back_up(path: Path, version: int) -> Path:
    """Copy a project to a new file beside it and check the copy; return the copy's path.

    Raises ProjectError, and then leaves no copy.
    """
    target = _free_name(path, f"{path.name}.format-{version}")
    try:
        source = connect(path, "ro")
        try:
            copy_to(source, path, target)
        finally:
            source.close()
    except sqlite3.Error as error:
        raise storage_error(error, path, "back up") from error
    return target


def copy_to(source: Connection, path: Path, target: Path) -> None:
    """Copy what an open connection to the project at `path` sees to the new file `target`, and check it.

    Raises ProjectError, and then leaves nothing at `target`.
    """
    building = target.with_name(f".{target.name}.backup")
    try:
        remove(building)
        copy = sqlite3.connect(building)
        try:
            # One snapshot for the copy and for what it is compared with: others may write meanwhile.
            with _snapshot(source):
                source.backup(copy)
                _compare(source, copy, path)
        finally:
            copy.close()
        give_name(building, target)
    except (sqlite3.Error, OSError) as error:
        raise storage_error(error, path, "back up") from error
    finally:
        remove(building)


@contextmanager
def _snapshot(source: Connection) -> Iterator[None]:
    own = not source.in_transaction
    if own:
        source.execute("BEGIN")
    try:
        # A transaction sees one moment from its first read on. Copying is none: without this, the copy would
        # be of one moment and what it is compared with of another.
        source.execute("SELECT 1 FROM sqlite_master").fetchone()
        yield
    finally:
        if own:
            source.execute("COMMIT")


def upgrade(connection: Connection, path: Path) -> None:
    """Run the pending migrations on an open project. Raises ProjectError; each step is all or nothing."""
    try:
        schema.upgrade(connection)
        # The header of the file itself now names the new version, for programs that look only there.
        merge_log(connection)
    except sqlite3.Error as error:
        raise storage_error(error, path, "update") from error


def merge_log(connection: Connection) -> None:
    """Bring all that was committed from the log into the file itself; raises sqlite3.Error where that failed.

    Closing does so too, but tells nobody when the disk refuses.
    """
    busy, left, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy or left:
        raise sqlite3.OperationalError("the log could not be merged into the file")


def give_name(built: Path, target: Path) -> None:
    """Give a database that was built and closed its name, once it has proved whole by itself.

    Raises sqlite3.Error for one that is not, OSError where the name cannot be given, ProjectError where it is
    not free.
    """
    check_name(target)
    if has_unmerged_log(built):
        raise sqlite3.OperationalError("the log could not be merged into the file")
    atomic.sync(built)
    connection = connect(built, "immutable")
    try:
        if (fault := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(f"it came out damaged: {' '.join(fault.split())}")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if missing := schema.missing(connection, version):
            raise sqlite3.DatabaseError(f"it came out without {missing}")
    finally:
        connection.close()
    atomic.place(built, target)


def check_name(path: Path) -> None:
    """Refuse a name for a new database that belongs to another one, or beside which a log lies.

    Such a log is of an earlier file of this name, and SQLite would play it into the new one.
    Raises ProjectError.
    """
    if owner := owner_of(path):
        raise ProjectError(f"{path} belongs to the project {owner.name}.", "Choose another name.")
    for log in (path.with_name(path.name + end) for end in ("-wal", "-journal")):
        if _size(log) > 0:
            raise ProjectError(
                f"{log} lies there: it holds the last changes of an earlier {path.name}, and would spoil "
                "another file of that name.",
                f"If that file was moved, move {log.name} along, under its new name and with the same "
                "ending. If it is gone, remove it.",
            )


def owner_of(path: Path) -> Path | None:
    """Return the file whose log or lock `path` is by its name, None where there is none."""
    for end in _COMPANIONS:
        owner = path.with_name(path.name.removesuffix(end))
        if path.name.removesuffix(end) not in ("", path.name) and owner.is_file():
            return owner
    return None


def check_only_name(path: Path) -> None:
    """Refuse a project that has a second name (a hard link); the caller holds its lock. Raises ProjectError.

    Each name has a log and a lock of its own, so that two programs would write to the file at once and spoil
    it (https://www.sqlite.org/howtocorrupt.html, 2.5). A name under which it was built does not count: it was
    left as a process was killed.
    """
    file = path.stat()
    if file.st_nlink < 2:
        return
    for built in path.parent.glob(f".*{glob.escape(path.name)}.*"):
        if built.suffix in (".new", ".rescue", ".backup", ".tmp") and os.path.samestat(built.lstat(), file):
            built.unlink(missing_ok=True)
    if path.stat().st_nlink > 1:
        raise ProjectError(
            f"{path} has a second name (a hard link), and two programs that write to one file under two "
            "names spoil it.",
            f"Make it a file of its own: `quorum backup {path.name} NEW`, then work with NEW.",
        )


def check_header(path: Path) -> None:
    """Read the first bytes of `path` and refuse what is not a readable project file.

    Offsets 60 and 68 are user_version and application_id, big-endian (the SQLite file format, §1.3).
    Raises ProjectError; opens nothing for writing.
    """
    header = _first_bytes(path)
    if not header:
        raise ProjectError(
            f"{path} is empty, so it is not a Quorum project.", "Remove it or choose another name."
        )
    if not header.startswith(_MAGIC) or len(header) < _HEADER:
        raise ProjectError(
            f"{path} is not a Quorum project (not an SQLite database).", "Choose another file or a new name."
        )
    if int.from_bytes(header[68:72], "big") != schema.APPLICATION_ID:
        raise ProjectError(
            f"{path} is an SQLite database of another program, not a Quorum project.",
            "It was left unchanged. Choose another file or a new name.",
        )
    check_version(path, int.from_bytes(header[60:64], "big"))


def check_version(path: Path, version: int) -> None:
    """Refuse a file of a newer schema than this program knows."""
    if version > schema.version():
        raise ProjectError(
            f"{path} was written by a newer Quorum (format {version}; this one knows up to "
            f"{schema.version()}).",
            "It was left unchanged. Update Quorum to open it.",
        )


def check_content(path: Path, *, thorough: bool) -> int:
    """Return the schema version of a project nobody writes to; refuse a damaged one, unchanged.

    `thorough` reads every page (about a second per gigabyte). Raises ProjectError.
    """
    # Without a write-ahead log an immutable connection sees everything and leaves no file behind.
    mode: Literal["ro", "immutable"] = "ro" if has_unmerged_log(path) else "immutable"
    try:
        connection = connect(path, mode)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            check_version(path, version)
            if (fault := connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise damaged(path, str(fault))
            check_columns(connection, path, version)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise damaged(path, str(error)) from error
    return version


def check_columns(connection: Connection, path: Path, version: int) -> None:
    """Refuse a file without the tables and columns of its format; raises ProjectError or sqlite3.Error."""
    if missing := schema.missing(connection, version):
        raise damaged(path, f"without {missing}")


def damaged(path: Path, detail: str) -> ProjectError:
    """Build the error for a file whose content cannot be trusted."""
    hint = (
        f"It was left unchanged. `quorum rescue {path.name} NEW` saves what can be read into a new project."
    )
    if has_unmerged_log(path):
        log = f"{path.name}-wal"
        hint = (
            f"{log} beside it holds changes that belong to the file as it was: if you have put a backup in "
            f"its place, move {log} away and try again. {hint}"
        )
    return ProjectError(f"{path} is damaged ({' '.join(detail.split())}).", hint)


def has_unmerged_log(path: Path) -> bool:
    """Say whether commits wait in the write-ahead log: the last writer did not close in order."""
    return _size(path.with_name(path.name + "-wal")) > 0


def _size(path: Path) -> int:
    """Return the bytes of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def companions(project: Path) -> tuple[Path, ...]:
    """Name the files that SQLite and the lock keep beside a project."""
    return tuple(project.with_name(project.name + end) for end in _COMPANIONS)


def storage_error(error: Exception, path: Path, verb: str) -> ProjectError:
    """Turn a failure of SQLite or the system into words: what could not be done, why, what to do."""
    if isinstance(error, sqlite3.Error):
        why = str(error)
        space = primary_code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
        hint = _HINTS.get(primary_code(error), "" if verb == "read" else "Nothing half-done was stored.")
    else:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        named = error.filename if isinstance(error, OSError) else None
        if isinstance(named, str | Path) and Path(named).name != path.name:
            why = f"{Path(named).name}: {why}"
        space = True
        hint = "Check the folder and its permissions. Nothing half-done was stored."
    kind = DiskFull if is_full(error) else ProjectError
    return kind(f"Could not {verb} {path}: {why}{_space(path) if space else ''}.", hint)


def is_full(error: Exception) -> bool:
    """Say whether the disk, or the space one may use of it, was full."""
    if isinstance(error, sqlite3.Error):
        return primary_code(error) == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, 0 where Python's own layer raised."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _space(path: Path) -> str:
    try:
        return f" ({shutil.disk_usage(path.parent).free / 1e6:,.1f} MB free)"
    except OSError:
        return ""


def page_size(path: Path) -> int:
    """Return the bytes of a page of an SQLite file, as its header says (offset 16; 1 stands for 65,536)."""
    size = int.from_bytes(_first_bytes(path)[16:18], "big")
    return 65536 if size == 1 else size


def remove(path: Path) -> None:
    """Remove a database that was being built, with its companions; none need be there."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def put_log_aside(path: Path) -> None:
    """Take the log of a project away from another file in its place, into which SQLite would play it.

    Only for who holds the lock of the name; where it cannot be done, it stays.
    """
    log = path.with_name(f"{path.name}-wal")
    with suppress(OSError):
        if _size(log) > 0:
            log.rename(_free_name(path, f"{path.name}.replaced", "-wal"))


def _free_name(path: Path, stem: str, end: str = ".backup") -> Path:
    names = [f"{stem}{end}", *(f"{stem}-{number}{end}" for number in range(2, 1000))]
    return next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))


def _compare(source: sqlite3.Connection, copy: sqlite3.Connection, path: Path) -> None:
    """Check that a copy is sound and holds as many rows in each table as its source."""
    if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise ProjectError(f"The backup of {path} came out damaged.", "The project was left unchanged.")
    for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        # Table names come from our own schema; quoting keeps even a foreign one from being SQL.
        query = f'SELECT COUNT(*) FROM "{name.replace(chr(34), chr(34) * 2)}"'
        if source.execute(query).fetchone()[0] != copy.execute(query).fetchone()[0]:
            raise ProjectError(f"The backup of {path} is incomplete.", "The project was left unchanged.")


def _first_bytes(path: Path) -> bytes:
    try:
        # O_NONBLOCK: a named pipe must not hold the program up before it is refused.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise ProjectError(f"{path} is a folder.", "Name a file in it, for example my-project.db.")
            if not stat.S_ISREG(mode):
                raise ProjectError(f"{path} is not an ordinary file.", "Choose another file.")
            return os.read(descriptor, _HEADER)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise ProjectError(f"{path} does not exist.", "Check the name, or create the project.") from error
    except OSError as error:
        raise ProjectError(f"{path} cannot be read ({error.strerror}).", "Check its permissions.") from error
