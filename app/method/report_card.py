"""How right models and rules are, from a sample that was drawn at random and judged. Pure.

A row counts as right if its task is valid and its answer right. An answer that was left open counts nowhere.
Shares have Wilson's intervals, paired differences those of a bootstrap over items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb

import numpy

from app.method.consensus import THRESHOLDS, Vote, survives
from app.method.intervals import Estimate, wilson
from app.method.judging import Grade, Said
from app.method.terms import Kind

RESAMPLES = 2_000
LEAST = 10
"""Judged items below which nothing is concluded."""
SURE = 0.05
"""A pair of models is named as siblings if chance alone would name any pair of the ensemble this often."""
PUBLISHED = {"task": 0.92, "input": 0.79, "output": 0.58, "all": 0.54}
"""Valid task, fitting input, right output, all three: Self-Instruct (Wang et al. 2023, table 2)."""

QUESTIONS = {
    **{"task": "valid task", "input": "fitting input", "output": "right output", "all": "all of them"},
}
"""The same in words."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those that were counted are right."""

    right: int
    count: int

    @property
    def estimate(self) -> Estimate:
        """The share with its interval."""
        return wilson(self.right, self.count)

    def as_dict(self) -> dict[str, float]:
        """Give it as plain data for JSON."""
        return {"right": self.right, "count": self.count, **self.estimate.as_dict()}


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """An item of the sample: whose its answers are and what is said of each, in one order.

    `votes` are what rules say about just these answers, by the names of the rules; `stands` is the vote that
    stands. `task` and `input` are None where nobody said, or those who did differ.
    """

    kind: Kind
    models: tuple[str, ...]
    answers: tuple[Said, ...]
    task: bool | None
    input: bool | None
    stands: Vote
    votes: Mapping[str, Vote]

    def is_right(self, at: int | None) -> bool | None:
        """Say whether an answer would be right as a row; None where it was left open, or there is none."""
        if at is None:
            return None
        return False if self.task is False else self.answers[at].is_right


