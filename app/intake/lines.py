"""The one reader of files whose lines are records or texts: what users bring.

Only a line feed ends a line, so numbers are those that an editor shows. A byte order mark at the start is no
text, UTF-16 is refused as a whole, and a line that is too long, no UTF-8 or no strict JSON is one bad line
among good ones. Files are read line by line: their length takes no memory.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

from app import regular
from app.errors import IntakeError

LONGEST_LINE = 64 << 20
"""Of a file whose lines are records, in bytes."""
SHOWN = 10
"""Lines that cannot be used of which a report says what is wrong with them."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HALVES = re.compile(rb"(?:[\t -~]\0){2}|(?:\0[\t -~]){2}")


class Fault(Exception):
    """What is wrong with one record, and what to do; the place is added by who knows it."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


HUGE = Fault("it holds a number of thousands of digits", "Put it in quotation marks.")
"""What Python says in other words of an integer that it does not convert."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used: its number from 1, what is wrong, what to do (may be empty).

    `unit` says what is counted: lines, the items of a JSON array, the rows of a Parquet file.
    """

    line: int
    what: str
    hint: str
    unit: str = "line"

    def __str__(self) -> str:
        return f"{self.unit} {self.line}: {self.what}. {self.hint}".rstrip()


@dataclass(slots=True)
class SetAside:
    """The lines of a file that cannot be used: how many, and the first of them."""

    bad: int = 0
    first_bad: list[BadLine] = field(default_factory=list)

    def note_bad(self, line: BadLine) -> None:
        """Count a line that cannot be used."""
        self.bad += 1
        if len(self.first_bad) < SHOWN:
            self.first_bad.append(line)


class Line(NamedTuple):
    """A line that is not blank: its number from 1, its record or what is wrong with it.

    `raw` is the line as it came, its end and a byte order mark included, and cut where it is too long;
    `end` counts the bytes of the file up to its end.
    """

    number: int
    record: dict[str, Any] | Fault
    raw: bytes
    end: int


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read; raises IntakeError where that fails, and for a pipe or a device."""
    with reading(str(path)):
        file = regular.opened(path)
    with file:
        yield file


def records(file: BinaryIO, name: str, form: str, longest: int = LONGEST_LINE) -> Iterator[Line]:
    """Yield every line that is not blank with its JSON object, or with what is wrong with it.

    `name` stands for the file in messages, `form` shows what a line looks like, and a line of more than
    `longest` bytes is too long. Raises IntakeError for UTF-16.
    """
    end = 0
    for number, raw in numbered(file, name, longest):
        end += len(raw)
        content = without_mark(name, raw) if number == 1 else raw
        if not content.strip():
            continue
        try:
            yield Line(number, _record(content, form, longest), raw, end)
        except Fault as fault:
            yield Line(number, fault, raw, end)


def texts(path: Path, longest: int) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of every line of a text file, blank ones and line ends included.

    Raises IntakeError where it cannot be read, for a line of more than `longest` bytes and for one that is
    not UTF-8.
    """
    with opened(path) as file:
        for number, raw in numbered(file, str(path), longest):
            content = without_mark(str(path), raw) if number == 1 else raw
            try:
                if len(raw) > longest:
                    raise too_long(longest)
                yield number, decoded(content)
            except Fault as fault:
                raise IntakeError(f"{path}, line {number}: {fault.what}.", fault.hint) from None


def numbered(file: BinaryIO, name: str, longest: int) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, line); of one that has more than `longest` bytes only those and one more."""
    number, begins = 0, True
    while part := _line(file, name, longest + 1):
        number += begins
        if begins:
            yield number, part
        begins = part.endswith(b"\n") or len(part) <= longest


def _line(file: BinaryIO, name: str, most: int) -> bytes:
    try:
        return file.readline(most)
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Say which file it was that could not be read; ValueError: a name that no file can have."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError | ValueError) -> IntakeError:
    return IntakeError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.")


def without_mark(name: str, data: bytes) -> bytes:
    """Take the byte order mark off the beginning of a file; raises IntakeError for UTF-16.

    Without its mark UTF-16 is told by every second byte of two signs of ASCII being 0.
    """
    if data.startswith(_UTF16) or _HALVES.match(data):
        raise IntakeError(f"{name} is UTF-16 text.", "Save it as UTF-8.")
    return data.removeprefix(codecs.BOM_UTF8)


def _record(line: bytes, form: str, longest: int) -> dict[str, Any]:
    if len(line) > longest:
        raise too_long(longest)
    record = parse(line, "Put one complete JSON object on each line.")
    if not isinstance(record, dict):
        raise Fault("this is not a JSON object", f"A line looks like {form}.")
    return record


def too_long(longest: int) -> Fault:
    """Say that a line has more than `longest` bytes."""
    limit = f"{longest >> 20} MiB" if longest >= 1 << 20 else f"{longest:,} bytes"
    return Fault(f"it is longer than {limit}", "Is this the right file?")


def decoded(data: bytes) -> str:
    """Return UTF-8 as text; raises Fault."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fault(f"byte {error.start + 1} is not UTF-8", "Save the file as UTF-8.") from None


def parse(data: bytes, hint: str) -> Any:
    """Parse strict JSON: UTF-8, no key twice, no NaN, no bottomless nesting; raises Fault."""
    text = decoded(data)
    try:
        return strict.decode(text)
    except json.JSONDecodeError as error:
        many = b"\n" in data.rstrip(b"\n")
        where = f"line {error.lineno}, column {error.colno}" if many else f"column {error.colno}"
        raise Fault(f"this is not JSON ({error.msg.removesuffix(' at')}, {where})", hint) from None
    except RecursionError:
        raise Fault("it is nested too deeply", hint) from None
    except ValueError:
        raise HUGE from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that has a key twice: JSON readers disagree on which one counts."""
    record = dict(pairs)
    if len(record) < len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key, count in times.items() if count > 1)
        raise Fault(f"the key {twice!r} appears twice", "Leave one of them.")
    return record


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise Fault(f"{name} is not JSON", "Remove it.")


strict = json.JSONDecoder(object_pairs_hook=unique, parse_constant=no_constant)
"""Refuses what JSON readers disagree on; made once, which is half the time of reading short lines."""
