from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing

from app.engine.request import Completion, Request
from app.run.asking import RunControl, completions_in_order


class Reversing:
    """Answers the requests under way in the reverse of the order of asking."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self.waiting: list[tuple[Request, asyncio.Future[Completion]]] = []
        self.most = 0

    async def complete(self, request: Request) -> Completion:
        future: asyncio.Future[Completion] = asyncio.get_running_loop().create_future()
        self.waiting.append((request, future))
        self.most = max(self.most, len(self.waiting))
        if len(self.waiting) == self.batch:
            self.release()
        return await future

    def release(self) -> None:
        for request, future in reversed(self.waiting):
            if not future.done():
                future.set_result(Completion(request.id, request.tail, "end", 1, 1, 0.0))
        self.waiting.clear()


def asked(count: int) -> Iterator[tuple[int, Request]]:
    return ((number, Request(str(number), tail=str(number))) for number in range(count))


async def test_completions_come_in_the_order_of_asking() -> None:
    engine = Reversing(batch=4)
    got = [n async for n, *_ in completions_in_order(engine, asked(12), RunControl(), 4)]  # type: ignore[arg-type]
    assert got == list(range(12))
    assert engine.most == 4


async def test_closing_early_drops_what_is_under_way() -> None:
    engine = Reversing(batch=3)
    async with aclosing(completions_in_order(engine, asked(100), RunControl(), 3)) as stream:  # type: ignore[arg-type]
        async for number, *_ in stream:
            if number == 2:
                break
    assert all(future.cancelled() for _, future in engine.waiting)
    assert len(asyncio.all_tasks()) == 1


async def test_a_pause_holds_back_requests_but_not_what_is_under_way() -> None:
    engine, control = Reversing(batch=2), RunControl()
    got: list[int] = []

    async def consume() -> None:
        async for number, *_ in completions_in_order(engine, asked(6), control, 2):  # type: ignore[arg-type]
            got.append(number)
            if number == 1:
                control.pause()

    task = asyncio.create_task(consume())
    for _ in range(50):
        await asyncio.sleep(0)
    engine.release()
    for _ in range(50):
        await asyncio.sleep(0)
    under_way = len(got)
    assert not task.done() and under_way < 6
    control.resume()
    while not task.done():
        await asyncio.sleep(0)
        engine.release()
    assert got == list(range(6))
