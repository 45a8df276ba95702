"""What the forms of instances share that ask the writer: asking about instructions, dropping, storing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from app.engine.request import Completion, Request
from app.method.prompts import Prompt
from app.method.recipe_parts import SamplingTable
from app.method.terms import AskedFor, Kind
from app.run.context import RunContext
from app.run.written import Written, WrittenInstance, save_written, unusable
from app.store import generated
from app.store.project import Connection
from app.store.rows import InstructionRow, NewCompletion

STAGE: Final = "instances"

Read = Callable[[InstructionRow, Completion], Awaitable[Sequence[Written]]]
"""Reads a completion that holds an answer: the instances of the instruction asked about have its kind."""


def unasked(c: Connection, run_id: str, stage: AskedFor, kind: Kind | None = None) -> list[InstructionRow]:
    """Return the kept instructions of a run that the writer was not asked about yet in a stage."""
    asked = {subject for subject, _ in generated.completions_done(c, run_id, stage)}
    return [row for row in generated.kept_instructions(c, run_id, kind) if row.id not in asked]


async def write_instances(
    ctx: RunContext,
    instructions: Sequence[InstructionRow],
    prompt_of: Callable[[InstructionRow], Prompt],
    sampling: SamplingTable,
    read: Read,
) -> None:
    """Ask the writer for the instances of instructions; store what is read out of each completion."""

    def request_of(row: InstructionRow) -> Request:
        return ctx.writing(STAGE, row.id, sampling, prompt_of(row))

    async for instruction, request, completion in ctx.ask(ctx.writer, instructions, request_of, whole=True):
        reason = unusable(completion)
        nothing = [Written(instruction.kind, None, WrittenInstance("", "", completion.ended, reason))]
        written = nothing if reason else await read(instruction, completion)
        row = ctx.completion_row(STAGE, instruction.id, ctx.writer, request, completion)
        await ctx.write(partial(_save, completion=row, instruction=instruction, written=written))
        ctx.stored()


def _save(
    c: Connection, completion: NewCompletion, instruction: InstructionRow, written: Sequence[Written]
) -> None:
    kind = next(part.kind for part in written if part.verdict is None)
    if kind != instruction.kind:  # which is known only now
        generated.set_instruction_kind(c, instruction.id, kind)
    save_written(c, completion, written, instruction_id=instruction.id)
