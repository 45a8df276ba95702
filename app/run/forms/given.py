"""Given instructions, and instances without a model.

Each seed task is an instruction, with its input as the instance. Its output is not taken over: the models'
answers stand for it (sequence-level distillation). Bare instances make every kept instruction a task
without input.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.method.recipe_forms import BareInstances, GivenInstructions, NoInstances
from app.run.admission import KindState
from app.run.context import RunContext
from app.store import generated
from app.store.project import Connection
from app.store.rows import NewInstance, NewInstruction

AT_ONCE = 100
"""Seed tasks stored in one transaction; on a cluster more, if that many do not keep all replicas busy."""


@dataclass(frozen=True, slots=True)
class Given:
    """The seed tasks as instructions, with their inputs as instances."""

    ctx: RunContext
    stage: GivenInstructions

    def exhausted(self, state: KindState) -> bool:
        """Say whether every seed task of the kind was taken."""
        return state.next_request >= len(self.ctx.seeds_of(state.kind))

    async def write_wave(self, state: KindState) -> None:
        """Make the next seed tasks of this kind, up to the target, instructions with their instances."""
        ctx, begin = self.ctx, state.next_request
        room = max(state.target - state.kept, 0)
        most = max(AT_ONCE, *(2 * member.engine.ahead for member in ctx.ensemble.answerers))
        seeds = ctx.seeds_of(state.kind)[begin:][: min(most, room)]
        rows = [
            NewInstruction(
                ctx.run.id,
                seed.kind,
                seed.instruction,
                "kept",
                request=number,
                position=number,
                source=seed.source,
            )
            for number, seed in enumerate(seeds, start=begin)
        ]

        def commit(c: Connection) -> None:
            for key, seed in zip(generated.save_instructions(c, rows), seeds, strict=True):
                instance = NewInstance(ctx.run.id, key, seed.input, "kept", context=seed.context)
                generated.save_instances(c, [instance])

        await ctx.write(commit)
        state.next_request += len(seeds)
        state.kept += len(seeds)
        ctx.stored()


@dataclass(frozen=True, slots=True)
class Bare:
    """An empty input for every instruction; the answerers give the first output."""

    ctx: RunContext
    stage: BareInstances

    async def write_instances(self, state: KindState) -> None:
        """Give every kept instruction of the run that has no instance one with an empty input."""
        run_id = self.ctx.run.id

        def commit(c: Connection) -> int:
            missing = generated.instructions_without_instance(c, run_id)
            generated.save_instances(c, [NewInstance(run_id, row.id, "", "kept") for row in missing])
            return len(missing)

        if await self.ctx.write(commit):
            self.ctx.stored()


@dataclass(frozen=True, slots=True)
class Included:
    """Instances that came with their instructions."""

    ctx: RunContext
    stage: NoInstances

    async def write_instances(self, state: KindState) -> None:
        """Do nothing: they are there."""
