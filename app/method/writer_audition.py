"""In which manner a writer writes best: a few requests in each, and what share of the instructions may stay.

Pure. A manner is the form of the request and how its text is sampled; the one that the recipe names comes
first, and stays unless another is surely better.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import mean
from typing import Any, Self

from app.method.audition import beats, standard_error
from app.method.recipe import Recipe
from app.method.recipe_forms import Waves
from app.method.terms import WriterStyle

REQUESTS = 16
"""Requests in each manner."""
COOL = 0.5, 0.1
"""Temperature and min-p of the second setting: less varied, and fewer unlikely tokens."""
MOST_TOKENS = 384
"""Tokens of a request: what is then unfinished is not counted."""
YIELD = 0.5
"""A manner that gives less than this share of another one's instructions for its tokens does not beat it."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a writer is asked, and how what it writes is sampled."""

    style: WriterStyle
    temperature: float
    min_p: float

    def applied(self, recipe: Recipe) -> Recipe:
        """Return the recipe with its instructions written in this manner."""
        stage = recipe.instructions
        assert isinstance(stage, Waves)  # others are not written
        cooled = {"temperature": self.temperature, "min_p": self.min_p}
        sampling = stage.sampling.model_copy(update=cooled)
        changed = stage.model_copy(update={"sampling": sampling})
        return recipe.model_copy(update={"writer_style": self.style, "instructions": changed})

    def __str__(self) -> str:
        return f"{self.style}, temperature {self.temperature:g}, min-p {self.min_p:g}"


def manners(recipe: Recipe, *, has_template: bool) -> tuple[Manner, ...]:
    """Return every manner in which a writer can be asked as the recipe samples, the default one first."""
    stage = recipe.instructions
    assert isinstance(stage, Waves)
    default: WriterStyle = "continue"
    if recipe.asks_by_chat(has_template=has_template):
        default = "chat"
    elif recipe.asked_by != "chat":
        default = recipe.asked_by
    styles: list[WriterStyle] = [default, "continue"]
    if stage.has_end_marks:
        styles.append("continue-lines")
    if has_template:
        styles.append("chat")
    sampling = stage.sampling
    return tuple(Manner(style, sampling.temperature, sampling.min_p) for style in dict.fromkeys(styles))


def cooler(manner: Manner) -> Manner | None:
    """Return the manner with the second setting; None where it is as cool itself."""
    temperature, min_p = COOL
    if manner.temperature <= temperature:
        return None
    return replace(manner, temperature=temperature, min_p=max(min_p, manner.min_p))


def shortened(recipe: Recipe) -> Recipe:
    """Return the recipe with completions short enough for an audition; what is whole in them is read."""
    stage = recipe.instructions
    assert isinstance(stage, Waves)
    most = min(stage.sampling.max_new_tokens, MOST_TOKENS)
    least = min(stage.sampling.min_new_tokens, most)
    lengths = {"max_new_tokens": most, "min_new_tokens": least}
    changes: dict[str, Any] = {"sampling": stage.sampling.model_copy(update=lengths)}
    if "drop_cut" in type(stage).model_fields:
        changes["drop_cut"] = False
    return recipe.model_copy(update={"instructions": stage.model_copy(update=changes)})


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one request gave: whole instructions, how many of them may stay, and the tokens it took."""

    written: int
    kept: int
    tokens: int

    @property
    def share(self) -> float:
        """The share that may stay; nothing whole is nothing."""
        return self.kept / self.written if self.written else 0.0


@dataclass(frozen=True, slots=True)
class WriterScore:
    """How a model wrote in one manner, over all its requests.

    `edge` is by how much its share of a request was better than in the default manner on average, `error`
    the standard error of that, None where one request alone says nothing about it.
    """

    manner: Manner
    requests: int
    written: int
    kept: int
    tokens: int
    edge: float = 0.0
    error: float | None = 0.0

    @property
    def share(self) -> float:
        """The share of what was written that may stay."""
        return self.kept / self.written if self.written else 0.0

    @property
    def per_thousand(self) -> float:
        """Instructions that may stay for 1,000 tokens."""
        return 1000 * self.kept / self.tokens if self.tokens else 0.0

    @property
    def surely_worse(self) -> bool:
        """Whether it is so far behind the default manner that asking more can be saved."""
        return beats(-self.edge, self.error, self.requests)

    def surely_better(self, default: WriterScore) -> bool:
        """Whether it is better by more than chance explains, and no more than twice as dear."""
        if not beats(self.edge, self.error, self.requests):
            return False
        return self.per_thousand >= YIELD * default.per_thousand


def scored(manner: Manner, attempts: Sequence[Attempt], default: Sequence[Attempt]) -> WriterScore:
    """Sum up the requests in a manner beside those in the default one, both in the order of asking."""
    pairs = zip(attempts, default, strict=False)  # one of them may have been asked less
    edges = [attempt.share - other.share for attempt, other in pairs]
    return WriterScore(
        manner=manner,
        requests=len(attempts),
        written=sum(attempt.written for attempt in attempts),
        kept=sum(attempt.kept for attempt in attempts),
        tokens=sum(attempt.tokens for attempt in attempts),
        edge=mean(edges) if edges else 0.0,
        error=standard_error(edges),
    )


@dataclass(frozen=True, slots=True)
class WriterAudition:
    """How a writer wrote in every manner that was tried, the default one first, and which one is taken.

    `whole` says that all was asked: it may have been stopped early.
    """

    scores: tuple[WriterScore, ...]
    taken: Manner
    whole: bool = True

    @classmethod
    def of(cls, scores: Sequence[WriterScore], *, whole: bool) -> Self:
        """Take the default manner unless another is surely better; of those the best."""
        default, *others = scores
        better = [other for other in others if other.surely_better(default)]
        return cls(tuple(scores), max(better, key=lambda score: score.share, default=default).manner, whole)

    @property
    def best(self) -> WriterScore:
        """How it wrote in the manner that is taken."""
        return next(score for score in self.scores if score.manner == self.taken)

    def line(self) -> str:
        """Say in one line which manner is taken, and why."""
        best = self.best
        told = f"{best.manner}: {best.kept} of {best.written} instructions usable"
        others = [score for score in self.scores if score is not best]
        if others:
            next_best = max(others, key=lambda score: score.share)
            told += f"; {next_best.manner} {next_best.kept} of {next_best.written}"
            if next_best.share > best.share:
                told += " (not surely better)"
        return told + ("" if self.whole else f"; stopped early, after {best.requests} requests")

    def to_json(self) -> dict[str, Any]:
        """Turn it into plain JSON values."""
        scores = [asdict(score) for score in self.scores]
        return {"scores": scores, "taken": asdict(self.taken), "whole": self.whole}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Build it from what `to_json` made; TypeError, KeyError or ValueError otherwise."""
        scores = tuple(
            WriterScore(**{**score, "manner": Manner(**score["manner"])}) for score in values["scores"]
        )
        taken = Manner(**values["taken"])
        if taken not in (score.manner for score in scores):
            raise ValueError("the manner that is taken was not tried")
        return cls(scores, taken, bool(values["whole"]))


def read_writer_audition(text: str) -> WriterAudition | None:
    """Read the JSON that a run keeps of its writer's audition; None where there was none."""
    try:
        return WriterAudition.from_json(json.loads(text)) if text else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
