"""Stage 4: every answerer gives its own output for every valid instance.

Vanilla models are shown worked examples, instruction-tuned ones are asked directly, those with a chat
template through it (Ensemble-Instruct, section 3.1 and figure 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

from app.engine.request import Completion, Message, Request
from app.method.filters import answer_drop
from app.method.parse import parse_answer
from app.method.prompts import Demonstration, Prompt, block_prompt, chat_messages, zero_shot
from app.method.recipe_parts import BlockPrompt
from app.method.terms import Kind
from app.run.admission import FAILED, ONLY_REASONING
from app.run.asking import completions_in_order
from app.run.context import ASK_AHEAD, RunContext
from app.run.ensemble import Member
from app.run.forms.blocks import fitted_examples
from app.store import generated, review, runs
from app.store.project import Connection
from app.store.rows import InstanceRow, NewCandidate

STAGE: Final = "answers"
AGAIN_TEMPERATURE = 0.7
"""For one more answer to the same text, where the recipe is greedy and would only say the same again."""


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


async def _answer(ctx: RunContext, position: int | None, member: Member, wanted: list[Asked]) -> None:
    """Ask and store; without `position` a candidate comes behind all there are."""
    if not wanted:
        return
    wanted.sort(key=lambda one: one.instance.kind)  # a shared prefix is decoded once per kind
    async with ctx.ensemble.using(member) as engine:
        examples: dict[Kind, list[Demonstration]] = {}
        if member.style == "few-shot":
            limit = ctx.recipe.answers.sampling.max_new_tokens
            for kind in dict.fromkeys(one.instance.kind for one in wanted):
                form = _few_shot_form(ctx, kind)
                examples[kind] = await fitted_examples(ctx, engine, STAGE, kind, form, limit)

        def requests() -> Iterator[tuple[tuple[Asked, Request], Request]]:
            for one in wanted:
                request = _request(ctx, member, one, examples.get(one.instance.kind, []))
                yield (one, request), request

        async with aclosing(completions_in_order(engine, requests(), ctx.control, ASK_AHEAD)) as answers:
            async for (one, request), completion in answers:
                await _store(ctx, position, member, one, request, completion)


def _few_shot_form(ctx: RunContext, kind: Kind) -> BlockPrompt:
    return ctx.recipe.answers.few_shot_a if kind == "A" else ctx.recipe.answers.few_shot_b


def _request(ctx: RunContext, member: Member, asked: Asked, examples: list[Demonstration]) -> Request:
    stage, instance = ctx.recipe.answers, asked.instance
    sampling = stage.sampling
    if asked.attempt and not asked.task and sampling.temperature == 0:
        sampling = sampling.model_copy(update={"temperature": AGAIN_TEMPERATURE})
    ask = partial(ctx.request, STAGE, instance.id, member, sampling, attempt=asked.attempt)
    if member.style == "chat":
        turns = chat_messages(stage, instance.instruction, instance.input)
        return ask(messages=[Message(_role(turn["role"]), turn["content"]) for turn in turns])
    if member.style == "few-shot":
        form = _few_shot_form(ctx, instance.kind)
        return ask(prompt=block_prompt(form, examples, instance.instruction, instance.input))
    return ask(prompt=Prompt("", zero_shot(stage, instance.instruction, instance.input)))


def _role(name: str) -> Literal["system", "user"]:
    return "system" if name == "system" else "user"


async def _store(
    ctx: RunContext,
    position: int | None,
    member: Member,
    asked: Asked,
    request: Request,
    completion: Completion,
) -> None:
    if completion.ended == "error":
        ctx.tell_refused(member, completion)
    instance = asked.instance
    row = ctx.completion_row(STAGE, instance.id, member, request, completion, asked.attempt)
    candidate = NewCandidate(
        instance_id=instance.id,
        model=member.model,
        role="answerer",
        position=position or 0,
        output=parse_answer(completion.text, member.style),
        ended=completion.ended,
        error=completion.error,
        reason=_drop(ctx, member, completion),
        attempt=asked.attempt,
        task=asked.task,
    )

    def commit(c: Connection) -> None:
        key = generated.save_completion(c, row)
        place = review.next_position(c, instance.id) if position is None else position
        generated.save_candidate(c, replace(candidate, completion_id=key, position=place))

    await ctx.project.write(commit)
    ctx.stored()


def _drop(ctx: RunContext, member: Member, completion: Completion) -> str:
    """Return why an answer takes no part in the vote, or ""."""
    if completion.ended == "error":
        return FAILED
    if completion.only_thinking:
        return ONLY_REASONING
    return answer_drop(parse_answer(completion.text, member.style), ctx.recipe.answers.filters) or ""
