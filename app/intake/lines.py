"""What every reader of JSONL files shares: strict JSON, lines with their numbers, what is wrong with one."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from app.errors import IntakeError

LONGEST_LINE = 64 << 20
"""Of a file whose lines are records, in bytes."""
T = TypeVar("T")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Fault(Exception):
    """What is wrong with one record, and what to do; the place is added by who knows it."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used: its number from 1, what is wrong, what to do (may be empty)."""

    line: int
    what: str
    hint: str


def read(path: Path, form: str, make: Callable[[int, dict[str, Any]], T]) -> Iterator[T | BadLine]:
    """Yield what `make` makes of each line's number and JSON object, or what is wrong with the line.

    `make` may raise Fault; `form` shows what a line looks like. Raises IntakeError where the file itself
    cannot be read.
    """
    for number, line in lines(path, LONGEST_LINE):
        try:
            yield make(number, _record(line, form))
        except Fault as fault:
            yield BadLine(number, fault.what, fault.hint)


def _record(line: bytes, form: str) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise Fault("it is longer than 64 MiB", "Is this a JSONL file?")
    record = parse(line, "Put one complete JSON object on each line.")
    if not isinstance(record, dict):
        raise Fault("this is not a JSON object", f"A line looks like {form}.")
    return record


def lines(path: Path, longest: int) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, line) of every line that is not blank; only a line feed ends one.

    A line of more than `longest` bytes comes cut to that and one more. Raises IntakeError for a file that
    cannot be read or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            number, whole = 0, True
            while part := file.readline(longest + 1):
                begins, whole = whole, part.endswith(b"\n") or len(part) <= longest
                number += begins
                if number == 1 and begins:
                    part = _without_mark(path, part)
                if begins and part.strip():
                    yield number, part
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IntakeError(f"{path} cannot be read: {reason}.") from None


def _without_mark(path: Path, data: bytes) -> bytes:
    """Take the byte order mark off the beginning of a file; raises IntakeError for UTF-16."""
    if data.startswith(_UTF16):
        raise IntakeError(f"{path} is UTF-16 text.", "Save it as UTF-8.")
    return data.removeprefix(codecs.BOM_UTF8)


def parse(data: bytes, hint: str) -> Any:
    """Parse strict JSON: UTF-8, no key twice, no NaN, no bottomless nesting; raises Fault."""
    try:
        text = data.decode("utf-8")
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Fault(f"byte {error.start + 1} is not UTF-8", "Save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        many = b"\n" in data.rstrip(b"\n")
        where = f"line {error.lineno}, column {error.colno}" if many else f"column {error.colno}"
        raise Fault(f"this is not JSON ({error.msg}, {where})", hint) from None
    except RecursionError:
        raise Fault("it is nested too deeply", hint) from None
    except ValueError as error:  # an integer of thousands of digits
        raise Fault(f"this is not usable JSON ({error})", hint) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that has a key twice: JSON readers disagree on which one counts."""
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Fault(f"the key {twice!r} appears twice", "Leave one of them.")
    return record


def _no_constant(name: str) -> NoReturn:
    raise Fault(f"{name} is not JSON", "Remove it.")


def text(record: dict[str, Any], key: str, default: str | None = None) -> str:
    """Return a text of the record exactly as it is; raises Fault where it is missing or no text."""
    value = record.get(key)
    if value is None:
        value = default
    if value is None:
        raise Fault(f"{key!r} is missing", "Add it.")
    if not isinstance(value, str):
        raise Fault(f"{key!r} must be text, not {type(value).__name__}", "Put it in quotation marks.")
    return value
