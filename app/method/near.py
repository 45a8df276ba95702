"""Which of many tasks are nearly the same, compared field by field. Pure.

Two tasks are near if each of their fields is, and as near as their least near field. The first field is
compared as in the novelty filter: by ROUGE-L F1 without stemmer, above a threshold. So are those after it,
but they are what a task is about, where one word of a few makes another task: with fewer than `SHORT` tokens
they must say the same. Texts that say the same are near by 1, also those without any token.

Near tasks whose numbers, signs or symbols differ (12 + 5, 12 - 5) ask for different things: they are twins,
and no duplicates.

All are held against all, but nearly all by their lengths and by 64 bits alone (`app.method.token_index`),
which takes a twentieth of the time of comparing them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.method.equality import content, values
from app.method.novelty import as_seen, common_lengths, common_within, f1_scores
from app.method.recipe_parts import Tokeniser
from app.method.rouge import Coder
from app.method.token_index import LEAST, Numbers, bits_of

SHORT = 10
"""With fewer tokens, texts of the fields after the first are near only if they say the same."""
BATCH = 64
"""Tasks judged at once: keeps rapidfuzz's vector units busy, and the matrix small."""
_AT_ONCE = 6
"""How many times faster a batch is compared at once than each of its tasks alone (6,500 known ones)."""
_FEW = 4_000
"""Up to this many known tasks, comparing each is quicker than ruling most of them out."""
_SLACK = 1e-9
"""What a score may be off before it is computed in the order that decides."""

_Places = npt.NDArray[np.intp]
_Floats = npt.NDArray[np.float64]


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


class _Sieve:
    """Texts by classes of their lengths, with their bits: tells most that cannot be near a given one.

    F1 is at most 1 - differing bits / (a + b), and at most 2·min(a, b) / (a + b).
    """

    def __init__(self, threshold: float) -> None:
        self._least = threshold - _SLACK
        self._classes: dict[int, tuple[Numbers, Numbers]] = {}

    def add(self, text: str, place: int) -> None:
        """Take a text in; of one without tokens nothing is near."""
        if text:
            kind = bisect_right(LEAST, len(text))
            bits, places = self._classes.setdefault(kind, (Numbers(np.uint64), Numbers(np.int64)))
            bits.append(bits_of(text))
            places.append(place)

    def possible(self, text: str) -> list[_Places]:
        """Return the places of the texts whose F1 with `text` can be above the threshold."""
        own, length = bits_of(text), len(text)
        found = []
        for kind, (bits, places) in self._classes.items():
            shortest, longest = LEAST[kind - 1], LEAST[kind] - 1
            nearest = min(max(length, shortest), longest)
            if 2 * min(length, nearest) > self._least * (length + nearest):
                most = min(64, int((1 - self._least) * (length + longest)))
                found.append(places.held[np.bitwise_count(bits.held ^ own) <= most])
        return found


