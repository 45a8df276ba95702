"""How judgements give rule `learned` its weights, and how well those do by cross-validation. Pure.

A logistic model with Gaussian priors, fitted by Newton steps. The priors say what is known before anybody
judged: that an answer like the others is right more often, as rule `quorum` takes it. So few judgements
change little, and many everything. An item is always on one side of a split, never an answer, and items
whose instructions are near-duplicates go together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import fmean, pstdev

import numpy as np
import numpy.typing as npt

from app.method.learned import PRIORS, TERMS, Item, Scale, Weights, kind_code
from app.method.lengths import length
from app.method.measures import measures, shared, similarities
from app.method.near import NearTasks
from app.method.recipe_parts import NEAR_DUPLICATE, Tokeniser
from app.method.rouge import chosen

_Floats = npt.NDArray[np.float64]

MODEL_PRECISION, MODEL_KIND_PRECISION = 2.0, 3.0
"""Of the weights of models, whose means are 0."""
_SMALLEST_SPREAD = 0.08
"""Similarities that differ less than this differ little, however alike all are."""
_STEPS, _ENOUGH = 50, 1e-7
FOLDS, REPEATS = 5, 5
DECISION_WEIGHT = 0.3
"""What an ordinary decision counts, to 1 of a judgement: it was neither drawn at random nor blind."""
CALIBRATION = ((1.0, 12.0), (0.0, 6.0))
"""What is held of slope and offset before: mean and precision."""


@dataclass(frozen=True, slots=True)
class Known:
    """An item of which somebody said which answers are right; None where nobody said.

    `weight` is 1 for a judged one. `before` says whether the vote that stands is right about its winner, None
    without one; `kept` whether it keeps the item.
    """

    item: Item
    right: tuple[bool | None, ...]
    instruction: str
    weight: float = 1.0
    before: bool | None = None
    kept: bool = False


def fit(known: Sequence[Known]) -> Weights:
    """Find the weights that these judgements give, calibrated by answers that the weights had not seen.

    Raises ValueError where no answer was judged.
    """
    table = Table.of(known)
    weights = table.weights(table.fitted())
    slope, offset = calibration(known, scores_outside(known, table))
    return replace(weights, slope=slope, offset=offset)


def scale_of(items: Sequence[Item]) -> Scale:
    """Measure in what the measures of these items are counted."""
    within, means, lengths = [], [], []
    for item, like in zip(items, similarities(items), strict=True):
        if len(item.voting) > 1:
            mean = fmean(like[at] for at in item.voting)
            means.append(mean)
            within += [like[at] - mean for at in item.voting]
        lengths += [math.log1p(length(output)) for output in item.outputs]
    spread = math.sqrt(fmean(value * value for value in within)) if within else 0.0
    return Scale(
        similarity=max(spread, _SMALLEST_SPREAD),
        agreement=fmean(means) if means else 0.0,
        spread=max(pstdev(means) if means else 0.0, _SMALLEST_SPREAD),
        length=fmean(lengths),
    )


@dataclass(frozen=True, slots=True)
class Table:
    """Every answer of some items as a row: its measures by `TERMS`, then models, then models by kind.

    `right` is 1 or 0, `weight` 0 where nobody judged the answer; equal answers share the weight of one.
    `item` is the place of the item of each answer.
    """

    scale: Scale
    models: tuple[str, ...]
    rows: _Floats
    right: _Floats
    weight: _Floats
    item: npt.NDArray[np.intp]

    @classmethod
    def of(cls, known: Sequence[Known]) -> Table:
        """Lay out the answers of these items. Raises ValueError where nobody judged one."""
        if not any(right is not None for one in known for right in one.right):
            raise ValueError("no answer was judged")
        scale = scale_of([one.item for one in known])
        counts = Counter(model for one in known for model in one.item.models)
        models = sorted(counts, key=lambda model: (-counts[model], model))
        place = {model: len(TERMS) + at for at, model in enumerate(models)}
        answers = [(number, at) for number, one in enumerate(known) for at in range(len(one.right))]
        rows = np.zeros((len(answers), len(TERMS) + 2 * len(models)))
        rows[:, : len(TERMS)] = measures([one.item for one in known], scale)
        weight = np.zeros(len(answers))
        for line, (number, at) in enumerate(answers):
            one = known[number]
            column = place[one.item.models[at]]
            rows[line, column], rows[line, column + len(models)] = 1.0, kind_code(one.item.kind)
            if one.right[at] is not None:
                weight[line] = one.weight / one.item.said.count(one.item.said[at])
        right = np.array([float(bool(known[number].right[at])) for number, at in answers])
        item = np.array([number for number, _ in answers], dtype=np.intp)
        return cls(scale, tuple(models), rows, right, weight, item)

    def fitted(self, chosen: npt.NDArray[np.bool_] | None = None) -> _Floats:
        """Return the coefficients that the chosen rows give, or all."""
        count = len(self.models)
        mean = np.array([PRIORS[term][0] for term in TERMS] + [0.0] * 2 * count)
        own, by_kind = [MODEL_PRECISION] * count, [MODEL_KIND_PRECISION] * count
        precision = np.array([PRIORS[term][1] for term in TERMS] + own + by_kind)
        used = self.weight > 0 if chosen is None else chosen & (self.weight > 0)
        return newton(self.rows[used], self.right[used], self.weight[used], mean, precision)

    def weights(self, found: _Floats) -> Weights:
        """Name the coefficients."""
        models = found[len(TERMS) :].reshape(2, -1).T.tolist()
        return Weights(
            terms=dict(zip(TERMS, found.tolist(), strict=False)),
            models={name: (own, by_kind) for name, (own, by_kind) in zip(self.models, models, strict=True)},
            scale=self.scale,
        )


def newton(table: _Floats, right: _Floats, weight: _Floats, mean: _Floats, precision: _Floats) -> _Floats:
    """Return the most probable coefficients of a logistic model whose priors are normal.

    `table` is (answers, measures), `right` 0 or 1 for each answer. The function is concave, so that halved
    steps always arrive.
    """

    def height(at: _Floats) -> float:
        odds = np.einsum("ij,j->i", table, at)
        data = np.sum(weight * (right * odds - np.logaddexp(0, odds)))
        return float(data - np.sum(precision * (at - mean) ** 2) / 2)

    # Not by BLAS: its threads wait for each other, and beside a run that takes many times as long.
    found, now = mean.copy(), height(mean)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(np.einsum("ij,j->i", table, found), -500, 500)))
        slope = np.einsum("ij,i->j", table, weight * (right - chance)) - precision * (found - mean)
        bend = np.einsum("ij,ik->jk", table * (weight * chance * (1 - chance))[:, None], table) + np.diag(
            precision
        )
        step = np.linalg.solve(bend, slope)
        while (after := height(found + step)) < now and np.abs(step).max() > _ENOUGH:
            step = step / 2
        found, now = found + step, after
        if np.abs(step).max() <= _ENOUGH:
            break
    return found


# ---- what the weights are worth on items they have not seen -----------------------------------------


def groups(instructions: Sequence[str]) -> list[int]:
    """Return for each instruction the number of its group: those of near-duplicates are the same."""
    tasks = NearTasks(1, NEAR_DUPLICATE)
    numbers: list[int] = []
    joined: list[int] = []
    tokenisers: list[Tokeniser] = [chosen("auto", (text,)) for text in instructions]
    for near in tasks.judge([(text,) for text in instructions], tokenisers):
        number = len(numbers) if near is None else numbers[joined[near.place]]
        if near is None or near.differs:
            joined.append(len(numbers))
        numbers.append(number)
    return numbers


Split = Sequence[int]
"""For each item the number of the part it is in, from 0."""


def splits(known: Sequence[Known], repeats: int = REPEATS) -> list[Split]:
    """Split items at random into `FOLDS` parts of about the same size, several times; groups stay whole."""
    group = groups([one.instruction for one in known])
    found: list[Split] = []
    for seed in range(repeats):
        order = sorted(set(group))
        Random(seed).shuffle(order)
        part = {number: at % FOLDS for at, number in enumerate(order)}
        found.append([part[number] for number in group])
    return found


@dataclass(frozen=True, slots=True)
class Scored:
    """The sums of parts of an item's answers, by weights that had not seen it; which item, and which part
    it was in."""

    place: int
    part: int
    sums: tuple[float, ...]


def scores_outside(known: Sequence[Known], table: Table) -> list[Scored]:
    """Score the judged items, once for each split, by weights from the parts they are not in."""
    scored = []
    rows_of = [np.flatnonzero(table.item == place) for place in range(len(known))]
    for split in splits(known):
        part_of = np.array(split)[table.item]
        for part in range(max(split) + 1):
            used = part_of != part
            if not (table.weight[used] > 0).any():
                continue
            own = np.einsum("ij,j->i", table.rows, table.fitted(used))
            for place, at in enumerate(split):
                one = known[place]
                if at == part and one.weight == 1.0 and one.item.voting:
                    sums = shared(one.item, own[rows_of[place]].tolist())
                    scored.append(Scored(place, part, tuple(sums)))
    return scored


def winner_of(item: Item, own: Sequence[float]) -> int:
    """Return the place of the answer with the largest sum of those that vote; empty ones only if all are."""
    able = [at for at in item.voting if item.said[at]] or item.voting
    return max(able, key=lambda at: (own[at], -len(item.said[at]), -at))


def calibration(known: Sequence[Known], scored: Sequence[Scored]) -> tuple[float, float]:
    """Find slope and offset that make the winners' probabilities come true (Platt), from scores outside."""
    odds, right = [], []
    for one in scored:
        item = known[one.place]
        at = winner_of(item.item, one.sums)
        if item.right[at] is not None:
            odds.append(one.sums[at])
            right.append(float(bool(item.right[at])))
    if not odds:
        return 1.0, 0.0
    times = len(scored) / max(len({one.place for one in scored}), 1)
    (slope, slope_precision), (offset, offset_precision) = CALIBRATION
    found = newton(
        np.column_stack([odds, np.ones(len(odds))]),
        np.array(right),
        np.full(len(odds), 1 / times),
        np.array([slope, offset]),
        np.array([slope_precision, offset_precision]),
    )
    # A slope that is not positive would turn the order of the answers round.
    return max(float(found[0]), 0.1), float(found[1])
