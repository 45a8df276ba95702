"""Which style a model answers best in: seed tasks held out, answers scored, styles compared. Pure.

An answer scores 1 where it says what the reference says, else its ROUGE-L with it; one that would take no
part in a vote (echo, refusal, repetition, cut) scores nothing.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import mean, median, stdev
from typing import Any, Generic, TypeVar

from app.method.answers import Example
from app.method.equality import content
from app.method.faults import echoes
from app.method.lengths import length
from app.method.loops import loops
from app.method.refusals import refuses
from app.method.rouge import chosen, rouge_l_f1
from app.method.terms import Ended, Kind, Style

TASKS = 40
"""Seed tasks that are asked, half of each kind where there are as many."""
LEAST = 6
"""With fewer answers to compare nothing is chosen by them."""
SURE = 2.0
"""Standard errors by which another style must be better than the default one to be taken."""
ECHO = 0.9
"""From this ROUGE-L F1 on an answer repeats the input or the instruction."""
FAR_BEHIND = 0.1
"""A model whose score is below this share of the best model's is proposed to be left out."""

UNLIKE = 3.0
"""From how many times the length of another model's answers on those of a model hardly equal them."""

AnyExample = TypeVar("AnyExample", bound=Example)
Way = TypeVar("Way", bound=Hashable)
"""How a model is asked: the style of an answerer, the manner of a writer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered to a held-out task, measured by the task's own output; `score` is 0 to 1."""

    exact: bool
    rouge: float
    ratio: float
    """The length of the answer by that of the reference."""
    cut: bool
    refused: bool
    echoed: bool
    repeated: bool

    @property
    def score(self) -> float:
        """Return what the answer is worth."""
        if self.exact:
            return 1.0
        return 0.0 if self.cut or self.refused or self.echoed or self.repeated else self.rouge


@dataclass(frozen=True, slots=True)
class Score:
    """How a model answered in one style: shares and means of `count` answers, from 0 to 1.

    `ratio` is the median of the answers' lengths by their references'. `edge` is by how much it scored better
    than the default style on the same tasks, `error` the standard error of that.
    """

    style: Style
    count: int
    score: float
    exact: float
    rouge: float
    ratio: float
    cut: float
    refused: float
    echoed: float
    repeated: float
    edge: float = 0.0
    error: float | None = 0.0
    """None where one answer alone says nothing about it."""

    @property
    def surely_better(self) -> bool:
        """Whether it is better than the default style by more than chance explains."""
        return beats(self.edge, self.error, self.count)

    @property
    def surely_worse(self) -> bool:
        """Whether it is so far behind the default style that asking more can be saved."""
        return beats(-self.edge, self.error, self.count)


