"""What a threshold lets through, of a million scores at a time. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from textual.content import Content

from app.store.thresholds import Scores

_BLOCKS = " ▁▂▃▄▅▆▇█"
HEIGHT = 6
"""Lines of the histogram."""


class Sieve:
    """The scores of the votes that a threshold decides, in columns."""

    def __init__(self, scores: Scores) -> None:
        self.numbers: NDArray[np.int64] = np.array(scores.numbers, np.int64)
        self.scores: NDArray[np.float64] = np.array(scores.scores, np.float64)
        self._strict: NDArray[np.bool_] = np.array(scores.strict, np.bool_)
        self._kept: NDArray[np.bool_] = np.array(scores.kept, np.bool_)
        self.undecided: NDArray[np.bool_] = np.array(scores.undecided, np.bool_)
        self.settled = scores.settled
        self.present = scores.threshold

    @property
    def of(self) -> int:
        """How many items there are, those that no threshold touches included."""
        return len(self.numbers) + self.settled

    @property
    def kept_now(self) -> int:
        """How many are kept as the votes stand."""
        return int(self._kept.sum()) + self.settled

    def keeps(self, threshold: float) -> NDArray[np.bool_]:
        """Say for each item whether a threshold keeps it."""
        return np.where(self._strict, self.scores > threshold, self.scores >= threshold)

    def kept_by(self, threshold: float) -> int:
        """Count what a threshold keeps."""
        return int(self.keeps(threshold).sum()) + self.settled

    def flips(self, threshold: float) -> NDArray[np.int64]:
        """Return the places of the items that a threshold keeps and the votes do not, or the other way."""
        return np.flatnonzero(self.keeps(threshold) != self._kept)


def picture(sieve: Sieve, threshold: float, width: int) -> Content:
    """Draw how many items lie at each score from 0 to 1, and the threshold below."""
    counts = np.histogram(sieve.scores, width, (0.0, 1.0))[0]
    # A square root keeps small heaps to be seen beside a large one.
    heights = np.sqrt(counts / max(1, counts.max())) * HEIGHT * 8
    at = min(width - 1, int(threshold * width))
    lines: list[Content] = []
    for row in reversed(range(HEIGHT)):
        blocks = "".join(_BLOCKS[int(min(8, max(0, height - row * 8)))] for height in heights)
        lines.append(Content.assemble((blocks[:at], "$foreground-muted"), (blocks[at:], "$primary")))
    lines.append(Content.assemble("─" * at, ("▲", "bold"), "─" * (width - at - 1)))
    lines.append(Content.assemble("0", " " * (width - 2), "1"))
    return Content("\n").join(lines)
