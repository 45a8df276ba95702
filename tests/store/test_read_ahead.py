"""A large file is read ahead by the descriptor that SQLite has, whose locks stay."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from threading import Event

import pytest

from app.store import read_ahead
from app.store.connection import connect, roomy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is read ahead")


def test_a_large_file_is_read_whole_while_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    asked: list[tuple[int, int]] = []
    every = Event()

    def note(descriptor: int, place: int, length: int, advice: int) -> None:
        assert advice == os.POSIX_FADV_WILLNEED
        assert os.path.samestat(os.fstat(descriptor), path.stat())
        asked.append((place, length))
        if place + length >= path.stat().st_size:
            every.set()

    connection = connect(path, "rwc")
    connection.execute("CREATE TABLE a (b)")
    connection.execute("INSERT INTO a VALUES (zeroblob(400000))")
    connection.execute("PRAGMA wal_checkpoint")
    monkeypatch.setattr(os, "posix_fadvise", note)
    with roomy(connection):
        pass
    assert not asked, "small files are read as they are used"
    monkeypatch.setattr(read_ahead, "_LARGE", 1)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with roomy(connection):
        assert every.wait(10)
    assert [place for place, _ in asked] == list(range(0, path.stat().st_size, asked[0][1]))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    connection.execute("BEGIN IMMEDIATE")
    other = sqlite3.connect(path, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()
    connection.close()
    monkeypatch.setattr(read_ahead, "_memory", lambda: 0)
    asked.clear()
    with read_ahead.read_ahead(path), read_ahead.read_ahead(None):
        pass
    assert not asked, "what memory cannot hold would only push out what it holds"
