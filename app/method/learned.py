"""Rule `learned`: how probably each answer to an item is right, by weights that judgements gave. Pure.

The odds of an answer are a sum of parts: which model wrote it, how like the others it is, how long, how
repetitive, of which kind the task is. Equal answers are one answer: they have the odds of the best of them.
`app.method.measures` measures and adds up, `app.method.learning` finds the weights; both need numpy, which
this module, loaded for every vote, does not.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.method.terms import Kind, Role

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

Matrix = Sequence[Sequence[float]]


class Item(NamedTuple):
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
