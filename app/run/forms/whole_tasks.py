"""Instructions and instances in one call: the writer continues a list of whole tasks, as Alpaca was made."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.engine.request import Completion, Request
from app.method.filters import copied, instance_drop
from app.method.parse_tasks import ParsedTask, parse_tasks
from app.method.prompts import Demonstration, draw_demonstrations, task_prompt
from app.method.recipe_forms import WholeTasks
from app.method.terms import Ended
from app.run.admission import STAGE, KindState, judge
from app.run.context import generator
from app.run.forms.waves import WaveForm
from app.run.written import Verdict, Written, WrittenInstance, ends

OPENING_TOKENS: Final = 256
"""Limit of the first requests of a run: room for two or three tasks of the many that a request may give."""


class WholeTaskList(WaveForm[WholeTasks]):
    """A list of tasks, each with its input and its output."""

    async def request(self, state: KindState, number: int) -> Request:
        """Show seed tasks with their inputs and outputs."""
        ctx, form, sampling = self.ctx, self.stage.prompt, self.stage.sampling
        drawn = draw_demonstrations(
            ctx.seeds, (), form.seeds, 0, generator(ctx.run.seed, STAGE, "all", number)
        )
        tasks = [Demonstration(seed.instruction, seed.input, seed.output) for seed in drawn]
        count = await ctx.shown(
            ctx.writer, "Tasks", lambda n: task_prompt(form, tasks[:n]), len(tasks), sampling.max_new_tokens
        )
        prompt = task_prompt(form, tasks[:count])
        return ctx.writing(STAGE, state.subject(number), sampling, prompt)

    def opening(self, request: Request) -> Request:
        """Ask for a task or two; the last may be cut, and goes."""
        few = min(request.sampling.max_new_tokens, OPENING_TOKENS)
        return replace(request, sampling=replace(request.sampling, max_new_tokens=few))

    async def read(self, state: KindState, request: Request, completion: Completion) -> list[Written]:
        """Judge the tasks in order."""
        tasks = parse_tasks(completion.text, self.stage.no_input, self.stage.no_output)
        return [
            await self._judged(state, task, ended)
            for task, ended in zip(tasks, ends(completion, len(tasks)), strict=True)
        ]

    async def _judged(self, state: KindState, task: ParsedTask, ended: Ended) -> Written:
        """Check the form of a task, its values, then its instruction like any other."""
        reason = "cut_by_length" if ended == "length" else task.drop
        reason = reason or instance_drop(task.kind, task.instruction, task.input, task.output)
        if reason is None and copied(task.input, task.output, self.ctx.seed_cases):
            reason = "copied"
        if reason:
            verdict = Verdict(task.instruction, reason)
        else:
            verdict = await judge(self.ctx, state, task.instruction)
        return Written(task.kind, verdict, WrittenInstance(task.input, task.output, ended, verdict.reason))
