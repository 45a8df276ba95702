"""Score answers against the ones known to be right, as the public evaluation script of SuperNI does. Pure.

ROUGE-L is that of the `rouge_score` package with its stemmer on the texts as they are; exact match compares
texts in lower case without ASCII punctuation and with single spaces. Of several right answers the best one
counts (Wang et al. 2022; `eval/automatic/evaluation.py` of natural-instructions). Where the right answers are
written in letters that the package cannot see, and would all score 0, words are cut as Unicode has them.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy

from app.method.intervals import Estimate
from app.method.rouge import chosen, rouge_l_f1

RESAMPLES = 2_000
_AT_ONCE = 2_000_000
"""Drawings that are held in memory together."""
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


class Scored(NamedTuple):
    """What an answer scores: its best ROUGE-L F1 (0 to 1), and whether it matches a right one exactly."""

    rouge: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """The mean scores over `count` answers, with bootstrap intervals over the tasks."""

    count: int
    rouge: Estimate
    exact: Estimate

    def as_dict(self) -> dict[str, object]:
        """Give it as plain data for JSON."""
        return {"tasks": self.count, "rouge_l": self.rouge.as_dict(), "exact_match": self.exact.as_dict()}


def normalised(text: str) -> str:
    """Return a text as exact match compares it."""
    return " ".join(text.lower().translate(_NO_PUNCTUATION).split())


def scored(answer: str, expected: Sequence[str]) -> Scored:
    """Score an answer by the best of the right ones, of which there is at least one."""
    tokeniser = chosen("auto", expected)
    rouge = max(rouge_l_f1(answer, known, stem=True, tokeniser=tokeniser) for known in expected)
    said = normalised(answer)
    return Scored(rouge, any(said == normalised(known) for known in expected))


def measured(scores: Sequence[Scored]) -> Measured:
    """Return the means over some answers."""
    return Measured(
        len(scores),
        bootstrap([score.rouge for score in scores]),
        bootstrap([float(score.exact) for score in scores]),
    )


def bootstrap(values: Sequence[float]) -> Estimate:
    """Return the mean of values with the middle 95% of bootstrap means; the same values give the same.

    One value says nothing about what others would be: its interval is as wide as scores are, from 0 to 1.
    """
    count = len(values)
    if count < 2:
        return Estimate(float(sum(values)), 0.0, 1.0)
    held = numpy.asarray(values, dtype=float)
    drawn = numpy.random.default_rng(count)
    rounds = max(1, _AT_ONCE // count)
    means = numpy.concatenate(
        [
            held[drawn.integers(0, count, (min(rounds, RESAMPLES - done), count))].mean(axis=1)
            for done in range(0, RESAMPLES, rounds)
        ]
    )
    low, high = numpy.quantile(means, (0.025, 0.975))
    return Estimate(float(held.mean()), float(low), float(high))


def between(first: Sequence[Scored], second: Sequence[Scored]) -> Estimate:
    """Return by how much ROUGE-L of the first is higher, over the same tasks in the same order."""
    return bootstrap([one.rouge - other.rouge for one, other in zip(first, second, strict=True)])
