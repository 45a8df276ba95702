"""The texts by which records of a file are compared: of their tasks, or of fields that a person names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO

from app.errors import IntakeError
from app.intake.containers import Container, container
from app.intake.forms import KNOWN, Mapped, Meaning, mapped, named
from app.intake.lines import BadLine, Fault, Line
from app.intake.reader import TASK_FORM, Account
from app.intake.record import Record, at, records_of
from app.method.turns import in_lines

_TASK: frozenset[Meaning] = frozenset(
    ("instruction", "input", "instances", "reference instances", "messages", "turns", "history", "system")
)
"""What makes the task; whatever is wrong with answers does not matter here."""
_SAID: Mapping[Meaning, Meaning] = {
    "messages": "instruction",
    "instances": "input",
    "reference instances": "input",
}
"""What of these is compared, to say it."""
_PARTS = ("instruction", "input")
_HINT = "Name the fields to compare with --field."
_MOST_SHAPES = 500


class Compared:
    """A file whose records are compared: iterate over it once for each record with its texts, or with what is
    wrong with it.

    By default these are instruction, input and earlier turns; the inputs of several instances count as one.
    `fields` are names of the file's own fields instead, by dots inside others; `instruction` and `input` also
    name what the reader takes as such. `account` says what was compared, and holds what was set aside.
    Raises IntakeError for what cannot be read as a whole, and for a field that no record has.
    """

    def __init__(
        self, file: BinaryIO, name: str, fields: Sequence[str] = (), delimiter: str | None = None
    ) -> None:
        self.held: Container = container(file, name, TASK_FORM, known=KNOWN, delimiter=delimiter)
        self.account = Account(unit=self.held.unit, what=self.held.what)
        self._name, self._fields = name, fields
        self._missing = set(fields)
        self._there: dict[str, None] = {}
        if columns := self.held.columns:
            self._check(dict.fromkeys(columns, ""))

    def __iter__(self) -> Iterator[tuple[Line, tuple[str, ...] | BadLine]]:
        """Yield every record that is not blank."""
        for line in self.held.records:
            try:
                if isinstance(line.record, Fault):
                    raise line.record
                yield line, self._texts(line.record)
            except Fault as fault:
                bad = BadLine(line.number, fault.what, fault.hint, self.held.unit)
                self.account.note_bad(bad)
                yield line, bad
        if self._missing and self._there:
            raise self._no_field(min(self._missing), self._there)

    def _texts(self, record: Mapping[str, Any]) -> tuple[str, ...]:
        if not self._fields:
            mapping = _mapping(tuple(record))
            if mapping is None:
                there = ", ".join(islice(record, 20)) or "none"
                raise Fault(f"it has no known form; its fields: {there}", _HINT)
            task = _task(records_of(record, mapping))
            said = tuple((name, _SAID.get(means, means)) for name, means in mapping.taken)
            self.account.note(Mapped(mapping.form, said, ()))
            return task
        if self._missing:
            self._there |= dict.fromkeys(record)
        texts = tuple(self._text(record, field) for field in self._fields)
        if not any(map(str.strip, texts)):
            raise Fault(f"it has no text in {' or '.join(map(repr, self._fields))}", _HINT)
        self.account.note(Mapped(self.held.what, tuple((field, field) for field in self._fields), ()))  # type: ignore[misc]
        return texts

    def _text(self, record: Mapping[str, Any], field: str) -> str:
        """Return the text of a field, empty where it has none."""
        place = named(field, record)
        if place in record:
            self._missing.discard(field)
        value = at(record, place)
        if value is None and field in _PARTS and (mapping := _mapping(tuple(record))) is not None:
            value = _task(records_of(record, mapping))[_PARTS.index(field)]
        if value is None:
            return ""
        self._missing.discard(field)
        return value if isinstance(value, str) else "\n".join(_texts_in(value))

    def _check(self, columns: Mapping[str, Any]) -> None:
        """Refuse a table without the columns to compare."""
        mapping = _mapping(tuple(columns))
        meanings = {meaning for _, meaning in mapping.taken} if mapping else set()
        if not self._fields and not {"instruction", "messages"} & meanings:
            there = ", ".join(columns) or "none"
            raise IntakeError(f"{self._name} has no column for the instruction; its columns: {there}.", _HINT)
        for field in self._fields:
            if named(field, columns) not in columns and not (field in _PARTS and mapping):
                raise self._no_field(field, columns)

    def _no_field(self, field: str, there: Mapping[str, Any]) -> IntakeError:
        names = ", ".join(islice(there, 20))
        return IntakeError(f"{self._name} has no field {field!r}.", f"Its fields: {names}.")


@lru_cache(maxsize=_MOST_SHAPES)
def _mapping(shape: tuple[str, ...]) -> Mapped | None:
    """Return which of a record's fields make its task."""
    mapping = mapped(dict.fromkeys(shape), {})
    if mapping is None:
        return None
    return Mapped(mapping.form, tuple(pair for pair in mapping.taken if pair[1] in _TASK), ())


def _task(records: Sequence[Record]) -> tuple[str, str, str]:
    first = records[0]
    return first.instruction, "\n".join(record.input for record in records), in_lines(first.turns)


def _texts_in(value: Any) -> Iterator[str]:
    """Yield the texts and numbers in a value, in order."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _texts_in(part)
    elif value is not None:
        yield str(value)
