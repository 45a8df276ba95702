"""Whether a file is sound: its pages, its indexes, and what its rows say of one another.

SQLite notices damage where it happens to read it, and a damaged page can also look like an empty one. So
everything is read once before what a file says may count.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import Any

import platformdirs

from app import atomic, regular
from app.errors import ProjectError
from app.store import counted, decisions, desk, schema, text_index, unsound
from app.store.connection import Connection
from app.store.read_ahead import read_ahead
from app.store.review_state import fold, task_key

_MOST = 20
"""Faults of a kind that are listed."""
_KEPT_FOR = 24 * 60 * 60
"""Seconds for which a large file counts as sound: a disk can lose what it holds without any sign."""
_REMEMBERED = 50
_TOLD_EVERY = 5.0
"""Seconds between two words about a look that takes long."""
_COUNTED = (
    *(("instructions", "instructions"), ("instances", "tasks"), ("candidates", "answers")),
    *(("events", "decisions"), ("judgements", "judgements")),
)


def faults(c: Connection) -> list[str]:
    """Return what is wrong with an open file, nothing for a sound one; raises nothing of SQLite's."""
    looks = (_pages, counted.lost, _numbers, text_index.lost, _keys, _forms, _edits, desk.outdated)
    with read_ahead(c.file):
        return next(filter(None, (_found(look, c) for look in looks)), [])


def every_fault(c: Connection) -> list[str]:
    """Return what `faults` returns, and what is found by reading every text, decision and count."""
    return faults(c) or [
        fault for look in (_texts, _values, _decisions, counted.miscounted) for fault in _found(look, c)
    ]


@contextmanager
def told_of(words: str, told: Callable[[str], None] | None) -> Iterator[None]:
    """Tell that something long begins, and every few seconds for how long it has been going on."""
    if told is None:
        yield
        return
    told(f"{words}.")
    over, begun = Event(), time.monotonic()

    def keep_telling() -> None:
        while not over.wait(_TOLD_EVERY):
            told(f"{words}, {time.monotonic() - begun:.0f} s so far.")

    teller = Thread(target=keep_telling, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def readable(c: Connection) -> str:
    """Count in words what can still be read, as far as it can be counted."""
    parts = []
    for table, word in _COUNTED:
        try:
            # Every row is read whole: a number that stands in an index says nothing.
            rows = sum(1 for _ in c.tuples(f"SELECT * FROM {table} NOT INDEXED"))
            parts.append(f"{rows:,} {word}")
        except (sqlite3.Error, ValueError):
            parts.append(f"some {word}")
    return ", ".join(parts)


def _found(look: Callable[[Connection], Iterator[str]], c: Connection) -> list[str]:
    try:
        return list(islice(look(c), _MOST))
    except (sqlite3.Error, ProjectError, ValueError, TypeError, KeyError, AttributeError) as error:
        return [str(error)]


def _texts(c: Connection) -> Iterator[str]:
    """Read every value of every table: bytes that are no text are noticed only then."""
    for table in sorted(schema.TABLES - {"texts"}):
        try:
            for _ in c.tuples(f"SELECT * FROM {table} NOT INDEXED"):
                pass
        except sqlite3.Error as error:
            yield f"{table}: {error}"


def _decisions(c: Connection) -> Iterator[str]:
    """Compare what people decided with the log of how they came to decide it."""
    for (key,) in c.tuples("SELECT DISTINCT instance_id FROM event_items").fetchall():
        stored = decisions.state_of(c, key)
        folded = fold(decisions.standing(c, key))
        if stored != folded:
            yield f"what was decided about item {key} is not what its log says"


def _pages(c: Connection) -> Iterator[str]:
    for (fault,) in c.tuples(f"PRAGMA integrity_check({_MOST})"):
        if fault != "ok":
            yield " ".join(fault.removeprefix("*** in database main ***").split())


def _numbers(c: Connection) -> Iterator[str]:
    """Compare the last row of every log with the last number that was given: nothing is taken out of one."""
    for table, column in schema.NUMBERED.items():
        given = "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = ?"
        [(last,)], [(stored,)] = (
            c.tuples(given, (table,)),
            c.tuples(f"SELECT COALESCE(MAX({column}), 0) FROM {table}"),
        )
        if last != stored:
            yield f"{table} end with number {stored:,}, and {last:,} was given last"


def _keys(c: Connection) -> Iterator[str]:
    for table, row, parent, _ in c.tuples("PRAGMA foreign_key_check").fetchmany(_MOST):
        yield f"row {row} of {table} belongs to nothing in {parent}"


def _forms(c: Connection) -> Iterator[str]:
    return _told(c, unsound.forms(c))


def _values(c: Connection) -> Iterator[str]:
    return _told(c, unsound.values(c))


def _told(c: Connection, found: Iterable[unsound.Unsound]) -> Iterator[str]:
    for one in found:
        query = f"SELECT COUNT(*) FROM {one.table} WHERE {one.where}"
        [(count,)] = c.tuples(query, one.parameters)
        yield f"{one.why} ({unsound.counted_rows(count)} of {one.table})"


def _edits(c: Connection) -> Iterator[str]:
    """Compare every answer and task that a person wrote with what the log or its hash says of it."""
    edited = """SELECT i.number FROM review_state s JOIN instances i ON i.id = s.instance_id
                JOIN event_items e ON e.event = s.event AND e.instance_id = s.instance_id
                WHERE s.status = 'edited' AND s.text IS NOT e.text"""
    for (number,) in c.tuples(edited):
        yield f"the edited answer of item #{number:04d} has changed"
    changed = """SELECT i.number, s.instruction, s.input, s.task FROM review_state s
                 JOIN instances i ON i.id = s.instance_id WHERE s.instruction IS NOT NULL"""
    for number, instruction, given, task in c.tuples(changed):
        if task_key(instruction, given) != task:
            yield f"the changed task of item #{number:04d} has changed again"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes about a file and its log when something is written."""

    inode: int
    size: int
    changed: int
    log_size: int
    log_changed: int


def stamp(path: Path) -> Stamp:
    """Look at a file and its log; zeros where they are not."""
    own, log = _status(path), _status(path.with_name(path.name + "-wal"))
    return Stamp(
        own.st_ino if own else 0,
        own.st_size if own else 0,
        own.st_mtime_ns if own else 0,
        log.st_size if log else 0,
        log.st_mtime_ns if log and log.st_size else 0,  # an empty one comes and goes with those who read
    )


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def was_sound(path: Path, stamp: Stamp) -> bool:
    """Say whether the file was found sound in the last day, as it is now."""
    try:
        found = _marks()[str(path)]
        age = time.time() - float(found["at"])
        return bool(found["stamp"] == asdict(stamp) and 0 <= age < _KEPT_FOR)
    except (TypeError, KeyError, ValueError):
        return False


def note_sound(path: Path, stamp: Stamp) -> None:
    """Remember that the file was found sound; a cache that cannot be written stops nothing."""
    marks = _marks()
    marks.pop(str(path), None)
    marks[str(path)] = {"stamp": asdict(stamp), "at": time.time()}
    with suppress(OSError, ValueError):
        atomic.write_text(_marks_path(), json.dumps(dict(list(marks.items())[-_REMEMBERED:])))


def _marks_path() -> Path:
    return platformdirs.user_cache_path("quorum") / "checked.json"


def _marks() -> dict[str, Any]:
    try:
        marks = json.loads(regular.text(_marks_path()))
    except (OSError, ValueError, RecursionError):
        return {}
    return marks if isinstance(marks, dict) else {}
