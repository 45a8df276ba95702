"""Read judgements that were made elsewhere, out of any file of records.

One is `{"instruction": …, "input": …, "task": true, "outputs": [{"model": …, "right": true}, …]}`; "fits"
says whether the input fits, "turns" what was said before the task. An answer is meant by its "model", by its
"output", or by both; "right" may be null (left open) or missing, a "grade" (A–D) may stand in its place.
"reviewer" and "note" may accompany it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.intake import lines
from app.intake.containers import Container, container
from app.intake.forms import Mapped, Places
from app.intake.lines import BadLine, Fault
from app.intake.reader import Account, Progress, check_named, ignore, paced
from app.intake.record import at, holds, not_text, turns_of
from app.method.judging import GRADES, Grade, Said, is_right
from app.method.turns import Turn

FIELDS = ("instruction", "input", "turns", "task", "fits", "outputs", "reviewer", "note")
ANSWER_FIELDS = ("model", "output", "right", "grade")
"""The fields of each of the outputs."""
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_FORM = '{"instruction": …, "input": …, "task": true, "outputs": [{"model": …, "right": true}]}'
_OUTPUT_FORM = 'It looks like {"model": …, "right": true}.'


@dataclass(frozen=True, slots=True)
class SaidOf:
    """What is said of an answer: the one of this model, the one with this text, or both (foreign)."""

    model: str | None
    output: str | None
    said: Said


@dataclass(frozen=True, slots=True)
class GivenJudgement:
    """A judgement from a file; `task` and `input` are None where it says nothing about them.

    `turns` stand before the task; without any it may be about one after other turns too.
    """

    line: int
    instruction: str
    given: str
    turns: tuple[Turn, ...]
    task: bool | None
    input: bool | None
    answers: tuple[SaidOf, ...]
    reviewer: str | None
    note: str


class JudgementsReading:
    """A file of judgements that is being read; `account` is complete after the last."""

    def __init__(self, held: Container, columns: Mapping[str, str], progress: Progress) -> None:
        self._held, self._progress = held, progress
        self._places, self._answer_places = Places(FIELDS, columns), Places(ANSWER_FIELDS, columns)
        self.account = Account(unit=held.unit, what=held.what)

    def __iter__(self) -> Iterator[GivenJudgement | BadLine]:
        """Yield each judgement, or what is wrong with its line."""
        for line in paced(self._held.records, self._progress):
            self.account.entries += 1
            try:
                if isinstance(line.record, Fault):
                    raise line.record
                yield self._judgement(line.number, line.record)
            except Fault as fault:
                bad = BadLine(line.number, fault.what, fault.hint, self._held.unit)
                self.account.note_bad(bad)
                yield bad

    def _judgement(self, number: int, fields: Mapping[str, Any]) -> GivenJudgement:
        places, read = self._places.of(fields)
        record: dict[str, Any] = dict.fromkeys(FIELDS)
        record |= {field: at(fields, place) for field, place in places.items()}
        if self._held.what == "CSV":
            record = {field: _of_cell(field, value) for field, value in record.items()}
        judged = _given_judgement(number, record, self._answer_places)
        taken = tuple((places[field], field) for field, value in record.items() if value is not None)
        self.account.note(Mapped("judgements", taken, ()))  # type: ignore[arg-type]
        self.account.left.update(name for name, value in fields.items() if name not in read and holds(value))
        return judged


@contextmanager
def opened(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    progress: Progress = ignore,
) -> Iterator[JudgementsReading]:
    """Open and recognise a file of judgements; `columns` says which field of it, or of one of its outputs, is
    which of FIELDS or ANSWER_FIELDS.

    Raises IntakeError where it cannot be read as a whole.
    """
    with lines.opened(path) as file:
        held = container(file, str(path), _FORM, known=FIELDS, delimiter=delimiter)
        if held.columns:
            of_records = {name: field for name, field in (columns or {}).items() if name in FIELDS}
            check_named(str(path), of_records, held.columns)
        yield JudgementsReading(held, columns or {}, progress)


def _of_cell(field: str, value: Any) -> Any:
    """Return what a cell of a table says; an empty one says nothing, and a list stands in it as JSON."""
    if not isinstance(value, str) or not value.strip():
        return None
    if field in ("task", "fits"):
        return _TRUTHS.get(value.strip().lower(), value)
    if field == "outputs":
        with suppress(ValueError, RecursionError):
            return json.loads(value)
    return value


def _given_judgement(line: int, fields: Mapping[str, Any], places: Places) -> GivenJudgement:
    if fields["instruction"] is None:
        raise Fault("it has no instruction", f"A line looks like {_FORM}.")
    judged = GivenJudgement(
        *(line, _text(fields, "instruction") or "", _text(fields, "input") or "", turns_of(fields["turns"])),
        *(_truth(fields, "task"), _truth(fields, "fits")),
        tuple(_answers(fields["outputs"], places)),
        *(_text(fields, "reviewer"), _text(fields, "note") or ""),
    )
    if judged.task is None and judged.input is None and not judged.answers:
        raise Fault("it judges nothing", f"A line looks like {_FORM}.")
    return judged


def _answers(outputs: Any, places: Places) -> Iterator[SaidOf]:
    """Yield what is said of each answer; those of which nothing is said are left out."""
    if not isinstance(outputs, list | None):
        raise Fault("'outputs' must be a list", _OUTPUT_FORM)
    for number, output in enumerate(outputs or (), start=1):
        if not isinstance(output, dict):
            raise Fault(f"output {number} is not a JSON object", _OUTPUT_FORM)
        stands, _ = places.of(output)
        said = {field: at(output, place) for field, place in stands.items()}
        if said.get("right") is None and stands.get("right") not in output:
            said.pop("right", None)
        try:
            answer = _answer(said)
        except Fault as fault:
            raise Fault(f"output {number}: {fault.what}", fault.hint or _OUTPUT_FORM) from None
        if answer is not None:
            yield answer


def _answer(output: dict[str, Any]) -> SaidOf | None:
    model, text, grade = _text(output, "model"), _text(output, "output"), _grade(output)
    right = _truth(output, "right")
    if model is None and text is None:
        raise Fault("it names neither model nor output")
    meant = is_right(grade)
    if grade and right is not None and right != meant:
        raise Fault(f"grade {grade} contradicts 'right'", "A and B are right, C and D wrong.")
    if not grade and "right" not in output:
        return None
    return SaidOf(model, text, Said(meant if grade else right, grade))


def _grade(output: dict[str, Any]) -> Grade:
    grade = _text(output, "grade") or ""
    if grade and grade not in GRADES:
        raise Fault(f"grade {grade[:40]!r} is not known", f"One of {', '.join(GRADES)}.")
    return grade


def _text(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise not_text(key, value)
    return value


def _truth(fields: Mapping[str, Any], key: str) -> bool | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, bool):
        raise Fault(f"{key!r} must be true, false or null")
    return value
