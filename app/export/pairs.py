"""What people's decisions say about which answer is better. Pure.

Pairs come from what a person did, never from the vote alone: the chosen text is what was accepted,
chosen or edited; the rejected one is the winner that was passed over, else a candidate that did not vote,
else the one that the others supported least; of a model that gave samples the answer by which it votes, and
another of its answers where there is nothing else. A pair that teaches nothing is left out, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from app.method.equality import as_written, content
from app.store.exportable import UNVOTED, Detail
from app.store.rows import CandidateRow
from app.store.views import ExportRow

LeftOut = Literal[
    "undecided", "rejected", "task", "empty", "no-other", "same", "earlier", "cap", "conflict", "audit"
]

LEFT_OUT: dict[LeftOut, str] = {
    "undecided": "not decided by a person",
    "rejected": "rejected",
    "task": "rejected for the task, not for the answer",
    "empty": "without a text",
    "no-other": "without another answer",
    "same": "whose answers are the same",
    "earlier": "whose task a person changed after it was answered",
    "cap": "above the cap of their instruction",
    "conflict": "whose reviewers differ",
    "audit": "found wrong in an audit",
}
"""Why a row makes no preference, in words that follow "12 rows"."""

TAKEN = ("accepted", "chosen", "edited")
OF_THE_TASK = ("unclear", "duplicate")
"""Reasons of a rejection that say nothing about the answer: it may be a good one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to a task; `rejected_id` is the candidate passed over, `why` how it was found."""

    task: ExportRow
    chosen: str
    rejected: str
    rejected_id: str
    why: Literal["overridden", "least-support"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer to a task, and whether a person took it."""

    task: ExportRow
    answer: str
    good: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """All different answers to a task, best first, with their ranks 1, 2, …."""

    task: ExportRow
    answers: tuple[tuple[str, int], ...]


def pair_of(row: ExportRow, detail: Detail) -> Pair | LeftOut:
    """Make the pair that a decision teaches, or say why there is none."""
    if row.status not in TAKEN:
        return "rejected" if row.status == "rejected" else "undecided"
    if not row.output.strip():
        return "empty"
    present = [candidate for candidate in detail.candidates if candidate.task == row.task]
    if row.status != "edited" and row.candidate_id not in {candidate.id for candidate in present}:
        return "earlier"
    winner = _overridden(row, detail, present)
    if winner is not None:
        fault = _fault(row.output, winner.output)
        return fault or Pair(row, row.output, winner.output, winner.id, "overridden")
    others = [candidate for candidate in present if candidate.id != row.candidate_id and not candidate.reason]
    if not others:
        return "no-other" if len(present) == len(detail.candidates) else "earlier"
    faults = {candidate.id: _fault(row.output, candidate.output) for candidate in others}
    silent = detail.silent
    usable = [
        candidate
        for candidate in others
        if not faults[candidate.id] and not (candidate.id in silent and _repeats(candidate, [row.output]))
    ]
    if not usable:
        return faults[others[0].id] or "same"
    support = detail.support
    # min takes the first of equals: the candidate of the lowest position.
    least = min(usable, key=lambda one: (one.id in silent, support.get(one.id, UNVOTED)))
    return Pair(row, row.output, least.output, least.id, "least-support")


def judgement_of(row: ExportRow, _detail: Detail) -> Judgement | LeftOut:
    """Make the judgement of an answer that a person took or rejected, or say why there is none."""
    if row.status not in (*TAKEN, "rejected"):
        return "undecided"
    if row.reason in OF_THE_TASK:
        return "task"
    if not row.output.strip():
        return "empty"
    return Judgement(row, row.output, row.status != "rejected")


def ranking_of(row: ExportRow, detail: Detail) -> Ranking | LeftOut:
    """Put a task's answers in order: what was decided (else the winner), by support, non-voters last.

    Answers that are the same but for white space count once. A rejected row has no order worth learning.
    """
    if row.status == "rejected":
        return "rejected"
    if not row.output.strip():
        return "empty"
    texts = list(_different(row, detail))
    if len(texts) < 2:
        return "same" if len(detail.candidates) > 1 else "no-other"
    return Ranking(row, tuple(zip(texts, range(1, len(texts) + 1), strict=True)))


def _overridden(row: ExportRow, detail: Detail, present: Sequence[CandidateRow]) -> CandidateRow | None:
    """Return the vote's winner where the person departed from it.

    An accepted row departs from nothing, even if a later vote has another winner; and a winner that is
    not `present` answered another text of the task.
    """
    if detail.vote is None or row.status == "accepted":
        return None
    if row.status == "chosen" and row.candidate_id == detail.vote.winner_id:
        return None
    return next((candidate for candidate in present if candidate.id == detail.vote.winner_id), None)


def _fault(chosen: str, rejected: str) -> LeftOut | None:
    """Say why these two texts teach nothing; None if they do."""
    if not rejected.strip():
        return "empty"
    # Never as the rules compare: a person who corrects 35 to 3.5 teaches what the rules do not see.
    return "same" if as_written(chosen) == as_written(rejected) else None


def _repeats(sample: CandidateRow, texts: Sequence[str]) -> bool:
    """Say whether an answer that does not vote says what one of these texts says."""
    return content(sample.output) in map(content, texts)


def _different(row: ExportRow, detail: Detail) -> Iterator[str]:
    """Yield the texts that differ, the row's own first, then by support; the first of equals stays."""
    support, silent = detail.support, detail.silent
    others = sorted(
        (candidate for candidate in detail.candidates if not candidate.reason and candidate.task == row.task),
        key=lambda one: (one.id in silent, -support.get(one.id, UNVOTED)),
    )
    given = [row.output]
    for one in others:
        if one.id not in silent or not _repeats(one, given):
            given.append(one.output)
    seen: set[str] = set()
    for text in given:
        plain = as_written(text)
        if plain and plain not in seen:
            seen.add(plain)
            yield text