@dataclass(frozen=True, slots=True)
class ModelShare:
    """How often a model is right when it answers alone, over all and by kind."""

    name: str
    all: Share
    by_kind: Mapping[Kind, Share]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a rule keeps at a threshold: how many of the `items`, how right its winners are, how right each
    model is on just these items, and by how much the winners are right more often than that model."""

    threshold: float
    kept: int
    items: int
    winner: Share
    models: Mapping[str, Share]
    differences: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Siblings:
    """Two models that are wrong together more often than chance: `both` times, `factor` times as often."""

    names: tuple[str, str]
    both: int
    items: int
    factor: float
    probability: float


@dataclass(frozen=True, slots=True)
class ReportCard:
    """Everything that a judged sample says.

    `groups` are by (equal answers, answers that voted) of the vote that stands; `decided` by whether equal
    answers or similarity decided it, of what it keeps.
    """

    items: int
    models: tuple[ModelShare, ...] = ()
    rules: Mapping[str, tuple[Kept, ...]] = field(default_factory=dict)
    stands: Kept | None = None
    stands_by: str = ""
    groups: Mapping[tuple[int, int], Share] = field(default_factory=dict)
    decided: Mapping[str, Share] = field(default_factory=dict)
    oracle: Share = Share(0, 0)
    siblings: tuple[Siblings, ...] = ()
    questions: Mapping[str, Share] = field(default_factory=dict)
    grades: Mapping[Grade, Share] = field(default_factory=dict)
    wrong_together: Mapping[tuple[str, str], Share] = field(default_factory=dict)
    """Of the items on which both of two models are known to be right or wrong, on how many both are wrong."""

    @property
    def best(self) -> ModelShare | None:
        """The model that is right most often; None without any."""
        judged = [model for model in self.models if model.all.count]
        return max(judged, key=lambda model: model.all.estimate.value, default=None)


def report_card(items: Sequence[JudgedItem]) -> ReportCard:
    """Count what a judged sample says."""
    if not items:
        return ReportCard(0)
    rules = sorted({name for item in items for name in item.votes})
    stands = Counter(item.stands.rule for item in items).most_common(1)[0][0]
    return ReportCard(
        items=len(items),
        models=tuple(_models(items)),
        rules={rule: tuple(_by_threshold(items, rule)) for rule in rules},
        stands=_kept(items, [item.stands if item.stands.keep else None for item in items], 0.0),
        stands_by=stands,
        groups=_groups(items),
        decided={
            by: _share(
                item.is_right(item.stands.winner)
                for item in items
                if item.stands.keep and item.stands.decided_by == by
            )
            for by in ("exact", "rouge")
        },
        oracle=_share(map(_any_right, items)),
        siblings=tuple(_siblings(items)),
        questions=_questions(items),
        grades=_grades(items),
        wrong_together={
            pair: Share(known.count((False, False)), len(known))
            for pair in combinations(_names(items), 2)
            if (known := _known_of_both(items, *pair))
        },
    )


def _share(judged: Iterable[bool | None]) -> Share:
    known = [right for right in judged if right is not None]
    return Share(sum(known), len(known))


def _any_right(item: JudgedItem) -> bool | None:
    """Say whether any answer is right; None where none is and one was left open."""
    judged = [item.is_right(at) for at in range(len(item.answers))]
    if True in judged:
        return True
    return None if None in judged or not judged else False


def _of_model(item: JudgedItem, name: str) -> bool | None:
    return item.is_right(item.models.index(name)) if name in item.models else None


def _names(items: Sequence[JudgedItem]) -> list[str]:
    """Return the models in the order of the answers: the writer first."""
    return list(dict.fromkeys(name for item in items for name in item.models))


def _models(items: Sequence[JudgedItem]) -> Iterable[ModelShare]:
    kinds = sorted({item.kind for item in items})
    for name in _names(items):
        by_kind = {
            kind: _share(_of_model(item, name) for item in items if item.kind == kind) for kind in kinds
        }
        yield ModelShare(name, _share(_of_model(item, name) for item in items), by_kind)


def _by_threshold(items: Sequence[JudgedItem], rule: str) -> Iterable[Kept]:
    """Yield what a rule keeps, for each threshold at which it keeps other items than at the one before."""
    before = None
    for threshold in THRESHOLDS:
        votes = [
            vote if (vote := item.votes.get(rule)) and survives(vote, threshold) else None for item in items
        ]
        keeps = [vote is not None for vote in votes]
        if keeps != before:
            yield _kept(items, votes, threshold)
        before = keeps


def _kept(items: Sequence[JudgedItem], votes: Sequence[Vote | None], threshold: float) -> Kept:
    """Count what these votes keep; None: the item is dropped."""
    kept = [(item, vote) for item, vote in zip(items, votes, strict=True) if vote is not None]
    won = [(item, right) for item, vote in kept if (right := item.is_right(vote.winner)) is not None]
    models: dict[str, Share] = {}
    differences: dict[str, Estimate] = {}
    for name in _names(items):
        alone = [(right, other) for item, right in won if (other := _of_model(item, name)) is not None]
        if alone:
            models[name] = _share(other for _, other in alone)
            differences[name] = difference([right - other for right, other in alone])
    return Kept(threshold, len(kept), len(items), _share(right for _, right in won), models, differences)


def difference(paired: Sequence[int]) -> Estimate:
    """Return the mean of differences of -1, 0 or 1, with the middle 95% of bootstrap means over items."""
    count = len(paired)
    if count < 2:
        return Estimate(float(sum(paired)), -1.0, 1.0)
    shares = [paired.count(value) / count for value in (-1, 0, 1)]
    drawn = numpy.random.default_rng(count).multinomial(count, shares, size=RESAMPLES)
    low, high = numpy.quantile((drawn[:, 2] - drawn[:, 0]) / count, (0.025, 0.975))
    return Estimate(sum(paired) / count, float(low), float(high))


def _groups(items: Sequence[JudgedItem]) -> dict[tuple[int, int], Share]:
    """Return how right winners are by how many of how many answers equal them, whether kept or not."""
    by_size: dict[tuple[int, int], list[bool | None]] = {}
    for item in items:
        if item.stands.winner is not None:
            size = (item.stands.equal, len(item.stands.voting))
            by_size.setdefault(size, []).append(item.is_right(item.stands.winner))
    return {size: _share(by_size[size]) for size in sorted(by_size, key=lambda size: (size[1], size[0]))}


def _siblings(items: Sequence[JudgedItem]) -> Iterable[Siblings]:
    """Yield pairs of models that are wrong together more often than chance, the closest first."""
    names = _names(items)
    pairs = list(combinations(names, 2))
    found = []
    for one, other in pairs:
        known = _known_of_both(items, one, other)
        both = known.count((False, False))
        one_wrong, other_wrong = (sum(not judged[side] for judged in known) for side in (0, 1))
        probability = _at_least(both, one_wrong, other_wrong, len(known))
        if both and probability < SURE / len(pairs):
            factor = both * len(known) / (one_wrong * other_wrong)
            found.append(Siblings((one, other), both, len(known), factor, probability))
    return sorted(found, key=lambda pair: -pair.factor)


def _known_of_both(items: Sequence[JudgedItem], one: str, other: str) -> list[tuple[bool, bool]]:
    """Return whether each of two models is right, for the items where both are known to be or not.

    A task that is not valid makes everybody wrong, which says nothing about whom it concerns.
    """
    return [
        (first, second)
        for item in items
        if item.task is not False
        and (first := _of_model(item, one)) is not None
        and (second := _of_model(item, other)) is not None
    ]


def _at_least(both: int, one: int, other: int, count: int) -> float:
    """Return how probable it is by chance to have at least this many in common (hypergeometric)."""
    ways = sum(comb(one, k) * comb(count - one, other - k) for k in range(both, min(one, other) + 1))
    return ways / comb(count, other)


def _questions(items: Sequence[JudgedItem]) -> dict[str, Share]:
    """Return the three questions of Self-Instruct about what the vote that stands keeps, and all of them."""
    kept = [item for item in items if item.stands.keep]
    outputs = [
        None if item.stands.winner is None else item.answers[item.stands.winner].is_right for item in kept
    ]
    fits = [item.input for item in kept if item.kind == "A"]
    every = [
        None if output is None else bool(item.task is not False and item.input is not False and output)
        for item, output in zip(kept, outputs, strict=True)
    ]
    return {
        "task": _share(item.task for item in kept),
        "input": _share(fits),
        "output": _share(outputs),
        "all": _share(every),
    }


def _grades(items: Sequence[JudgedItem]) -> dict[Grade, Share]:
    """Return how often the winners of what is kept have each grade; empty where none was graded."""
    graded = [
        item.answers[item.stands.winner].grade
        for item in items
        if item.stands.keep and item.stands.winner is not None and item.answers[item.stands.winner].grade
    ]
    grades: tuple[Grade, ...] = ("A", "B", "C", "D")
    return {grade: Share(graded.count(grade), len(graded)) for grade in grades} if graded else {}


# ---- in words ------------------------------------------------------------------------------------


def conclusion(card: ReportCard) -> str:
    """Say in plain words what follows for whoever has to choose (foreign: it names models)."""
    if card.stands is None or card.items < LEAST:
        items = "judged item" if card.items == 1 else "judged items"
        return f"Only {card.items} {items} so far: judge at least {LEAST}, better 30."
    known = [model.all for model in card.models if model.all.count]
    if all(share.right == share.count for share in known):
        return (
            "All judged answers are right: this sample cannot tell models and rules apart."
            if known
            else "Every answer is left open, or as many reviewers say right as wrong: nothing follows."
        )
    if not any(share.right for share in known):
        return "No judged answer is right: look at the tasks, the models and the guideline first."
    said = " ".join(filter(None, (_against_the_best(card), _of_agreement(card))))
    return said or "Of what the vote keeps nothing was judged right or wrong: judge more."


def _against_the_best(card: ReportCard) -> str:
    """Compare the vote with the model that is right most often, on what the vote keeps."""
    kept = card.stands
    if kept is None or not kept.models or not kept.winner.count:
        return ""
    best = max(kept.models, key=lambda name: kept.models[name].estimate.value)
    vote, alone, between = (
        kept.winner.estimate.value,
        kept.models[best].estimate.value,
        kept.differences[best],
    )
    if len(kept.models) == 1:
        return f"Only {best} answers, so there is nothing to choose: {vote:.0%} of what is kept is right."
    figures = f"{alone:.0%} against {vote:.0%} of what it keeps"
    if between.high < 0:
        return (
            f"{best} alone is right more often than the vote ({figures}): "
            "let it answer alone, or let the vote learn."
        )
    if between.low > 0:
        return f"The vote is right more often than any model alone (best: {best}, {figures})."
    return (
        f"This sample shows no clear difference between the vote and the best model alone, {best}: of what "
        f"the vote keeps, {vote:.0%} and {alone:.0%} are right."
    )


def _of_agreement(card: ReportCard) -> str:
    """Say whether equal answers are right more often than similar ones."""
    exact, similar = card.decided.get("exact", Share(0, 0)), card.decided.get("rouge", Share(0, 0))
    if min(exact.count, similar.count) < 5:
        return ""
    means = exact.estimate.low > similar.estimate.value and exact.estimate.value > similar.estimate.high
    word = "Agreement means something here" if means else "Agreement says little here"
    shares = f"in {exact.estimate.value:.0%}, similar ones in {similar.estimate.value:.0%}"
    return f"{word}: equal answers are right {shares}."


def of_siblings(pair: Siblings) -> str:
    """Say what it means that two models are wrong together (foreign: it names them)."""
    one, other = pair.names
    return (
        f"{one} and {other} are wrong together {pair.factor:.1f} times as often as chance: "
        "their agreement counts little."
    )
