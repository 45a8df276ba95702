"""What one model is asked on a cluster: a queue that all its replicas draw from. Knows no process and no Ray.

A replica that is lost gives back what it had in hand. That is usually not the request's fault; but one that
was in hand at every loss is asked alone at last, so that another loss names it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.request import Completion, Request
from app.errors import ModelError

SUSPECT = 2
"""Losses from which on a request is asked alone."""
MOST_LOSSES = 3
"""Losses after which it is set aside."""


@dataclass(slots=True, eq=False)
class Work:
    """One thing asked of a model: the completion of `request`; where there is none, to count tokens."""

    number: str
    asked: Mapping[str, Any]
    answer: asyncio.Future[Any]
    request: Request | None = None
    losses: int = 0

    @property
    def suspect(self) -> bool:
        """Whether enough replicas were lost with it for it to be asked alone."""
        return self.losses >= SUSPECT

    def set_aside(self, reason: str) -> None:
        """Give whoever waits an error: it was in hand at the last loss too, for `reason`."""
        why = f"{self.losses} replicas were lost with this item: {reason}"
        if self.answer.done():
            return
        if self.request is None:
            self.answer.set_exception(ModelError(why))
        else:
            self.answer.set_result(Completion(self.request.id, "", "error", 0, 0, 0.0, error=why))


class Queue:
    """Decides which replica is handed what. A holder is whatever stands for a replica."""

    def __init__(self) -> None:
        self._waiting: deque[Work] = deque()
        self._hands: dict[Hashable, dict[str, Work]] = {}

    @property
    def waiting(self) -> int:
        """How many requests no replica has in hand."""
        return len(self._waiting)

    def in_hand(self, holder: Hashable) -> int:
        """Return how many requests a replica has."""
        return len(self._hands.get(holder, ()))

    def add(self, work: Work, *, first: bool = False) -> None:
        """Let something wait for a replica; `first` before everything else."""
        if first:
            self._waiting.appendleft(work)
        else:
            self._waiting.append(work)

    def take(self, holder: Hashable, room: int) -> list[Work]:
        """Hand a replica its next requests, up to a limit; a suspect alone."""
        hand = self._hands.setdefault(holder, {})
        taken: list[Work] = []
        alone = any(work.suspect for work in hand.values())
        while self._waiting and len(taken) < room and not alone:
            alone = self._waiting[0].suspect
            if alone and hand:
                break
            work = self._waiting.popleft()
            hand[work.number] = work
            taken.append(work)
        return taken

    def finish(self, holder: Hashable, number: str) -> Work | None:
        """Take what was answered out of a replica's hands; None if it is answered or dropped already."""
        return self._hands.get(holder, {}).pop(number, None)

    def drop(self, work: Work) -> list[Hashable]:
        """Forget what nobody waits for any more; return the replica that has it, if one has."""
        if work in self._waiting:
            self._waiting.remove(work)
        holders = [holder for holder, hand in self._hands.items() if work.number in hand]
        for holder in holders:
            del self._hands[holder][work.number]
        return holders

    def lose(self, holder: Hashable, reason: str) -> int:
        """Let others have what a lost replica had in hand, before all that waits; return how much that is."""
        had = [work for work in self._hands.pop(holder, {}).values() if not work.answer.done()]
        for work in had:
            work.losses += 1
            if work.losses >= MOST_LOSSES:
                work.set_aside(reason)
        again = [work for work in had if work.losses < MOST_LOSSES]
        again.sort(key=lambda work: not work.suspect)
        self._waiting.extendleft(reversed(again))
        return len(again)

    def give_back(self, holder: Hashable) -> None:
        """Let others have what a replica has that is to leave; nothing speaks against it."""
        self._waiting.extendleft(reversed(self._hands.pop(holder, {}).values()))

    def fail(self, error: ModelError) -> None:
        """Give everyone who waits the reason why nothing will come."""
        hands, self._hands = self._hands, {}
        waiting, self._waiting = self._waiting, deque()
        for work in [*waiting, *(work for hand in hands.values() for work in hand.values())]:
            if not work.answer.done():
                work.answer.set_exception(error)


class Gate:
    """Bounds what is under way, by bytes and by count; whoever comes first enters first."""

    def __init__(self, most_bytes: int, most: int) -> None:
        self._most_bytes, self._most = most_bytes, most
        self.bytes = self.count = 0
        self._queue: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def enter(self, size: int) -> None:
        """Wait for room; something that is alone may be of any size."""
        if not self._queue and self._fits(size):
            self._take(size)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(size)
            raise

    def leave(self, size: int) -> None:
        """Give room back."""
        self.bytes -= size
        self.count -= 1
        while self._queue and (self._queue[0][1].done() or self._fits(self._queue[0][0])):
            size, turn = self._queue.popleft()
            if not turn.done():
                self._take(size)
                turn.set_result(None)

    def _fits(self, size: int) -> bool:
        return not self.count or (self.bytes + size <= self._most_bytes and self.count < self._most)

    def _take(self, size: int) -> None:
        self.bytes += size
        self.count += 1
