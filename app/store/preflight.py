"""Look at a file before SQLite may touch it: what is no project of ours is refused unchanged."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from typing import Literal

from app.errors import ProjectError
from app.store import schema
from app.store.connection import connect

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100


def check_header(path: Path) -> None:
    """Read the first bytes of `path` and refuse what is no readable project file.

    Offsets 60 and 68 are user_version and application_id, big-endian (the SQLite file format, §1.3).
    Raises ProjectError; opens nothing for writing.
    """
    header = _first_bytes(path)
    if not header:
        raise ProjectError(
            f"{path} is empty, so it is no Quorum project.", "Remove it or choose another name."
        )
    if not header.startswith(_MAGIC) or len(header) < _HEADER:
        raise ProjectError(
            f"{path} is no Quorum project (not an SQLite database).", "Choose another file or a new name."
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
            if thorough and (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise damaged(path, str(found))
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
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


def _first_bytes(path: Path) -> bytes:
    try:
        # O_NONBLOCK: a named pipe must not hold the program up before it is refused.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise ProjectError(f"{path} is a folder.", "Name a file in it, for example my-project.db.")
            if not stat.S_ISREG(mode):
                raise ProjectError(f"{path} is no ordinary file.", "Choose another file.")
            return os.read(descriptor, _HEADER)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise ProjectError(f"{path} does not exist.", "Check the name, or create the project.") from error
    except OSError as error:
        raise ProjectError(f"{path} cannot be read ({error.strerror}).", "Check its permissions.") from error
