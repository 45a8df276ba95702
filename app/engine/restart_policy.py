"""When to start a worker again after it died, when to give up, and how long silence is fine. Pure."""

from __future__ import annotations

import signal
from collections import deque
from dataclasses import dataclass

MOST_DEATHS = 5
LOADS_AGAIN = 2
"""How often a model is loaded again whose worker is ended by one of `PASSING` before it was ever ready."""
PASSING = frozenset({signal.SIGBUS, signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM})
"""Signals that may say more about the moment than about the file: memory that ran short, somebody's kill."""
GOOD_ITEMS = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    `load` is for silence while a model loads, and `times` as long on top as reading the file is expected to
    take: its first token reads all of it, from a slow disk perhaps. Before the disk was measured,
    `per_gigabyte` is. `answer` is for silence while a worker works, and `times` as long on top as the call
    under way is expected to take. Before calls were measured, `per_token` for each token and gigabyte of the
    model is. Nothing is waited for longer than `longest`. `first_delay` doubles with every death up to
    `longest_delay`. `leave` is for a worker that was asked to end.
    """

    load: float = 60.0
    per_gigabyte: float = 30.0
    answer: float = 30.0
    per_token: float = 1.0
    times: float = 20.0
    longest: float = 3600.0
    first_delay: float = 0.5
    longest_delay: float = 30.0
    leave: float = 2.0

    def loading(self, size: int, disk: float = 0.0) -> float:
        """Return how long a worker may be silent while it loads a file of `size` bytes.

        `disk` is the bytes a second at which the file was measured to be read, 0 before that.
        """
        reading = self.times * size / disk if disk else self.per_gigabyte * size / 1e9
        return min(self.load + reading, self.longest)

    def silence(self, tokens: int, size: int, expected: float = 0.0) -> float:
        """Return how long a worker may be silent while its model of `size` bytes takes `tokens` tokens.

        `expected` is how long calls like this one were measured to take, 0 before that.
        """
        working = self.times * expected if expected else self.per_token * tokens * size / 1e9
        return min(self.answer + working, self.longest)


class Deaths:
    """Counts a worker's deaths against the items it finished."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self.count = 0
        self._finished = 0
        self._finished_at_death: deque[int] = deque(maxlen=MOST_DEATHS)

    def finished_one(self) -> None:
        """Note that the worker finished an item."""
        self._finished += 1

    def died(self) -> float | None:
        """Note a death; return the seconds to wait before the next start, or None to give up.

        The delay doubles with each death and is back at its first value after ten finished items. Five deaths
        with fewer than ten finished items between the first and the last are one too many.
        """
        self.count += 1
        self._finished_at_death.append(self._finished)
        recent = [count for count in self._finished_at_death if self._finished - count < GOOD_ITEMS]
        if len(recent) >= MOST_DEATHS:
            return None
        delay = self._patience.first_delay * 2.0 ** (len(recent) - 1)
        return min(delay, self._patience.longest_delay)
