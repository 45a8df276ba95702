"""What rule `learned` measures of answers, and the odds that these give, of many items at once. Pure.

Items with as many answers, of which the same vote, are measured together. Every sum is added up in the same
order as for a single item, so that an answer has the same odds to the last bit whatever it is measured with.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

import numpy as np
import numpy.typing as npt

from app.method.learned import TERMS, Item, Part, Scale, Weights, kind_code, logistic
from app.method.lengths import length
from app.method.voices import ONE_VOICE

_Floats = npt.NDArray[np.float64]

_SPEAKS_OR_CUT = ("", "cut_by_length", ONE_VOICE)
"""What an answer is barred for that says nothing against it, and what has a measure of its own."""
_UNKNOWN = (0.0, 0.0)
"""What a model adds that nothing is known of."""


@dataclass(frozen=True, slots=True)
class _Alike:
    """Items with `count` answers each, of which those at `voting` vote; `lines` are those of their answers
    among the answers of all items, (items, count)."""

    items: Sequence[Item]
    count: int
    voting: tuple[int, ...]
    lines: npt.NDArray[np.intp]

    def table(self, values: Iterator[float]) -> _Floats:
        """Lay out a value of every answer as (items, count)."""
        return np.fromiter(values, np.float64, self.lines.size).reshape(self.lines.shape)

    def similarities(self) -> _Floats:
        """The mean similarity of each answer to the others that vote, 0 where there are none."""
        count, size = self.count, len(self.items) * self.count**2
        flat = chain.from_iterable(chain.from_iterable(item.matrix for item in self.items))
        matrices = np.fromiter(flat, np.float64, size).reshape(-1, count, count)
        means = np.zeros(self.lines.shape)
        for at in range(count):
            others = [other for other in self.voting if other != at]
            for other in others:
                means[:, at] += matrices[:, at, other]
            means[:, at] /= max(len(others), 1)
        return means

    def equal(self) -> _Floats:
        """The share of the others that vote that say the same as an answer; of an empty one 0."""
        first = self.table(item.said.index(said) for item in self.items for said in item.said)
        filled = self.table(float(bool(said)) for item in self.items for said in item.said)
        shares = np.zeros(self.lines.shape)
        for at in range(self.count):
            others = [other for other in self.voting if other != at]
            for other in others:
                shares[:, at] += first[:, at] == first[:, other]
            shares[:, at] /= max(len(others), 1)
        return shares * filled


def _alike(items: Sequence[Item]) -> Iterator[_Alike]:
    begins = [0, *accumulate(len(item.said) for item in items)]
    places: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        places[len(item.said), tuple(item.voting)].append(place)
    for (count, voting), found in places.items():
        lines = np.array([begins[place] for place in found])[:, None] + np.arange(count)
        yield _Alike([items[place] for place in found], count, voting, lines)


def similarities(items: Sequence[Item]) -> list[list[float]]:
    """Return for each item the mean similarity of each answer to the others that vote, 0 without any."""
    means = np.empty(sum(len(item.said) for item in items))
    for alike in _alike(items):
        means[alike.lines] = alike.similarities()
    return _by_item(items, means.tolist())


def measures(items: Sequence[Item], scale: Scale) -> _Floats:
    """Measure by `TERMS`, in their order, each answer of each item: (answers, terms)."""
    rows = np.empty((sum(len(item.said) for item in items), len(TERMS)))
    for alike in _alike(items):
        rows[alike.lines] = _measured(alike, scale)
    return rows


def _measured(alike: _Alike, scale: Scale) -> _Floats:
    items, several = alike.items, len(alike.voting) > 1
    among = list(alike.voting or range(alike.count))
    outputs = [output for item in items for output in item.outputs]
    words = [output.split() for output in outputs]
    lengths = alike.table(
        math.log1p(len(own) if output.isascii() else length(output))
        for own, output in zip(words, outputs, strict=True)
    )
    ordered = np.sort(lengths[:, among], axis=1)
    middle = (ordered[:, (len(among) - 1) // 2] + ordered[:, len(among) // 2]) / 2
    like = alike.similarities()
    mean = np.zeros(len(items))
    for at in among:
        mean += like[:, at]
    mean /= len(among)
    rows = np.zeros((*alike.lines.shape, len(TERMS)))
    measured: dict[str, _Floats | float] = {
        "any": 1.0,
        "kind": np.array([kind_code(item.kind) for item in items])[:, None],
        "similarity": (like - mean[:, None]) / scale.similarity if several else 0.0,
        "agreement": ((mean - scale.agreement) / scale.spread)[:, None] if several else 0.0,
        "equal": alike.equal(),
        "longer": lengths - middle[:, None],
        "length": lengths - scale.length,
        "repetition": alike.table(map(repetition, words)),
        "alone": float(not several),
    }
    barred = [why for item in items for why in item.barred]
    if any(barred):
        measured["cut"] = alike.table(float(why == "cut_by_length") for why in barred)
        measured["barred"] = alike.table(float(why not in _SPEAKS_OR_CUT) for why in barred)
    for term, values in measured.items():
        rows[:, :, TERMS.index(term)] = values
    return rows


def repetition(words: Sequence[str]) -> float:
    """Return which share of the pairs of neighbouring words came before in a text."""
    return 1 - len(set(pairwise(words))) / (len(words) - 1) if len(words) > 1 else 0.0


def sums(items: Sequence[Item], weights: Weights) -> list[list[float]]:
    """Return the sums of parts of each item's answers before calibration; equal answers have the largest of
    theirs."""
    return list(map(shared, items, _own_sums(items, weights)))


def _own_sums(items: Sequence[Item], weights: Weights) -> list[list[float]]:
    rows = measures(items, weights.scale)
    own = np.zeros(len(rows))
    for weight, values in zip(weights.ordered, rows.T, strict=True):
        own += weight * values
    models = [weights.models.get(model, _UNKNOWN) for item in items for model in item.models]
    always, by_kind = np.array(models).reshape(-1, 2).T
    own += always
    own += by_kind * rows[:, TERMS.index("kind")]
    return _by_item(items, own.tolist())


def _by_item(items: Sequence[Item], values: Sequence[float]) -> list[list[float]]:
    ends = accumulate(len(item.said) for item in items)
    return [list(values[begin:end]) for begin, end in pairwise([0, *ends])]


def shared(item: Item, own: Sequence[float]) -> list[float]:
    """Give equal answers that vote the largest of their sums: they are one answer."""
    if len(set(item.said)) == len(item.said):
        return list(own)
    best: dict[str, float] = {}
    for at in item.voting:
        best[item.said[at]] = max(own[at], best.get(item.said[at], -math.inf))
    voting = set(item.voting)
    return [best[item.said[at]] if at in voting else value for at, value in enumerate(own)]


def probabilities(items: Sequence[Item], weights: Weights) -> list[list[float]]:
    """Return how probably each answer to each item is right."""
    slope, offset = weights.slope, weights.offset
    return [[logistic(slope * own + offset) for own in item] for item in sums(items, weights)]


def parts(item: Item, weights: Weights, place: int) -> list[Part]:
    """Return what the log-odds of an answer are made of, the weightiest first; what adds nothing is left out.

    What is alike for all answers of the project (`any`, the offset) is one part. Of equal answers the parts
    of the best are those of all.
    """
    [own] = _own_sums([item], weights)
    if place in item.voting:
        equal = [at for at in item.voting if item.said[at] == item.said[place]]
        place = max(equal, key=lambda at: own[at])
    row, slope, kind = measures([item], weights.scale)[place].tolist(), weights.slope, kind_code(item.kind)
    found = [
        Part(term, value, slope * weights.terms[term] * value)
        for term, value in zip(TERMS, row, strict=True)
        if term != "any"
    ]
    always, by_kind = weights.models.get(item.models[place], _UNKNOWN)
    found.append(Part("model", 1.0, slope * (always + by_kind * kind), item.models[place]))
    found.append(Part("any", 1.0, slope * weights.terms["any"] + weights.offset))
    return sorted((part for part in found if part.adds), key=lambda part: -abs(part.adds))
