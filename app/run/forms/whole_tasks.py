"""Stages 1 and 2 in one call: the writer goes on with a list of whole tasks, as Alpaca was made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.engine.request import Completion, Request
from app.engine.supervisor import Engine
from app.method.filters import instance_drop
from app.method.parse import ParsedTask, parse_tasks
from app.method.prompts import Demonstration, draw_demonstrations, task_prompt
from app.method.recipe_forms import WholeTasks
from app.method.terms import Ended
from app.run.admission import STAGE, KindState, Verdict, judge
from app.run.asking import (
    ask_wave,
    demonstrations_that_fit,
    note_kept,
    store_verdicts,
    unusable,
    wave_begin,
    writer_request,
)
from app.run.context import RunContext, generator
from app.store import generated
from app.store.project import Connection
from app.store.rows import NewCandidate, NewCompletion, NewInstance


@dataclass(frozen=True, slots=True)
class _Judged:
    """A task with what became of it."""

    task: ParsedTask
    verdict: Verdict
    ended: Ended


async def write_wave(ctx: RunContext, stage: WholeTasks, state: KindState) -> None:
    """Ask for the rest of the present wave, until the wave or the target is reached."""

    async def ask(engine: Engine, number: int) -> Request:
        drawn = draw_demonstrations(
            ctx.seeds, (), stage.prompt.seeds, 0, generator(ctx.run.seed, STAGE, "all", number)
        )
        shown = [Demonstration(seed.instruction, seed.input, seed.output) for seed in drawn]
        count = await demonstrations_that_fit(
            engine, lambda n: task_prompt(stage.prompt, shown[:n]), len(shown), stage.sampling.max_new_tokens
        )
        if count < len(shown):
            ctx.notice(
                f"Tasks are asked with fewer than {stage.prompt.seeds} demonstrations: the writer's context "
                f"of {engine.settings.context} tokens is full."
            )
        prompt = task_prompt(stage.prompt, shown[:count])
        return writer_request(ctx, state, number, stage.sampling, prompt)

    async def take(number: int, request: Request, completion: Completion) -> None:
        if verdicts := unusable(ctx, completion):
            await store_verdicts(ctx, state, number, request, completion, verdicts, "B")
            return
        tasks = parse_tasks(completion.text, stage.no_input, stage.no_output)
        judged = [
            await _judge(ctx, state, task, completion.ended if task is tasks[-1] else "end") for task in tasks
        ]
        row = ctx.completion_row(STAGE, state.subject(number), ctx.ensemble.writer, request, completion)
        await ctx.project.write(lambda c: _commit(c, row, number, judged))
        note_kept(state, number, [one.verdict for one in judged])

    await ask_wave(ctx, state, wave_begin(state, stage.wave) + stage.wave, ask, take)


async def _judge(ctx: RunContext, state: KindState, task: ParsedTask, ended: Ended) -> _Judged:
    """Check the form of a task, its values, then its instruction like any other."""
    reason = "cut_by_length" if ended == "length" else task.drop
    reason = reason or instance_drop(task.kind, task.instruction, task.input, task.output, ended)
    if reason:
        return _Judged(task, Verdict(task.instruction, "dropped", reason), ended)
    return _Judged(task, await judge(ctx, state, task.instruction), ended)


def _commit(c: Connection, row: NewCompletion, number: int, judged: list[_Judged]) -> None:
    key = generated.save_completion(c, row)
    for position, one in enumerate(judged):
        told = one.verdict.row(row.run_id, one.task.kind, number, position)
        [instruction] = generated.save_instructions(c, [replace(told, completion_id=key)])
        [instance] = generated.save_instances(
            c,
            [
                NewInstance(
                    row.run_id,
                    instruction,
                    one.task.input,
                    one.verdict.status,
                    one.verdict.reason,
                    key,
                    position,
                )
            ],
        )
        if one.task.output:
            generated.save_candidate(
                c, NewCandidate(instance.id, row.model, "writer", 0, one.task.output, one.ended, key)
            )
