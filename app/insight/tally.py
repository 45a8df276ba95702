"""Counts of a stretch of a run that can be added up: the whole is the sum of its stretches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Tally:
    """Counts by name and key; the words of kept instructions; whether each instruction was kept.

    `words` has for every few instructions how many words they have, and those among them that none before had
    in this tally, joined by blanks. `kept` has a character for each instruction in order, "1" or "0".
    """

    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    words: list[tuple[int, str]] = field(default_factory=list)
    kept: str = ""

    def as_json(self) -> list[Any]:
        """Give it as plain data."""
        return [self.counts, self.words, self.kept]

    @staticmethod
    def of_json(data: list[Any]) -> Tally:
        """Make it of plain data."""
        counts, words, kept = data
        held: defaultdict[str, Counter[str]] = defaultdict(Counter)
        held.update({name: Counter(counted) for name, counted in counts.items()})
        return Tally(held, [(size, new) for size, new in words], kept)


def counts_of(tallies: Iterable[Tally]) -> defaultdict[str, Counter[str]]:
    """Add up the counts of tallies."""
    total: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        for name, counted in tally.counts.items():
            held = total[name]
            for key, number in counted.items():  # Counter.update would ask the same by a method per counter
                held[key] += number
    return total
