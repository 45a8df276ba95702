"""Which instructions may join a run: the filters and the pool, for whatever form wrote them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from app.method import filters
from app.method.novelty import Pool
from app.method.recipe_forms import Admission
from app.method.terms import Kind
from app.run.context import RunContext
from app.store import generated, instruction_decisions
from app.store.rows import NewInstruction, Status

STAGE: Final = "instructions"
OVER_TARGET = "over_target"
TOO_SIMILAR = "too_similar"
FAILED = "failed"
ONLY_REASONING = "only_reasoning"


@dataclass(slots=True)
class KindState:
    """What stage 1 knows about one kind, or about all tasks, between waves."""

    kind: Kind | None
    """None where a recipe does not get the kinds apart from each other."""
    target: int
    pool: Pool
    seeds: list[str]
    rules: Admission | None
    """Which instructions may stay; None where no model writes any."""
    written: list[tuple[int, str]] = field(default_factory=list)
    """Kept machine-made instructions with the request that made them; −1 for those of other runs."""
    next_request: int = 0
    kept: int = 0

    def subject(self, number: int) -> str:
        """Name a request of stage 1 in the store."""
        return f"{self.kind or 'all'}:{number}"

    def waves_without_result(self, wave: int) -> int:
        """Count the whole waves since the last kept instruction."""
        last = max((request for request, _ in self.written), default=-1)
        first_empty_wave = last // wave + 1 if last >= 0 else 0
        return self.next_request // wave - first_empty_wave


async def kind_state(ctx: RunContext, kind: Kind | None, target: int) -> KindState:
    """Read from the project where stage 1 stands for one kind, or for all tasks."""
    model, stage = ctx.ensemble.writer.model, ctx.recipe.instructions
    pool_texts, done, kept, rejected = await ctx.project.fetch(
        lambda c: (
            generated.pool_texts(c, kind),
            generated.completions_done(c, ctx.run.id, STAGE),
            generated.kept_instructions(c, ctx.run.id, kind),
            instruction_decisions.rejected_texts(c, ctx.run.id, kind),
        )
    )
    state = KindState(
        kind,
        target,
        Pool(ctx.recipe.tokeniser),
        list(dict.fromkeys(seed.instruction for seed in ctx.seeds_of(kind))),
        stage if isinstance(stage, Admission) else None,
    )
    state.pool.add([*(text.text for text in pool_texts), *rejected])
    for text in pool_texts:
        if text.origin == "machine":
            here = text.run_id == ctx.run.id
            if not here or text.request is not None:
                state.written.append((text.request if here and text.request is not None else -1, text.text))
    ours = f"{kind or 'all'}:"
    numbers = [
        int(subject.removeprefix(ours)) for subject, by in done if by == model and subject.startswith(ours)
    ]
    given = [one.request for one in kept if one.request is not None]
    state.next_request = 1 + max([*numbers, *given], default=-1)
    # What a person rejected was made: a run does not put others in its place that nobody has seen.
    state.kept = len(kept) + len(rejected)
    return state


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one instruction text, and the novelty scores that decided."""

    text: str
    status: Status
    reason: str = ""
    score: float | None = None
    nearest: str | None = None
    mean: float | None = None
    source: str = ""

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
            source=self.source,
        )


async def judge(ctx: RunContext, state: KindState, text: str, *, cut: bool = False) -> Verdict:
    """Filter an instruction and compare it with the pool; a kept one joins the pool and counts."""
    rules = state.rules
    assert rules is not None
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
