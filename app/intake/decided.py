"""Read decisions that were made elsewhere, out of any file of records.

One is `{"item": 142, "decision": "accept"}`; in place of the number `"id"`, or `"instruction"` and `"input"`,
which beside a number or an id say what the item must be.
`decision` is accept, choose (with the candidate's "output"), edit (with the new "output"), reject (with a
"reason" if there is one) or later; "note", "tags", "grade" (A–D) and "flag" may accompany it or stand alone.
In a table a cell holds each as text: tags between commas, the flag as true or false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from app.errors import ProjectError
from app.intake import lines
from app.intake.containers import Container, container
from app.intake.forms import Mapped, Places
from app.intake.lines import BadLine, Fault
from app.intake.reader import Account, Progress, check_named, ignore, paced
from app.intake.record import at, holds, not_text
from app.store.review_state import REJECT_REASONS, Answering, Rating, tags_text

FIELDS = (
    *("item", "id", "instruction", "input", "decision", "output"),
    *("reason", "note", "tags", "grade", "flag"),
)
_FORM = '{"item": 142, "decision": "accept"}'
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class GivenDecision:
    """A decision from a file. The item is meant by `number`, `key`, or (instruction, input) in `task`; where
    one of the first two is there, `task` says what the item must be, and an input of None says nothing.

    `decision` is None where only a note, tags, grade or flag is given; `output` belongs to choose and edit.
    """

    line: int
    number: int | None
    key: str | None
    task: tuple[str, str | None] | None
    decision: Answering | None
    output: str | None
    reason: str | None
    note: str | None
    tags: str | None
    grade: Rating | None
    flag: bool | None


class DecisionsReading:
    """A file of decisions that is being read; `account` is complete after the last."""

    def __init__(self, held: Container, columns: Mapping[str, str], progress: Progress) -> None:
        self._held, self._progress = held, progress
        self._places = Places(FIELDS, columns)
        self.account = Account(unit=held.unit, what=held.what)

    def __iter__(self) -> Iterator[GivenDecision | BadLine]:
        """Yield each decision, or what is wrong with its line."""
        for line in paced(self._held.records, self._progress):
            self.account.entries += 1
            try:
                if isinstance(line.record, Fault):
                    raise line.record
                yield self._decision(line.number, line.record)
            except Fault as fault:
                bad = BadLine(line.number, fault.what, fault.hint, self._held.unit)
                self.account.note_bad(bad)
                yield bad

    def _decision(self, number: int, fields: Mapping[str, Any]) -> GivenDecision:
        places, read = self._places.of(fields)
        record = {field: value for field, place in places.items() if (value := at(fields, place)) is not None}
        if self._held.what == "CSV":
            cells = {field: _of_cell(field, value) for field, value in record.items()}
            record = {field: value for field, value in cells.items() if value is not None}
        decision = _given_decision(number, record)
        taken = [(places[field], field) for field in record]
        self.account.note(Mapped("decisions", tuple(taken), ()))  # type: ignore[arg-type]
        self.account.left.update([name for name in fields if name not in read and holds(fields[name])])
        return decision


@contextmanager
def opened(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    progress: Progress = ignore,
) -> Iterator[DecisionsReading]:
    """Open and recognise a file of decisions; `columns` says which field of it is which of FIELDS.

    Raises IntakeError where it cannot be read as a whole.
    """
    with lines.opened(path) as file:
        held = container(file, str(path), _FORM, known=FIELDS, delimiter=delimiter)
        if held.columns:
            check_named(str(path), columns or {}, held.columns)
        yield DecisionsReading(held, columns or {}, progress)


def _of_cell(field: str, value: Any) -> Any:
    """Return what a cell of a table says; an empty one says nothing."""
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    if field == "flag":
        return _FLAGS.get(text.lower(), text)
    if field == "tags":
        return [tag.strip() for tag in text.split(",") if tag.strip()]
    return text if field in ("decision", "reason", "grade") else value


def _given_decision(line: int, record: dict[str, Any]) -> GivenDecision:
    number, key, task = _item(record)
    decision = _one_of(record, "decision", get_args(Answering))
    output = _text(record, "output")
    if decision in ("choose", "edit") and not (output or "").strip():
        raise Fault(f"{decision} needs an output", "Give the text of the answer.")
    grade = _one_of(record, "grade", ("A", "B", "C", "D"))
    decided = GivenDecision(
        *(line, number, key, task, cast("Answering | None", decision), output),
        *(_one_of(record, "reason", REJECT_REASONS), _text(record, "note"), _tags(record)),
        None if grade is None else Rating(cast('Literal["A", "B", "C", "D"]', grade)),
        _flag(record),
    )
    if decided.reason and decision != "reject":
        raise Fault("a reason belongs to a reject", "Take it away, or reject the item.")
    if all(part is None for part in (decision, decided.note, decided.tags, grade, decided.flag)):
        raise Fault("it decides nothing", f"A line looks like {_FORM}.")
    return decided


def _item(record: dict[str, Any]) -> tuple[int | None, str | None, tuple[str, str | None] | None]:
    named = record.get("instruction") is not None
    task = (_string(record, "instruction"), _text(record, "input")) if named else None
    number = record.get("item")
    if number is not None:
        if isinstance(number, str):
            digits = number.strip().removeprefix("#")
            number = int(digits) if digits.isdecimal() and len(digits) < 20 else number
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**62:
            raise Fault("'item' must be the number of an item", "Review shows it as #0142.")
        return number, None, task
    if record.get("id") is not None:
        return None, _string(record, "id"), task
    if task is None:
        raise Fault("it names no item", "Give item, id, or instruction and input.")
    return None, None, task


def _text(record: dict[str, Any], key: str) -> str | None:
    return None if record.get(key) is None else _string(record, key)


def _string(record: dict[str, Any], key: str) -> str:
    value = record[key]
    if not isinstance(value, str):
        raise not_text(key, value)
    return value


def _one_of(record: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    value = _text(record, key)
    if value is not None and value not in allowed:
        raise Fault(f"{key} {value[:40]!r} is not known", f"One of {', '.join(allowed)}.")
    return value


def _tags(record: dict[str, Any]) -> str | None:
    tags = record.get("tags")
    if tags is None:
        return None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Fault("'tags' must be a list of texts", 'For example ["hard", "geography"].')
    try:
        return tags_text(tags)
    except ProjectError as error:
        raise Fault(error.message.rstrip("."), error.hint) from None


def _flag(record: dict[str, Any]) -> bool | None:
    flag = record.get("flag")
    if flag is not None and not isinstance(flag, bool):
        raise Fault("'flag' must be true or false", "")
    return flag
