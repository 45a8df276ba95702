"""What would be kept otherwise: at other thresholds, with fewer models. From scores that are there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

from app.method.consensus import Matrix, Vote

THRESHOLDS = (0.0, 0.01, 0.05, *(tenth / 10 for tenth in range(1, 10)))
"""0.01 is the released one."""

_MOST = 20
"""All ensembles of a size are tried up to six models; beyond, as many as there are models."""


def survives(vote: Vote, threshold: float) -> bool:
    """Say whether the vote's rule would keep its winner at another threshold; nothing else depends on it."""
    if vote.decided_by != "rouge" or vote.reason == "empty_winner":
        return vote.keep
    return vote.mean >= threshold if vote.rule == "quorum" else vote.lowest > threshold


def ensembles(count: int, size: int) -> tuple[tuple[int, ...], ...]:
    """Return the ways to leave `size` of `count` candidates in, each candidate in equally many.

    All there are, up to `_MOST`; beyond that every stretch of neighbours, the last followed by the first.
    """
    if comb(count, size) <= _MOST:
        return tuple(combinations(range(count), size))
    return tuple(tuple(sorted((begin + step) % count for step in range(size))) for begin in range(count))


def part_of(matrix: Matrix, members: Sequence[int]) -> Matrix:
    """Return the scores among some candidates only."""
    return tuple(tuple(matrix[row][column] for column in members) for row in members)
