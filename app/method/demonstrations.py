"""Which worked examples an answerer is shown, chosen by rule, and how long the answers are to be. Pure.

Models copy the form of what they are shown. Examples with short outputs that are no part of the input make
them answer in the length that the seed tasks have, in place of a lecture or a copy of the input.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from app.method.equality import content
from app.method.lengths import length
from app.method.rouge import rouge_l_f1

SHORTEST_LIMIT = 32
"""Tokens that an answer may take at least."""
LONGEST_LIMIT = 4096
BYTES_OF_A_TOKEN = 3
"""Fewer than in prose of any script that vocabularies are made for; code comes near it."""
HEADROOM = 2
"""How many times as long as nearly all outputs an answer may be before it is cut."""
UP_TO = 0.75
"""The share of the outputs, the shortest of them, whose lengths the examples have."""
NEARLY_ALL = 0.95
ALIKE = 0.5
"""Above this ROUGE-L F1 two instructions are too alike to be shown together."""
FEW = 0.1
"""The share of outputs that may hold what ends an answer, a blank line say, before it ends none."""


class Shown(Protocol):
    """A task with its output as it can be shown."""

    @property
    def instruction(self) -> str:
        """What is asked."""

    @property
    def input(self) -> str:
        """What it is asked about; empty for kind B."""

    @property
    def output(self) -> str:
        """The answer."""


AnyShown = TypeVar("AnyShown", bound=Shown)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is known of the outputs that tasks of a kind have: nothing where `words` is empty.

    `words` are their lengths in ascending order, `bytes` the length in UTF-8 that nearly all keep to.
    """

    words: tuple[int, ...] = ()
    bytes: int = 0
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, outputs: Iterable[str]) -> Outputs:
        """Measure outputs; empty ones say nothing."""
        texts = tuple(text for output in outputs if (text := output.strip()))
        if not texts:
            return cls()
        sizes = sorted(len(text.encode("utf-8", "surrogatepass")) for text in texts)
        return cls(tuple(sorted(map(length, texts))), _quantile(sizes, NEARLY_ALL), texts)

    @property
    def median(self) -> int:
        """The median length in words; 0 where nothing is known."""
        return _quantile(self.words, 0.5) if self.words else 0

    def limit(self, otherwise: int) -> int:
        """Return how many tokens an answer may take; `otherwise` where nothing is known."""
        if not self.words:
            return otherwise
        tokens = math.ceil(self.bytes / BYTES_OF_A_TOKEN) * HEADROOM
        return min(max(tokens, SHORTEST_LIMIT), LONGEST_LIMIT)

    def ends(self, stops: Sequence[str]) -> tuple[str, ...]:
        """Return those of `stops` that can end an answer: they stand in few outputs."""
        most = FEW * len(self.texts)
        return tuple(stop for stop in stops if sum(stop in text for text in self.texts) <= most)


def choose(pool: Sequence[AnyShown], count: int, known: Outputs) -> list[AnyShown]:
    """Choose `count` worked examples, in the order of `pool`; fewer where there are no more.

    Their outputs are no part of their inputs and have the lengths of the `known` outputs up to the third
    quartile; of those that fit equally the shortest task is taken, and none whose instruction or output is
    like one taken before, as long as there are others. Without known outputs the first of `pool` are taken.
    """
    usable = [at for at, task in enumerate(pool) if task.output.strip() and not _given_away(task)]
    if not known.words:
        return [pool[at] for at in usable[:count]]
    taken: list[int] = []
    for number in range(min(count, len(usable))):
        wanted = _quantile(known.words, UP_TO * (number + 0.5) / count)
        left = [at for at in usable if at not in taken]
        left.sort(key=lambda at, wanted=wanted: _fitness(pool[at], wanted))  # type: ignore[misc]
        shown = [pool[at] for at in taken]
        taken.append(next((at for at in left if not _alike(pool[at], shown)), left[0]))
    return [pool[at] for at in sorted(taken)]


def _fitness(task: Shown, wanted: int) -> tuple[float, int]:
    """Return how far the length of an output is from the wanted one (a ratio), and how long the task is."""
    apart = abs(math.log((length(task.output) + 1) / (wanted + 1)))
    return round(apart, 1), len(task.instruction) + len(task.input) + len(task.output)


def _given_away(task: Shown) -> bool:
    """Whether the output stands in the input, so that it would teach to copy."""
    return f" {content(task.output)} " in f" {content(task.input)} "


def _alike(task: Shown, shown: Sequence[Shown]) -> bool:
    return any(
        content(task.output) == content(other.output)
        or rouge_l_f1(task.instruction, other.instruction, tokeniser="unicode") > ALIKE
        for other in shown
    )


def _quantile(ordered: Sequence[int], share: float) -> int:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
