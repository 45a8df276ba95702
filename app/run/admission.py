"""Which instructions may join a run: the filters and the pool, for whatever form wrote them.

Stage 1 is a row of numbered requests for each kind, or for all tasks where kinds are not made apart.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.method import filters
from app.method.answerable import compares_with_itself, needs_text, senseless, stands_alone
from app.method.novelty import Pool
from app.method.recipe import Recipe
from app.method.recipe_forms import Admission, BlockInstances
from app.method.terms import Kind
from app.run.context import RunContext
from app.run.written import Verdict, Written
from app.store import generated, instruction_decisions

STAGE: Final = "instructions"
UNDECIDED: Kind = "B"
"""The kind of a task that was not asked for by kind, until its instance says whether it needs an input."""
ALONE: Final = 4
"""Requests at the beginning of a run that are asked one by one until a text is kept."""


@dataclass(slots=True)
class KindState:
    """What stage 1 knows about one kind, or about all tasks, between waves."""

    kind: Kind | None
    """None where a recipe does not make the kinds apart from each other."""
    target: int
    pool: Pool
    seeds: list[str]
    rules: Admission | None
    """Which instructions may stay; None where no model writes new ones."""
    written: list[tuple[int, str]] = field(default_factory=list)
    """Kept machine-made instructions with the request that made them; −1 for those of other runs."""
    next_request: int = 0
    kept: int = 0
    begun: int = 0
    """The request at which a session of a run that has kept nothing yet begins: patience counts anew."""

    @property
    def reached(self) -> bool:
        """Whether the target is reached."""
        return self.kept >= self.target

    @property
    def kind_asked(self) -> Kind:
        """The kind that what is asked for has at first."""
        return self.kind or UNDECIDED

    @property
    def alone(self) -> bool:
        """Whether the next request is a wave of its own: while nothing is kept, the first ones are.

        One alone is back many times sooner than the first of many that are read and written together.
        """
        return not self.kept and self.next_request - self.begun < ALONE

    def wave_end(self, wave: int) -> int:
        """Return the request before which the next wave ends."""
        return self.next_request + 1 if self.alone else (self.next_request // wave + 1) * wave

    def subject(self, number: int) -> str:
        """Name a request of stage 1 in the store."""
        return f"{self.kind or 'all'}:{number}"

    def note_kept(self, request: int, written: Sequence[Written]) -> None:
        """Remember which instructions a request gave, for the demonstrations of later waves."""
        for verdict in (part.verdict for part in written):
            if verdict and not verdict.reason:
                self.note_text(request, verdict.text)

    def note_text(self, request: int, text: str) -> None:
        """Remember one, unless it lacks a text that tasks of its kind hold themselves."""
        if self.kind != "B" or not needs_text(text):
            self.written.append((request, text))

    def waves_without_result(self, wave: int) -> int:
        """Count the whole waves since the last kept instruction."""
        last = max((request for request, _ in self.written), default=-1)
        first_empty_wave = last // wave + 1 if last >= 0 else self.begun // wave
        return self.next_request // wave - first_empty_wave


def fresh_state(ctx: RunContext, kind: Kind | None) -> KindState:
    """Return where stage 1 stands before anything was written, without a target."""
    stage = ctx.recipe.instructions
    seeds = list(dict.fromkeys(seed.instruction for seed in ctx.seeds_of(kind)))
    rules = stage if isinstance(stage, Admission) else None
    state = KindState(kind, sys.maxsize, Pool(ctx.recipe.task_tokeniser), seeds, rules)
    state.pool.add(seeds)
    return state


async def kind_state(ctx: RunContext, kind: Kind | None, target: int) -> KindState:
    """Read from the project where stage 1 stands for one kind, or for all tasks."""
    model, stage = ctx.ensemble.writer.model, ctx.recipe.instructions
    pool_texts, done, kept, rejected = await ctx.project.fetch(
        lambda c: (
            generated.pool_texts(c, kind),
            generated.completions_done(c, ctx.run.id, STAGE),
            generated.kept_of_asked_kind(c, ctx.run.id, kind),
            instruction_decisions.rejected_texts(c, ctx.run.id, kind),
        )
    )
    fruitless = not kept and not await ctx.project.fetch(lambda c: generated.kept_instructions(c, ctx.run.id))
    state = KindState(
        kind,
        target,
        Pool(ctx.recipe.task_tokeniser),
        list(dict.fromkeys(seed.instruction for seed in ctx.seeds_of(kind))),
        stage if isinstance(stage, Admission) else None,
    )
    state.pool.add([*(text.text for text in pool_texts), *rejected])
    for text in pool_texts:
        if text.origin == "machine":
            here = text.run_id == ctx.run.id
            if not here or text.request is not None:
                state.note_text(text.request if here and text.request is not None else -1, text.text)
    ours = f"{kind or 'all'}:"
    numbers = [
        int(subject.removeprefix(ours)) for subject, by in done if by == model and subject.startswith(ours)
    ]
    without_model = [row.request for row in kept if row.request is not None]
    state.next_request = 1 + max([*numbers, *without_model], default=-1)
    state.begun = state.next_request if fruitless else 0
    # What a person rejected was made: a run does not put others in its place that nobody has seen.
    state.kept = len(kept) + len(rejected)
    return state


def gives_input(recipe: Recipe) -> bool:
    """Say whether stage 2 gives an input to what is of kind B and speaks of a text that is not there."""
    return isinstance(recipe.instances, BlockInstances) and recipe.instances.missing_inputs == "write"


async def judge(ctx: RunContext, state: KindState, text: str, *, cut: bool = False) -> Verdict:
    """Filter an instruction and compare it with the pool; a kept one joins the pool and counts."""
    rules = state.rules
    assert rules is not None
    reason = filters.instruction_drop(text, rules.filters, cut=cut)
    bare = state.kind == "B" or ctx.recipe.instances.form == "bare"
    if reason is None and bare and not gives_input(ctx.recipe) and needs_text(text):
        reason = "unanswerable"  # and no stage gives it an input
    if reason is None and rules.senseless == "drop":
        without_input = bare or stands_alone(text)
        if senseless(text) if without_input else compares_with_itself(text):
            reason = "senseless"
    if reason is not None:
        return Verdict(text, reason)
    if state.reached:
        return Verdict(text, "over_target")
    [novelty] = await asyncio.to_thread(state.pool.judge, [text], rules.novelty.threshold)
    if novelty.keep:
        state.kept += 1
    return Verdict(
        text, None if novelty.keep else "too_similar", novelty.score, novelty.nearest, novelty.mean
    )
