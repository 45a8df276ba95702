"""What is asked of a worker: what waits, what it has in hand, what killed it. App side; knows no process."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

from app.engine.request import Completion, Request
from app.errors import ModelError


@dataclass(slots=True, eq=False)
class Item:
    """One thing asked of the worker; `deaths` counts the workers that died with it in hand."""

    kind: str
    payload: dict[str, Any]
    answer: asyncio.Future[Any]
    request: Request | None = None
    taken: bool = False
    deaths: int = 0

    def settle(self, result: Any) -> None:
        """Give whoever waits the result."""
        if not self.answer.done():
            self.answer.set_result(result)

    def fail(self, error: ModelError) -> None:
        """Give whoever waits an error."""
        if not self.answer.done():
            self.answer.set_exception(error)

    def quarantine(self, reason: str) -> None:
        """Set it aside: the worker died on it for `reason`, and then the next one did."""
        why = f"The worker crashed twice on this item: {reason}"
        if self.request is None:
            self.fail(ModelError(why))
        else:
            self.settle(Completion(self.request.id, "", "error", 0, 0, 0.0, error=why))


class Items:
    """Decides what the worker is handed next; a suspect alone, so that a death names it.

    `ahead` items at most are in its hands at once.
    """

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead
        self._waiting: deque[Item] = deque()
        self._in_hand: dict[str, Item] = {}
        self._issued = 0
        self._issued_before = 0

    @property
    def in_hand(self) -> int:
        """How many items the worker has."""
        return len(self._in_hand)

    def add(self, item: Item, *, first: bool = False) -> None:
        """Let an item wait for its turn; `first` before all but the suspects."""
        place = sum(1 for other in self._waiting if other.deaths) if first else len(self._waiting)
        self._waiting.insert(place, item)

    def next(self) -> tuple[str, Item] | None:
        """Return the item to hand over now, under a new number; None if the worker has enough."""
        if not self._waiting or not self._may_go(self._waiting[0]):
            return None
        item = self._waiting.popleft()
        item.taken = False
        self._issued += 1
        self._in_hand[str(self._issued)] = item
        return str(self._issued), item

    def _may_go(self, item: Item) -> bool:
        if item.deaths:
            return not self._in_hand
        if any(other.deaths for other in self._in_hand.values()):
            return False
        return len(self._in_hand) < self._ahead

    def known(self, number: Any) -> Item | None:
        """Return the item of that number; None if it was dropped, ValueError if it was never asked."""
        if number in self._in_hand:
            return self._in_hand[number]
        if not (str(number).isdecimal() and self._issued_before < int(number) <= self._issued):
            raise ValueError(f"an answer to {number!r}, which was not asked")
        return None

    def finish(self, number: str) -> None:
        """Take an item out of the worker's hands."""
        del self._in_hand[number]

    def drop(self, item: Item) -> list[str]:
        """Forget an item nobody waits for; returns the numbers the worker knows it by."""
        if item in self._waiting:
            self._waiting.remove(item)
        numbers = [number for number, known in self._in_hand.items() if known is item]
        for number in numbers:
            del self._in_hand[number]
        return numbers

    def begin(self) -> None:
        """Note that a new worker has started: it can answer only what it is asked from now on."""
        self._issued_before = self._issued

    def bury(self, reason: str) -> None:
        """Sort out what a dead worker had in hand: the second death of an item is its own doing."""
        had = list(self._in_hand.values())
        suspects = [item for item in had if item.taken] or had
        others = [item for item in had if item not in suspects]
        self._in_hand.clear()
        for item in suspects:
            item.deaths += 1
        self._waiting.extendleft(reversed([item for item in suspects if item.deaths < 2] + others))
        for item in suspects:
            if item.deaths >= 2:
                item.quarantine(reason)

    def fail(self, error: ModelError) -> None:
        """Give everyone who waits the reason why nothing will come."""
        everything = [*self._in_hand.values(), *self._waiting]
        self._in_hand.clear()
        self._waiting.clear()
        for item in everything:
            item.fail(error)
