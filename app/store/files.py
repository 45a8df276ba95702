"""Make, back up and upgrade project files so that a crash at any instant leaves a whole file.

A file is looked at before SQLite may touch it: what is not a project of ours is refused unchanged.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from pathlib import Path
from typing import Literal

from app import atomic
from app.errors import ProjectError
from app.store import schema
from app.store.connection import Connection, connect

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
"""Bytes of the header of an SQLite file."""
_HINTS = {
    sqlite3.SQLITE_FULL: "Free some disk space and continue; what was stored before is safe.",
    sqlite3.SQLITE_IOERR: "The disk refused. Open the project again; what was stored before is safe.",
    sqlite3.SQLITE_BUSY: "Another program holds the file. Close it there and try again.",
    sqlite3.SQLITE_LOCKED: "Another program holds the file. Close it there and try again.",
    sqlite3.SQLITE_READONLY: "The file or its folder cannot be written. Check the permissions.",
    sqlite3.SQLITE_CANTOPEN: "Check that the folder exists and can be written.",
    sqlite3.SQLITE_CORRUPT: "The file is damaged. Keep a copy of it; open it read-only to export the rest.",
    sqlite3.SQLITE_NOTADB: "The file is damaged. Keep a copy of it.",
    sqlite3.SQLITE_TOOBIG: "A text is larger than SQLite can hold (1 GB).",
}


def create(path: Path) -> None:
    """Make a new project at `path`, which must not exist; the caller holds its lock.

    The file is built under another name and linked into place whole: `path` never names a half-made
    project. Raises ProjectError.
    """
    # The lock is held, so a leftover of this name belongs to nobody.
    building = path.with_name(f".{path.name}.new")
    try:
        _remove(building)
        connection = connect(building, "rwc")
        try:
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID:d}")
            schema.upgrade(connection)
        finally:
            connection.close()
        atomic.sync(building)
        atomic.place(building, path)
    except (sqlite3.Error, OSError) as error:
        raise storage_error(error, path, "create") from error
    finally:
        _remove(building)


def back_up(path: Path, version: int) -> Path:
    """Copy a project to a new file beside it and check the copy; return the copy's path.

    Raises ProjectError, and then leaves no copy.
    """
    target = _free_name(path, f"{path.name}.format-{version}")
    building = path.with_name(f".{path.name}.backup")
    try:
        _remove(building)
        source, copy = connect(path, "ro"), sqlite3.connect(building)
        try:
            source.backup(copy)
            _compare(source, copy, path)
        finally:
            copy.close()
            source.close()
        atomic.sync(building)
        atomic.place(building, target)
    except (sqlite3.Error, OSError) as error:
        raise storage_error(error, path, "back up") from error
    finally:
        _remove(building)
    return target


def upgrade(connection: Connection, path: Path) -> None:
    """Run the pending migrations on an open project. Raises ProjectError; each step is all or nothing."""
    try:
        schema.upgrade(connection)
        # The header of the file itself now names the new version, for programs that look only there.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise storage_error(error, path, "update") from error


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
            if thorough and (fault := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise damaged(path, str(fault))
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {name for (name,) in names}
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise damaged(path, str(error)) from error
    if version == schema.version() and (missing := schema.TABLES - tables):
        raise damaged(path, f"without {', '.join(sorted(missing))}")
    return version


def damaged(path: Path, detail: str) -> ProjectError:
    """Build the error for a file whose content cannot be trusted."""
    return ProjectError(
        f"{path} is damaged ({detail}).",
        "It was left unchanged. Open it read-only to export what can be read, or take a backup.",
    )


def has_unmerged_log(path: Path) -> bool:
    """Say whether commits wait in the write-ahead log: the last writer did not close in order."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except OSError:
        return False


def companions(project: Path) -> tuple[Path, ...]:
    """Name the files that SQLite and the lock keep beside a project."""
    return tuple(project.with_name(project.name + end) for end in ("-wal", "-shm", "-journal", ".lock"))


def storage_error(error: Exception, path: Path, verb: str) -> ProjectError:
    """Turn a failure of SQLite or the system into words: what could not be done, why, what to do."""
    if isinstance(error, sqlite3.Error):
        why = str(error)
        space = primary_code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
        hint = _HINTS.get(primary_code(error), "" if verb == "read" else "Nothing half-done was stored.")
    else:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        space = True
        hint = "Check the folder and its permissions. Nothing half-done was stored."
    return ProjectError(f"Could not {verb} {path}: {why}{_space(path) if space else ''}.", hint)


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, 0 where Python's own layer raised."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _space(path: Path) -> str:
    try:
        return f" ({shutil.disk_usage(path.parent).free / 1e9:.1f} GB free)"
    except OSError:
        return ""


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _free_name(path: Path, stem: str) -> Path:
    names = [f"{stem}.backup", *(f"{stem}-{number}.backup" for number in range(2, 1000))]
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
