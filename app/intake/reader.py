"""The one reader of what users bring: it recognises the form of a file, and says what it did.

`opened` gives the entries of a file in their order: each is a line, an item or a row of it, with its bytes as
they came and the tasks in it, or with what is wrong. Files are read as a stream. The account tells what was
read as what, which fields were not taken over and how often they held something, and what repeats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from app.errors import IntakeError
from app.intake import lines
from app.intake.containers import Container, container
from app.intake.forms import KNOWN, MOST_SHAPES, Mapped, Meaning, mapped, named
from app.intake.lines import BadLine, Fault, Line, SetAside
from app.intake.record import Record, at, left_over, records_of
from app.store.seen import Seen, hashed

TASK_FORM = '{"instruction": …, "input": …, "output": …}'
Progress = Callable[[int], object]
"""Gets the bytes of a file that are read so far."""
_TOLD_EVERY = 256
_TOLD_OCTETS = 1 << 20
_PLAIN = Mapped("plain text", (("line", "instruction"),), ())


def ignore(_octets: int) -> None:
    """Take no notice of progress."""


class Entry(NamedTuple):
    """A line, item or row of a file: its number from 1, its bytes as they came, and its fields.

    `records` are the tasks in it, one for each instance; `fresh` are those of them that no earlier line gave.
    Where it cannot be used, `fault` says why and both are empty. `raw` is empty in a Parquet file; `end`
    counts the bytes of the file up to its end, there the rows.
    """

    number: int
    unit: str
    raw: bytes
    end: int
    fields: dict[str, Any]
    records: tuple[Record, ...] = ()
    fresh: tuple[Record, ...] = ()
    fault: Fault | None = None

    def bad(self, fault: Fault) -> BadLine:
        """Return the entry as a line that is set aside for this fault."""
        return BadLine(self.number, fault.what, fault.hint, self.unit)


@dataclass(slots=True)
class Repeats:
    """How many tasks say what an earlier one says, and the number of the first entry that does."""

    count: int = 0
    first: int = 0

    def note(self, number: int) -> None:
        """Count one more."""
        self.count += 1
        self.first = self.first or number


@dataclass(slots=True)
class Account(SetAside):
    """What was done with a file: how many entries of each form, what their fields mean, what was left.

    `entries` were read. `left` counts the values by the fields that were not taken over, `repeats` the tasks
    that an earlier line gives word for word, `again` those of an earlier line with other answers.
    """

    unit: str = "line"
    what: str = ""
    entries: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    taken: dict[str, dict[str, Meaning]] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    repeats: Repeats = field(default_factory=Repeats)
    again: Repeats = field(default_factory=Repeats)

    def note(self, mapping: Mapped) -> None:
        """Count an entry that is read by a mapping."""
        self.forms[mapping.form] += 1
        if (taken := self.taken.get(mapping.form)) is None or not taken.keys() >= dict(mapping.taken).keys():
            self.taken.setdefault(mapping.form, {}).update(mapping.taken)

    def __str__(self) -> str:
        """Return what was done as one sentence; empty where nothing was read."""
        if not self.forms:
            return ""
        many = len(self.forms) > 1
        read = [
            f"{form}{f' ({count:,})' if many else ''}: {Mapped(form, tuple(self.taken[form].items()), ())}"
            for form, count in self.forms.most_common()
        ]
        parts = [f"read as {'; '.join(read)}"]
        if self.left:
            names = ", ".join(f"{name} ({count:,})" for name, count in self.left.most_common())
            parts.append(f"not taken over: {names}")
        for repeats, what in (
            (self.repeats, f"an earlier {self.unit}"),
            (self.again, f"the task of an earlier {self.unit} with another answer"),
        ):
            if repeats.count:
                verb = "repeats" if repeats.count == 1 else "repeat"
                parts.append(f"{repeats.count:,} {verb} {what} (first: {repeats.first:,})")
        return "; ".join(parts)


class Reading:
    """A file that is being read: iterate over its entries once; `account` is complete after the last."""

    def __init__(self, held: Container, name: str, columns: Mapping[str, str], progress: Progress) -> None:
        self._held, self._name, self._columns, self._progress = held, name, columns, progress
        self._shapes: dict[tuple[str, ...], Mapped | None] = {}
        self._named: set[str] = set()
        # By task, the first record with it; and the further ones: nearly every task comes once.
        self._tasks, self._further = Seen(), Seen()
        self.what, self.unit, self.head = held.what, held.unit, held.head
        self.account = Account(unit=held.unit, what=held.what)
        if held.columns:
            self._check(held.columns)

    def __iter__(self) -> Iterator[Entry]:
        """Yield every entry.

        Raises IntakeError where the file cannot be read on, and at its end where it never had a field that a
        person named.
        """
        for line in paced(self._held.records, self._progress):
            self.account.entries += 1
            yield self._entry(line, line.record)
        for column in sorted(set(self._columns.values()) - self._named) if self._shapes else ():
            there = ", ".join(dict.fromkeys(chain(*self._shapes)))
            raise IntakeError(f"{self._name} has no field {column!r}.", f"Its fields: {there}.")

    def _entry(self, line: Line, fields: dict[str, Any] | Fault) -> Entry:
        if isinstance(fields, Fault):
            return self._aside(line, {}, fields)
        left: list[str] = []
        if len(self._named) < len(self._columns):
            self._named |= {name for name in self._columns.values() if _has(fields, name)}
        try:
            mapping = self._mapping(fields)
            records = records_of(fields, mapping, left.append)
        except Fault as fault:
            return self._aside(line, fields, fault)
        left_over(fields, mapping, left.append)
        if self.what == "text":
            mapping = _PLAIN
        self.account.note(mapping)
        if left:
            self.account.left.update(left)
        fresh = tuple(self._fresh(line.number, records))
        return Entry(line.number, self.unit, line.raw, line.end, fields, records, fresh)

    def _aside(self, line: Line, fields: dict[str, Any], fault: Fault) -> Entry:
        entry = Entry(line.number, self.unit, line.raw, line.end, fields, fault=fault)
        self.account.note_bad(entry.bad(fault))
        return entry

    def _mapping(self, fields: Mapping[str, Any]) -> Mapped:
        """Return what the fields mean; raises Fault where nothing tells."""
        shape = tuple(fields)
        if shape not in self._shapes:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            self._shapes[shape] = mapped(fields, self._columns)
        mapping = self._shapes[shape]
        if mapping is None:
            raise _unknown(fields)
        return mapping

    def _fresh(self, number: int, records: tuple[Record, ...]) -> Iterator[Record]:
        for record in records:
            task = hashed(record.instruction, record.input, record.turns)
            whole = hashed(task, record.outputs, record.references)
            first = self._tasks.first(task, whole)
            if first is not None:
                if first == whole or self._further.first(whole, 0) is not None:
                    self.account.repeats.note(number)
                    continue
                self.account.again.note(number)
            yield record

    def _check(self, columns: tuple[str, ...]) -> None:
        """Refuse a table whose header has no form; raises IntakeError."""
        check_named(self._name, self._columns, columns)
        there = ", ".join(columns) or "none"
        mapping = mapped(dict.fromkeys(columns), self._columns)
        if mapping is None or not {"instruction", "messages"} & {means for _, means in mapping.taken}:
            raise IntakeError(
                f"{self._name} has no column for the instruction; its columns: {there}.",
                'Name it: by --column instruction=Question, or in the row "fields" of Import.',
            )


def check_named(name: str, wanted: Mapping[str, str], columns: tuple[str, ...]) -> None:
    """Raise IntakeError for the first column that a person named and a table does not have."""
    for column in wanted.values():
        if named(column, columns) not in columns:
            raise IntakeError(
                f"{name} has no column {column!r}.", f"Its columns: {', '.join(columns) or 'none'}."
            )


def _has(fields: Mapping[str, Any], name: str) -> bool:
    return at(fields, named(name, fields)) is not None


def _unknown(fields: Mapping[str, Any]) -> Fault:
    there = ", ".join(islice(fields, 20)) or "none"
    return Fault(
        f"it has no known form; its fields: {there}",
        'Say which is the instruction: by --column instruction=question, or in the row "fields" of Import.',
    )


def paced(records: Iterable[Line], progress: Progress) -> Iterator[Line]:
    """Yield records, and tell now and then how far they reach; what `progress` raises ends it."""
    told = 0
    for count, line in enumerate(records):
        if count % _TOLD_EVERY == 0 or line.end - told > _TOLD_OCTETS:
            told = line.end
            progress(told)
        yield line


def reading(
    file: BinaryIO,
    name: str,
    *,
    columns: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    progress: Progress = ignore,
) -> Reading:
    """Recognise an open file; `name` stands for it in messages, and its ending counts.

    `columns` says which field of the file (by dots, inside another) is which of `forms.MEANINGS`; `delimiter`
    is the separator of a table; `progress` gets the bytes that are read so far.
    Raises IntakeError for what cannot be read as a whole.
    """
    held = container(file, name, TASK_FORM, known=KNOWN, delimiter=delimiter)
    return Reading(held, name, columns or {}, progress)


@contextmanager
def opened(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    progress: Progress = ignore,
) -> Iterator[Reading]:
    """Open and recognise a file, as `reading` does."""
    with lines.opened(path) as file:
        yield reading(file, str(path), columns=columns, delimiter=delimiter, progress=progress)
