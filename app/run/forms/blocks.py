"""Stages 2 and 3: the writer makes an input and its own output; what is not valid is dropped by name.

All requests of a kind share one prefix: header and worked examples, drawn once per run from the seed
tasks (Ensemble-Instruct, section 2.3). Blocks that the model adds on its own are harvested: their
instruction is judged like one of stage 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

from app.engine.request import Completion, Request
from app.engine.supervisor import Engine
from app.method import filters
from app.method.parse import ParsedBlock, parse_instances
from app.method.prompts import Demonstration, block_prompt
from app.method.recipe_forms import BlockInstances
from app.method.recipe_parts import BlockPrompt
from app.method.terms import Ended, Kind
from app.run.admission import FAILED, ONLY_REASONING, KindState, Verdict, judge
from app.run.asking import completions_in_order, demonstrations_that_fit
from app.run.context import ASK_AHEAD, RunContext
from app.store import generated
from app.store.project import Connection
from app.store.rows import InstructionRow, NewCandidate, NewCompletion, NewInstance, NewInstruction, Status

STAGE: Final = "instances"


async def write_instances(ctx: RunContext, stage: BlockInstances, state: KindState) -> None:
    """Ask for an instance of every kept instruction of this kind that was not asked for yet."""
    kind = state.kind
    assert kind is not None  # a recipe with blocks gets its instructions by kind
    missing = await ctx.project.fetch(lambda c: _missing(ctx, c, kind))
    if not missing:
        return
    form = stage.a if kind == "A" else stage.b
    member = ctx.ensemble.writer
    async with ctx.ensemble.using(member) as engine:
        examples = await fitted_examples(ctx, engine, STAGE, kind, form, stage.sampling.max_new_tokens)

        def asked() -> Iterator[tuple[tuple[InstructionRow, Request], Request]]:
            for instruction in missing:
                prompt = block_prompt(form, examples, instruction.text, None)
                request = ctx.request(STAGE, instruction.id, member, stage.sampling, prompt=prompt)
                yield (instruction, request), request

        async with aclosing(completions_in_order(engine, asked(), ctx.control, ASK_AHEAD)) as answers:
            async for (instruction, request), completion in answers:
                await _store(ctx, state, instruction, request, completion)


async def fitted_examples(
    ctx: RunContext, engine: Engine, stage: str, kind: Kind, form: BlockPrompt, max_new_tokens: int
) -> list[Demonstration]:
    """Return the worked examples all requests of a stage and kind share, as many as the context holds.

    Room is measured with the longest seed task of the kind, or example, as the target.
    """
    examples = ctx.worked_examples(stage, kind, form)
    targets = [(seed.instruction, seed.input) for seed in ctx.seeds_of(kind)]
    targets += [(example.instruction, example.input) for example in examples]
    longest = max(targets, key=lambda task: len(task[0]) + len(task[1]), default=("", ""))
    count = await demonstrations_that_fit(
        engine,
        lambda n: block_prompt(form, examples[:n], *longest),
        len(examples),
        max_new_tokens,
    )
    if count < len(examples):
        ctx.notice(
            f"{stage.capitalize()} of kind {kind} are asked with {count} of {len(examples)} demonstrations: "
            f"the context of {engine.state.name} holds {engine.settings.context} tokens."
        )
    return examples[:count]


def _missing(ctx: RunContext, c: Connection, kind: Kind) -> list[InstructionRow]:
    """Find the kept instructions of stage 1 without a completion of stage 2."""
    done = {subject for subject, _ in generated.completions_done(c, ctx.run.id, STAGE)}
    return [
        row
        for row in generated.kept_instructions(c, ctx.run.id, kind)
        if row.request is not None and row.id not in done
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    """One block read out of a completion: the instance, the writer's output, a harvested instruction."""

    input: str
    output: str
    ended: Ended
    reason: str
    quarantined: bool = False
    harvested: NewInstruction | None = None


async def _store(
    ctx: RunContext, state: KindState, asked: InstructionRow, request: Request, completion: Completion
) -> None:
    """Store a completion with the instances read out of it, and the harvested instructions."""
    row = ctx.completion_row(STAGE, asked.id, ctx.ensemble.writer, request, completion)
    if completion.ended == "error":
        ctx.tell_refused(ctx.ensemble.writer, completion)
        found = [_Found("", "", "error", FAILED, quarantined=True)]
    elif completion.only_thinking:
        found = [_Found("", "", completion.ended, ONLY_REASONING)]
    else:
        blocks = parse_instances(completion.text, asked.kind)
        found = [
            await _read(
                ctx, state, asked, block, completion.ended, position, last=position == len(blocks) - 1
            )
            for position, block in enumerate(blocks)
        ]
    await ctx.project.write(lambda c: _commit(c, row, asked, found))
    ctx.stored()


async def _read(
    ctx: RunContext,
    state: KindState,
    asked: InstructionRow,
    block: ParsedBlock,
    ended: Ended,
    position: int,
    *,
    last: bool,
) -> _Found:
    """Check one block; an instruction the model added is judged like one of stage 1."""
    assert state.rules is not None  # only given instructions have none, and no instances of this form
    rules = state.rules.filters
    reason: str = filters.block_drop(block, asked.kind, asked.text, rules, ended, last=last) or ""
    harvested = None
    if position > 0:
        text = block.instruction or ""
        verdict = Verdict(text, "dropped", reason) if reason else await judge(ctx, state, text)
        harvested = verdict.row(ctx.run.id, asked.kind, None, position)
        reason = reason or verdict.reason
    return _Found(block.input, block.output, ended if last else "end", reason, harvested=harvested)


def _commit(c: Connection, row: NewCompletion, asked: InstructionRow, found: Sequence[_Found]) -> None:
    key = generated.save_completion(c, row)
    for position, one in enumerate(found):
        instruction = asked.id
        if one.harvested:
            [instruction] = generated.save_instructions(c, [replace(one.harvested, completion_id=key)])
        status: Status = "quarantined" if one.quarantined else "dropped" if one.reason else "kept"
        [instance] = generated.save_instances(
            c, [NewInstance(row.run_id, instruction, one.input, status, one.reason, key, position)]
        )
        if one.output or instance.status == "kept":
            generated.save_candidate(
                c, NewCandidate(instance.id, row.model, "writer", 0, one.output, one.ended, key)
            )
