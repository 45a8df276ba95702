"""Given instructions, and instances without a model.

Each seed task is an instruction, with its input as the instance. Its output is not taken over: the models'
answers stand for it (sequence-level distillation). Bare instances make every kept instruction a task
without input.
"""

from __future__ import annotations

from app.run.admission import KindState, Verdict
from app.run.context import RunContext
from app.store import generated
from app.store.project import Connection
from app.store.rows import NewInstance

AT_ONCE = 100
"""Seed tasks stored in one transaction."""


async def admit(ctx: RunContext, state: KindState) -> None:
    """Make the next seed tasks of this kind, up to the target, instructions with their instances."""
    begin = state.next_request
    room = max(state.target - state.kept, 0)
    seeds = ctx.seeds_of(state.kind)[begin:][: min(AT_ONCE, room)]

    def commit(c: Connection) -> None:
        rows = [
            Verdict(seed.instruction, "kept", source=seed.source).row(ctx.run.id, seed.kind, number, number)
            for number, seed in enumerate(seeds, start=begin)
        ]
        for key, seed in zip(generated.save_instructions(c, rows), seeds, strict=True):
            generated.save_instances(c, [NewInstance(ctx.run.id, key, seed.input, "kept")])

    await ctx.project.write(commit)
    state.next_request += len(seeds)
    state.kept += len(seeds)
    ctx.stored()


async def make_instances(ctx: RunContext) -> None:
    """Give every kept instruction of the run that has no instance one with an empty input."""

    def commit(c: Connection) -> int:
        missing = generated.instructions_without_instance(c, ctx.run.id)
        generated.save_instances(c, [NewInstance(ctx.run.id, row.id, "", "kept") for row in missing])
        return len(missing)

    if await ctx.project.write(commit):
        ctx.stored()
