from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from app.engine.request import Completion, Request, Sampling
from app.method.terms import Ended
from app.run.asking import RunControl, answers_in_order, asked_once_more
from app.run.context import RunContext


class Reversing:
    """Answers the requests under way in the reverse of the order of asking."""

    ahead = 32

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

    async def answer(self, number: int, request: Request) -> Completion:
        return await self.complete(request)

    def release(self) -> None:
        for request, future in reversed(self.waiting):
            if not future.done():
                future.set_result(Completion(request.id, request.tail, "end", 1, 1, 0.0))
        self.waiting.clear()


def named(number: int) -> Request:
    return Request(str(number), tail=str(number))


def asked(count: int) -> Iterator[tuple[int, Request]]:
    return ((number, named(number)) for number in range(count))


async def test_completions_come_in_the_order_of_asking() -> None:
    engine = Reversing(batch=4)
    got = [n async for n, _ in answers_in_order(engine.answer, asked(12), RunControl(), lambda: 4)]
    assert got == list(range(12))
    assert engine.most == 4


async def test_closing_early_drops_what_is_under_way() -> None:
    engine = Reversing(batch=3)
    async with aclosing(answers_in_order(engine.answer, asked(100), RunControl(), lambda: 3)) as stream:
        async for number, _ in stream:
            if number == 2:
                break
    assert all(future.cancelled() for _, future in engine.waiting)
    assert len(asyncio.all_tasks()) == 1


async def test_a_pause_holds_back_requests_but_not_what_is_under_way() -> None:
    engine, control = Reversing(batch=2), RunControl()
    got: list[int] = []

    async def consume() -> None:
        async for number, _ in answers_in_order(engine.answer, asked(6), control, lambda: 2):
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


class Loaded:
    """An ensemble whose engine is loaded."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine

    @asynccontextmanager
    async def using(self, _member: Any) -> AsyncIterator[Any]:
        yield self.engine

    async def make_room(self, _member: Any, _requests: Any) -> str:
        return ""


class Member:
    name = "Writer"


class Refusing:
    """Cannot answer anything."""

    ahead = 32

    async def complete(self, request: Request) -> Completion:
        return Completion(request.id, "", "error", 1, 0, 0.0, "too long")


def context(engine: Any) -> tuple[RunContext, list[str]]:
    nothing: Any = None
    notices: list[str] = []
    ensemble: Any = Loaded(engine)
    control = RunControl()
    return RunContext(nothing, nothing, nothing, (), ensemble, control, notices.append, nothing), notices


async def test_asking_ends_when_it_is_enough_and_drops_what_is_under_way() -> None:
    engine = Reversing(batch=32)
    ctx, notices = context(engine)
    got: list[int] = []
    async for number, request, completion in ctx.ask(
        Member(), range(100), named, enough=lambda: len(got) == 3
    ):
        assert request.id == completion.id == str(number)
        got.append(number)
    assert got == [0, 1, 2] and not notices
    assert engine.most == 32
    assert all(future.cancelled() for _, future in engine.waiting)
    assert len(asyncio.all_tasks()) == 1


async def test_a_loop_that_an_error_leaves_drops_what_is_under_way() -> None:
    engine = Reversing(batch=32)
    ctx, _ = context(engine)
    with pytest.raises(OSError, match="disk full"):
        async for _ in ctx.ask(Member(), range(100), named):
            raise OSError("disk full")
    for _ in range(10):
        await asyncio.sleep(0)
    assert all(future.cancelled() for _, future in engine.waiting)
    assert len(asyncio.all_tasks()) == 1


async def test_the_person_is_told_of_an_item_that_a_model_could_not_answer() -> None:
    ctx, notices = context(Refusing())
    got = [number async for number, *_ in ctx.ask(Member(), range(2), named)]
    assert got == [0, 1]
    assert notices == ["Writer could not answer an item, which is set aside: too long"] * 2


class Cutting:
    """Cuts what it says at as many letters as a request may have tokens; its context holds twelve."""

    settings = SimpleNamespace(context=12)

    def __init__(self, says: str) -> None:
        self.says = says
        self.asked: list[int] = []

    async def complete(self, request: Request) -> Completion:
        most = request.sampling.max_new_tokens
        self.asked.append(most)
        ended: Ended = "length" if len(self.says) > most else "end"
        return Completion(request.id, self.says[:most], ended, 1, most, 0.0)

    async def tokens_needed(self, requests: Sequence[Request]) -> list[int]:
        return [request.sampling.max_new_tokens for request in requests]


@pytest.mark.parametrize(
    ("says", "most", "asked", "text"),
    [
        ("whole", 6, [6], "whole"),
        ("one half more", 5, [5, 10], "one half m"),
        ("a long text of many words", 8, [8], "a long t"),  # sixteen do not fit
        ("no " * 40, 60, [60], "no " * 20),  # it loops
    ],
)
async def test_what_was_cut_is_asked_for_once_more_where_there_is_room(
    says: str, most: int, asked: list[int], text: str
) -> None:
    engine: Any = Cutting(says)
    engine.settings = SimpleNamespace(context=1000 if most > 12 else 12)
    request, completion = await asked_once_more(
        engine, Request("1", tail="x", sampling=Sampling(max_new_tokens=most))
    )
    assert engine.asked == asked and completion.text == text
    assert request.sampling.max_new_tokens == asked[-1]
