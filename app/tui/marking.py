"""What a judge has marked of the item before them, and what Enter will store of it. No Textual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.method.judging import Distinct, Grade, Said, is_right
from app.method.terms import Kind
from app.store.judgements import Verdict

RIGHT, WRONG, OPEN = Said(is_right=True), Said(is_right=False), Said(is_right=None)
_NEXT: dict[bool | None, Said] = {True: WRONG, False: OPEN, None: RIGHT}


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of the distinct answers in the order shown; None: not marked yet. `input` is None without one."""

    answers: tuple[Said | None, ...]
    task: bool = True
    input: bool | None = True
    note: str = ""

    def shown(self, at: int) -> Said | None:
        """Return a mark as Enter stores it: beside a right or wrong one, what is not marked is wrong."""
        marked = self.answers[at]
        return WRONG if marked is None and self._touched and not self.graded else marked

    @property
    def _touched(self) -> bool:
        return any(self.answers)

    @property
    def graded(self) -> bool:
        """Whether any answer has a grade; then what has none was forgotten."""
        return any(said is not None and said.grade for said in self.answers)

    @property
    def missing(self) -> str:
        """Say what must be marked before Enter stores it; empty where nothing must."""
        if not self.task or not self.answers:
            return ""
        if not self._touched:
            return "1-9 marks what is right, 0 none, o leaves open."
        if self.graded and None in self.answers:
            return "Grade every answer, or leave the rest open: o."
        return ""

    def toggled(self, at: int) -> Marks:
        """Turn one answer: right, wrong, open, right …"""
        marked = self.shown(at)
        fresh = self.answers[at] is None
        return self._with(at, RIGHT if marked is None or fresh else _NEXT[marked.is_right])

    def with_grade(self, at: int, grade: Grade) -> Marks:
        """Give one answer a grade; A and B are right."""
        return self._with(at, Said(is_right(grade), grade))

    def none_right(self) -> Marks:
        """Mark every answer as wrong."""
        return replace(self, answers=(WRONG,) * len(self.answers))

    def rest_open(self) -> Marks:
        """Leave open what is not marked."""
        return replace(self, answers=tuple(OPEN if said is None else said for said in self.answers))

    def with_task(self, valid: bool) -> Marks:
        """Say whether the task is valid."""
        return replace(self, task=valid)

    def with_input(self, fits: bool) -> Marks:
        """Say whether the input fits."""
        return replace(self, input=fits)

    def with_note(self, note: str) -> Marks:
        """Write a note on the item."""
        return replace(self, note=note)

    def _with(self, at: int, said: Said) -> Marks:
        return replace(self, answers=(*self.answers[:at], said, *self.answers[at + 1 :]))

    def verdict(self, shown: Sequence[Distinct]) -> Verdict:
        """Return what is stored; of a task that is not valid, answers without a mark are left open."""
        said = [self.shown(at) or OPEN for at in range(len(self.answers))]
        answers = {answer.candidates[0]: mark for answer, mark in zip(shown, said, strict=True)}
        return Verdict(self.task, self.input, answers, self.note)


def begin(kind: Kind, answers: int) -> Marks:
    """Return the marks of an item nobody has looked at."""
    return Marks((None,) * answers, input=True if kind == "A" else None)


def again(verdict: Verdict, shown: Sequence[Distinct]) -> Marks:
    """Return the marks that a verdict was made of."""
    said = tuple(verdict.answers.get(answer.candidates[0]) for answer in shown)
    return Marks(said, verdict.task is not False, verdict.input, verdict.note)
