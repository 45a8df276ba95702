"""One replica as the run sees it: from the asking for a place to its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_args

from app.cluster.fit import Share
from app.cluster.frames import packed, unpacked
from app.cluster.remote import Gone, Handle, within
from app.engine.request import LONGEST_REASON
from app.engine.state import Phase, ReplicaState, text_under_way
from app.engine.supervisor import EnginePaused
from app.errors import ModelError

BEAT = 0.5
"""Seconds after which a replica that has no news says so."""
SILENCE, GRACE = 3.0, 0.5
"""Seconds beyond that after which it is taken for lost."""

Take = Callable[["Copy", Sequence[dict[str, Any]]], None]


class Failed(Exception):
    """A replica cannot load its model, or its worker keeps dying: `error` says why."""

    def __init__(self, error: ModelError) -> None:
        super().__init__(str(error))
        self.error = error


class Copy:
    """A replica; `node` is "" until it is placed, `room` how many requests it takes, 0 until loaded."""

    def __init__(self, handle: Handle, share: Share) -> None:
        self.handle = handle
        self.share = share
        self.node = ""
        self.name = ""
        self.room = 0
        self.done = 0
        self.memory = 0
        self.worker: int | None = None
        self.pid: int | None = None
        self.writing = ""
        self.state = ReplicaState("", "waiting")
        self.asked_at = self.busy_at = time.monotonic()
        self.life: asyncio.Task[None] | None = None
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def ready(self) -> bool:
        """Whether it can be asked."""
        return self.room > 0 and not self._broken.done()

    @property
    def where(self) -> str:
        """The node in words (foreign)."""
        return f"a replica on {self.name}" if self.name else "a replica"

    def retire(self) -> None:
        """Let it go; nothing speaks against it."""
        if self.life is not None:
            self.life.cancel()

    def lose(self, reason: str) -> None:
        """Take it for lost."""
        if not self._broken.done():
            self._broken.set_exception(Gone(reason))
            self._broken.exception()  # heard, whoever waits or not

    async def placed(self) -> None:
        """Wait until it has a place, however long that takes; Gone when it will have none."""
        hello = unpacked(await self.handle.call("hello"))
        self.node, self.pid = str(hello["node"]), int(hello["pid"])
        self.state = replace(self.state, state="loading")

    def named(self, name: str) -> None:
        """Note what its node is called."""
        self.name = name
        self.state = replace(self.state, node=name)

    def tell(self, note: str) -> None:
        """Note what is done before it can load."""
        self.state = replace(self.state, note=note)

    async def send(self, method: str, message: Any) -> None:
        """Send it something; one that cannot be reached is lost, with all that it has in hand."""
        try:
            await self.handle.call(method, packed(message) if method == "ask" else message)
        except Gone as gone:
            self.lose(str(gone))

    async def work(
        self, order: dict[str, Any], take: Take, loaded: Callable[[Copy], None], gather: Callable[[], float]
    ) -> None:
        """Load the model and hand on what it answers; ends with Gone or Failed, or by being cancelled."""
        listening = asyncio.create_task(self._listen(take, gather))
        loading = asyncio.create_task(self._load(order, loaded))
        try:
            tasks: set[asyncio.Future[None]] = {listening, loading, self._broken}
            while not listening.done() and not self._broken.done():
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                if loading in done:
                    tasks.discard(loading)
                    loading.result()
            if self._broken.done():
                self._broken.result()
            listening.result()
        finally:
            for task in (listening, loading):
                task.cancel()
            await asyncio.gather(listening, loading, return_exceptions=True)

    async def _load(self, order: dict[str, Any], loaded: Callable[[Copy], None]) -> None:
        answer = unpacked(await self.handle.call("load", packed(order)))
        if "failed" in answer:
            raise Failed(ModelError(_reason(answer["failed"]), _reason(answer.get("hint", ""))))
        self.room = max(int(answer["room"]), 1)
        self.busy_at = time.monotonic()
        loaded(self)

    async def _listen(self, take: Take, gather: Callable[[], float]) -> None:
        while True:
            wait = gather()
            news = unpacked(await within(BEAT + wait + SILENCE, GRACE, self.handle.call("news", BEAT, wait)))
            try:
                self._note(news["state"])
                take(self, news["done"])
            except (KeyError, TypeError, ValueError) as error:
                raise Gone(f"it sent a message that makes no sense ({error})") from None
            if over := news["over"]:
                raise Failed(EnginePaused(_reason(over["message"]), _reason(over["hint"])))

    def _note(self, state: dict[str, Any]) -> None:
        phase: Phase = state["state"]
        if phase not in get_args(Phase):
            raise ValueError(f"unknown state {phase!r}")
        note = _reason(state.get("note", ""))
        self.state = replace(
            self.state,
            state=phase,
            live=int(state.get("live", 0)),
            tokens_per_second=float(state.get("rate", 0.0)),
            note=note if phase != "loading" or note else self.state.note,
        )
        self.memory = int(state.get("memory", 0))
        self.writing = text_under_way(state.get("writing"))
        worker = state.get("worker")
        self.worker = worker if isinstance(worker, int) else None


def _reason(words: object) -> str:
    return str(words)[:LONGEST_REASON]
