"""Stage 1: the writer proposes instructions, wave by wave (Ensemble-Instruct, section 2.2).

Requests of a kind are numbered through the whole run; the wave of a request is its number divided by the
wave size. Its demonstrations come from the pool as it stood when that wave began, and results are admitted
in request order. So a run that stops anywhere goes on with what it would have asked next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from app.engine.request import Completion, Request
from app.engine.supervisor import Engine
from app.method import filters
from app.method.kinds import Kind
from app.method.novelty import Pool
from app.method.parse import parse_instructions
from app.method.prompts import Prompt, draw_demonstrations, list_prompt
from app.run.context import ASK_AHEAD, RunContext
from app.run.demonstrations import demonstrations_that_fit
from app.run.ordered import completions_in_order
from app.run.seeding import generator
from app.store import generated
from app.store.project import Connection
from app.store.rows import NewInstruction, Status

STAGE = "instructions"
OVER_TARGET = "over_target"
TOO_SIMILAR = "too_similar"
FAILED = "failed"


@dataclass(slots=True)
class KindState:
    """What stage 1 knows about one kind between waves."""

    kind: Kind
    target: int
    pool: Pool
    seeds: list[str]
    written: list[tuple[int, str]] = field(default_factory=list)
    """Kept machine-made instructions with the request that made them; −1 for those of other runs."""
    next_request: int = 0
    kept: int = 0

    def exhausted(self, wave: int, patience: int) -> bool:
        """Whether the writer has nothing new: `patience` whole waves since the last kept instruction."""
        last = max((request for request, _ in self.written), default=-1)
        first_empty_wave = last // wave + 1 if last >= 0 else 0
        return self.next_request // wave - first_empty_wave >= patience

    def finished(self, wave: int, patience: int) -> bool:
        """Whether this kind needs no further wave."""
        return self.kept >= self.target or self.exhausted(wave, patience)


async def kind_state(ctx: RunContext, kind: Kind, target: int) -> KindState:
    """Read from the project where stage 1 stands for one kind."""
    model = ctx.ensemble.writer.model
    pool_texts, done, kept = await ctx.project.fetch(
        lambda c: (
            generated.pool_texts(c, kind),
            generated.completions_done(c, ctx.run.id, STAGE),
            generated.kept_instructions(c, ctx.run.id, kind),
        )
    )
    state = KindState(
        kind,
        target,
        Pool(ctx.recipe.tokeniser),
        [seed.instruction for seed in ctx.seeds_of(kind)],
    )
    state.pool.add([text.text for text in pool_texts])
    for text in pool_texts:
        if text.origin == "machine":
            ours = text.run_id == ctx.run.id
            if not ours or text.request is not None:
                state.written.append((text.request if ours and text.request is not None else -1, text.text))
    numbers = [
        int(subject.split(":")[1]) for subject, by in done if by == model and subject.startswith(f"{kind}:")
    ]
    state.next_request = 1 + max(numbers, default=-1)
    state.kept = len(kept)
    return state


async def write_wave(ctx: RunContext, state: KindState) -> None:
    """Ask for the rest of the present wave of a kind, until the wave or the target is reached."""
    stage = ctx.recipe.instructions
    wave_begin = state.next_request // stage.wave * stage.wave
    member = ctx.ensemble.writer
    async with ctx.ensemble.using(member) as engine:
        prompts = [
            await _prompt(ctx, state, engine, number, wave_begin)
            for number in range(state.next_request, wave_begin + stage.wave)
        ]

        def asked() -> Iterator[tuple[Request, Request]]:
            for number, prompt in enumerate(prompts, start=state.next_request):
                request = ctx.request(STAGE, f"{state.kind}:{number}", member, stage.sampling, prompt=prompt)
                yield request, request

        async with aclosing(completions_in_order(engine, asked(), ctx.control, ASK_AHEAD)) as answers:
            async for request, completion in answers:
                await _admit(ctx, state, request, completion)
                if state.kept >= state.target:
                    break


async def _prompt(ctx: RunContext, state: KindState, engine: Engine, number: int, wave_begin: int) -> Prompt:
    stage = ctx.recipe.instructions
    form = stage.a if state.kind == "A" else stage.b
    machine = [text for request, text in state.written if request < wave_begin]
    shown = draw_demonstrations(
        state.seeds, machine, form.seeds, form.machine, generator(ctx.run.seed, STAGE, state.kind, number)
    )
    count = await demonstrations_that_fit(
        engine, lambda n: list_prompt(form, shown[:n]), len(shown), stage.sampling.max_new_tokens
    )
    if count < len(shown):
        ctx.notice(
            f"Instructions of kind {state.kind} are asked with fewer demonstrations than the recipe's "
            f"{form.seeds + form.machine}: the writer's context of {engine.settings.context} tokens is full."
        )
    return list_prompt(form, shown[:count])


async def _admit(ctx: RunContext, state: KindState, request: Request, completion: Completion) -> None:
    """Judge what a completion holds and store it with its verdicts in one transaction."""
    subject = request.id.split(":", 1)[1]
    number = int(subject.split(":")[1])
    row = ctx.completion_row(STAGE, subject, ctx.ensemble.writer, request, completion)
    if completion.ended == "error":
        ctx.tell_refused(ctx.ensemble.writer, completion)
        verdicts = [Verdict("", "quarantined", FAILED)]
    else:
        verdicts = await _verdicts(ctx, state, completion)
    rows = [
        verdict.row(ctx.run.id, state.kind, number, position) for position, verdict in enumerate(verdicts)
    ]

    def commit(c: Connection) -> None:
        key = generated.save_completion(c, row)
        generated.save_instructions(c, [replace(one, completion_id=key) for one in rows])

    await ctx.project.write(commit)
    state.next_request = number + 1
    state.written += [(number, verdict.text) for verdict in verdicts if verdict.status == "kept"]
    ctx.stored()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one instruction text, and the novelty scores that decided."""

    text: str
    status: Status
    reason: str = ""
    score: float | None = None
    nearest: str | None = None
    mean: float | None = None

    def row(self, run_id: str, kind: Kind, request: int | None, position: int) -> NewInstruction:
        """Describe it for the store."""
        return NewInstruction(
            run_id=run_id,
            kind=kind,
            text=self.text,
            status=self.status,
            reason=self.reason,
            score=self.score,
            nearest=self.nearest,
            mean=self.mean,
            request=request,
            position=position,
        )


async def _verdicts(ctx: RunContext, state: KindState, completion: Completion) -> list[Verdict]:
    """Judge the texts of a completion in order; only the last can have been cut by length."""
    *whole, last = parse_instructions(completion.text)
    verdicts = [await judge(ctx, state, text) for text in whole]
    return [*verdicts, await judge(ctx, state, last, cut=completion.ended == "length")]


async def judge(ctx: RunContext, state: KindState, text: str, *, cut: bool = False) -> Verdict:
    """Filter an instruction and compare it with the pool; a kept one joins the pool and counts."""
    rules = ctx.recipe.instructions
    reason = filters.instruction_drop(text, rules.filters, cut=cut)
    if reason is not None:
        return Verdict(text, "dropped", reason)
    if state.kept >= state.target:
        return Verdict(text, "dropped", OVER_TARGET)
    [novelty] = await asyncio.to_thread(state.pool.judge, [text], rules.novelty.threshold)
    if novelty.keep:
        state.kept += 1
    return Verdict(
        text,
        "kept" if novelty.keep else "dropped",
        "" if novelty.keep else TOO_SIMILAR,
        novelty.score,
        novelty.nearest,
        novelty.mean,
    )
