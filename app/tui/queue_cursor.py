"""Walking through the review queue: where one is, what comes next. Pure; numbers in, numbers out."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Walk:
    """A list of item numbers and a place in it; the place after the last one is the end.

    What lies behind and what is looked at never moves; only what lies ahead follows the queue. A
    million numbers take eight bytes each and no step looks at them one by one.
    """

    def __init__(self) -> None:
        self.numbers: Numbers = np.empty(0, np.int64)
        self.at = 0
        self._settled: set[int] = set()

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def current(self) -> int | None:
        """The number looked at, None at the end."""
        return int(self.numbers[self.at]) if self.at < len(self.numbers) else None

    def begin(self, queue: Iterable[int], keep: int | None = None) -> None:
        """Start anew at the first of `queue`, or at `keep` if it is in it."""
        self.numbers = _numbers(queue)
        self._settled.clear()
        self.at = 0
        if keep is not None and (place := self._place(keep)) is not None:
            self.at = place

    def follow(self, queue: Iterable[int]) -> None:
        """Take what lies ahead from `queue`."""
        fresh = _numbers(queue)
        behind = self.numbers[: self.at + 1]
        seen = np.zeros(1 + int(max(behind.max(initial=0), fresh.max(initial=0))), np.bool_)
        seen[behind] = True
        self.numbers = np.concatenate([behind, fresh[~seen[fresh]]])

    def settle(self, number: int) -> None:
        """Note that this item was decided or put off on this walk."""
        self._settled.add(number)

    def is_settled(self, number: int) -> bool:
        """Whether this item was decided or put off on this walk."""
        return number in self._settled

    def advance(self) -> None:
        """Go to the next item that was not settled on this walk, or to the end."""
        self.at += 1
        while self.at < len(self.numbers) and int(self.numbers[self.at]) in self._settled:
            self.at += 1
        self.at = min(self.at, len(self.numbers))

    def step(self, by: int) -> bool:
        """Move by that many, settled or not; return whether there was somewhere to go."""
        return self.go(self.at + by)

    def go(self, place: int) -> bool:
        """Go to a place of the list, or its nearest end; return whether that is another one."""
        target = min(max(place, 0), len(self.numbers))
        moved, self.at = target != self.at, target
        return moved

    def visit(self, number: int) -> None:
        """Go to an item, which counts as open again; one that is not in the list is put in here."""
        self._settled.discard(number)
        place = self._place(number)
        if place is None:
            self.numbers = np.insert(self.numbers, self.at, number)
        else:
            self.at = place

    def near(self) -> list[int]:
        """Return the numbers a person may look at next: two ahead and one behind."""
        behind = self.numbers[max(self.at - 1, 0) : self.at]
        return [*self.numbers[self.at + 1 : self.at + 3].tolist(), *behind.tolist()]

    def _place(self, number: int) -> int | None:
        places = np.flatnonzero(self.numbers == number)
        return int(places[0]) if len(places) else None


def _numbers(queue: Iterable[int]) -> Numbers:
    if isinstance(queue, array):
        return np.frombuffer(queue, np.int64) if len(queue) else np.empty(0, np.int64)
    return np.fromiter(queue, np.int64)
