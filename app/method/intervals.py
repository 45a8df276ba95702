"""Shares with what they may be off: 95% intervals. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959964
"""Standard deviations that hold 95% of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or a difference of shares, and the ends of its 95% interval."""

    value: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float]:
        """Give it as plain data for JSON."""
        return {"value": self.value, "low": self.low, "high": self.high}


def wilson(right: float, count: float) -> Estimate:
    """Return a share with Wilson's score interval (Wilson 1927); 0 to 1 where nothing was counted."""
    if count <= 0:
        return Estimate(0.0, 0.0, 1.0)
    share, square = right / count, _Z * _Z
    centre = (share + square / (2 * count)) / (1 + square / count)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return Estimate(share, max(0.0, centre - half), min(1.0, centre + half))


def probable(chance: float) -> str:
    """Write a probability in per cent, never as certain: <1%, 7%, >99%."""
    return "<1%" if chance < 0.005 else ">99%" if chance >= 0.995 else f"{chance:.0%}"
