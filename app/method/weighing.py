"""What was learned, in words: how much each measure counts, and why an answer is right probably. Pure.

Odds are what probabilities are added in: ten to one is 91%. A factor of 2 doubles them. Names of models are
foreign text, and so is what holds them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from app.method.learned import PRIORS, Part, Weights

_STEPS: dict[str, tuple[float, str]] = {
    "similarity": (1.0, "one spread more like the other answers than usual for the item"),
    "agreement": (1.0, "all answers to the item one spread more alike"),
    "equal": (1.0, "all other answers say the same"),
    "longer": (math.log(2), "twice as long as the median answer to the item"),
    "length": (math.log(2), "twice as long, whatever the others are"),
    "repetition": (0.1, "one in ten pairs of words came before"),
    "kind": (1.0, "the task has an input"),
    "cut": (1.0, "cut by the length limit"),
    "barred": (1.0, "an answer that may not vote for another reason"),
    "alone": (1.0, "the only answer that may vote"),
}
"""What the weight of each measure is told for."""
_UNMOVED = 1e-9
_MATTERS = 0.05
"""Log-odds below this are 5% of the odds: nothing anybody needs to read."""
_PARTS: dict[str, tuple[str, str]] = {
    "similarity": ("more like the others", "less like the others"),
    "agreement": ("answers alike", "answers unlike"),
    "equal": ("others say the same", "others say the same"),
    "longer": ("longer than the others", "shorter than the others"),
    "length": ("long", "short"),
    "repetition": ("repeats words", "repeats words"),
    "kind": ("task with an input", "task without an input"),
    "cut": ("cut", "cut"),
    "barred": ("may not vote", "may not vote"),
    "alone": ("the only answer", "the only answer"),
    "any": ("answers as a rule", "answers as a rule"),
}
"""What a measure above and below zero says of an answer."""


def factor(log_odds: float) -> str:
    """Return "× 2.7" for log-odds of 1."""
    value = math.exp(min(log_odds, 20.0))
    return f"× {value:,.0f}" if value >= 100 else f"× {value:.1f}" if value >= 1 else f"× {value:.2f}"


def weighed(weights: Weights, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (factor, what for) of every model and measure that matters, the weightiest first of each.

    `names` are what the models are called; one that is not there is another project's.
    """
    slope = weights.slope
    models = [
        (slope * own, f"answered by {names[key]}") for key, (own, _) in weights.models.items() if key in names
    ]
    by_kind = [
        (slope * more, f"answered by {names[key]}, with an input rather than without")
        for key, (_, more) in weights.models.items()
        if key in names
    ]
    terms = [
        (slope * weights.terms[term] * step, words + _assumed(term, weights))
        for term, (step, words) in _STEPS.items()
    ]
    told = []
    for group in (models, by_kind, terms):
        for odds, words in sorted(group, key=lambda one: -abs(one[0])):
            if abs(odds) >= _MATTERS:
                told.append((factor(odds), words))
    return told


def _assumed(term: str, weights: Weights) -> str:
    """Say so where a weight is what was held before, as no judged answer had anything to say about it."""
    return " (assumed: no example)" if abs(weights.terms[term] - PRIORS[term][0]) < _UNMOVED else ""


def part_in_words(part: Part, names: Mapping[str, str]) -> str:
    """Say what a part of an answer's odds is about, in a few words."""
    if part.term == "model":
        return names.get(part.name, part.name)
    more, less = _PARTS[part.term]
    return more if part.value >= 0 else less


def parts_in_words(parts: Sequence[Part], names: Mapping[str, str], most: int = 3) -> str:
    """Return the weightiest parts in one line: "gemma × 3.2, longer than the others × 0.8"."""
    own = [part for part in parts if part.term != "any" and abs(part.adds) >= _MATTERS]
    return ", ".join(f"{part_in_words(part, names)} {factor(part.adds)}" for part in own[:most])
