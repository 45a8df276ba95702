"""How many of N rows are right, from some that were drawn at random and judged one after another.

The rows are drawn without replacement, each as likely as any other. With a prior on the number R of right
rows (beta-binomial with N, a, b), π(R) / π(R | s of t drawn are right) is a martingale that begins at 1 for
the true R, so by Ville's inequality it ever reaches 1/α with probability at most α, whatever R is: the set of
all R below 1/α covers the truth after every draw at once, and whoever looks after each draw and stops when
they like is not misled (Waudby-Smith & Ramdas 2020, "Confidence sequences for sampling without replacement",
the prior-posterior-ratio martingale). The prior changes how narrow the bounds are, never that they hold.

With C for binomial coefficients and B for the beta function the ratio is
C(N, R) / C(N - t, R - s) · B(a + s, b + t - s) / B(a, b): it falls up to the likeliest R and rises after it,
so the set is an interval and both of its ends are found by bisection. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
NEARLY_RIGHT = (20.0, 1.0)
"""A prior for data that is nearly all right, as what is audited should be: fewer draws show that it is."""

_ROUNDING = 1e-9
"""0.95 · 2,000 rows are 1,900, not a little more."""

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bound:
    """What is known once `right` and `wrong` ones of `rows` were drawn.

    `least` and `most` bound how many of all rows are right. The wrong ones that were drawn are taken out, so
    shares are of the rows that remain; but `mended` of them were changed and remain, right or not. `out` were
    found wrong too and are out, though they do not count as drawn yet.
    """

    rows: int
    right: int
    wrong: int
    least: int
    most: int
    mended: int = 0
    out: int = 0

    @property
    def drawn(self) -> int:
        """How many were drawn."""
        return self.right + self.wrong

    @property
    def remaining(self) -> int:
        """How many rows remain once the wrong ones that were drawn are taken out."""
        return self.rows - self.wrong + self.mended - self.out

    @property
    def most_remaining(self) -> int:
        """How many of the remaining rows are right at most."""
        return min(self.remaining, self.most + self.mended)

    @property
    def share_least(self) -> float:
        """The share of the remaining rows that is right at least; 1 where none remain."""
        return self.least / self.remaining if self.remaining else 1.0

    @property
    def share_most(self) -> float:
        """The share of the remaining rows that is right at most."""
        return self.most_remaining / self.remaining if self.remaining else 1.0


class Population:
    """Rows that can be drawn from, and what every bound on their number needs."""

    def __init__(
        self, rows: int, prior: tuple[float, float] = NEARLY_RIGHT, confidence: float = CONFIDENCE
    ) -> None:
        self.rows = rows
        self.limit = -log(1 - confidence)
        a, b = prior
        # A power of two, so that populations of about the same size share them.
        terms = 1 << rows.bit_length()
        self._factorial = _log_rising(1.0, terms)
        self._a, self._b, self._ab = (_log_rising(start, terms) for start in (a, b, a + b))

    def log_ratio(self, right: Any, drawn: Any, truth: Any) -> Any:
        """Return log(prior / posterior) of `truth` right rows in all; whole numbers or arrays of them.

        `truth` must be possible: at least `right`, and leave room for what was drawn and is wrong.
        """
        rows, left, more = self.rows, self.rows - drawn, truth - right
        prior = self._factorial[rows] - self._factorial[truth] - self._factorial[rows - truth]
        posterior = self._factorial[left] - self._factorial[more] - self._factorial[left - more]
        return prior - posterior + self._a[right] + self._b[drawn - right] - self._ab[drawn]

    def bounds(self, verdicts: Sequence[bool], mended: int = 0, out: int = 0) -> list[Bound]:
        """Return the bound before the first and after every verdict, in the order drawn.

        The last one knows of `mended`, which were found wrong and changed since, and of those that are `out`.
        A later bound is not wider than an earlier one: each holds together with all before it. Only where the
        two contradict each other, as may happen once in twenty audits, the later one counts alone.
        """
        right = _counts(verdicts)
        drawn = np.arange(len(verdicts) + 1)
        now = self._ends(right, drawn)
        least, most = np.maximum.accumulate(now[0]), np.minimum.accumulate(now[1])
        agree = least <= most
        least, most = np.where(agree, least, now[0]), np.where(agree, most, now[1])
        columns = (right.tolist(), (drawn - right).tolist(), least.tolist(), most.tolist())
        bounds = [Bound(self.rows, *values) for values in zip(*columns, strict=True)]
        return [*bounds[:-1], replace(bounds[-1], mended=mended, out=out)]

    def more_for(self, target: float, bound: Bound) -> int:
        """Return how many more draws are expected until `target` of the remaining rows are surely right.

        Expects as many wrong ones among them as among those drawn so far, none before the first. 0 where the
        target is reached; never more than there are rows, since wrong ones are taken out.
        """
        if bound.share_least >= target:
            return 0
        more = np.arange(self.rows - bound.drawn + 1)
        rate = bound.wrong / bound.drawn if bound.drawn else 0.0
        wrong = bound.wrong + np.floor(rate * more + 0.5).astype(np.int64)
        drawn = bound.drawn + more
        right = drawn - wrong
        # The most right rows that would still be too few: once they are excluded the target is reached.
        few = np.ceil(target * (self.rows - wrong + bound.mended) - _ROUNDING).astype(np.int64) - 1
        inside = (few >= right) & (few <= self.rows - wrong)
        ratio = self.log_ratio(right, drawn, np.where(inside, few, right))
        below = few < _likeliest(self.rows, right, drawn)
        reached = (few < right) | (few < bound.least) | (inside & below & (ratio >= self.limit))
        return int(more[np.argmax(reached)]) if reached.any() else int(more[-1])

    def _ends(self, right: Integers, drawn: Integers) -> tuple[Integers, Integers]:
        """Return the ends of the intervals after these counts, by bisection from the likeliest number."""
        middle = _likeliest(self.rows, right, drawn)
        low, high = right.copy(), middle.copy()
        while (low < high).any():
            between = (low + high) // 2
            holds = self.log_ratio(right, drawn, between) < self.limit
            low, high = np.where(holds, low, np.minimum(between + 1, high)), np.where(holds, between, high)
        least = high
        low, high = middle.copy(), self.rows - drawn + right
        while (low < high).any():
            between = (low + high + 1) // 2
            holds = self.log_ratio(right, drawn, between) < self.limit
            low, high = np.where(holds, between, low), np.where(holds, high, np.maximum(between - 1, low))
        return least, low


def bound(rows: int, verdicts: Sequence[bool], prior: tuple[float, float] = NEARLY_RIGHT) -> Bound:
    """Return what these verdicts, in the order drawn, say of `rows` rows."""
    return Population(rows, prior).bounds(verdicts)[-1]


def _likeliest(rows: int, right: Integers, drawn: Integers) -> Integers:
    """Return the number of right rows that the draws speak for most; any is as likely before the first."""
    likeliest = right * (rows + 1) // np.maximum(drawn, 1)
    return np.clip(likeliest, right, rows - drawn + right)


def _counts(verdicts: Sequence[bool]) -> Integers:
    counts = np.zeros(len(verdicts) + 1, dtype=np.int64)
    np.cumsum(np.array(verdicts, dtype=np.int64), out=counts[1:])
    return counts


@lru_cache(maxsize=8)
def _log_rising(start: float, terms: int) -> Floats:
    """Return log(start · (start + 1) · …) of 0 to `terms` factors: Γ(start + n) / Γ(start) of each n."""
    return np.concatenate((np.zeros(1), np.cumsum(np.log(start + np.arange(float(terms))))))
