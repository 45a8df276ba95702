"""Make, back up and upgrade project files so that a crash at any instant leaves a whole file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

from app.errors import ProjectError
from app.store import schema
from app.store.connection import Connection, connect


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
        sync(building)
        place(building, path)
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
        sync(building)
        place(building, target)
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


def sync(path: Path) -> None:
    """Force a file, or a folder's list of names, to disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def place(built: Path, target: Path) -> None:
    """Give a finished file its name, durably and never over another file. Raises OSError."""
    try:
        os.link(built, target)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no hard links; the lock keeps other writers of ours away.
        if os.path.lexists(target):
            raise FileExistsError(17, "File exists", str(target)) from None
        built.rename(target)
    sync(target.parent)


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


_HINTS = {
    sqlite3.SQLITE_FULL: "Free some disk space and go on; what was stored before is safe.",
    sqlite3.SQLITE_IOERR: "The disk refused. Open the project again; what was stored before is safe.",
    sqlite3.SQLITE_BUSY: "Another program holds the file. Close it there and try again.",
    sqlite3.SQLITE_LOCKED: "Another program holds the file. Close it there and try again.",
    sqlite3.SQLITE_READONLY: "The file or its folder cannot be written. Check the permissions.",
    sqlite3.SQLITE_CANTOPEN: "Check that the folder exists and can be written.",
    sqlite3.SQLITE_CORRUPT: "The file is damaged. Keep a copy of it; open it read-only to export the rest.",
    sqlite3.SQLITE_NOTADB: "The file is damaged. Keep a copy of it.",
    sqlite3.SQLITE_TOOBIG: "A text is larger than SQLite can hold (1 GB).",
}


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