@dataclass(frozen=True, slots=True)
class Audition:
    """How a model answered in every style that was tried, the default style first.

    `whole` says that all tasks were asked in all styles. Else it was stopped early, or, as `slow` says, the
    time was too short for the model; in the styles `left_out` too few were asked to say
    anything.
    """

    scores: tuple[Score, ...]
    tasks: int
    whole: bool = True
    slow: bool = False
    left_out: tuple[Style, ...] = ()

    @property
    def best(self) -> Score:
        """The style to take: the default one unless another is surely better; of those the best."""
        default, *others = self.scores
        better = [other for other in others if other.surely_better]
        return max(better, key=lambda score: score.score, default=default)

    def line(self) -> str:
        """Say in one line which style is taken, and why."""
        best = self.best
        told = f"{best.style}: {best.exact:.0%} of {best.count} answers exact, score {best.score:.2f}"
        others = [score for score in self.scores if score is not best]
        if others:
            next_best = max(others, key=lambda score: score.score)
            told += f"; {next_best.style} {next_best.exact:.0%}, {next_best.score:.2f}"
            if next_best.score > best.score:
                told += " (not surely better)"
        if self.slow:
            without = f", too few in {', '.join(self.left_out)}" if self.left_out else ""
            return f"{told}; asked {best.count} of {self.tasks} tasks{without}: the model is slow here"
        if self.whole:
            return told
        behind = best.count == self.tasks
        asked = "with fewer in other styles" if behind else f"after {best.count} of {self.tasks} tasks"
        return f"{told}; stopped early, {asked}"

    def to_json(self) -> dict[str, Any]:
        """Turn it into plain JSON values."""
        return {
            "scores": [asdict(score) for score in self.scores],
            "tasks": self.tasks,
            "whole": self.whole,
            "slow": self.slow,
            "left_out": list(self.left_out),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Audition:
        """Build it from what `to_json` made; TypeError, KeyError or ValueError otherwise."""
        scores = tuple(Score(**score) for score in values["scores"])
        if not scores:
            raise ValueError("no scores")
        left_out = tuple(values.get("left_out", ()))
        return cls(
            scores, int(values["tasks"]), bool(values["whole"]), bool(values.get("slow", False)), left_out
        )


@dataclass(slots=True)
class Pace(Generic[Way]):
    """How long a task takes in each way that a model was asked in, as it was measured last; in seconds.

    Worked examples are read before, and count for nothing.
    """

    seconds: dict[Way, float] = field(default_factory=dict)

    def note(self, way: Way, tasks: int, seconds: float) -> None:
        """Remember how long some tasks took together."""
        self.seconds[way] = seconds / tasks

    def room(self, ways: Collection[Way], left: float) -> int:
        """Return how many tasks in each of these ways fit into the time that is left."""
        return int(left / max(sum(self.seconds[way] for way in ways), 1e-9))

    def room_for_another(self, first: int, left: float) -> bool:
        """Say whether the first tasks in one more way fit, beside the least that is owed to those begun.

        One more way is expected to take as long as the others did.
        """
        if not self.seconds:
            return True
        return self._owed(self.seconds, first) + first * mean(self.seconds.values()) <= left

    def affordable(self, ways: Sequence[Way], asked: int, left: float) -> list[Way]:
        """Return the first of these ways and, the quickest first, those for which the least fits as well."""
        chosen = list(ways[:1])
        for way in sorted(ways[1:], key=self.seconds.__getitem__):
            if self._owed([*chosen, way], asked) <= left + 1e-6:
                chosen.append(way)
        return [way for way in ways if way in chosen]

    def _owed(self, ways: Iterable[Way], asked: int) -> float:
        """Return how long the rest takes of the tasks without which nothing can be said of a way."""
        return sum(max(LEAST - asked, 0) * self.seconds[way] for way in ways)


def held_out(seeds: Sequence[AnyExample]) -> tuple[list[AnyExample], list[AnyExample]]:
    """Return (tasks to ask, seed tasks left to be shown): at most half of those of a kind are asked.

    Only tasks with an output and without turns before them are asked. The same seed tasks give the same.
    """
    rng = random.Random(len(seeds))
    kinds: tuple[Kind, ...] = ("A", "B")
    usable = {k: [s for s in seeds if s.kind == k and s.output.strip() and not s.context] for k in kinds}
    room = {kind: len(tasks) // 2 for kind, tasks in usable.items()}
    for_a = min(room["A"], max(TASKS // 2, TASKS - room["B"]))
    counts = {"A": for_a, "B": min(room["B"], TASKS - for_a)}
    asked = [task for kind in kinds for task in rng.sample(usable[kind], counts[kind])]
    # Both kinds from the beginning, should it be stopped early.
    rng.shuffle(asked)
    taken = {id(task) for task in asked}
    return asked, [seed for seed in seeds if id(seed) not in taken]


def measured(task: Example, output: str, ended: Ended) -> Answer:
    """Measure an answer by the output of its task."""
    exact = content(output) == content(task.output)
    tokeniser = chosen("auto", [output, task.output])
    return Answer(
        exact=exact,
        rouge=rouge_l_f1(output, task.output, stem=True, tokeniser=tokeniser),
        ratio=length(output) / max(length(task.output), 1),
        cut=ended in ("length", "error"),
        refused=not exact and refuses(output),
        echoed=not exact and _echoed(task, output),
        repeated=loops(output),
    )


def _echoed(task: Example, output: str) -> bool:
    if echoes(task.instruction, task.input, output):
        return True
    return any(
        rouge_l_f1(output, text, tokeniser="unicode") >= ECHO for text in (task.input, task.instruction)
    )


def scored(style: Style, answers: Sequence[Answer], default: Sequence[Answer]) -> Score:
    """Sum up the answers in a style beside those in the default style, both in the order of the tasks."""
    pairs = zip(answers, default, strict=False)  # one of them may have been asked less
    edges = [answer.score - other.score for answer, other in pairs]
    return Score(
        style=style,
        count=len(answers),
        score=mean(answer.score for answer in answers),
        exact=mean(answer.exact for answer in answers),
        rouge=mean(answer.rouge for answer in answers),
        ratio=median(answer.ratio for answer in answers),
        cut=mean(answer.cut for answer in answers),
        refused=mean(answer.refused for answer in answers),
        echoed=mean(answer.echoed for answer in answers),
        repeated=mean(answer.repeated for answer in answers),
        edge=mean(edges) if edges else 0.0,
        error=standard_error(edges),
    )


def beats(edge: float, error: float | None, count: int) -> bool:
    """Say whether an edge over `count` tries, with this standard error, is more than chance explains."""
    return error is not None and count >= LEAST and edge > SURE * error


def standard_error(values: Sequence[float]) -> float | None:
    """Return the standard error of the mean; None without two values."""
    return stdev(values) / math.sqrt(len(values)) if len(values) > 1 else None


def far_behind(auditions: Mapping[str, Audition]) -> dict[str, tuple[float, float]]:
    """Return the models that answer under a tenth as well as the best, each with its score and the best's."""
    best = max((audition.best.score for audition in auditions.values()), default=0.0)
    found = {name: audition.best.score for name, audition in auditions.items()}
    return {name: (score, best) for name, score in found.items() if score < FAR_BEHIND * best}


def unlike_lengths(auditions: Mapping[str, Audition]) -> tuple[str, str] | None:
    """Return the models whose answers are longest and shortest, if hardly any of them could be equal.

    A model that says nothing holds nothing, and terse ones say no more than was asked for.
    """
    ratios = {name: audition.best.ratio for name, audition in auditions.items() if audition.best.ratio > 0}
    if len(ratios) < 2:
        return None
    longest, shortest = max(ratios, key=ratios.__getitem__), min(ratios, key=ratios.__getitem__)
    if ratios[longest] <= 1 or ratios[longest] < UNLIKE * ratios[shortest]:
        return None
    return longest, shortest
