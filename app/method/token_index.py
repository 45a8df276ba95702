"""Which of very many texts can be near a given one, found by the words they share. Pure.

Nothing near is missed. Let a text have a tokens and another b, and let them share s, each counted as often as
both have it. A common subsequence is no longer than s, nor than b, so that ROUGE-L F1 = 2·LCS / (a + b) is at
most 2·min(s, b) / (a + b).

- Lists. Go through the distinct words of the text in any order; say those before a word stand for c of its
  tokens. A text that has none of those shares at most a - c tokens, so that its F1 is at most
  2·min(a - c, b) / (a + b), the bound of the word for this b. Every text of length b whose F1 is above the
  threshold therefore stands in the list of a word whose bound is above it: the first word it has. As the
  order is free, words with short lists come first, and those of long lists are mostly not reached.
- Bits. Each token flips one of 64 bits. What both texts share flips them alike, so that at most a + b - 2·s
  bits differ, and F1 is at most 1 - differing / (a + b). Most of what shares a word alone is ruled out here.

What is left is compared. With few different words, all of them frequent, much is left: then time grows with
the square of the number of texts, as that of comparing all does.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.method.novelty import common_lengths, f1_scores

SLACK = 1e-9
"""What a bound or score may be off by rounding."""
_FIRST_SLICE, _LAST_SLICE = 64, 1 << 16
"""Places of a list taken at once: few first, as those may end the search."""

Places = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


def _classes() -> list[int]:
    """Return the least lengths of the classes of lengths: each number, then steps of a fifth."""
    least = [1]
    while least[-1] < 1 << 40:
        least.append(max(least[-1] + 1, least[-1] * 6 // 5))
    return least


LEAST = _classes()
"""Of the class number n, which is `bisect_right(LEAST, length)`, at n - 1."""


class Listed(NamedTuple):
    """Places of texts in ascending order; an F1 above `bound` has only a text that a list before has too."""

    bound: float
    places: array[int]


class TokenIndex:
    """Texts coded by one `Coder`, in order; those with fewer than `shortest` tokens are in no list."""

    def __init__(self, shortest: int = 1) -> None:
        self._shortest = shortest
        self._texts: list[str] = []
        self._lengths = Numbers(np.int32)
        self._bits = Numbers(np.uint64)
        self._lists: dict[str, dict[int, array[int]]] = {}
        self._sizes: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, text: str) -> None:
        """Take a text in; its place is the number of those before it."""
        place, length = len(self._texts), len(text)
        self._texts.append(text)
        self._lengths.append(length)
        self._bits.append(bits_of(text))
        if length < self._shortest:
            return
        kind, words = bisect_right(LEAST, length), set(text)
        for word in words:
            lists = self._lists.setdefault(word, {})
            if (places := lists.get(kind)) is None:
                places = lists[kind] = array("i")
            places.append(place)
        self._sizes.update(words)

    def lists(self, text: str, threshold: float) -> list[Listed]:
        """Return lists in which all texts stand whose F1 with `text` is above `threshold`, best bounds first.

        They are the index's own and grow with it.
        """
        times, sizes, length, rest = Counter(text), self._sizes, len(text), len(text)
        found: list[Listed] = []
        for word in sorted(times, key=lambda word: sizes[word]):
            if 2 * rest <= (threshold - SLACK) * (length + rest):
                break
            if lists := self._lists.get(word):
                bounds = _bounds(length, rest, threshold)
                found += [Listed(bounds[kind], places) for kind, places in lists.items() if kind in bounds]
            rest -= times[word]
        found.sort(key=lambda listed: -listed.bound)
        return found

    def possible(self, text: str, places: Places, threshold: float) -> Places:
        """Return those of these places whose texts can have an F1 above `threshold` by lengths and bits.

        None of fewer than `shortest` tokens has.
        """
        lengths, length = self._lengths.held[places], len(text)
        total = lengths + length
        differing = np.bitwise_count(self._bits.held[places] ^ bits_of(text))
        shared = np.minimum(total - differing, 2 * np.minimum(lengths, length))
        left: Places = places[(shared > (threshold - SLACK) * total) & (lengths >= self._shortest)]
        return left

    def scores(self, text: str, places: Places) -> Floats:
        """Return the F1 of `text` with each of these texts, 0 with those of fewer than `shortest` tokens."""
        known, lengths = self._texts, self._lengths.held[places]
        common = common_lengths([known[place] for place in places.tolist()], [text])[:, 0]
        return np.where(lengths >= self._shortest, f1_scores(common, len(text), lengths), 0.0)


def slices(listed: Sequence[int]) -> Iterator[Places]:
    """Yield a list of places in order, few at first and then more at a time."""
    at, size = 0, _FIRST_SLICE
    while at < len(listed):
        yield np.array(listed[at : at + size], dtype=np.intp)
        at, size = at + size, min(4 * size, _LAST_SLICE)


@lru_cache(maxsize=1 << 14)
def _bounds(length: int, rest: int, threshold: float) -> dict[int, float]:
    """Map the classes of lengths to their bounds above `threshold`, where `rest` tokens are not stood for."""
    bounds = {}
    longest = int(2 * rest / (threshold - SLACK)) - length if threshold > SLACK else LEAST[-1] - 1
    for kind in range(1, bisect_right(LEAST, max(longest, rest)) + 1):
        # The bound grows up to the length `rest` and falls from it on.
        other = min(max(rest, LEAST[kind - 1]), LEAST[kind] - 1)
        bound = 2 * min(rest, other) / (length + other)
        if bound > threshold - SLACK:
            bounds[kind] = bound
    return bounds


@lru_cache(maxsize=8)
def bits_of(text: str) -> np.uint64:
    """Return 64 bits, each flipped by every token of a text that hashes to it."""
    bits = 0
    for token in text:
        # The multiplier of Fibonacci hashing, 2^64 divided by the golden ratio, spreads neighbours.
        bits ^= 1 << ((ord(token) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 58)
    return np.uint64(bits)


class Numbers:
    """An array that grows."""

    def __init__(self, kind: type[np.int32] | type[np.int64] | type[np.uint64]) -> None:
        self._room: npt.NDArray[Any] = np.empty(1024, dtype=kind)
        self._held = 0

    def __len__(self) -> int:
        return self._held

    @property
    def held(self) -> npt.NDArray[Any]:
        """The numbers so far, not copied."""
        return self._room[: self._held]

    def append(self, number: int | np.uint64) -> None:
        """Take a number in."""
        if self._held == len(self._room):
            self._room = np.concatenate([self._room, np.empty_like(self._room)])
        self._room[self._held] = number
        self._held += 1
