"""Rule `learned`: how probably each answer to an item is right, by weights that judgements gave. Pure.

The odds of an answer are a sum of parts: which model wrote it, how like the others it is, how long, how
repetitive, of which kind the task is. `app.method.learning` finds the weights (and needs numpy, which this
module, used in every vote, does not). Equal answers are one answer: they have the odds of the best of them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import mul
from statistics import median

from app.method.lengths import length
from app.method.terms import Kind, Role
from app.method.voices import ONE_VOICE

VERSION = 1
"""Of the parts below; weights of another version cannot be used."""
TERMS = (
    *("any", "kind", "similarity", "agreement", "equal", "longer", "length", "repetition"),
    *("cut", "barred", "alone"),
)
"""What an answer is measured by, beside its model.

`any` is 1; `kind` ½ for a task with an input, else -½. `similarity` is how much more like the others it is
than the answers to the item are on average, `agreement` that average, both in spreads; `equal` the share of
the others that say the same; `longer` the logarithm of its length to the median, `length` that of its
length; `repetition` the share of pairs of neighbouring words that came before. `cut`, `barred` (for another
reason) and `alone` are 1 or 0.
"""

PRIORS: dict[str, tuple[float, float]] = {
    "any": (0.0, 0.1),
    "kind": (0.0, 2.0),
    "similarity": (1.0, 6.0),
    "agreement": (0.0, 3.0),
    "equal": (1.0, 1.0),
    "longer": (0.0, 3.0),
    "length": (0.0, 3.0),
    "repetition": (0.0, 0.5),
    "cut": (-1.0, 1.0),
    "barred": (-1.0, 1.0),
    "alone": (0.0, 1.0),
}
"""What is held of each weight before anybody judged: mean, and precision (1 / variance)."""

_SPEAKS_OR_CUT = ("", "cut_by_length", ONE_VOICE)
"""What an answer is barred for that says nothing against it, and what has a measure of its own."""

_UNKNOWN = (0.0, 0.0)
"""What a model adds that nothing is known of."""

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Item:
    """The answers to one item as they are measured, in one order.

    `models` are names that tell a model in its role from others; `said` is what each output says, equal for
    equal answers; `matrix` their similarities; `barred` why each may not vote, "" where it may; `voting` the
    places of those that do, with which all are compared.
    """

    kind: Kind
    models: Sequence[str]
    outputs: Sequence[str]
    said: Sequence[str]
    matrix: Matrix
    barred: Sequence[str]
    voting: Sequence[int]

    def similarities(self) -> list[float]:
        """The mean similarity of each answer to the others that vote; 0 where there are none."""
        means = []
        for at, row in enumerate(self.matrix):
            others = [row[other] for other in self.voting if other != at]
            means.append(sum(others) / len(others) if others else 0.0)
        return means


@dataclass(frozen=True, slots=True)
class Scale:
    """In what the measures are counted: the spread of similarities within items, centre and spread of
    their means over items, the centre of the logarithms of lengths."""

    similarity: float = 1.0
    agreement: float = 0.0
    spread: float = 1.0
    length: float = 0.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: a weight for each of `TERMS`, and for each model one and one that goes with `kind`.

    `slope` and `offset` calibrate: the log-odds of an answer are slope x sum + offset.
    """

    terms: Mapping[str, float]
    models: Mapping[str, tuple[float, float]]
    scale: Scale = field(default_factory=Scale)
    slope: float = 1.0
    offset: float = 0.0
    ordered: tuple[float, ...] = field(init=False, repr=False, compare=False)
    """The weights of `TERMS` in their order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ordered", tuple([self.terms.get(term, 0.0) for term in TERMS]))

    def to_json(self) -> str:
        """Return the weights as stored."""
        scale = self.scale
        values = {
            "version": VERSION,
            "terms": dict(self.terms),
            "models": {name: list(pair) for name, pair in self.models.items()},
            "scale": [scale.similarity, scale.agreement, scale.spread, scale.length],
            "calibration": [self.slope, self.offset],
        }
        return json.dumps(values, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, stored: str) -> Weights:
        """Read weights as stored. Raises ValueError if they are of another version, or none."""
        values = json.loads(stored)
        try:
            if values["version"] != VERSION or set(values["terms"]) != set(TERMS):
                raise ValueError("the weights are of another version")
            models = {name: (float(own), float(by_kind)) for name, (own, by_kind) in values["models"].items()}
            slope, offset = map(float, values["calibration"])
            terms = {term: float(values["terms"][term]) for term in TERMS}
            return cls(terms, models, Scale(*map(float, values["scale"])), slope, offset)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no weights") from error


def model_key(role: Role, model: str) -> str:
    """Return what tells a model (its fingerprint) in its role from others, in every project."""
    return f"{role} {model}"


def kind_code(kind: Kind) -> float:
    """Return the measure `kind`: ½ for a task with an input, else -½."""
    return 0.5 if kind == "A" else -0.5


def measures(item: Item, scale: Scale) -> list[tuple[float, ...]]:
    """Measure each answer by `TERMS`, in their order."""
    similarities = item.similarities()
    words = [output.split() for output in item.outputs]
    lengths = [
        math.log1p(len(own) if output.isascii() else length(output))
        for own, output in zip(words, item.outputs, strict=True)
    ]
    among = item.voting or range(len(lengths))
    middle = median([lengths[at] for at in among])
    several = len(item.voting) > 1
    mean = sum([similarities[at] for at in among]) / len(among)
    agreement = (mean - scale.agreement) / scale.spread if several else 0.0
    voting_said = [item.said[at] for at in item.voting]
    kind = kind_code(item.kind)
    rows: list[tuple[float, ...]] = []
    for at, said in enumerate(item.said):
        votes, barred = at in item.voting, item.barred[at]
        others = len(voting_said) - votes
        equal = voting_said.count(said) - votes
        rows.append(
            (
                1.0,
                kind,
                (similarities[at] - mean) / scale.similarity if several else 0.0,
                agreement,
                equal / others if others and said else 0.0,
                lengths[at] - middle,
                lengths[at] - scale.length,
                repetition(words[at]),
                float(barred == "cut_by_length"),
                float(barred not in _SPEAKS_OR_CUT),
                float(not several),
            )
        )
    return rows


def repetition(words: Sequence[str]) -> float:
    """Return which share of the pairs of neighbouring words came before in a text."""
    return 1 - len(set(pairwise(words))) / (len(words) - 1) if len(words) > 1 else 0.0


def sums(item: Item, weights: Weights) -> list[float]:
    """Return the sum of parts of each answer before calibration; equal answers have the largest of theirs."""
    return shared(item, _own_sums(item, weights))


def _own_sums(item: Item, weights: Weights) -> list[float]:
    ordered, models, kind = weights.ordered, weights.models, kind_code(item.kind)
    own = []
    for model, row in zip(item.models, measures(item, weights.scale), strict=True):
        always, by_kind = models.get(model, _UNKNOWN)
        own.append(sum(map(mul, ordered, row)) + always + by_kind * kind)
    return own


def shared(item: Item, own: Sequence[float]) -> list[float]:
    """Give equal answers that vote the largest of their sums: they are one answer."""
    if len(set(item.said)) == len(item.said):
        return list(own)
    best: dict[str, float] = {}
    for at in item.voting:
        best[item.said[at]] = max(own[at], best.get(item.said[at], -math.inf))
    voting = set(item.voting)
    return [best[item.said[at]] if at in voting else value for at, value in enumerate(own)]


def probabilities(item: Item, weights: Weights) -> list[float]:
    """Return how probably each answer is right."""
    return [logistic(weights.slope * own + weights.offset) for own in sums(item, weights)]


def logistic(log_odds: float) -> float:
    """Return the probability that these logarithmic odds are."""
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one measure adds to the log-odds of an answer; `value` is the measure, `term` one of `TERMS`, or
    "model" with its `name` (foreign)."""

    term: str
    value: float
    adds: float
    name: str = ""


def parts(item: Item, weights: Weights, place: int) -> list[Part]:
    """Return what the log-odds of an answer are made of, the weightiest first; what adds nothing is left out.

    What is alike for all answers of the project (`any`, the offset) is one part. Of equal answers the parts
    of the best are those of all.
    """
    own = _own_sums(item, weights)
    if place in item.voting:
        equal = [at for at in item.voting if item.said[at] == item.said[place]]
        place = max(equal, key=lambda at: own[at])
    row, slope, kind = measures(item, weights.scale)[place], weights.slope, kind_code(item.kind)
    found = [
        Part(term, value, slope * weights.terms[term] * value)
        for term, value in zip(TERMS, row, strict=True)
        if term != "any"
    ]
    always, by_kind = weights.models.get(item.models[place], (0.0, 0.0))
    found.append(Part("model", 1.0, slope * (always + by_kind * kind), item.models[place]))
    found.append(Part("any", 1.0, slope * weights.terms["any"] + weights.offset))
    return sorted((part for part in found if part.adds), key=lambda part: -abs(part.adds))
