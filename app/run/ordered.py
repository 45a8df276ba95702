"""Ask an engine for many completions and take them in the order of asking."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from typing import TypeVar

from app.engine.request import Completion, Request
from app.engine.supervisor import Engine
from app.run.control import RunControl

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
