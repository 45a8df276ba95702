"""What the forms of instructions share that ask the writer in waves: asking, judging, storing, giving up.

Requests are numbered through the whole run; the wave of a request is its number divided by the wave size.
What a wave shows comes from the pool as it stood when that wave began, and results are admitted in request
order. So a run that stops anywhere resumes with what it would have asked next.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.engine.request import Completion, Request
from app.method.recipe_forms import Waves
from app.run.admission import STAGE, KindState
from app.run.context import RunContext
from app.run.written import Rehearsed, Verdict, Written, save_written, unusable

Stage = TypeVar("Stage", bound=Waves)


@dataclass(frozen=True, slots=True)
class WaveForm(ABC, Generic[Stage]):
    """A form of instructions: what a request shows, and what is read out of the completion."""

    ctx: RunContext
    stage: Stage

    @abstractmethod
    async def request(self, state: KindState, number: int) -> Request:
        """Build the request of a number."""

    @abstractmethod
    async def read(self, state: KindState, request: Request, completion: Completion) -> list[Written]:
        """Read a completion that holds an answer, and judge the instructions in it in order."""

    def opening(self, request: Request) -> Request:
        """Return what is asked in place of a request at the beginning of a run, to get a text soon."""
        return request

    def source(self, number: int) -> str:
        """Return the `source` of what a request shows."""
        return ""

    def exhausted(self, state: KindState) -> bool:
        """Say whether the writer has nothing new: the last waves gave no instruction that was kept."""
        return state.waves_without_result(self.stage.wave) >= self.stage.patience

    async def write_wave(self, state: KindState) -> None:
        """Ask for the rest of the present wave of a kind, until the wave or the target is reached."""
        end = state.wave_end(self.stage.wave)
        requests = {number: await self.request(state, number) for number in range(state.next_request, end)}
        if state.alone:
            requests = {number: self.opening(request) for number, request in requests.items()}
        writer, numbers = self.ctx.writer, list(requests)
        answers = self.ctx.ask(writer, numbers, requests.__getitem__, enough=lambda: state.reached)
        async for number, request, completion in answers:
            written = await self._written(state, request, completion)
            await self._store(state, number, request, completion, written)
            state.next_request = number + 1

    async def rehearse(self, state: KindState, numbers: Sequence[int]) -> AsyncGenerator[Rehearsed, None]:
        """Ask these requests, and yield in their order what is written; nothing is stored."""
        requests = {number: await self.request(state, number) for number in numbers}
        answers = self.ctx.ask(self.ctx.writer, numbers, requests.__getitem__)
        async with aclosing(answers):
            async for _, request, completion in answers:
                yield completion, await self._written(state, request, completion)

    async def _written(self, state: KindState, request: Request, completion: Completion) -> list[Written]:
        """Judge what a completion holds, which may be nothing."""
        if reason := unusable(completion):
            return [Written(state.kind_asked, Verdict("", reason))]
        return await self.read(state, request, completion)

    async def _store(
        self,
        state: KindState,
        number: int,
        request: Request,
        completion: Completion,
        written: Sequence[Written],
    ) -> None:
        """Store what a request gave, and remember what was kept of it for the waves to come."""
        ctx, source = self.ctx, self.source(number)
        row = ctx.completion_row(STAGE, state.subject(number), ctx.writer, request, completion)
        await ctx.write(lambda c: save_written(c, row, written, request=number, source=source))
        state.note_kept(number, written)
        ctx.stored()
