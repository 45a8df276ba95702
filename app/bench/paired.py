"""Time two ways of doing the same work in turns, so that a busy machine slows both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times faster `ours` is than `other`: per round, and their median."""

    ours: str
    other: str
    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.rounds)


async def paired(
    ours: tuple[str, Callable[[], Awaitable[object]]],
    other: tuple[str, Callable[[], Awaitable[object]]],
    rounds: int,
) -> Ratio:
    """Run both in turns, after one warm-up of each, and return the ratios of their wall times."""
    await ours[1]()
    await other[1]()
    found = []
    for _ in range(rounds):
        fast, slow = await _seconds(ours[1]), await _seconds(other[1])
        found.append(slow / fast)
    return Ratio(ours[0], other[0], tuple(found))


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began
