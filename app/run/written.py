"""What the writer wrote, and why some of it may not stay: stored in one transaction with its completion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.engine.request import Completion
from app.method.filters import answer_drop
from app.method.recipe_forms import AnswerFilters
from app.method.terms import Ended, Kind, Reason
from app.store import generated
from app.store.project import Connection
from app.store.rows import NewCandidate, NewCompletion, NewInstance, NewInstruction, Status

FAILED: Final = "failed"
OVER_CONTEXT: Final = "over_context"
SET_ASIDE: Final = (OVER_CONTEXT, FAILED)
"""Why a model gave nothing at all: such a thing is quarantined, and can be asked again."""


def unusable(completion: Completion) -> Reason | None:
    """Return why a completion holds no answer at all, or None.

    The prompt was too long, the model failed, or it did nothing but think.
    """
    if completion.ended == "error":
        return OVER_CONTEXT if completion.too_long else FAILED
    return "only_reasoning" if completion.only_thinking else None


def status_of(reason: Reason | None) -> Status:
    """Return what becomes of a thing by the reason why it may not stay, which is None if it may."""
    if reason in SET_ASIDE:
        return "quarantined"
    return "dropped" if reason else "kept"


def ends(completion: Completion, parts: int) -> list[Ended]:
    """Return how each part of a completion ended: only the last can have been cut."""
    whole: list[Ended] = ["end"] * (parts - 1)
    return [*whole, completion.ended]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one instruction text, and the novelty scores that decided."""

    text: str
    reason: Reason | None = None
    """Why it may not stay; None if it may."""
    score: float | None = None
    nearest: str | None = None
    mean: float | None = None

    @property
    def status(self) -> Status:
        """Kept, dropped or quarantined."""
        return status_of(self.reason)


@dataclass(frozen=True, slots=True)
class WrittenInstance:
    """An input with the writer's own output; `reason` says why it may not stay, or is None."""

    input: str
    output: str
    ended: Ended
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """One thing read out of a completion.

    `verdict` is about the instruction, None where it is the one that was asked about; `instance` is None
    where none is written yet.
    """

    kind: Kind
    verdict: Verdict | None = None
    instance: WrittenInstance | None = None


Rehearsed = tuple[Completion, list[Written]]
"""A completion that is not stored, and what was read out of it."""


def save_written(
    c: Connection,
    completion: NewCompletion,
    written: Sequence[Written],
    *,
    instruction_id: str = "",
    request: int | None = None,
    source: str = "",
) -> None:
    """Store a completion of the writer with everything that was read out of it.

    `instruction_id` is the instruction that was asked about, `request` the number of a request of stage 1.
    """
    key = generated.save_completion(c, completion)
    for position, part in enumerate(written):
        subject = instruction_id
        if part.verdict:
            row = _instruction(completion.run_id, part.kind, part.verdict, key, request, position, source)
            [subject] = generated.save_instructions(c, [row])
        if part.instance:
            _save_instance(c, completion, key, subject, position, part.instance)


def _instruction(
    run_id: str, kind: Kind, verdict: Verdict, key: str, request: int | None, position: int, source: str
) -> NewInstruction:
    return NewInstruction(
        run_id=run_id,
        kind=kind,
        text=verdict.text,
        status=verdict.status,
        reason=verdict.reason or "",
        completion_id=key,
        score=verdict.score,
        nearest=verdict.nearest,
        mean=verdict.mean,
        request=request,
        position=position,
        source=source,
    )


def _save_instance(
    c: Connection,
    completion: NewCompletion,
    key: str,
    instruction_id: str,
    position: int,
    written: WrittenInstance,
) -> None:
    """Store an instance, and the writer's own output as its first candidate.

    One that loops or holds a marker does not vote.
    """
    row = NewInstance(
        completion.run_id,
        instruction_id,
        written.input,
        status_of(written.reason),
        written.reason or "",
        key,
        position,
    )
    [instance] = generated.save_instances(c, [row])
    if written.output:
        candidate = NewCandidate(
            instance_id=instance.id,
            model=completion.model,
            role="writer",
            position=0,
            output=written.output,
            ended=written.ended,
            completion_id=key,
            reason=answer_drop(written.output, AnswerFilters()) or "",
        )
        generated.save_candidate(c, candidate)
