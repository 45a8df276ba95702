"""Stage 4: every answerer gives its own output for every valid instance.

How each of them is asked, its style, stands with the run; `app.method.answers` says what that means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from app.engine.request import Completion, Message, Request
from app.method.answers import (
    KINDS,
    SHOWS_EXAMPLES,
    Asking,
    Example,
    chosen_examples,
    form_of,
    known_outputs,
    parse_answer,
)
from app.method.filters import answer_drop
from app.method.prompts import Demonstration, Prompt
from app.method.recipe_forms import AnswerStage
from app.method.terms import Kind, Style
from app.method.turns import Turn
from app.run.context import RunContext, worked_examples
from app.run.ensemble import Member
from app.run.written import unusable
from app.store import generated, review, runs
from app.store.project import Connection
from app.store.rows import InstanceRow, NewCandidate, NewCompletion, RunModelRow

STAGE: Final = "answers"
AGAIN_TEMPERATURE = 0.7
"""For one more answer to the same text, where the recipe is greedy and would give the same again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An instance to be answered, with its text as it is to be asked; attempt and task as in NewCandidate.

    `position` is the candidate's, if nothing else has it; None is one behind all there are.
    """

    instance: InstanceRow
    attempt: int = 0
    task: str = ""
    position: int | None = None


async def answer_missing(ctx: RunContext, member: Member) -> None:
    """Ask one answerer for every answer, and every sample beside it, that it has not given."""
    samples = ctx.recipe.answers.samples_for(member.model)
    missing, parts = await ctx.project.fetch(
        lambda c: (
            generated.missing_answers(c, ctx.run.id, member.model, samples),
            runs.run_models(c, ctx.run.id),
        )
    )
    places = _positions(ctx.recipe.answers, parts, member)
    await _answer(ctx, member, [Asked(one, attempt, position=places[-attempt]) for one, attempt in missing])


def _positions(stage: AnswerStage, parts: Sequence[RunModelRow], member: Member) -> list[int]:
    """Return the positions of a member's answer and of its samples, which stand behind the answers of all.

    They do not follow from which model is faster, so that a run that is made again is the same.
    """
    answering = [part for part in parts if part.role == "answerer" and part.model.can_be_asked]
    begin = 1 + max(part.position for part in parts)
    for part in answering:
        count = stage.samples_for(part.model.fingerprint)
        if part.model.fingerprint == member.model:
            return [part.position, *range(begin, begin + count)]
        begin += count
    raise AssertionError("only answerers of a run are asked")


async def answer_again(ctx: RunContext, member: Member) -> None:
    """Ask one answerer what a person wants answered once more."""
    asked = await ctx.project.fetch(lambda c: review.of_model(c, ctx.run.id, member.model))
    await _answer(ctx, member, [Asked(ask.instance, ask.attempt, ask.task) for ask in asked])


async def _answer(ctx: RunContext, member: Member, wanted: Sequence[Asked]) -> None:
    if not wanted:
        return
    by_kind = sorted(wanted, key=lambda asked: asked.instance.kind)  # a shared prefix is decoded once
    kinds = dict.fromkeys(asked.instance.kind for asked in by_kind)
    asking = asking_of(ctx.recipe.answers, member.style, ctx.seeds, ctx.run.seed, kinds)
    fitting: dict[Kind, list[Demonstration]] = {}
    for kind, examples in asking.examples.items():
        form, limit = form_of(asking.stage, member.style, kind), asking.sampling(kind).max_new_tokens
        fitting[kind] = await ctx.fitting(member, STAGE, kind, form, examples, limit)
    request_of = partial(_request, ctx, member, replace(asking, examples=fitting))
    storing: asyncio.Task[None] | None = None
    try:
        async for group in ctx.ask_together(member, by_kind, request_of):
            if storing:
                await storing
            # While these are stored, the next ones are asked and gathered.
            storing = asyncio.create_task(_store(ctx, member, group))
    finally:
        if storing:
            await storing


def asking_of(
    stage: AnswerStage, style: Style, seeds: Sequence[Example], run_seed: int, kinds: Iterable[Kind] = KINDS
) -> Asking:
    """Return how a model is asked in a style: its worked examples are the recipe's or come from `seeds`.

    They are drawn at random where a recipe has its own lengths and its own style, as in the reference of
    Ensemble-Instruct, and chosen by rule everywhere else.
    """
    examples: dict[Kind, Sequence[Demonstration]] = {}
    for kind in kinds if style in SHOWS_EXAMPLES else ():
        if stage.lengths == "recipe" and style == "few-shot":
            form = form_of(stage, style, kind)
            examples[kind] = worked_examples(seeds, run_seed, STAGE, kind, form)
        else:
            examples[kind] = chosen_examples(stage, style, kind, seeds)
    return Asking(stage, style, known_outputs(stage, seeds), examples)


def _request(ctx: RunContext, member: Member, asking: Asking, asked: Asked) -> Request:
    instance = asked.instance
    if asked.attempt < 0:
        asking = replace(asking, stage=asking.stage.sampled)
    sampling = asking.sampling(instance.kind)
    if asked.attempt > 0 and not asked.task and sampling.temperature == 0:
        sampling = sampling.model_copy(update={"temperature": AGAIN_TEMPERATURE})
    ask = partial(ctx.request, STAGE, instance.id, member, sampling, attempt=asked.attempt)
    question = asking.question(instance)
    return ask(prompt=question) if isinstance(question, Prompt) else ask(messages=messages(question))


def messages(turns: Sequence[Turn]) -> list[Message]:
    """Return turns as an engine takes them."""
    return [Message(turn.role, turn.text) for turn in turns]


async def _store(ctx: RunContext, member: Member, group: Sequence[tuple[Asked, Request, Completion]]) -> None:
    """Store answers and what is read out of them, all or none."""
    rows = [_rows(ctx, member, *answered) for answered in group]

    def commit(c: Connection) -> None:
        for asked, row, candidate in rows:
            if asked.attempt > 0 and not candidate.reason:
                generated.keep_again(c, asked.instance.id)
            key = generated.save_completion(c, row)
            place = review.free_position(c, asked.instance.id, asked.position)
            generated.save_candidate(c, candidate._replace(completion_id=key, position=place))

    await ctx.write(commit)
    ctx.stored()


def _rows(
    ctx: RunContext, member: Member, asked: Asked, request: Request, completion: Completion
) -> tuple[Asked, NewCompletion, NewCandidate]:
    instance, output = asked.instance, parse_answer(completion.text, member.style)
    row = ctx.completion_row(STAGE, instance.id, member, request, completion, asked.attempt)
    candidate = NewCandidate(
        instance_id=instance.id,
        model=member.model,
        role="answerer",
        position=0,
        output=output,
        ended=completion.ended,
        error=completion.error,
        reason=unusable(completion) or answer_drop(output, ctx.recipe.answers.filters) or "",
        attempt=asked.attempt,
        task=asked.task,
    )
    return asked, row, candidate
