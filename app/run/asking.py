"""Ask an engine for many completions and take them in the order of asking, unless the person pauses."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any, TypeVar

from app.engine.request import Completion, Request, Sampling
from app.engine.site import ModelEngine
from app.method.loops import loops
from app.method.prompts import Prompt
from app.run.progress import RunState

TOGETHER = 1024
"""Answers that are stored in one transaction at most."""
MARGIN = 8
"""Tokens kept free for begin-of-text and for the seam between prefix and tail."""

Subject = TypeVar("Subject")
Answer = TypeVar("Answer")


class RunControl:
    """Wishes of the person watching, looked at between two requests."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self.stop_after_wave = False

    @property
    def paused(self) -> bool:
        """Whether new requests are held back."""
        return not self._open.is_set()

    @property
    def state(self) -> RunState:
        """The state of a run that is under way, by these wishes."""
        if self.paused:
            return RunState.PAUSED
        return RunState.STOPPING if self.stop_after_wave else RunState.RUNNING

    def pause(self) -> None:
        """Hold back new requests; what is being written is finished."""
        self._open.clear()

    def resume(self) -> None:
        """Allow new requests again."""
        self._open.set()

    async def gate(self) -> None:
        """Wait until new requests are allowed."""
        await self._open.wait()


async def answers_in_order(
    answer: Callable[[Subject, Request], Coroutine[Any, Any, Answer]],
    asked: Iterable[tuple[Subject, Request]],
    control: RunControl,
    ahead: Callable[[], int],
) -> AsyncGenerator[tuple[Subject, Answer], None]:
    """Yield each subject with what `answer` gives for it and its request, in the order of `asked`.

    As `answers_together`, one by one.
    """
    async with aclosing(answers_together(answer, asked, control, ahead)) as groups:
        async for group in groups:
            for subject, answered in group:
                yield subject, answered


async def answers_together(
    answer: Callable[[Subject, Request], Coroutine[Any, Any, Answer]],
    asked: Iterable[tuple[Subject, Request]],
    control: RunControl,
    ahead: Callable[[], int],
) -> AsyncGenerator[list[tuple[Subject, Answer]], None]:
    """Yield in the order of `asked` what `answer` gives for each subject and its request: whatever stands
    first in line and is there, at most `TOGETHER`, so that it can be stored in one transaction.

    At most `ahead()` requests are under way at once. Requests are made one by one, and only when there
    is room, so `asked` may be lazy and endless: closing this generator drops what is under way.
    """
    pending: deque[tuple[Subject, asyncio.Task[Answer]]] = deque()
    source = iter(asked)
    exhausted = False
    try:
        while True:
            most = ahead()
            while not exhausted and len(pending) < most:
                if control.paused and pending:
                    break  # what is under way is still taken, and stored, during a pause
                await control.gate()
                try:
                    subject, request = next(source)
                except StopIteration:
                    exhausted = True
                    break
                pending.append((subject, asyncio.create_task(answer(subject, request))))
            if not pending:
                return
            await asyncio.wait([pending[0][1]])
            group: list[tuple[Subject, Answer]] = []
            while pending and pending[0][1].done() and len(group) < TOGETHER:
                subject, task = pending[0]
                if group and (task.cancelled() or task.exception()):
                    break  # what came before it is stored first
                group.append((subject, task.result()))
                pending.popleft()
            yield group
    finally:
        for *_, task in pending:
            task.cancel()
        for *_, task in pending:
            with suppress(asyncio.CancelledError, Exception):
                await task


async def asked_once_more(engine: ModelEngine, request: Request) -> tuple[Request, Completion]:
    """Ask, and where the length limit cut an answer, ask once more with twice the tokens.

    Returns what was asked last and its completion. An answer that loops, or whose context has no room for
    more, is not asked for again.
    """
    completion = await engine.complete(request)
    if not completion.cut or loops(completion.text):
        return request, completion
    twice = replace(request.sampling, max_new_tokens=2 * request.sampling.max_new_tokens)
    longer = replace(request, sampling=twice)
    if (await engine.tokens_needed([longer]))[0] > engine.settings.context:
        return request, completion
    return longer, await engine.complete(longer)


async def demonstrations_that_fit(
    engine: ModelEngine, prompt_with: Callable[[int], Prompt], most: int, max_new_tokens: int
) -> int:
    """Return the largest number of demonstrations, at most `most`, that leaves room to generate.

    `prompt_with(n)` is the prompt with the first n demonstrations. The room for generation is what the
    recipe asks for but at most a quarter of the context: a tiny context would otherwise show nothing.
    """
    context = engine.settings.context
    for count in range(most, 0, -1):
        request = demonstrating(prompt_with(count), min(max_new_tokens, context // 4))
        if (await engine.tokens_needed([request]))[0] <= context:
            return count
    return 0


def demonstrating(prompt: Prompt, max_new_tokens: int) -> Request:
    """Return a request that needs as many tokens as this prompt and what is generated after it."""
    return Request(
        "", prefix=prompt.prefix, tail=prompt.tail, sampling=Sampling(max_new_tokens=max_new_tokens + MARGIN)
    )
