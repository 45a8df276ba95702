"""Choose how a project is read that may not be written: as it stands, frozen, or from a private copy.

SQLite reads a file whose log holds changes only where it can share memory beside it: in a folder that can be
written and has room.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.errors import ProjectError
from app.store import files
from app.store.connection import connect

_CANNOT_SHARE = frozenset(
    (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)
)


@dataclass(frozen=True, slots=True)
class Readable:
    """The file to read a project from, and how; `notice` says what is not as it should be (foreign text).

    `folder` is private and has to be removed once nobody reads any more, `adds_log` says that the empty log
    that SQLite lays beside the file was not there before.
    """

    path: Path
    mode: Literal["ro", "immutable"]
    notice: str = ""
    folder: Path | None = None
    adds_log: bool = False

    def remove(self) -> None:
        """Remove what was made to read: a private copy, or the empty log, unless somebody uses it."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        elif self.adds_log and _size(_log_of(self.path)) == 0:
            with suppress(sqlite3.Error):
                # Who may write removes it by closing, if nobody else is there; a reader cannot.
                _try(self.path, "rw")


def readable(path: Path) -> Readable:
    """Find out how `path` can be read. Raises ProjectError where it cannot."""
    adds_log = _size(_log_of(path)) in (None, 0) and not path.with_name(f"{path.name}-journal").exists()
    try:
        _try(path, "ro")
        return Readable(path, "ro", adds_log=adds_log)
    except sqlite3.OperationalError as error:
        if files.primary_code(error) not in _CANNOT_SHARE:
            raise files.storage_error(error, path, "read") from error
        why = str(error)
    except sqlite3.Error as error:
        raise files.damaged(path, str(error)) from error
    try:
        if files.has_unmerged_log(path):
            return _copied(path)
        _try(path, "immutable")
        return Readable(path, "immutable")
    except sqlite3.Error as error:
        raise files.damaged(path, f"{why}; {error}") from error


def _copied(path: Path) -> Readable:
    """Copy file and log to where there is room; else leave out what the log holds, and say so."""
    folder = None
    log = _log_of(path)
    try:
        folder = Path(tempfile.mkdtemp(prefix="quorum-"))
        for one in (path, log):
            shutil.copyfile(one, folder / one.name)
        copy = folder / path.name
        _try(copy, "ro")
        return Readable(copy, "ro", folder=folder)
    except (OSError, sqlite3.Error) as error:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        why = getattr(error, "strerror", None) or str(error)
    connection = connect(path, "immutable")
    try:
        if (fault := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise ProjectError(
                f"{path} cannot be read without its log, and the log cannot be read here ({why}).",
                f"Copy {path.name} and {log.name} together to a disk with room. ({fault})",
            )
    finally:
        connection.close()
    notice = (
        f"The last changes of {path.name} are missing from what you see: they are still in {log.name}, which "
        f"cannot be read here ({why})."
    )
    return Readable(path, "immutable", notice)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _try(path: Path, mode: Literal["ro", "immutable", "rw"]) -> None:
    connection = connect(path, mode)
    try:
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    finally:
        connection.close()
