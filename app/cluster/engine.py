"""One model on a cluster, as a run sees it: replicas that come and go, and the queue that they share.

What it is asked is answered at least once by some replica and handed on once. A replica that is silent, or
whose actor or node died, gives back what it had in hand; how often that may happen is decided here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from app.cluster.copy import Copy, Failed
from app.cluster.fit import Share
from app.cluster.remote import Gone
from app.cluster.work import Gate, Queue, Work
from app.engine.gguf import read_header
from app.engine.request import Completion, Request, completion_from_json, request_to_json
from app.engine.restart_policy import MOST_DEATHS, Deaths, Patience
from app.engine.settings import Settings, default_settings
from app.engine.state import EngineState, Phase
from app.engine.supervisor import ASKED_AHEAD, EnginePaused
from app.errors import ModelError

MOST_BYTES = 64 * 2**20
MOST_ASKED = 8192
"""Bounds of what one model is asked at once: bytes of requests, and their number."""
MOST_COPIES = 256
AHEAD = 5
"""Requests under way for each that replicas have in hand: what waits shows that more replicas have work."""
LONG_GATHER = 0.1
TICK = 0.2
NO_ROOM = 120.0
"""Seconds without any replica after which a run is paused."""
UNPLACED = 15.0
"""Seconds after which a further replica that found no room is given up."""
MOST_TRIED = 4
TRY_AGAIN = 10.0
"""Seconds before a further replica is tried again."""
HOMELESS = 3.0
"""Seconds without a place after which another model that has nothing to do gives one up."""
IDLE = 3.0
"""Seconds without work after which a replica may leave for the sake of another model."""


class Grounds(Protocol):
    """What an engine needs of the cluster."""

    ended: EnginePaused | None
    """Why there is no cluster any more, once that is so."""

    def place(self, share: Share) -> Any:
        """Ask for a replica of that share; returns its handle at once."""

    async def settle(self, copy: Copy, engine: ClusterEngine) -> dict[str, Any]:
        """Return the order to load the model on the node where a replica was placed, its file included."""

    def rooms_for(self, share: Share) -> int:
        """Say for how many more replicas the cluster may have room."""

    def gather(self) -> float:
        """Return for how many seconds a replica waits for more news to tell at once."""

    def suspect(self, node: str) -> None:
        """Note that a node's replica fell silent."""


