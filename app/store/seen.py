"""A map of hashes that takes no more memory than its first ones: what was seen among millions of texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable

from app.errors import ProjectError

_IN_MEMORY = 1 << 17
"""Numbers held in memory, some 16 MiB of them; from then on all are in a file."""


def hashed(*parts: Hashable) -> int:
    """Return 64 bits that stand for these parts in this order, in this process alone."""
    return hash(parts)


class Seen:
    """A map of integers of 64 bits, signed, that can be used from one thread at a time."""

    def __init__(self) -> None:
        self._held: dict[int, int] = {}
        self._file: sqlite3.Connection | None = None

    def first(self, key: int, value: int) -> int | None:
        """Take a number in with what goes with it; return what came with it first, None where it is new.

        Raises ProjectError where the temporary folder cannot hold more.
        """
        try:
            if self._file is None:
                if key in self._held:
                    return self._held[key]
                self._held[key] = value
                if len(self._held) == _IN_MEMORY:
                    self._move_out()
                return None
            if self._file.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, value)).rowcount == 1:
                return None
            [(there,)] = self._file.execute("SELECT value FROM seen WHERE key = ?", (key,))
            return int(there)
        except sqlite3.Error as error:
            raise ProjectError(
                f"The temporary folder cannot be used ({error}).",
                "Free space there, or set TMPDIR to another.",
            ) from error

    def _move_out(self) -> None:
        # A database without a name is a temporary file, which is gone when it is closed
        # (sqlite.org/inmemorydb.html); nothing in it has to outlive a crash.
        self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8192"):
            self._file.execute(f"PRAGMA {setting}")
        self._file.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT")
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO seen VALUES (?, ?)", sorted(self._held.items()))
        self._held = {}
