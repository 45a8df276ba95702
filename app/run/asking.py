"""Ask an engine for many completions and take them in the order of asking; the waves of stage 1."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TypeVar

from app.engine.request import Completion, Message, Request
from app.engine.supervisor import Engine
from app.method.prompts import Prompt
from app.method.recipe_parts import SamplingTable
from app.method.terms import Kind
from app.run.admission import FAILED, ONLY_REASONING, STAGE, KindState, Verdict
from app.run.context import ASK_AHEAD, RunContext, RunControl
from app.store import generated
from app.store.project import Connection

Subject = TypeVar("Subject")


async def completions_in_order(
    engine: Engine, asked: Iterable[tuple[Subject, Request]], control: RunControl, ahead: int
) -> AsyncGenerator[tuple[Subject, Completion], None]:
    """Yield each subject with its completion, in the order of `asked`.

    At most `ahead` requests are under way at once. Requests are made one by one, and only when there
    is room, so `asked` may be lazy and endless: closing this generator drops what is under way.
    """
    pending: deque[tuple[Subject, asyncio.Task[Completion]]] = deque()
    source = iter(asked)
    exhausted = False
    try:
        while True:
            while not exhausted and len(pending) < ahead:
                if control.paused and pending:
                    break  # what is under way is still taken, and stored, during a pause
                await control.gate()
                try:
                    subject, request = next(source)
                except StopIteration:
                    exhausted = True
                    break
                pending.append((subject, asyncio.create_task(engine.complete(request))))
            if not pending:
                return
            subject, task = pending[0]
            completion = await task
            pending.popleft()
            yield subject, completion
    finally:
        for _, task in pending:
            task.cancel()
        for _, task in pending:
            with suppress(asyncio.CancelledError, Exception):
                await task


_MARGIN = 8
"""Tokens kept free for begin-of-text and for the seam between prefix and tail."""


async def demonstrations_that_fit(
    engine: Engine, prompt_with: Callable[[int], Prompt], most: int, max_new_tokens: int
) -> int:
    """Return the largest number of demonstrations, at most `most`, that leaves room to generate.

    `prompt_with(n)` is the prompt with the first n demonstrations. The room for generation is what the
    recipe asks for but at most a quarter of the context: a tiny context would otherwise show nothing.
    """
    room = engine.settings.context - min(max_new_tokens, engine.settings.context // 4) - _MARGIN
    for count in range(most, 0, -1):
        prompt = prompt_with(count)
        if (await engine.count_tokens([prompt.prefix + prompt.tail]))[0] <= room:
            return count
    return 0


Ask = Callable[[Engine, int], Awaitable[Request]]
"""Builds the request of a number."""
Take = Callable[[int, Request, Completion], Awaitable[None]]
"""Judges and stores what came back for it."""


def wave_begin(state: KindState, wave: int) -> int:
    """Return the number of the first request of the present wave."""
    return state.next_request // wave * wave


async def ask_wave(ctx: RunContext, state: KindState, end: int, ask: Ask, take: Take) -> None:
    """Ask the writer for the requests before `end` that are missing, until the target is reached."""
    async with ctx.ensemble.using(ctx.ensemble.writer) as engine:
        requests = [(number, await ask(engine, number)) for number in range(state.next_request, end)]

        def asked() -> Iterator[tuple[tuple[int, Request], Request]]:
            for number, request in requests:
                yield (number, request), request

        async with aclosing(completions_in_order(engine, asked(), ctx.control, ASK_AHEAD)) as answers:
            async for (number, request), completion in answers:
                await take(number, request, completion)
                state.next_request = number + 1
                ctx.stored()
                if state.kept >= state.target:
                    break


def writer_request(
    ctx: RunContext,
    state: KindState,
    number: int,
    sampling: SamplingTable,
    prompt: Prompt,
    said: str | None = None,
) -> Request:
    """Build the request of a number; a writer with a chat template is told `said`, where that is given."""
    member = ctx.ensemble.writer
    messages = None
    if said is not None and member.engine.header.has_chat_template:
        messages = [Message("user", said)]
    plain = prompt if messages is None else None
    return ctx.request(STAGE, state.subject(number), member, sampling, prompt=plain, messages=messages)


async def store_verdicts(
    ctx: RunContext,
    state: KindState,
    number: int,
    request: Request,
    completion: Completion,
    verdicts: Sequence[Verdict],
    kind: Kind,
) -> None:
    """Store a completion with what was read out of it in one transaction; what is kept is known then."""
    row = ctx.completion_row(STAGE, state.subject(number), ctx.ensemble.writer, request, completion)
    rows = [verdict.row(ctx.run.id, kind, number, position) for position, verdict in enumerate(verdicts)]

    def commit(c: Connection) -> None:
        key = generated.save_completion(c, row)
        generated.save_instructions(c, [replace(one, completion_id=key) for one in rows])

    await ctx.project.write(commit)
    note_kept(state, number, verdicts)


def note_kept(state: KindState, number: int, verdicts: Sequence[Verdict]) -> None:
    """Remember what a request gave, for the demonstrations of later waves."""
    state.written += [(number, verdict.text) for verdict in verdicts if verdict.status == "kept"]


def unusable(ctx: RunContext, completion: Completion) -> list[Verdict]:
    """Return the verdict on a completion that holds no answer, said aloud if the model failed; else none."""
    if completion.ended == "error":
        ctx.tell_refused(ctx.ensemble.writer, completion)
        return [Verdict("", "quarantined", FAILED)]
    return [Verdict("", "dropped", ONLY_REASONING)] if completion.only_thinking else []
