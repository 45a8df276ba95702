"""Stage 2 without a model: every kept instruction is a task without input, for the answerers to answer."""

from __future__ import annotations

from app.run.context import RunContext
from app.store import generated
from app.store.project import Connection
from app.store.rows import NewInstance


async def make_instances(ctx: RunContext) -> None:
    """Give every kept instruction of the run that has no instance one with an empty input."""

    def commit(c: Connection) -> int:
        missing = generated.instructions_without_instance(c, ctx.run.id)
        generated.save_instances(c, [NewInstance(ctx.run.id, row.id, "", "kept") for row in missing])
        return len(missing)

    if await ctx.project.write(commit):
        ctx.stored()
