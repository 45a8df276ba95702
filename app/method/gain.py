"""What learning gains: the votes that stand against rule `learned` on the judged items. Pure.

Rule learned answers each item by weights that had not seen it (`app.method.learning.scores_outside`). Both
are asked about the same items, so that the difference is of pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import numpy.typing as npt

from app.method.intervals import Estimate, wilson
from app.method.learned import Weights, logistic
from app.method.learning import Known, Scored, calibration, winner_of
from app.method.measures import sums

RESAMPLED = 2000
BINS = 5
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Compared:
    """The share that is right before and after, the difference of the two, and the number of items."""

    items: int
    before: Estimate
    after: Estimate
    gain: Estimate

    @property
    def is_clear(self) -> bool:
        """Whether the gain is above zero with 95% confidence."""
        return self.gain.low > 0

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data for JSON."""
        return {
            "items": self.items,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            "gain": self.gain.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Bin:
    """Winners of about the same probability: how many, what it is on average, and which share is right."""

    items: float
    probability: float
    right: float

    @property
    def judged(self) -> Estimate:
        """The share that is right, with its interval."""
        return wilson(self.right * self.items, self.items)


@dataclass(frozen=True, slots=True)
class Gain:
    """What learning gains on all judged items, and on as many as the votes keep: the most probable ones.

    `best` is the model, alone, that is right most often on the same items, and its share; None without one.
    `kept` is None where the votes keep all or none. `reliability` shows whether probabilities come true.
    """

    all: Compared | None
    kept: Compared | None
    best: tuple[str, Estimate] | None
    reliability: tuple[Bin, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data for JSON."""
        return {
            "all": self.all and self.all.as_dict(),
            "kept": self.kept and self.kept.as_dict(),
            "best": self.best and {"model": self.best[0], "right": self.best[1].as_dict()},
            "reliability": [
                {"items": one.items, "probability": one.probability, "right": one.right}
                for one in self.reliability
            ],
        }


def scored_by(known: Sequence[Known], weights: Weights) -> list[Scored]:
    """Score the judged items by weights that come from elsewhere and have not seen them."""
    judged = [place for place, one in enumerate(known) if one.weight == 1.0 and one.item.voting]
    found = sums([known[place].item for place in judged], weights)
    return [Scored(place, 0, tuple(own)) for place, own in zip(judged, found, strict=True)]


def gain(known: Sequence[Known], scored: Sequence[Scored], calibrated: Weights | None = None) -> Gain:
    """Compare on the judged items whose winners, before and after, somebody judged.

    Probabilities are calibrated by the items of the other parts, or by `calibrated` weights from elsewhere.
    """
    rounds = _rounds(known, scored, calibrated)
    places = [place for place, found in rounds.items() if known[place].before is not None and found]
    reliability = _bins([pair for found in rounds.values() for pair in found], len(rounds))
    if not places:
        return Gain(None, None, None, reliability)
    before = np.array([float(bool(known[place].before)) for place in places])
    after = np.array([fmean(right for _, right in rounds[place]) for place in places])
    probable = np.array([fmean(chance for chance, _ in rounds[place]) for place in places])
    kept = np.array([known[place].kept for place in places])
    likeliest = np.zeros(len(places), dtype=bool)
    likeliest[np.argsort(-probable, kind="stable")[: int(kept.sum())]] = True
    everywhere = np.ones(len(places), dtype=bool)
    return Gain(
        all=_compared(before, after, everywhere, everywhere),
        kept=_compared(before, after, kept, likeliest) if 0 < kept.sum() < len(places) else None,
        best=_best_model([known[place] for place in places]),
        reliability=reliability,
    )


def _rounds(
    known: Sequence[Known], scored: Sequence[Scored], calibrated: Weights | None
) -> dict[int, list[tuple[float, float]]]:
    """Map the places of items to (probability of the winner, 1 if right) of every time they were scored."""
    by_part: dict[int, tuple[float, float]] = {}
    for part in {one.part for one in scored}:
        if calibrated is not None:
            by_part[part] = calibrated.slope, calibrated.offset
        else:
            by_part[part] = calibration(known, [one for one in scored if one.part != part])
    rounds: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for one in scored:
        item = known[one.place]
        winner = winner_of(item.item, one.sums)
        right = item.right[winner]
        if right is not None:
            slope, offset = by_part[one.part]
            rounds[one.place].append((logistic(slope * one.sums[winner] + offset), float(right)))
    return rounds


def _compared(
    before: _Floats, after: _Floats, before_in: npt.NDArray[np.bool_], after_in: npt.NDArray[np.bool_]
) -> Compared:
    """Compare the shares that are right among the items chosen before and after; intervals by bootstrap."""
    count = int(before_in.sum())
    drawn = np.random.default_rng(0).integers(0, len(before), (RESAMPLED, len(before)))
    first = _shares(before * before_in, before_in, drawn)
    second = _shares(after * after_in, after_in, drawn)
    low, high = np.nanpercentile(second - first, (2.5, 97.5))
    one, other = float(before[before_in].mean()), float(after[after_in].mean())
    return Compared(
        items=count,
        before=wilson(one * count, count),
        after=wilson(other * count, count),
        gain=Estimate(other - one, float(low), float(high)),
    )


def _shares(right: _Floats, chosen: npt.NDArray[np.bool_], drawn: npt.NDArray[np.int64]) -> _Floats:
    """Return the share that is right of those chosen in each resample; NaN where it holds none."""
    counts = chosen[drawn].sum(axis=1).astype(float)
    counts[counts == 0] = np.nan
    shares: _Floats = right[drawn].sum(axis=1) / counts
    return shares


def _best_model(known: Sequence[Known]) -> tuple[str, Estimate] | None:
    """Return the model that alone would be right most often; one that lacks an answer is wrong there."""
    right: dict[str, float] = defaultdict(float)
    for one in known:
        for model in {model for model, said in zip(one.item.models, one.right, strict=True) if said}:
            right[model] += 1
    if not right:
        return None
    best = max(sorted(right), key=lambda model: right[model])
    return best, wilson(right[best], len(known))


def _bins(pairs: Sequence[tuple[float, float]], items: int) -> tuple[Bin, ...]:
    """Group winners by probability into bins of about as many."""
    if not pairs:
        return ()
    ordered = np.array(sorted(pairs))
    parts = [part for part in np.array_split(ordered, min(BINS, max(items // 4, 1))) if len(part)]
    each = items / len(pairs)
    return tuple(
        Bin(round(len(part) * each, 1), float(part[:, 0].mean()), float(part[:, 1].mean())) for part in parts
    )


def offer(found: Gain) -> tuple[str, str]:
    """Say in two sentences what learning from the judgements would gain, and what they measure of it.

    The second is empty where nothing was measured.
    """
    whole = found.all
    if whole is None:
        return "No judged item tells whether learning gains anything.", ""
    low, high = 100 * whole.gain.low, 100 * whole.gain.high
    points = f"{100 * whole.gain.value:+.0f} points ({low:+.0f} to {high:+.0f})"
    before, after = f"{whole.before.value:.0%}", f"{whole.after.value:.0%}"
    measured = f"Of the {whole.items} judged {after} would be right, {before} are."
    if whole.is_clear:
        return f"Learning helps here: {points}.", measured
    if whole.gain.high < 0:
        return f"Learning does not help here: {points}.", measured
    return f"No clear gain from learning yet: {points}.", measured


def words_of_gain(found: Mapping[str, Any]) -> str:
    """Say in one sentence what a stored gain means."""
    whole = found.get("all")
    if not whole:
        return "No judged item tells whether learning gains anything."
    if whole["gain"]["low"] > 0:
        return "The gain is clear."
    if whole["gain"]["high"] < 0:
        return "The votes that stand are clearly better: nothing is gained."
    if whole["gain"]["low"] == whole["gain"]["high"]:
        return "Nothing is gained: on every judged item both are as right."
    return "No clear gain yet: the interval holds zero. More judged items narrow it."
