"""How varied the wording of many texts is. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

WINDOW = 50
"""Words of a window: MATTR-50, the usual size."""


def distinct_in_windows(coded: str, window: int = WINDOW) -> tuple[int, int]:
    """Return how many distinct words stand in all windows of a text together, and how many windows it has.

    `coded` has a character for each word (`method.rouge.Coder`). The moving-average type-token ratio
    (Covington and McFall 2010) is distinct / (windows × window): other than the ratio over the whole text, it
    does not fall as the text grows, so that texts of different lengths can be compared.
    """
    size = len(coded)
    windows = size - window + 1
    if windows < 1:
        return 0, 0
    codes = np.frombuffer(coded.encode("utf-32-le"), dtype=np.uint32)
    places = np.arange(size)
    # A word is new to a window that begins behind its last occurrence and not behind itself.
    first = np.maximum(places - window + 1, _last_before(codes) + 1)
    last = np.minimum(places, windows - 1)
    return int(np.maximum(last - np.maximum(first, 0) + 1, 0).sum()), windows


def _last_before(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.intp]:
    """Return for each word the place where it stood last, -1 for its first time."""
    order = np.argsort(codes, kind="stable")
    last = np.full(len(codes), -1)
    again = codes[order][1:] == codes[order][:-1]
    last[order[1:][again]] = order[:-1][again]
    return last


def growth(sizes: Sequence[tuple[int, set[str]]]) -> list[tuple[int, int]]:
    """Return (words so far, distinct words so far) after each stretch of (its words, its distinct ones)."""
    words, seen, points = 0, set[str](), [(0, 0)]
    for size, distinct in sizes:
        words += size
        seen |= distinct
        points.append((words, len(seen)))
    return points
