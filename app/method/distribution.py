"""How numbers lie: middle, tail, and bars of equal width for a picture. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

_MOST_BARS = 30
_WIDTHS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Numbers, each with how often it was counted, in ascending order."""

    counts: Mapping[float, int]

    @property
    def count(self) -> int:
        """How many were counted."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float:
        """Their mean; 0 of none."""
        return sum(value * number for value, number in self.counts.items()) / max(1, self.count)

    def quantile(self, share: float) -> float:
        """Return the least number that this share of all does not exceed; 0 of none."""
        wanted, seen = share * self.count, 0
        for value, number in self.counts.items():
            seen += number
            if seen >= wanted:
                return value
        return 0.0

    def share_from(self, least: float) -> float:
        """Return the share of numbers that are at least so large; 0 of none."""
        return sum(number for value, number in self.counts.items() if value >= least) / max(1, self.count)

    def bars(self) -> list[tuple[float, float, int]]:
        """Return (from, to, how many) of at most 30 bars; what lies beyond 99% goes into the last one.

        The width is 1, 2 or 5 times a power of ten. Whole numbers have bars of whole width.
        """
        if not self.counts:
            return []
        least, most = min(self.counts), self.quantile(0.99)
        width = _width(
            (most - least) / _MOST_BARS, whole=all(float(value).is_integer() for value in self.counts)
        )
        start = math.floor(least / width + 1e-9)
        bars = [0] * max(1, math.floor(most / width + 1e-9) - start + 1)
        for value, number in self.counts.items():
            bars[min(len(bars) - 1, math.floor(value / width + 1e-9) - start)] += number
        return [
            (round((start + at) * width, 9), round((start + at + 1) * width, 9), n)
            for at, n in enumerate(bars)
        ]


def distribution(counts: Mapping[str, int]) -> Distribution:
    """Make it of counts by numbers as text."""
    return Distribution({value: counts[key] for value, key in sorted((float(key), key) for key in counts)})


def _width(least: float, *, whole: bool) -> float:
    """Return the least nice width that is no less than this."""
    if whole:
        least = max(1.0, least)
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 0.01
    for times in (*_WIDTHS, 10):
        if times * power >= least - 1e-12:
            return times * power
    return 10 * power
