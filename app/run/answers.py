"""Stage 4: every answerer gives its own output for every valid instance.

Vanilla models are shown worked examples, instruction-tuned ones are asked directly, those with a chat
template through it (Ensemble-Instruct, section 3.1 and figure 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Literal

from app.engine.request import Completion, Message, Request
from app.method.filters import answer_drop
from app.method.kinds import Kind
from app.method.parse import parse_answer
from app.method.prompts import Demonstration, Prompt, block_prompt, chat_messages, zero_shot
from app.method.recipe_parts import BlockPrompt
from app.run.admission import FAILED, ONLY_REASONING
from app.run.context import ASK_AHEAD, RunContext
from app.run.ensemble import Member
from app.run.instances import fitted_examples
from app.run.ordered import completions_in_order
from app.store import generated, runs
from app.store.project import Connection
from app.store.rows import InstanceRow, NewCandidate

STAGE = "answers"


async def answer_missing(ctx: RunContext, member: Member) -> None:
    """Ask one answerer for every instance it has not answered."""
    missing, position = await ctx.project.fetch(
        lambda c: (
            generated.instances_missing_answer(c, ctx.run.id, member.model),
            runs.position_of(c, ctx.run.id, member.model, "answerer"),
        )
    )
    if not missing:
        return
    missing.sort(key=lambda instance: instance.kind)  # a shared prefix is decoded once per kind
    async with ctx.ensemble.using(member) as engine:
        examples: dict[Kind, list[Demonstration]] = {}
        if member.style == "few-shot":
            limit = ctx.recipe.answers.sampling.max_new_tokens
            for kind in dict.fromkeys(instance.kind for instance in missing):
                form = _few_shot_form(ctx, kind)
                examples[kind] = await fitted_examples(ctx, engine, STAGE, kind, form, limit)

        def asked() -> Iterator[tuple[tuple[InstanceRow, Request], Request]]:
            for instance in missing:
                request = _request(ctx, member, instance, examples.get(instance.kind, []))
                yield (instance, request), request

        async with aclosing(completions_in_order(engine, asked(), ctx.control, ASK_AHEAD)) as answers:
            async for (instance, request), completion in answers:
                await _store(ctx, position, member, instance, request, completion)


def _few_shot_form(ctx: RunContext, kind: Kind) -> BlockPrompt:
    return ctx.recipe.answers.few_shot_a if kind == "A" else ctx.recipe.answers.few_shot_b


def _request(
    ctx: RunContext, member: Member, instance: InstanceRow, examples: list[Demonstration]
) -> Request:
    stage = ctx.recipe.answers
    if member.style == "chat":
        turns = chat_messages(stage, instance.instruction, instance.input)
        messages = [Message(_role(turn["role"]), turn["content"]) for turn in turns]
        return ctx.request(STAGE, instance.id, member, stage.sampling, messages=messages)
    if member.style == "few-shot":
        prompt = block_prompt(
            _few_shot_form(ctx, instance.kind), examples, instance.instruction, instance.input
        )
    else:
        prompt = Prompt("", zero_shot(stage, instance.instruction, instance.input))
    return ctx.request(STAGE, instance.id, member, stage.sampling, prompt=prompt)


def _role(name: str) -> Literal["system", "user"]:
    return "system" if name == "system" else "user"


async def _store(
    ctx: RunContext,
    position: int,
    member: Member,
    instance: InstanceRow,
    request: Request,
    completion: Completion,
) -> None:
    if completion.ended == "error":
        ctx.tell_refused(member, completion)
    row = ctx.completion_row(STAGE, instance.id, member, request, completion)
    candidate = NewCandidate(
        instance_id=instance.id,
        model=member.model,
        role="answerer",
        position=position,
        output=parse_answer(completion.text, member.style),
        ended=completion.ended,
        error=completion.error,
        reason=_drop(ctx, member, completion),
    )

    def commit(c: Connection) -> None:
        key = generated.save_completion(c, row)
        generated.save_candidate(c, replace(candidate, completion_id=key))

    await ctx.project.write(commit)
    ctx.stored()


def _drop(ctx: RunContext, member: Member, completion: Completion) -> str:
    """Return why an answer takes no part in the vote, or ""."""
    if completion.ended == "error":
        return FAILED
    if completion.only_thinking:
        return ONLY_REASONING
    return answer_drop(parse_answer(completion.text, member.style), ctx.recipe.answers.filters) or ""
