"""Apply decisions that were made elsewhere, as events of one reviewer: one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.errors import ProjectError
from app.intake.decided import GivenDecision
from app.intake.lines import BadLine, SetAside
from app.store import decisions, generated, log
from app.store.project import Connection, Project
from app.store.review_state import Action, ItemDecision, ReviewState, rating_text, tags_text
from app.store.text import storable


@dataclass(slots=True)
class DecisionReport(SetAside):
    """Lines that were applied, that changed nothing, and that could not be used."""

    applied: int = 0
    there: int = 0


def apply_decisions(
    project: Project, reviewer: str, lines: Iterable[GivenDecision | BadLine]
) -> DecisionReport:
    """Write each line into the log as decisions of `reviewer`; bad lines are set aside.

    What already holds is not written again, so importing the same file twice changes nothing.
    """
    return project.write_now(lambda c: _apply(c, reviewer, lines))


def _apply(c: Connection, reviewer: str, lines: Iterable[GivenDecision | BadLine]) -> DecisionReport:
    report = DecisionReport()
    for line in lines:
        if isinstance(line, BadLine):
            report.note_bad(line)
            continue
        try:
            changes = list(_changes(c, reviewer, _as_stored(line)))
        except ProjectError as error:
            report.note_bad(BadLine(line.line, error.message.rstrip("."), error.hint))
            continue
        for action, item in changes:
            decisions.decide(c, reviewer, action, [item], how="import")
        report.applied += bool(changes)
        report.there += not changes
    return report


def _as_stored(line: GivenDecision) -> GivenDecision:
    """Return a decision with its texts as the store holds them, to be compared with what is there."""
    output, note, tags = (
        None if text is None else storable(text) for text in (line.output, line.note, line.tags)
    )
    return replace(line, output=output, note=note, tags=tags)


def _changes(c: Connection, reviewer: str, line: GivenDecision) -> Iterator[tuple[Action, ItemDecision]]:
    """Yield what a line changes. Raises ProjectError where it cannot be applied."""
    key = _find(c, line)
    if line.decision is not None:
        item = _answer(c, key, line)
        if (line.decision, item.candidate_id, item.text) != decisions.own_answer(c, reviewer, key):
            yield line.decision, item
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
    if line.task is not None:
        return generated.kept_pair(c, *line.task)
    return log.find_item(c, str(line.number) if line.key is None else line.key)


def _answer(c: Connection, key: str, line: GivenDecision) -> ItemDecision:
    """Return the decision about the answer, complete."""
    if line.decision == "edit":
        return ItemDecision(key, None, line.output)
    if line.decision == "reject":
        return ItemDecision(key, None, line.reason)
    if line.decision == "later":
        return ItemDecision(key)
    if line.decision == "accept":
        winner = decisions.winner_of(c, key)
        if winner is None:
            raise ProjectError("This item has no winner to accept.", "Choose a candidate, or edit one.")
        return ItemDecision(key, winner)
    same = [candidate.id for candidate in generated.candidates_of(c, key) if candidate.output == line.output]
    if not same:
        raise ProjectError("No candidate of the item has this output.", "Use edit for a text of one's own.")
    return ItemDecision(key, same[0])