class ClusterEngine:
    """A model whose replicas are Ray actors; use it on one event loop.

    `header` is that of the file on this machine, `settings.context` holds on every node.
    """

    def __init__(self, path: Path, grounds: Grounds, on_state: Callable[[EngineState], None]) -> None:
        """Read the header of `path`; ModelError if the file cannot be used."""
        self.header = read_header(path)
        self.settings: Settings = replace(default_settings(self.header, headless=True), gpu_layers=0)
        self.state = EngineState(
            self.header.name, self.header.path, self.header.quantisation, state="waiting"
        )
        self.share = Share(1, 0, 0)
        self.gpu_layers: int | None = None
        self.most = MOST_COPIES
        """How many replicas it may have."""
        self.copies: list[Copy] = []
        self._grounds = grounds
        self._on_state = on_state
        self._queue = Queue()
        self._gate = Gate(MOST_BYTES, MOST_ASKED)
        self._deaths = Deaths(Patience())
        self._numbers = self._done = 0
        self._flush: asyncio.Handle | None = None
        self._failure: ModelError | None = ModelError(f"{self.header.path.name} is not loaded.")
        self._life: asyncio.Task[None] | None = None
        self._started: asyncio.Future[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._alone_since = self._further_at = self._not_before = 0.0
        self._note = ""

    @property
    def ahead(self) -> int:
        """How many requests under way at once keep all replicas busy while results are stored."""
        return min(MOST_ASKED, max(ASKED_AHEAD, AHEAD * sum(copy.room for copy in self.copies)))

    @property
    def waiting(self) -> int:
        """How many requests no replica has in hand."""
        return self._queue.waiting

    async def start(self) -> None:
        """Have a replica placed and the model loaded; ModelError with the reason if that fails.

        Does nothing while the engine runs.
        """
        if self._life is not None and not self._life.done():
            return
        if self._grounds.ended is not None:
            raise self._grounds.ended
        self._failure = None
        self._deaths = Deaths(Patience())
        self._started = started = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live())
        try:
            await started
        except BaseException:
            await self._end()
            raise

    async def complete(self, request: Request) -> Completion:
        """Return the completion of `request` as `Engine.complete` does.

        Also "error" is what was in hand at the loss of three replicas. Waits while too much is under way.
        """
        completion: Completion = await self._asked({"request": request_to_json(request)}, request)
        return completion

    async def tokens_needed(self, requests: Sequence[Request]) -> list[int]:
        """Return how many tokens each request takes of a context at most, its answer included."""
        if not requests:
            return []
        asked = {"requests": [request_to_json(request) for request in requests]}
        counts: list[int] = await self._asked(asked, None)
        return counts

    async def close(self) -> None:
        """End all replicas; whoever still waits gets a ModelError."""
        await self._end()
        self.fail(ModelError(f"{self.header.path.name} was unloaded."))
        self._note = ""
        self._tell("unloaded")

    # What is asked

    async def _asked(self, asked: dict[str, Any], request: Request | None) -> Any:
        size = sum(one.characters for one in [request] if one) or 1
        await self._gate.enter(size)
        try:
            if self._failure is not None:
                raise self._failure
            self._numbers += 1
            answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            work = Work(str(self._numbers), asked, answer, request)
            self._queue.add(work, first=request is None)  # planning waits for it
            self._hand_over_soon()
            try:
                return await answer
            except asyncio.CancelledError:
                for copy in self._queue.drop(work):
                    assert isinstance(copy, Copy)
                    self._send(copy, "cancel", [work.number])
                raise
        finally:
            self._gate.leave(size)

    def _hand_over_soon(self) -> None:
        """Hand over once for all that is asked in this turn of the loop."""
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_soon(self._hand_over)

    def _hand_over(self) -> None:
        self._flush = None
        ready = [copy for copy in self.copies if copy.ready]
        ready.sort(key=self._queue.in_hand)
        # Where answers gather for long before they are told, a replica needs more to do meanwhile.
        more = 2 if self._grounds.gather() > LONG_GATHER else 1
        for at, copy in enumerate(ready):
            if not self._queue.waiting:
                break
            fair = -(-self._queue.waiting // (len(ready) - at))
            works = self._queue.take(copy, min(fair, more * copy.room - self._queue.in_hand(copy)))
            if works:
                copy.busy_at = time.monotonic()
                self._send(copy, "ask", [[work.number, dict(work.asked)] for work in works])

    def _send(self, copy: Copy, method: str, message: Any) -> None:
        task = asyncio.create_task(copy.send(method, message))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def take(self, copy: Copy, done: Sequence[dict[str, Any]]) -> None:
        """Hand on what a replica answered; KeyError, TypeError or ValueError if it makes no sense."""
        for answer in done:
            work = self._queue.finish(copy, str(answer["number"]))
            if work is None or work.answer.done():
                continue  # it came twice, or nobody waits for it
            if "failed" in answer:
                work.answer.set_exception(ModelError(str(answer["failed"])))
            elif work.request is None:
                work.answer.set_result([int(count) for count in answer["counts"]])
            else:
                told = answer["completion"] | {"id": work.request.id}
                work.answer.set_result(completion_from_json(told))
                copy.done += 1
                self._done += 1
                self._deaths.finished_one()
        if done:
            copy.busy_at = time.monotonic()
            self._hand_over_soon()

    # Replicas

    async def _live(self) -> None:
        """Keep the replicas that there is work and room for, until ended."""
        try:
            self._alone_since = time.monotonic()
            while self._failure is None:
                self._keep()
                self._tell()
                await asyncio.sleep(TICK)
        finally:
            await self._end_copies()

    def _keep(self) -> None:
        now = time.monotonic()
        placed = [copy for copy in self.copies if copy.node]
        if placed or not self._wanted:
            self._alone_since = now
        elif now - self._alone_since > NO_ROOM:
            self.fail(
                EnginePaused(
                    f"No node of the cluster has had room for {self.header.path.name} for {NO_ROOM:.0f} s; "
                    f"it needs {self.share.words()}.",
                    "Wait for other work there to end, or add a node; then resume.",
                )
            )
            return
        late = [copy for copy in self.copies if not copy.node and now - copy.asked_at > UNPLACED]
        for copy in self.copies:
            if not copy.node and (copy.share != self.share or (placed and copy in late)):
                copy.retire()
        if not placed:
            # One may have been given to a node that is gone before Ray knows it: others are tried beside it.
            few = len(late) == len(self.copies) < MOST_TRIED
            if few and self._wanted and now >= self._not_before:
                self._add()
            return
        full = all(copy.ready and self._queue.in_hand(copy) >= copy.room for copy in self.copies)
        if not full or not self._queue.waiting:
            self._further_at = now + TICK
        elif now > max(self._further_at, self._not_before):
            self._not_before = now + TRY_AGAIN
            self._grow()

    def _grow(self) -> None:
        """Ask for as many replicas more as there is work for, and perhaps room."""
        busy = -(-self._queue.waiting // max(copy.room for copy in self.copies))
        room = min(self._grounds.rooms_for(self.share), self.most - len(self.copies))
        for _ in range(min(busy, room)):
            self._add()

    def _add(self) -> None:
        copy = Copy(self._grounds.place(self.share), self.share)
        copy.life = asyncio.create_task(self._serve(copy))
        self.copies.append(copy)

    @property
    def _wanted(self) -> bool:
        """Whether there is work for a replica; to begin with there always is."""
        return self._queue.waiting > 0 or (self._started is not None and not self._started.done())

    @property
    def homeless(self) -> bool:
        """Whether there is work and no replica has had a place for a while."""
        return self._wanted and time.monotonic() - self._alone_since > HOMELESS

    @property
    def starved(self) -> bool:
        """Whether its replicas have all they can take, and more waits."""
        return self._queue.waiting > 0 and time.monotonic() > self._further_at + 2 * TICK

    def spare(self, *, last: bool) -> Copy | None:
        """Return a replica that another model may have the place of, if this one has no work for it.

        The `last` one only where another model has none at all.
        """
        if self._wanted or (len(self.copies) < 2 and not last):
            return None
        now = time.monotonic()
        idle = (copy for copy in self.copies if copy.ready and not self._queue.in_hand(copy))
        return next((copy for copy in idle if now - copy.busy_at > IDLE), None)

    async def _serve(self, copy: Copy) -> None:
        """Have a replica load the model and answer, until it is lost or no longer wanted."""
        reason = ""
        try:
            await copy.placed()
            order = await self._grounds.settle(copy, self)
            await copy.work(order, self.take, self._loaded, self._grounds.gather)
        except Gone as gone:
            reason = f"{copy.where}: {gone}"
            if "silent" in reason:
                self._grounds.suspect(copy.node)
            self._lost(copy, reason)
        except Failed as failed:
            self._failed(copy, failed)
        except asyncio.CancelledError:
            self._queue.give_back(copy)
            raise
        finally:
            self._remove(copy)

    def _remove(self, copy: Copy) -> None:
        if copy in self.copies:
            self.copies.remove(copy)
        copy.handle.end()
        self._hand_over_soon()
        self._tell()

    def _loaded(self, copy: Copy) -> None:
        if self._started is not None and not self._started.done():
            self._started.set_result(None)
        self._not_before = time.monotonic()
        self._hand_over_soon()

    def _lost(self, copy: Copy, reason: str) -> None:
        """Ask others what a lost replica had in hand; give up if that happened too often."""
        again = self._queue.lose(copy, reason)
        self._note = f"lost {reason}" + (f"; asking others again: {again}" if again else "")
        self.state = replace(self.state, restarts=self.state.restarts + 1)
        delay = self._deaths.died()
        if delay is None:
            self.fail(
                EnginePaused(
                    f"{MOST_DEATHS} replicas of {self.header.path.name} were lost; last: {reason}",
                    "Check the nodes, then resume.",
                )
            )
        else:
            self._not_before = time.monotonic() + delay

    def _failed(self, copy: Copy, failed: Failed) -> None:
        """Do without a replica that cannot load the model, or whose worker keeps dying, if others can."""
        self._queue.give_back(copy)
        if any(other.ready for other in self.copies if other is not copy):
            self._note = f"{copy.where} gave up: {failed}"
            self._not_before = time.monotonic() + TRY_AGAIN
        else:
            self.fail(failed.error)

    async def _end(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            life.cancel()
            with suppress(asyncio.CancelledError):
                await life

    async def _end_copies(self) -> None:
        copies = list(self.copies)
        for copy in copies:
            copy.retire()
        await asyncio.gather(*(copy.life for copy in copies if copy.life), return_exceptions=True)

    def fail(self, error: ModelError) -> None:
        """Give everyone who waits the reason, and those who ask later."""
        self._failure = error
        self._queue.fail(error)
        if self._started is not None and not self._started.done():
            self._started.set_exception(error)
            self._started.exception()  # heard, whoever waits or not
        self._tell("failed")

    # What listeners get

    def _phase(self) -> Phase:
        if self._failure is not None:
            return "failed"
        phases = [copy.state.state for copy in self.copies if copy.node]
        for phase in ("working", "ready", "restarting", "loading"):
            if phase in phases:
                return phase
        return "waiting"

    def _tell(self, phase: Phase | None = None) -> None:
        states = [copy.state for copy in self.copies]
        note = self._note or next((state.note for state in states if state.note), "")
        self.state = replace(
            self.state,
            state=phase or self._phase(),
            done=self._done,
            live=sum(state.live for state in states),
            tokens_per_second=sum(state.tokens_per_second for state in states),
            memory_bytes=sum(copy.memory for copy in self.copies),
            note=note,
            writing=next((copy.writing for copy in self.copies if copy.writing), ""),
            replicas=tuple(replace(copy.state, done=copy.done) for copy in self.copies),
            waiting=self._queue.waiting,
        )
        self._on_state(self.state)
