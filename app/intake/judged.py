"""Read judgements that were made elsewhere, out of any file of records.

One is `{"instruction": …, "input": …, "task": true, "outputs": [{"model": …, "right": true}, …]}`; "fits"
says whether the input fits. An answer is meant by its "model", by its "output", or by both; "right" may be
null (left open) or missing, a "grade" (A–D) may stand in its place. "reviewer" and "note" may accompany it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.intake import lines
from app.intake.containers import Container, container
from app.intake.forms import Mapped
from app.intake.lines import BadLine, Fault
from app.intake.reader import Account, Progress, ignore, paced
from app.intake.record import holds, not_text
from app.method.judging import GRADES, Grade, Said, is_right

FIELDS = ("instruction", "input", "task", "fits", "outputs", "reviewer", "note")
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
    """A judgement from a file; `task` and `input` are None where it says nothing about them."""

    line: int
    instruction: str
    given: str
    task: bool | None
    input: bool | None
    answers: tuple[SaidOf, ...]
    reviewer: str | None
    note: str


class JudgementsReading:
    """A file of judgements that is being read; `account` is complete after the last."""

    def __init__(self, held: Container, progress: Progress) -> None:
        self._held, self._progress = held, progress
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

    def _judgement(self, number: int, fields: dict[str, Any]) -> GivenJudgement:
        judged = _given_judgement(number, fields)
        taken = tuple((name, name) for name in FIELDS if fields.get(name) is not None)
        self.account.note(Mapped("judgements", taken, ()))  # type: ignore[arg-type]
        left = (name for name, value in fields.items() if name not in FIELDS and holds(value))
        self.account.left.update(left)
        return judged


@contextmanager
def opened(path: Path, *, progress: Progress = ignore) -> Iterator[JudgementsReading]:
    """Open and recognise a file of judgements. Raises IntakeError where it cannot be read as a whole."""
    with lines.opened(path) as file:
        yield JudgementsReading(container(file, str(path), _FORM, known=FIELDS), progress)


def _given_judgement(line: int, fields: dict[str, Any]) -> GivenJudgement:
    if fields.get("instruction") is None:
        raise Fault("it has no instruction", f"A line looks like {_FORM}.")
    judged = GivenJudgement(
        *(line, _text(fields, "instruction") or "", _text(fields, "input") or ""),
        *(_truth(fields, "task"), _truth(fields, "fits")),
        tuple(_answers(fields.get("outputs"))),
        *(_text(fields, "reviewer"), _text(fields, "note") or ""),
    )
    if judged.task is None and judged.input is None and not judged.answers:
        raise Fault("it judges nothing", f"A line looks like {_FORM}.")
    return judged


def _answers(outputs: Any) -> Iterator[SaidOf]:
    """Yield what is said of each answer; those of which nothing is said are left out."""
    if isinstance(outputs, str):  # a cell of a table may hold a list as JSON
        with suppress(ValueError, RecursionError):
            outputs = json.loads(outputs)
    if not isinstance(outputs, list | None):
        raise Fault("'outputs' must be a list", _OUTPUT_FORM)
    for number, output in enumerate(outputs or (), start=1):
        if not isinstance(output, dict):
            raise Fault(f"output {number} is not a JSON object", _OUTPUT_FORM)
        try:
            answer = _answer(output)
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


def _text(fields: dict[str, Any], key: str) -> str | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise not_text(key, value)
    return value


def _truth(fields: dict[str, Any], key: str) -> bool | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, bool):
        raise Fault(f"{key!r} must be true, false or null")
    return value