class NearTasks:
    """The tasks that count as known, each of the same number of fields, in order."""

    def __init__(self, fields: int, threshold: float) -> None:
        self._coders = [Coder("unicode") for _ in range(fields)]
        self._tokens: list[list[str]] = [[] for _ in range(fields)]
        self._lengths = [Numbers(np.int32) for _ in range(fields)]
        self._said = [Numbers(np.int64) for _ in range(fields)]
        self._first = _Sieve(threshold)
        self._saying: dict[int, array[int]] = {}
        """By the hash of what their first field says: the places of tasks."""
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
        """Judge at most `BATCH` tasks in order: None or a twin is kept and joins, another is a duplicate.

        `tokenisers` are those of each task; `aggressive` keeps no twins. Raises OverflowError with more
        distinct words than can be told apart (1.1 million).
        """
        coded = [self._coded(task, tokeniser) for task, tokeniser in zip(tasks, tokenisers, strict=True)]
        batch = _Batch(coded, self._tokens)
        judged: list[Near | None] = []
        for row, task in enumerate(coded):
            near = self._judge(batch, row)
            judged.append(near)
            if near is None or (near.differs and not aggressive):
                batch.kept.append(row)
                self._join(task)
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
        self._first.add(task.tokens[0], len(self))
        self._saying.setdefault(task.said[0], array("q")).append(len(self))
        for field, (tokens, said) in enumerate(zip(task.tokens, task.said, strict=True)):
            self._tokens[field].append(tokens)
            self._lengths[field].append(len(tokens))
            self._said[field].append(said)
        self._values.append(task.values)

    def _judge(self, batch: _Batch, row: int) -> Near | None:
        task = batch.tasks[row]
        places, scores = self._near_first(batch, row)
        for field in range(1, len(task.tokens)):
            if not places.size:
                break
            further = self._scores(batch, row, field, places)
            near = further > self._threshold
            places, scores = places[near], np.minimum(scores, further)[near]
        if not places.size:
            return None
        alike = self._values.held[places] == task.values
        # "1,000" and "1000" say the same.
        alike |= np.all(
            [said.held[places] == own for said, own in zip(self._said, task.said, strict=True)], axis=0
        )
        differs = not alike.any()
        if not differs:
            places, scores = places[alike], scores[alike]
        best = int(np.argmax(scores))
        return Near(int(places[best]), float(scores[best]), differs)

    def _near_first(self, batch: _Batch, row: int) -> tuple[_Places, _Floats]:
        """Return the places of the tasks whose first field is near, and how near."""
        task = batch.tasks[row]
        length, lengths, said = len(task.tokens[0]), self._lengths[0].held, self._said[0].held
        possible = self._first.possible(task.tokens[0]) if len(self) > _FEW else None
        if possible is None or sum(map(len, possible)) * _AT_ONCE > len(self):
            common = batch.common(0, row)
            half = (self._threshold - _SLACK) / 2
            places = np.flatnonzero((common > half * (lengths + length)) | (said == task.said[0]))
            common = common[places]
        else:
            saying = np.array(self._saying.get(task.said[0], ()), dtype=np.int64)
            places = np.unique(np.concatenate([*possible, saying]))
            common = self._common(batch, row, 0, places)
        scores = f1_scores(common, length, lengths[places])
        scores[said[places] == task.said[0]] = 1.0
        near = scores > self._threshold
        return places[near], scores[near]

    def _common(self, batch: _Batch, row: int, field: int, places: _Places) -> npt.NDArray[Any]:
        """Return the lengths of the longest common subsequences of a field with that of these tasks."""
        if places.size * _AT_ONCE > len(self):
            return batch.common(field, row)[places]
        tokens, known = batch.tasks[row].tokens[field], self._tokens[field]
        common: npt.NDArray[Any] = common_lengths([tokens], [known[place] for place in places.tolist()])[0]
        return common

    def _scores(self, batch: _Batch, row: int, field: int, places: _Places) -> _Floats:
        """Return how near a field after the first is to that of each of the tasks at `places`."""
        task = batch.tasks[row]
        tokens, lengths = task.tokens[field], self._lengths[field].held[places]
        same = self._said[field].held[places] == task.said[field]
        scores: _Floats = same.astype(np.float64)
        if len(tokens) < SHORT:
            return scores
        shorter, longer = np.minimum(lengths, len(tokens)), np.maximum(lengths, len(tokens))
        # A subsequence is no longer than the shorter text.
        possible = 2 * shorter > (self._threshold - _SLACK) * (shorter + longer)
        compared = np.flatnonzero(~same & (lengths >= SHORT) & possible)
        common = self._common(batch, row, field, places[compared])
        scores[compared] = f1_scores(common, len(tokens), lengths[compared])
        return scores


class _Batch:
    """Tasks that are judged one after the other; `kept` are the rows of those that joined the known ones."""

    def __init__(self, tasks: Sequence[_Coded], known: Sequence[list[str]]) -> None:
        self.tasks = tasks
        self.kept: list[int] = []
        self._known, self._size = known, len(known[0])
        self._common: dict[int, tuple[npt.NDArray[Any], npt.NDArray[Any]]] = {}

    def common(self, field: int, row: int) -> npt.NDArray[Any]:
        """Return the lengths of the longest common subsequences of a field with that of every known task."""
        if field not in self._common:
            rows = [task.tokens[field] for task in self.tasks]
            known = self._known[field][: self._size]
            self._common[field] = common_lengths(rows, known), common_within(rows)
        with_known, within = self._common[field]
        return np.concatenate([with_known[row], within[row, self.kept]])
