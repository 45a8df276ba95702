"""Stage 2 in the way of Self-Instruct (section 2.2): a question first whether a task is classification.

Those that are get their labels first and an input for each, so that not all inputs have the same label; all
others get inputs first. A completion may hold several instances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.engine.request import Completion, Request
from app.engine.supervisor import Engine
from app.method.filters import case_drops, kind_of
from app.method.parse import ParsedBlock, parse_input_first, parse_output_first, parse_yes
from app.method.prompts import Prompt, Worked, case_prompt, classify_prompt, draw_demonstrations
from app.method.recipe_forms import ClassifiedInstances
from app.method.recipe_parts import CasePrompt
from app.method.terms import Kind
from app.run.admission import FAILED, ONLY_REASONING
from app.run.asking import completions_in_order, demonstrations_that_fit
from app.run.context import ASK_AHEAD, RunContext, generator
from app.run.forms.blocks import STAGE
from app.store import generated
from app.store.project import Connection
from app.store.rows import InstructionRow, NewCandidate, NewCompletion, NewInstance, Status

CLASSIFY: Final = "classify"


@dataclass(frozen=True, slots=True)
class _Asked:
    """An instruction that an instance is asked for, and whether it is classification."""

    row: InstructionRow
    classification: bool


async def write_instances(ctx: RunContext, stage: ClassifiedInstances) -> None:
    """Classify every kept instruction that was not classified yet, and ask for its instances."""
    await _classify(ctx, stage)
    asked = await ctx.project.fetch(lambda c: _unwritten(ctx, stage, c))
    for classification in (True, False):
        await _work_out(ctx, stage, [one for one in asked if one.classification is classification])


async def _classify(ctx: RunContext, stage: ClassifiedInstances) -> None:
    form, member = stage.classify, ctx.ensemble.writer
    missing = await ctx.project.fetch(lambda c: _missing(ctx, c, CLASSIFY))
    if not missing:
        return
    seeds = {seed.instruction: seed.is_classification for seed in ctx.seeds}
    shown = draw_demonstrations(
        [(text, True) for text, yes in seeds.items() if yes],
        [(text, False) for text, yes in seeds.items() if not yes],
        form.yes,
        form.no,
        generator(ctx.run.seed, CLASSIFY),
    )
    async with ctx.ensemble.using(member) as engine:
        examples = await _fitted(
            ctx,
            engine,
            "Classification",
            lambda n, text: classify_prompt(form, shown[:n], text),
            len(shown),
            form.sampling.max_new_tokens,
        )

        def asked() -> Iterator[tuple[tuple[InstructionRow, Request], Request]]:
            for row in missing:
                prompt = classify_prompt(form, shown[:examples], row.text)
                request = ctx.request(CLASSIFY, row.id, member, form.sampling, prompt=prompt)
                yield (row, request), request

        async with aclosing(completions_in_order(engine, asked(), ctx.control, ASK_AHEAD)) as answers:
            async for (row, request), completion in answers:
                if completion.ended == "error":
                    ctx.tell_refused(member, completion)
                said = ctx.completion_row(CLASSIFY, row.id, member, request, completion)
                await ctx.project.write(partial(generated.save_completion, completion=said))
                ctx.stored()


async def _work_out(ctx: RunContext, stage: ClassifiedInstances, missing: Sequence[_Asked]) -> None:
    """Ask for the instances of instructions that are all classification, or all not."""
    if not missing:
        return
    member, classification = ctx.ensemble.writer, missing[0].classification
    form = stage.output_first if classification else stage.input_first
    shown = _worked(ctx, form, classification)
    async with ctx.ensemble.using(member) as engine:
        examples = await _fitted(
            ctx,
            engine,
            "Instances",
            lambda n, text: case_prompt(form, shown[:n], text),
            len(shown),
            form.sampling.max_new_tokens,
        )

        def asked() -> Iterator[tuple[tuple[_Asked, Request], Request]]:
            for one in missing:
                prompt = case_prompt(form, shown[:examples], one.row.text)
                request = ctx.request(STAGE, one.row.id, member, form.sampling, prompt=prompt)
                yield (one, request), request

        async with aclosing(completions_in_order(engine, asked(), ctx.control, ASK_AHEAD)) as answers:
            async for (one, request), completion in answers:
                await _store(ctx, stage, one, request, completion)


def _worked(ctx: RunContext, form: CasePrompt, classification: bool) -> list[Worked]:
    """Draw the seed tasks that are shown, each with all its instances."""
    tasks: dict[str, list[tuple[str, str]]] = {}
    for seed in ctx.seeds:
        if seed.is_classification is classification and seed.output.strip():
            tasks.setdefault(seed.instruction, []).append((seed.input, seed.output))
    worked = [Worked(text, tuple(cases)) for text, cases in tasks.items()]
    return draw_demonstrations(
        worked, (), form.demonstrations, 0, generator(ctx.run.seed, STAGE, classification)
    )


async def _fitted(
    ctx: RunContext,
    engine: Engine,
    what: str,
    prompt: Callable[[int, str], Prompt],
    most: int,
    max_new_tokens: int,
) -> int:
    """Return how many demonstrations fit with the longest instruction of the seed tasks; tell if not all."""
    longest = max((seed.instruction for seed in ctx.seeds), key=len)
    count = await demonstrations_that_fit(engine, lambda n: prompt(n, longest), most, max_new_tokens)
    if count < most:
        ctx.notice(
            f"{what} are asked with {count} of {most} demonstrations: the writer's context of "
            f"{engine.settings.context} tokens is full."
        )
    return count


def _missing(ctx: RunContext, c: Connection, stage: str) -> list[InstructionRow]:
    done = {subject for subject, _ in generated.completions_done(c, ctx.run.id, stage)}
    return [row for row in generated.kept_instructions(c, ctx.run.id) if row.id not in done]


def _unwritten(ctx: RunContext, stage: ClassifiedInstances, c: Connection) -> list[_Asked]:
    said = generated.completion_texts(c, ctx.run.id, CLASSIFY)
    return [
        _Asked(row, parse_yes(said.get(row.id, ""), stage.classify.yes_words))
        for row in _missing(ctx, c, STAGE)
    ]


async def _store(
    ctx: RunContext, stage: ClassifiedInstances, one: _Asked, request: Request, completion: Completion
) -> None:
    """Store a completion with the instances read out of it and the kind that they give the instruction."""
    row = ctx.completion_row(STAGE, one.row.id, ctx.ensemble.writer, request, completion)
    if completion.ended == "error":
        ctx.tell_refused(ctx.ensemble.writer, completion)
        blocks: Sequence[ParsedBlock] = (ParsedBlock(None, "", ""),)
        reasons, kind = [FAILED], one.row.kind
    elif completion.only_thinking:
        blocks = (ParsedBlock(None, "", ""),)
        reasons, kind = [ONLY_REASONING], one.row.kind
    else:
        read = parse_output_first if one.classification else parse_input_first
        blocks = read(completion.text)
        reasons = case_drops(
            blocks, one.row.text, completion.ended, stage.most, classification=one.classification
        )
        kind = kind_of(blocks, reasons, classification=one.classification)
    await ctx.project.write(lambda c: _commit(c, row, one.row.id, kind, blocks, reasons))
    ctx.stored()


def _commit(
    c: Connection,
    row: NewCompletion,
    instruction: str,
    kind: Kind,
    blocks: Sequence[ParsedBlock],
    reasons: Sequence[str],
) -> None:
    key = generated.save_completion(c, row)
    generated.set_instruction_kind(c, instruction, kind)
    for position, (block, reason) in enumerate(zip(blocks, reasons, strict=True)):
        status: Status = "quarantined" if reason == FAILED else "dropped" if reason else "kept"
        [instance] = generated.save_instances(
            c, [NewInstance(row.run_id, instruction, block.input, status, reason, key, position)]
        )
        if block.output or instance.status == "kept":
            ended = row.ended if position == len(blocks) - 1 else "end"
            generated.save_candidate(
                c, NewCandidate(instance.id, row.model, "writer", 0, block.output, ended, key)
            )
