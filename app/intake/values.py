"""Read JSON values one after the other: the elements of one array, or objects that follow each other.

They may stand on any number of lines, as `jq` and editors write them. Only one value and a piece of the file
are held at a time.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from app.errors import IntakeError
from app.intake import lines
from app.intake.lines import Fault, Line

_PIECE = 1 << 18
_BLANK = " \t\r\n"
_lenient = json.JSONDecoder()
_COMPLETE = "A file that begins with [ must be one complete JSON array."


def values(file: BinaryIO, name: str, form: str, longest: int = lines.LONGEST_LINE) -> Iterator[Line]:
    """Yield every value with its number from 1, its object or what is wrong with it, and its bytes.

    `form` shows what an object looks like; a value of more than about `longest` bytes is refused. Raises
    IntakeError where the file is no JSON from some place on: there nothing tells where the next value begins.
    """
    text = _Text(file, name, longest)
    array = text.peek() == "["
    if array:
        text.at += 1
    number = 0
    while True:
        here = text.peek()
        if here == "" or (array and here == "]"):
            break
        if array and number:
            text.expect(",")
            text.peek()
        number += 1
        value, raw = text.value()
        record = value if isinstance(value, (dict, Fault)) else _no_object(form)
        yield Line(number, record, raw, text.end)
    if array:
        text.expect("]")
        if text.peek():
            text.refuse("something follows the end of the array", _COMPLETE)


def _no_object(form: str) -> Fault:
    return Fault("this is not a JSON object", f"It looks like {form}.")


class _Text:
    """A window of a file's text that moves on as values are taken; `at` is the place to read next."""

    def __init__(self, file: BinaryIO, name: str, longest: int) -> None:
        self._file, self._name, self._longest = file, name, longest
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text, self._line, self._over, self._read, self._counted = "", 1, False, 0, 0
        self.at = self.end = 0
        self._more(_PIECE)
        if self._text.startswith("\ufeff"):
            self.at = 1

    def peek(self) -> str:
        """Return the next character that is not blank, "" at the end of the file."""
        while True:
            while self.at < len(self._text) and self._text[self.at] in _BLANK:
                self.at += 1
            if self.at < len(self._text):
                return self._text[self.at]
            if not self._more(_PIECE):
                return ""

    def expect(self, sign: str) -> None:
        """Go past a sign of the array."""
        if self.peek() != sign:
            self.refuse(f"this is not JSON (a {sign!r} is expected)", _COMPLETE)
        self.at += 1

    def value(self) -> tuple[Any, bytes]:
        """Return the next value, or the fault of it, and its bytes."""
        self._forget()
        while True:
            try:
                value, stop = lines.strict.raw_decode(self._text, self.at)
            except Fault as fault:
                value, stop = fault, self._skip()
            except json.JSONDecodeError as error:
                if self._wider():
                    continue
                self._not_json(error)
            except RecursionError:
                self.refuse("it is nested too deeply", _COMPLETE)
            except ValueError:
                self.refuse(lines.HUGE.what, lines.HUGE.hint)
            # What ends where the window does may be the beginning of a longer number.
            if stop < len(self._text) or not self._wider():
                break
        raw = self._text[self.at : stop].encode()
        self.end += len(self._text[self._counted : self.at].encode()) + len(raw)
        self.at = self._counted = stop
        return value, raw

    def refuse(self, what: str, hint: str) -> NoReturn:
        """Refuse the file for what stands at the present place."""
        line = self._line + self._text.count("\n", 0, self.at)
        raise IntakeError(f"{self._name}, line {line}: {what}.", hint) from None

    def _not_json(self, error: json.JSONDecodeError) -> NoReturn:
        line, column = self._line + error.lineno - 1, error.colno
        what = (
            f"{self._name}: this is not JSON ({error.msg.removesuffix(' at')}, line {line}, column {column})."
        )
        raise IntakeError(what, _COMPLETE) from None

    def _skip(self) -> int:
        """Find the end of a value that has a fault."""
        try:
            return _lenient.raw_decode(self._text, self.at)[1]
        except (ValueError, RecursionError):
            return len(self._text)  # not complete yet, or no JSON: the next try tells

    def _forget(self) -> None:
        """Let go of what was read, a piece at a time."""
        if self.at > _PIECE:
            self._line += self._text.count("\n", 0, self.at)
            self.end += len(self._text[self._counted : self.at].encode())
            self._text, self.at, self._counted = self._text[self.at :], 0, 0

    def _wider(self) -> bool:
        """Take in as much again as the value has so far; False at the end of the file."""
        if len(self._text) - self.at > self._longest:
            self.refuse(lines.too_long(self._longest).what, "Is this the right file?")
        return self._more(max(_PIECE, len(self._text) - self.at))

    def _more(self, size: int) -> bool:
        if self._over:
            return False
        with lines.reading(self._name):
            piece = self._file.read(size)
        self._over = not piece
        try:
            self._text += self._decoder.decode(piece, final=self._over)
        except UnicodeDecodeError as error:
            place = self._read + error.start + 1
            raise IntakeError(
                f"{self._name}: byte {place} is not UTF-8.", "Save the file as UTF-8."
            ) from None
        self._read += len(piece)
        return not self._over
