"""Rule `learned` in worlds of which it is known which answers are right, and how long learning takes.

Each figure is over twenty samples of judged tasks, whatever the number of rounds: its median is held to the
bar. The tasks that were judged are not among those that are asked about.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.bench import worlds
from app.bench.figures import Figure
from app.bench.worlds import Task
from app.method.consensus import RuleChoice, vote_again
from app.method.learning import fit
from app.run.revoting import uncollected

SAMPLES = 20
TASKS = 400
FEW, MANY = 30, 100
LARGE, REFIT = 100_000, 1_000
TOGETHER = 5_000
"""Items voted on at once, as in a project."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which share is right on the tasks that nobody judged: by rule learned, in the half that it is surest
    of, by the best model alone, and by rule released."""

    learned: float
    half: float
    best: float
    released: float


def outcome(tasks: Sequence[Task], judged: int, seed: int) -> Outcome:
    """Judge some tasks at random, learn, and vote on the others."""
    order = list(tasks)
    random.Random(seed).shuffle(order)
    rest = order[judged:]
    weights = fit(worlds.judged(order[:judged]))
    votes = worlds.voted(rest, RuleChoice("learned", 0.5, "rouge-score", weights=weights))
    released = worlds.voted(rest, RuleChoice("released", 0.01, "rouge-score"))
    return Outcome(
        learned=worlds.share_right(rest, votes),
        half=worlds.share_right(*worlds.best_half(rest, votes)),
        best=worlds.best_single(rest),
        released=worlds.share_right(rest, released),
    )


def figures(_rounds: int) -> Iterator[Figure]:
    """Measure what is right after few and many judgements, and how long it takes."""
    few, many = (_outcomes(worlds.siblings, judged) for judged in (FEW, MANY))
    yield _shares("released", "siblings: rule released", [one.released for one in few])
    yield _shares("single", "siblings: the best model alone", [one.best for one in few])
    yield _shares("few", f"siblings: learned from {FEW}", [one.learned for one in few])
    words = "learned from {}, points above the best model"
    yield _points("few_gain", words.format(FEW), few, 0)
    yield _points("many_gain", words.format(MANY), many, 3)
    half = [one.half for one in _outcomes(worlds.broken, FEW)]
    yield _shares("half", f"a broken model and its copy: best half, from {FEW}", half, 98)
    half = [one.half for one in _outcomes(worlds.bundled, FEW)]
    yield _shares(
        "bundled_half", f"the bundled models, one broken and copied: best half, from {FEW}", half, 98
    )
    yield from _seconds()


def _outcomes(world: Callable[[int, int], list[Task]], judged: int) -> list[Outcome]:
    return [outcome(world(TASKS, seed), judged, seed) for seed in range(SAMPLES)]


def _shares(key: str, words: str, shares: Sequence[float], bar: float | None = None) -> Figure:
    return Figure(f"learning.{key}", words, tuple(100 * share for share in shares), "%", bar)


def _points(key: str, words: str, outcomes: Sequence[Outcome], bar: float) -> Figure:
    gains = tuple(100 * (one.learned - one.best) for one in outcomes)
    return Figure(f"learning.{key}", words, gains, "", bar)


def _seconds() -> Iterator[Figure]:
    """Time learning from many judgements, and votes of three from stored scores."""
    known = worlds.judged(worlds.siblings(REFIT, 0))
    began = time.process_time()
    weights = fit(known)
    refit = time.process_time() - began
    yield Figure("learning.fit_s", f"CPU-seconds to learn from {REFIT:,}", (refit,), "", 1, at_most=True)
    tasks = [task.without_last() for task in worlds.siblings(LARGE, 1)]
    choice = RuleChoice("learned", 0.5, "rouge-score", weights=weights)
    votes = worlds.voted(tasks, RuleChoice("quorum", 0.25, "rouge-score", "half"))
    began = time.process_time()
    scored = list(zip(tasks, votes, strict=True))
    with uncollected():  # as every vote of a project is made
        for at in range(0, LARGE, TOGETHER):
            vote_again(((task.answers, vote) for task, vote in scored[at : at + TOGETHER]), choice)
    seconds = time.process_time() - began
    yield Figure(
        "learning.votes_s", f"CPU-seconds for {LARGE:,} votes of three", (seconds,), "", 5, at_most=True
    )
