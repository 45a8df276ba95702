"""How far reviewers agree: in percent, by Cohen's kappa and Krippendorff's alpha. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Opinion:
    """A decision in short: `label` is rejected, edited, winner or another; `answer` the text wanted."""

    label: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Opinions:
    """`last`: by item and reviewer; `again`: pairs of (before, when shown again unmarked) by reviewer."""

    last: dict[str, dict[str, Opinion]]
    again: dict[str, list[tuple[Opinion, Opinion]]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two sides agree over `items`: the share with the same answer (0 … 1), and Cohen's kappa of
    the labels rejected, edited, winner, another."""

    who: tuple[str, str]
    items: int
    same: float
    kappa: float


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Every pair of reviewers with items in common, everybody with themselves, and alpha over all.

    `alpha` is None where no item was decided by two.
    """

    pairs: tuple[Agreement, ...]
    selves: tuple[Agreement, ...]
    alpha: float | None
    items: int


def agreement(opinions: Opinions) -> AgreementReport:
    """Measure the agreement of these opinions."""
    shared = [by_name for by_name in opinions.last.values() if len(by_name) > 1]
    names = sorted({name for by_name in shared for name in by_name})
    pairs = []
    for pair in combinations(names, 2):
        first, second = pair
        both = [
            (by_name[first], by_name[second]) for by_name in shared if first in by_name and second in by_name
        ]
        if both:
            pairs.append(_between(pair, both))
    selves = [_between((name, name), both) for name, both in sorted(opinions.again.items())]
    return AgreementReport(tuple(pairs), tuple(selves), _alpha(shared), len(shared))


def _between(who: tuple[str, str], both: Sequence[tuple[Opinion, Opinion]]) -> Agreement:
    same = sum(
        1 for a, b in both if (a.label == "rejected") == (b.label == "rejected") and a.answer == b.answer
    )
    return Agreement(who, len(both), same / len(both), kappa([(a.label, b.label) for a, b in both]))


def kappa(labels: Sequence[tuple[str, str]]) -> float:
    """Return Cohen's kappa of two sides' labels (Cohen 1960); 1 where both give one label to everything."""
    # Imported late: it takes most of a second, and only these figures need it.
    from nltk.metrics.agreement import AnnotationTask

    data = [
        (side, at, label) for at, pair in enumerate(labels) for side, label in zip("ab", pair, strict=True)
    ]
    return float(AnnotationTask(data=data).kappa())


def _alpha(shared: Sequence[dict[str, Opinion]]) -> float | None:
    return alpha([{name: opinion.label for name, opinion in by_name.items()} for by_name in shared])


def alpha(units: Sequence[dict[str, str]]) -> float | None:
    """Return Krippendorff's alpha for nominal labels; a unit maps those who judged it to their labels."""
    from nltk.metrics.agreement import AnnotationTask

    # Units judged by one alone say nothing about agreement (Krippendorff 2011, step B).
    judged = [unit for unit in units if len(unit) > 1]
    if not judged:
        return None
    data = [(name, at, label) for at, unit in enumerate(judged) for name, label in unit.items()]
    return float(AnnotationTask(data=data).alpha())
