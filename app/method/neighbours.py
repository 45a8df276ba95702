"""Which texts of a set are near to each other by ROUGE-L: all pairs, exactly as `rouge_score` decides."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from app.method.recipe_parts import Tokeniser
from app.method.rouge import Coder, f1

_ROWS = 64
_COLUMNS = 8192
"""Texts compared at once: 64 by 8192 keeps a block at 2 MB."""
_SLACK = 1e-9
"""What a score may be off before it is computed in the order that decides."""


def near_pairs(
    texts: Sequence[str], threshold: float, tokeniser: Tokeniser = "rouge-score"
) -> Iterator[tuple[int, int]]:
    """Yield the places (i, j) of all pairs of texts whose ROUGE-L F1 is above `threshold` (over 0)."""
    coder = Coder(tokeniser)
    coded = [coder.code(text) for text in texts]
    # By length: a subsequence is no longer than the shorter text, so that 2·short / (short + long)
    # bounds the F1, and every text meets only those somewhat longer than itself.
    places = sorted(
        (place for place in range(len(texts)) if coded[place]), key=lambda place: len(coded[place])
    )
    ordered = [coded[place] for place in places]
    lengths = [len(one) for one in ordered]
    for start in range(0, len(ordered), _ROWS):
        rows = ordered[start : start + _ROWS]
        end = bisect_right(lengths, int(len(rows[-1]) * (2 - threshold) / threshold) + 1)
        for column in range(start, end, _COLUMNS):
            columns = ordered[column : min(column + _COLUMNS, end)]
            scores = _scores(rows, columns)
            for row, other in np.argwhere(scores > threshold - _SLACK).tolist():
                i, j = start + row, column + other
                if j > i and _f1(ordered[i], ordered[j]) > threshold:
                    yield places[i], places[j]


def highest_between(
    some: Sequence[str], others: Sequence[str], tokeniser: Tokeniser = "rouge-score"
) -> tuple[float, int, int]:
    """Return the highest ROUGE-L F1 of a text here with one there, and their places; 0 where none share."""
    coder = Coder(tokeniser)
    rows, columns = [coder.code(text) for text in some], [coder.code(text) for text in others]
    best, at, to = 0.0, 0, 0
    for start in range(0, len(rows), _ROWS):
        for column in range(0, len(columns), _COLUMNS):
            scores = _scores(rows[start : start + _ROWS], columns[column : column + _COLUMNS])
            row, other = divmod(int(np.argmax(scores)), scores.shape[1])
            if scores[row, other] > best:
                best, at, to = float(scores[row, other]), start + row, column + other
    return (_f1(rows[at], columns[to]), at, to) if best else (0.0, 0, 0)


def _f1(one: str, other: str) -> float:
    return f1(LCSseq.similarity(one, other), len(one), len(other))


def _scores(rows: Sequence[str], columns: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return 2·LCS / (a + b) of every row with every column: the F1 up to its last digits."""
    common = np.asarray(process.cdist(rows, columns, scorer=LCSseq.similarity, dtype=np.int32))
    lengths = np.add.outer([len(one) for one in rows], [len(one) for one in columns])
    found: npt.NDArray[np.float64] = 2.0 * common / np.maximum(lengths, 1)
    return found
