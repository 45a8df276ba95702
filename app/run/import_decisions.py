"""Apply decisions that were made elsewhere, as events of one reviewer, some lines in one transaction.

Whatever ends an import leaves the lines before it applied; importing the file again applies the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from app.errors import ProjectError
from app.intake.decided import GivenDecision
from app.intake.lines import BadLine, SetAside
from app.store import decisions, generated, log
from app.store.decisions import OwnAnswer
from app.store.project import Connection, Project
from app.store.review_state import Action, ItemDecision, ReviewState, rating_text, tags_text
from app.store.text import storable

AT_ONCE = 1_000
"""Lines of one transaction."""


@dataclass(slots=True)
class DecisionReport(SetAside):
    """Lines that were applied, that changed nothing, and that could not be used."""

    applied: int = 0
    there: int = 0


def apply_decisions(
    project: Project, reviewer: str, lines: Iterable[GivenDecision | BadLine]
) -> DecisionReport:
    """Write each line into the log as decisions of `reviewer`; bad lines are set aside.

    What already holds is not written again, so importing the same file twice changes nothing; of an item that
    it decides on more than once, the decisions are written again.
    """
    report = DecisionReport()
    left = iter(lines)
    while batch := list(islice(left, AT_ONCE)):
        project.write_now(partial(_apply, reviewer=reviewer, lines=batch, report=report))
    return report


def _apply(
    c: Connection, reviewer: str, lines: Sequence[GivenDecision | BadLine], report: DecisionReport
) -> None:
    """Apply some lines; each sees what those before it did, as what is not stored yet is of other items."""
    waiting: list[tuple[Action, ItemDecision]] = []
    touched: set[str] = set()
    said = _Said.about(c, reviewer, lines)
    for line in lines:
        if isinstance(line, BadLine):
            report.note_bad(line)
            continue
        try:
            key = said.keys.get(line.number) if line.number is not None else None
            key = key or _find(c, line)
            _check_task(c, key, line)
            if key in touched:
                decisions.record_each(c, reviewer, waiting, how="import")
                said.forget(touched)
                waiting, touched = [], set()
            changes = list(_changes(c, said, key, _as_stored(line)))
        except ProjectError as error:
            report.note_bad(BadLine(line.line, error.message.rstrip("."), error.hint))
            continue
        waiting += changes
        touched.add(key)
        report.applied += bool(changes)
        report.there += not changes
    decisions.record_each(c, reviewer, waiting, how="import")


@dataclass(slots=True)
class _Said:
    """What is known of the items of some lines, asked for at once: their ids by their numbers, the winners of
    their votes, and what the reviewer decided last about each; `changed` are those decided on since."""

    reviewer: str
    keys: dict[int, str]
    winners: dict[str, str | None]
    answers: dict[str, OwnAnswer]
    changed: set[str]

    @classmethod
    def about(cls, c: Connection, reviewer: str, lines: Sequence[GivenDecision | BadLine]) -> _Said:
        """Ask for the items that lines name by their numbers."""
        numbers = [line.number for line in lines if isinstance(line, GivenDecision) and line.number]
        keys = log.ids_of(c, numbers)
        ids = list(keys.values())
        answers = decisions.own_answers(c, reviewer, ids)
        return cls(reviewer, keys, decisions.winners_of(c, ids), answers, set())

    def forget(self, keys: set[str]) -> None:
        """Ask again about items that were decided on."""
        self.changed |= keys

    def answer(self, c: Connection, key: str) -> OwnAnswer | None:
        """Return what the reviewer decided last about an item's answer."""
        if key in self.winners and key not in self.changed:
            return self.answers.get(key)
        return decisions.own_answers(c, self.reviewer, [key]).get(key)


def _as_stored(line: GivenDecision) -> GivenDecision:
    """Return a decision with its texts as the store holds them, to be compared with what is there."""
    if line.output is None and line.note is None and line.tags is None:
        return line
    output, note, tags = (
        None if text is None else storable(text) for text in (line.output, line.note, line.tags)
    )
    return replace(line, output=output, note=note, tags=tags)


def _changes(
    c: Connection, said: _Said, key: str, line: GivenDecision
) -> Iterator[tuple[Action, ItemDecision]]:
    """Yield what a line changes of its item. Raises ProjectError where it cannot be applied."""
    if line.decision is not None:
        item = decisions.completed(c, line.decision, _answer(c, key, line), said.winners)
        if (line.decision, item.candidate_id, item.text) != said.answer(c, key):
            yield line.decision, item
    if any(part is not None for part in (line.note, line.tags, line.grade, line.flag)):
        yield from _beside(key, line, decisions.state_of(c, key))


def _beside(key: str, line: GivenDecision, state: ReviewState) -> Iterator[tuple[Action, ItemDecision]]:
    if line.note is not None and line.note != state.note:
        yield "note", ItemDecision(key, None, line.note)
    if line.tags is not None and line.tags != tags_text(state.tags):
        yield "tags", ItemDecision(key, None, line.tags)
    if line.grade is not None and (state.rating is None or state.rating.grade != line.grade.grade):
        yield "rate", ItemDecision(key, None, rating_text(line.grade))
    if line.flag is not None and line.flag != state.flagged:
        yield "flag" if line.flag else "unflag", ItemDecision(key)


def _find(c: Connection, line: GivenDecision) -> str:
    if line.number is None and line.key is None and line.task is not None:
        instruction, input = line.task
        return generated.kept_pair(c, instruction, input or "")
    return log.find_item(c, str(line.number) if line.key is None else line.key)


def _check_task(c: Connection, key: str, line: GivenDecision) -> None:
    """Refuse a line whose number or id is that of another task than it names, as in another project."""
    if line.task is None or (line.number is None and line.key is None):
        return
    instruction, input = (None if text is None else storable(text) for text in line.task)
    now = decisions.state_of(c, key)
    tasks = (generated.task_of(c, key), (now.instruction, now.input))
    if not any(instruction == own and input in (None, stands) for own, stands in tasks):
        raise ProjectError(
            "The item of this number or id has another instruction or input.",
            "Leave out the number or the id, and the item is found by its instruction and input.",
        )


def _answer(c: Connection, key: str, line: GivenDecision) -> ItemDecision:
    """Return the decision about the answer; an accept means the winner."""
    if line.decision == "edit":
        return ItemDecision(key, None, line.output)
    if line.decision == "reject":
        return ItemDecision(key, None, line.reason)
    if line.decision == "accept" and (line.output or "").strip():
        return _accepted(c, key, line)
    if line.decision != "choose":
        return ItemDecision(key)
    same = [candidate.id for candidate in generated.candidates_of(c, key) if candidate.output == line.output]
    if not same:
        raise ProjectError("No candidate of the item has this output.", "Use edit for a text of one's own.")
    return ItemDecision(key, same[0])


def _accepted(c: Connection, key: str, line: GivenDecision) -> ItemDecision:
    """Return an accept that names its answer; refuse one that names another than the winner."""
    winner = decisions.winners_of(c, [key])[key]
    texts = [candidate.output for candidate in generated.candidates_of(c, key) if candidate.id == winner]
    if texts and texts != [line.output]:
        raise ProjectError("Accept takes the winner, which is another output.", "Use choose for this one.")
    return ItemDecision(key)
