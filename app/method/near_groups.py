"""Which of very many texts belong together, joined by chains of near ones, and which are nearest apart. Pure.

Each text meets, by `token_index`, those before it that can be near; what is in its group already is not
compared. Of a list whose first places are of its group it skips those, so that each of very many alike texts
takes one look.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from app.method.novelty import coded_alike
from app.method.rouge import Coder
from app.method.token_index import Places, TokenIndex, slices

_FLOORS = (0.6, 0.3, 0.0)
"""Similarities above which the nearest pair is looked for, in turn: a higher one rules out more."""
_FIRST, _LAST = 16, 1 << 14
"""Places of a list looked at together: few first, as one near text may end the search."""


def near_groups(texts: Sequence[str], threshold: float) -> list[int]:
    """Return a number per text, equal for those that near pairs join: the place of the first of its group.

    Two texts are near if their ROUGE-L F1 is above `threshold` (over 0); each is tokenised as its own letters
    need.
    """
    groups = _Groups(len(texts))
    index = TokenIndex()
    for place, text in enumerate(coded_alike(Coder("unicode"), texts)):
        for listed in index.lists(text, threshold):
            groups.join(index, place, text, listed.places, threshold)
        index.add(text)
    first: dict[int, int] = {}
    return [first.setdefault(group, place) for place, group in enumerate(groups.of.tolist())]


def nearest_apart(texts: Sequence[str], sides: Sequence[str]) -> tuple[float, int, int]:
    """Return the highest ROUGE-L F1 of two texts on different sides, and their places; 0 where none share.

    Each text is tokenised as its own letters need.
    """
    number = {side: place for place, side in enumerate(dict.fromkeys(sides))}
    side_of = np.array([number[side] for side in sides], dtype=np.intp)
    largest = int(np.bincount(side_of).argmax()) if len(sides) else 0
    index, coded = TokenIndex(), coded_alike(Coder("unicode"), texts)
    for text in coded:
        index.add(text)
    best = (0.0, 0, 0)
    for floor in _FLOORS:
        for place in np.flatnonzero(side_of != largest).tolist():
            best = _nearer(index, coded[place], place, side_of, best, floor)
        if best[0] > floor:
            break
    return best


def _nearer(
    index: TokenIndex,
    text: str,
    place: int,
    side_of: Places,
    best: tuple[float, int, int],
    floor: float,
) -> tuple[float, int, int]:
    """Return the nearest text on another side, with its place, if it is nearer than `best` and the floor."""
    for listed in index.lists(text, max(best[0], floor)):
        for places in slices(listed.places):
            if listed.bound <= best[0]:
                return best
            here = places[side_of[places] != side_of[place]]
            here = index.possible(text, here, max(best[0], floor))
            scores = index.scores(text, here) if here.size else np.empty(0)
            if scores.size and scores.max() > best[0]:
                best = float(scores.max()), place, int(here[scores.argmax()])
    return best


class _Groups:
    """Groups of places from 0 on; each place begins alone. `of` gives the number of its group."""

    def __init__(self, count: int) -> None:
        self.of = np.arange(count, dtype=np.intp)
        self._members: dict[int, list[int]] = {}
        self._ends: dict[int, int] = {}
        """By the identity of a list: how many of its first places are known to be of one group."""

    def join(self, index: TokenIndex, place: int, text: str, places: array[int], threshold: float) -> None:
        """Join a place with the groups of the near ones in a list."""
        at, size = 0, _FIRST
        while (at := self._skipped(places, at, place)) < len(places):
            here = np.array(places[at : at + size], dtype=np.intp)
            here = index.possible(text, here[self.of[here] != self.of[place]], threshold)
            if here.size:
                for other in here[index.scores(text, here) > threshold].tolist():
                    self._unite(place, other)
            at, size = at + size, min(4 * size, _LAST)

    def _skipped(self, places: array[int], at: int, place: int) -> int:
        """Return where to read a list on from `at`: past its first places if they are of the same group."""
        own = self.of[place]
        if at >= len(places) or self.of[places[0]] != own:
            return at
        end = self._ends.get(id(places), 1)
        while end < len(places) and self.of[places[end]] == own:
            end += 1
        self._ends[id(places)] = end
        return max(at, end)

    def _unite(self, one: int, other: int) -> None:
        """Make two groups one; the smaller takes the number of the larger, so no place is renamed often."""
        a, b = int(self.of[one]), int(self.of[other])
        if a == b:
            return
        few, many = sorted((a, b), key=lambda group: len(self._members.get(group, (group,))))
        renamed = self._members.pop(few, [few])
        self.of[renamed] = many
        self._members.setdefault(many, [many]).extend(renamed)
