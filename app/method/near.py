"""Which of many tasks are nearly the same, compared field by field. Pure.

Two tasks are near if each of their fields is, and as near as their least near field. The first field is
compared as in the novelty filter: by ROUGE-L F1 without stemmer, above a threshold. So are those after it,
but they are what a task is about, where one word of a few makes another task: with fewer than `SHORT` tokens
they must say the same. Texts that say the same are near by 1, also those without any token.

Near tasks whose numbers, signs or symbols differ (12 + 5, 12 - 5) ask for different things: they are twins,
and no duplicates.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.method.equality import content, values
from app.method.novelty import as_seen
from app.method.recipe_parts import Tokeniser
from app.method.rouge import Coder
from app.method.token_index import SLACK, Floats, Listed, Numbers, Places, TokenIndex, slices

SHORT = 10
"""With fewer tokens, texts of the fields after the first are near only if they say the same."""
AT_ONCE = 1024
"""Up to so many tasks that can be near are compared at once; of more, the most promising first."""


@dataclass(frozen=True, slots=True)
class Near:
    """A task that is near an earlier one: the place of the nearest, from 0, and how near it is (0 to 1).

    `differs` says that numbers, signs or symbols differ; then no earlier task is near without that.
    """

    place: int
    score: float
    differs: bool


@dataclass(frozen=True, slots=True)
class _Coded:
    """A task to judge: its fields as tokens, hashes of what they say, one hash of all values in them."""

    tokens: tuple[str, ...]
    said: tuple[int, ...]
    values: int


class NearTasks:
    """The tasks that count as known, each of the same number of fields, in order."""

    def __init__(self, fields: int, threshold: float) -> None:
        self._coders = [Coder("unicode") for _ in range(fields)]
        self._fields = [TokenIndex(SHORT if field else 1) for field in range(fields)]
        self._said = [Numbers(np.int64) for _ in range(fields)]
        self._saying: list[dict[int, array[int]]] = [{} for _ in range(fields)]
        """By the hash of what a field says: the places of the tasks that say it there."""
        self._values = Numbers(np.int64)
        self._threshold = threshold

    def __len__(self) -> int:
        return len(self._values)

    def add(self, tasks: Sequence[Sequence[str]], tokenisers: Sequence[Tokeniser]) -> None:
        """Take tasks in without judging them."""
        for task, tokeniser in zip(tasks, tokenisers, strict=True):
            self._join(self._coded(task, tokeniser))

    def judge(
        self, tasks: Sequence[Sequence[str]], tokenisers: Sequence[Tokeniser], *, aggressive: bool = False
    ) -> list[Near | None]:
        """Judge tasks in order: None or a twin is kept and joins, another is a duplicate.

        `tokenisers` are those of each task; `aggressive` keeps no twins. Raises OverflowError with more
        distinct words than can be told apart (1.1 million).
        """
        judged: list[Near | None] = []
        for task, tokeniser in zip(tasks, tokenisers, strict=True):
            coded = self._coded(task, tokeniser)
            near = self._judge(coded)
            judged.append(near)
            if near is None or (near.differs and not aggressive):
                self._join(coded)
        return judged

    def _coded(self, task: Sequence[str], tokeniser: Tokeniser) -> _Coded:
        tokens = [
            coder.code(as_seen(text, tokeniser)) for coder, text in zip(self._coders, task, strict=True)
        ]
        # Hashes are good for this process alone, which is all that is needed.
        return _Coded(
            tuple(tokens), tuple(hash(content(text)) for text in task), hash(tuple(map(values, task)))
        )

    def _join(self, task: _Coded) -> None:
        place = len(self._values)
        for field, (tokens, said) in enumerate(zip(task.tokens, task.said, strict=True)):
            self._fields[field].add(tokens)
            self._said[field].append(said)
            self._saying[field].setdefault(said, array("i")).append(place)
        self._values.append(task.values)

    def _judge(self, task: _Coded) -> Near | None:
        field, lists = self._lists(task)
        if sum(len(listed.places) for listed in lists) > AT_ONCE:
            best = self._search(task, field, lists, alike=True)
            if best:
                return Near(*best, differs=False)
            best = self._search(task, field, lists, alike=False)
            return best and Near(*best, differs=True)
        places = self._possible(task, field, _joined(lists))
        if not places.size:
            return None
        places, scores = self._near(task, places)
        alike = self._alike(task, places)
        chosen = alike if alike.any() else ~alike
        best = _nearest(places[chosen], scores[chosen])
        return best and Near(*best, differs=not alike.any())

    def _lists(self, task: _Coded) -> tuple[int, list[Listed]]:
        """Return a field, that whose lists are shortest, and lists with all tasks that are near in it."""
        chosen, fewest, least = 0, [], float("inf")
        for field, tokens in enumerate(task.tokens):
            same = self._saying[field].get(task.said[field])
            lists = [Listed(1.0, same)] if same else []
            if not field or len(tokens) >= SHORT:
                lists += self._fields[field].lists(tokens, self._threshold)
            size = sum(len(listed.places) for listed in lists)
            if size < least:
                chosen, fewest, least = field, lists, size
        return chosen, fewest

    def _search(
        self, task: _Coded, field: int, lists: Sequence[Listed], *, alike: bool
    ) -> tuple[int, float] | None:
        """Return the nearest task and how near it is, of those that are alike or of all.

        Lists come in the order of their bounds, so the search ends where none can be nearer.
        """
        best: tuple[int, float] | None = None
        for listed in lists:
            for places in slices(listed.places):
                if best and (listed.bound < best[1] - SLACK):
                    return best
                # As near as the best, at most, and a later one: so is the rest of this list.
                if best and listed.bound < best[1] + SLACK and places[0] >= best[0]:
                    break
                if alike:
                    places = places[self._alike(task, places)]
                here = _nearest(*self._near(task, self._possible(task, field, places)))
                if here and (best is None or _before(here, best)):
                    best = here
        return best

    def _possible(self, task: _Coded, field: int, places: Places) -> Places:
        """Return the places, each once, that can be near in a field by what is known without comparing."""
        possible = self._fields[field].possible(task.tokens[field], places, self._threshold)
        same = places[self._said[field].held[places] == task.said[field]]
        # Nearly always the two are few: sorting all of the places takes far longer.
        return np.array(sorted({*possible.tolist(), *same.tolist()}), dtype=np.intp)

    def _alike(self, task: _Coded, places: Places) -> npt.NDArray[np.bool_]:
        """Say which tasks have the same numbers, signs and symbols, or say the same."""
        alike = self._values.held[places] == task.values
        # "1,000" and "1000" say the same.
        alike |= np.all(
            [said.held[places] == own for said, own in zip(self._said, task.said, strict=True)], axis=0
        )
        return np.asarray(alike)

    def _near(self, task: _Coded, places: Places) -> tuple[Places, Floats]:
        """Return the tasks that are near in every field, and how near they are in their least near one."""
        lowest = np.ones(places.size)
        for field, (tokens, said) in enumerate(zip(task.tokens, task.said, strict=True)):
            if not places.size:
                break
            scores = (self._said[field].held[places] == said).astype(np.float64)
            others = np.flatnonzero(scores == 0.0)
            if others.size and (not field or len(tokens) >= SHORT):
                scores[others] = self._fields[field].scores(tokens, places[others])
            near = scores > self._threshold
            places, lowest = places[near], np.minimum(lowest, scores)[near]
        return places, lowest


def _joined(lists: Sequence[Listed]) -> Places:
    """Return the places of some lists, one after the other."""
    parts = [np.frombuffer(listed.places, dtype=np.int32) for listed in lists]
    return np.concatenate(parts).astype(np.intp) if parts else np.empty(0, dtype=np.intp)


def _nearest(places: Places, scores: Floats) -> tuple[int, float] | None:
    """Return the first of the nearest places, and how near it is; None without any."""
    if not places.size:
        return None
    best = int(np.argmax(scores > scores.max() - SLACK))
    return int(places[best]), float(scores[best])


def _before(one: tuple[int, float], other: tuple[int, float]) -> bool:
    """Say whether one (place, score) is nearer, or as near and earlier."""
    if abs(one[1] - other[1]) <= SLACK:
        return one[0] < other[0]
    return one[1] > other[1]
