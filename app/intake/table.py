"""Read CSV and its kin: a header, and a record a row whose cells may hold line ends.

A record's number is that of the line it begins in, as an editor shows it. A record that cannot be read is one
bad line: reading resumes at the line after the one it began in, so a lost quotation mark takes no others with
it. `sep=;` as the first line, as Excel writes it, names the separator; else it is the one by which the first
records fit the header.
"""

from __future__ import annotations

import codecs
import csv
import sys
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO

from app.errors import IntakeError
from app.intake import lines
from app.intake.lines import Fault, Line

DELIMITERS = ",;\t|"
LONGEST_CELL = 10_000
"""Lines of one record: a quotation mark that is not closed within them is a slip."""
_TRIED = 20
_RETURN = Fault("a carriage return stands alone", "Save the file with line ends of Unix or Windows.")
_UNCLOSED = Fault("a quotation mark is not closed", 'Close it, or write it twice ("") where it is text.')


class Table:
    """The records of a file with a header, in order; `head` is all that stands before the first record."""

    def __init__(self, file: BinaryIO, name: str, beginning: bytes, delimiter: str | None, longest: int):
        csv.field_size_limit(sys.maxsize)  # Python's own is 128 KiB a cell; a line's length is limited here
        self._longest = longest
        self._lines = lines.numbered(file, name, longest)
        self._again: deque[tuple[int, bytes]] = deque()
        self._end = 0
        text = lines.without_mark(name, beginning).decode("utf-8", "replace")
        told, head = _told(text)
        self.delimiter = delimiter or told or _fitting(text)
        skipped = b"".join(next(self._lines)[1] for _ in range(told is not None))
        self.header, raw = self._header(name, head)
        self.head = skipped + raw
        self._end = len(self.head)

    def __iter__(self) -> Iterator[Line]:
        """Yield each record, blank ones left out, as the texts of its cells by the names of the columns."""
        while (taken := self._next()) is not None:
            number, raw, cells = taken
            self._end += len(raw)
            if isinstance(cells, Fault):
                yield Line(number, cells, raw, self._end)
            elif any(cell.strip() for cell in cells):
                yield Line(number, self._record(cells), raw, self._end)

    def _record(self, cells: list[str]) -> dict[str, Any] | Fault:
        if len(cells) != len(self.header):
            what = f"it has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, not {len(self.header)}"
            return Fault(what, "Put texts that hold the separator in quotation marks.")
        if [cell.strip() for cell in cells] == self.header and len(cells) > 1:
            return Fault("it repeats the header", "Remove it.")
        return dict(zip(self.header, cells, strict=True))

    def _header(self, name: str, line: int) -> tuple[list[str], bytes]:
        taken = self._next()
        if taken is None:
            raise IntakeError(f"{name} is empty.", "Its first line must name the columns.")
        _, raw, cells = taken
        if isinstance(cells, Fault):
            raise IntakeError(f"{name}, line {line}: {cells.what}.", cells.hint)
        header = [cell.strip() or f"column {number}" for number, cell in enumerate(cells, start=1)]
        for column, times in Counter(header).items():
            if times > 1:
                raise IntakeError(f"{name} has two columns {column!r}.", "Give each a name of its own.")
        return header, raw

    def _line(self) -> tuple[int, bytes] | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _next(self) -> tuple[int, bytes, list[str] | Fault] | None:
        """Return the next record: the number of its first line, its bytes, its cells."""
        first = self._line()
        if first is None:
            return None
        number, raw = first
        taken, text, fault = [first], "", _UNCLOSED
        while len(taken) <= LONGEST_CELL:
            try:
                text += self._decoded(*taken[-1])
                if len(taken) == 1 or text.count('"') % 2 == 0:
                    cells = self._cells(text)
                    if cells is not None:
                        return number, b"".join(part for _, part in taken), cells
            except Fault as found:
                fault = found
                break
            following = self._line()
            if following is None:
                break
            taken.append(following)
        self._again.extendleft(reversed(taken[1:]))
        return number, raw, fault

    def _decoded(self, number: int, raw: bytes) -> str:
        if len(raw) > self._longest:
            raise lines.too_long(self._longest)
        return lines.decoded(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw)

    def _cells(self, text: str) -> list[str] | None:
        """Return the cells of one record, None where it is not complete; raises Fault."""
        try:
            [cells] = csv.reader([text], delimiter=self.delimiter, strict=True)
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                return None
            if "new-line character" in str(error):
                raise _RETURN from None
            raise Fault(f"this is not CSV ({error})", _UNCLOSED.hint) from None
        except ValueError:  # a line of nothing but its end
            return []
        return cells


def _told(text: str) -> tuple[str | None, int]:
    """Return the separator that the first line names, if it does, and the line of the header."""
    first = text.split("\n", 1)[0].strip("\r")
    if first.lower().startswith("sep=") and len(first) == len("sep=") + 1:
        return first[-1], 2
    return None, 1


def _fitting(text: str) -> str:
    """Return the separator by which most of the first records have as many cells as the header."""

    def fit(delimiter: str) -> tuple[int, int]:
        rows = csv.reader(text.split("\n"), delimiter=delimiter)
        cells: list[int] = []
        with suppress(csv.Error):
            cells = [len(row) for row in islice(rows, _TRIED) if row]
        if not cells or cells[0] == 1:
            return 0, 0
        return 1 + cells[1:].count(cells[0]), cells[0]

    return max(DELIMITERS, key=fit)
