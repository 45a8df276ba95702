"""When to start a worker again after it died, when to give up, and how long silence is fine. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

MOST_DEATHS = 5
GOOD_ITEMS = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    `load` plus `per_gigabyte` times the size of the file is for silence while a model loads: it reports its
    progress, but its first token reads the whole file, from a slow disk perhaps. `answer` plus `per_token`
    times the tokens of the decode call under way is for silence while it works. `first_delay` doubles with
    every death up to `longest_delay`. `leave` is for a worker that was asked to end.
    """

    load: float = 120.0
    per_gigabyte: float = 30.0
    answer: float = 30.0
    per_token: float = 1.0
    first_delay: float = 0.5
    longest_delay: float = 30.0
    leave: float = 2.0

    def loading(self, size: int) -> float:
        """Return how long a worker may be silent while it loads a file of `size` bytes."""
        return self.load + self.per_gigabyte * size / 1e9

    def silence(self, tokens: int) -> float:
        """Return how long a worker may be silent while it decodes `tokens` tokens."""
        return self.answer + self.per_token * tokens


class Deaths:
    """Counts a worker's deaths against the items it finished."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
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
        self._finished_at_death.append(self._finished)
        recent = [count for count in self._finished_at_death if self._finished - count < GOOD_ITEMS]
        if len(recent) >= MOST_DEATHS:
            return None
        delay = self._patience.first_delay * 2.0 ** (len(recent) - 1)
        return min(delay, self._patience.longest_delay)
