"""Threads for what would hold up the event loop, and hearing what they and Ray say. Knows no Ray."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

Work = Callable[[], Any]


class Threads:
    """Some threads that do what they are given. The end of the process waits for none of them, as it would
    for those of an executor: a call to a cluster that is gone returns after a minute.
    """

    def __init__(self, count: int) -> None:
        self._given: SimpleQueue[tuple[Future[Any], Work] | None] = SimpleQueue()
        self._count = count
        self._closed = False
        for _ in range(count):
            threading.Thread(target=self._serve, name="ray", daemon=True).start()

    def give(self, work: Work) -> Future[Any]:
        """Have something done; RuntimeError after `close`."""
        if self._closed:
            raise RuntimeError("closed")
        future: Future[Any] = Future()
        self._given.put((future, work))
        return future

    def close(self) -> None:
        """Take nothing more; what was given is done."""
        self._closed = True
        for _ in range(self._count):
            self._given.put(None)

    def _serve(self) -> None:
        while given := self._given.get():
            future, work = given
            try:
                result = work()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)


async def heard(said: Future[Any]) -> Any:
    """Return what is said, and let it be said in vain where nobody waits any more.

    A future that was cancelled makes Ray's threads fail, with their stack on the terminal.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Any] = loop.create_future()

    def hand_on() -> None:
        error = said.exception()
        if answer.done():
            return
        if error is None:
            answer.set_result(said.result())
        else:
            answer.set_exception(error)

    def note(_said: Future[Any]) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(hand_on)

    said.add_done_callback(note)
    return await answer
