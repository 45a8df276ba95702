"""Stage 4: every answerer gives its own output for every valid instance.

Vanilla models are shown worked examples, instruction-tuned ones are asked directly, those with a chat
template through it (Ensemble-Instruct, section 3.1 and figure 1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from app.engine.request import Completion, Message, Request
from app.method.filters import answer_drop
from app.method.parse import parse_answer
from app.method.prompts import Demonstration, Prompt, block_prompt, chat_messages, zero_shot
from app.method.recipe_forms import AnswerStage
from app.method.recipe_parts import BlockPrompt
from app.method.terms import Kind, Style
from app.method.turns import from_json, in_lines
from app.run.context import RunContext, Task
from app.run.ensemble import Member
from app.run.written import unusable
from app.store import generated, review, runs
from app.store.project import Connection
from app.store.rows import InstanceRow, NewCandidate

STAGE: Final = "answers"
AGAIN_TEMPERATURE = 0.7
"""For one more answer to the same text, where the recipe is greedy and would give the same again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An instance to be answered, with its text as it is to be asked; attempt and task as in NewCandidate."""

    instance: InstanceRow
    attempt: int = 0
    task: str = ""


async def answer_missing(ctx: RunContext, member: Member) -> None:
    """Ask one answerer for every instance it has not answered."""
    missing, position = await ctx.project.fetch(
        lambda c: (
            generated.instances_missing_answer(c, ctx.run.id, member.model),
            runs.position_of(c, ctx.run.id, member.model, "answerer"),
        )
    )
    await _answer(ctx, position, member, [Asked(instance) for instance in missing])


async def answer_again(ctx: RunContext, member: Member) -> None:
    """Ask one answerer what a person wants answered once more."""
    asked = await ctx.project.fetch(lambda c: review.of_model(c, ctx.run.id, member.model))
    await _answer(ctx, None, member, [Asked(ask.instance, ask.attempt, ask.task) for ask in asked])


async def _answer(ctx: RunContext, position: int | None, member: Member, wanted: Sequence[Asked]) -> None:
    """Ask and store; without `position` a candidate comes behind all there are."""
    if not wanted:
        return
    by_kind = sorted(wanted, key=lambda asked: asked.instance.kind)  # a shared prefix is decoded once
    examples: dict[Kind, list[Demonstration]] = {}
    if member.style == "few-shot":
        limit = ctx.recipe.answers.sampling.max_new_tokens
        for kind in dict.fromkeys(asked.instance.kind for asked in by_kind):
            form = few_shot_form(ctx.recipe.answers, kind)
            examples[kind] = await ctx.worked_examples(member, STAGE, kind, form, limit)
    request_of = partial(_request, ctx, member, examples)
    async for asked, request, completion in ctx.ask(member, by_kind, request_of):
        await _store(ctx, position, member, asked, request, completion)


def few_shot_form(stage: AnswerStage, kind: Kind) -> BlockPrompt:
    """Return the prompt with worked examples for tasks of a kind."""
    return stage.few_shot_a if kind == "A" else stage.few_shot_b


def question(
    stage: AnswerStage, style: Style, task: Task, examples: Mapping[Kind, Sequence[Demonstration]]
) -> Prompt | list[Message]:
    """Return what an answerer is asked about a task; `examples` are what one of style few-shot is shown."""
    earlier = from_json(task.context)
    if style == "chat":
        turns = chat_messages(stage, task.instruction, task.input, earlier)
        return [Message(turn.role, turn.text) for turn in turns]
    instruction = in_lines(earlier) + task.instruction
    if style == "few-shot":
        return block_prompt(few_shot_form(stage, task.kind), examples[task.kind], instruction, task.input)
    return Prompt("", zero_shot(stage, instruction, task.input))


def _request(
    ctx: RunContext, member: Member, examples: Mapping[Kind, Sequence[Demonstration]], asked: Asked
) -> Request:
    stage, instance = ctx.recipe.answers, asked.instance
    sampling = stage.sampling
    if asked.attempt and not asked.task and sampling.temperature == 0:
        sampling = sampling.model_copy(update={"temperature": AGAIN_TEMPERATURE})
    ask = partial(ctx.request, STAGE, instance.id, member, sampling, attempt=asked.attempt)
    asked_with = question(stage, member.style, instance, examples)
    return ask(messages=asked_with) if isinstance(asked_with, list) else ask(prompt=asked_with)


async def _store(
    ctx: RunContext,
    position: int | None,
    member: Member,
    asked: Asked,
    request: Request,
    completion: Completion,
) -> None:
    instance, output = asked.instance, parse_answer(completion.text, member.style)
    row = ctx.completion_row(STAGE, instance.id, member, request, completion, asked.attempt)
    candidate = NewCandidate(
        instance_id=instance.id,
        model=member.model,
        role="answerer",
        position=position or 0,
        output=output,
        ended=completion.ended,
        error=completion.error,
        reason=unusable(completion) or answer_drop(output, ctx.recipe.answers.filters) or "",
        attempt=asked.attempt,
        task=asked.task,
    )

    def commit(c: Connection) -> None:
        if asked.attempt and not candidate.reason:
            generated.keep_again(c, instance.id)
        key = generated.save_completion(c, row)
        place = review.next_position(c, instance.id) if position is None else position
        generated.save_candidate(c, replace(candidate, completion_id=key, position=place))

    await ctx.project.write(commit)
    ctx.stored()
