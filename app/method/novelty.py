"""The novelty filter: how near a new instruction is to everything already in the pool.

Decisions equal those of comparing one by one with rouge_score (Self-Instruct and Ensemble-Instruct:
ROUGE-L F1 without stemmer, dropped if above a threshold): a batch is judged in order, and what is kept counts
for those after it. `near_pairs` compares a whole set of texts in the same way.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

from app.method.recipe_parts import Tokeniser
from app.method.rouge import Coder, chosen, f1, tokenise

_BATCH = 64
"""Texts compared at once: bounds the matrix at 64 rows and keeps rapidfuzz's vector units busy."""

_LONG = 2**16

_Counts = npt.NDArray[np.int32] | npt.NDArray[np.uint16]
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Novelty:
    """How one text compares with the pool.

    `score` is the highest ROUGE-L F1 with any text of the pool, `nearest` the first text that reaches
    it ("" while the pool is empty or nothing is shared), `mean` the mean over the pool (0 if empty).
    """

    keep: bool
    score: float
    nearest: str
    mean: float


class Pool:
    """All instructions of one kind that count as known: seeds and kept machine-made ones, in order.

    A text without a token (no a-z, no 0-9) scores 0 with everything, as in rouge_score.
    """

    def __init__(self, tokeniser: Tokeniser = "rouge-score") -> None:
        self._coder = Coder(tokeniser)
        self._texts: list[str] = []
        self._coded: list[str] = []
        self._lengths = array("i")

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, texts: Sequence[str]) -> None:
        """Put texts into the pool without judging them."""
        for text, coded in zip(texts, self._code(texts), strict=True):
            self._join(text, coded)

    def judge(self, texts: Sequence[str], threshold: float) -> list[Novelty]:
        """Judge `texts` in order; one is kept unless its score is above `threshold`, and then joins."""
        judged: list[Novelty] = []
        for start in range(0, len(texts), _BATCH):
            judged.extend(self._judge_batch(texts[start : start + _BATCH], threshold))
        return judged

    def _join(self, text: str, coded: str) -> None:
        self._texts.append(text)
        self._coded.append(coded)
        self._lengths.append(len(coded))

    def _pool_lengths(self) -> _Counts:
        return np.array(self._lengths, dtype=np.int32)  # a copy: an array that is looked at cannot grow

    def _code(self, texts: Sequence[str]) -> list[str]:
        return [self._coder.code(text) for text in texts]

    def _judge_batch(self, texts: Sequence[str], threshold: float) -> list[Novelty]:
        """Judge a batch with one matrix against the pool as it was and one within the batch."""
        coded = self._code(texts)
        with_pool, within = common_lengths(coded, self._coded), common_within(coded)
        pool_lengths, lengths = self._pool_lengths(), np.array([len(text) for text in coded], dtype=np.int32)
        kept: list[int] = []
        judged: list[Novelty] = []
        for row in range(len(texts)):
            scores = f1_scores(
                np.concatenate([with_pool[row], within[row, kept]]),
                len(coded[row]),
                np.concatenate([pool_lengths, lengths[kept]]),
            )
            judged.append(self._judgement(scores, threshold))
            if judged[-1].keep:
                kept.append(row)
                # The pool grows by what is kept, so that its texts always match the scores.
                self._join(texts[row], coded[row])
        return judged

    def _judgement(self, scores: _Floats, threshold: float) -> Novelty:
        """Judge a text by its scores with every text of the pool."""
        if not scores.size:
            return Novelty(keep=True, score=0.0, nearest="", mean=0.0)
        best = int(np.argmax(scores))
        score = float(scores[best])
        nearest = self._texts[best] if score > 0 else ""
        return Novelty(not score > threshold, score, nearest, float(np.mean(scores)))


def common_lengths(rows: Sequence[str], columns: Sequence[str]) -> _Counts:
    """Return the length of the longest common subsequence of every row with every column."""
    # Half the memory where lengths allow: the matrix of a batch is the largest thing here.
    kind = np.uint16 if max(map(len, rows), default=0) < _LONG else np.int32
    return np.asarray(process.cdist(rows, columns, scorer=LCSseq.similarity, dtype=kind))


def common_within(rows: Sequence[str]) -> _Counts:
    """Return the same of every row with each one before it; entries from the diagonal on mean nothing."""
    if max(map(len, rows), default=0) < _LONG:
        return common_lengths(rows, rows)
    # A long text with itself takes as long as the square of its length, for what nobody asks.
    common = np.zeros((len(rows), len(rows)), dtype=np.int32)
    for row in range(1, len(rows)):
        common[row, :row] = common_lengths([rows[row]], rows[:row])[0]
    return common


def f1_scores(common: _Counts, length: int, lengths: _Counts) -> _Floats:
    """Return the ROUGE-L F1 of a text with many, in rouge_score's order of operations."""
    precision = common / max(length, 1)
    recall = common / np.maximum(lengths, 1)
    total = precision + recall
    return np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)


def as_seen(text: str, tokeniser: Tokeniser) -> str:
    """Return what a tokeniser sees of a text, for a coder of "unicode": so texts of both can be compared."""
    return text if tokeniser == "unicode" or text.isascii() else " ".join(tokenise(text, tokeniser))


def coded_alike(coder: Coder, texts: Sequence[str]) -> list[str]:
    """Code each text by the tokeniser that its own letters need."""
    return [coder.code(as_seen(text, chosen("auto", [text]))) for text in texts]


_ROWS = 64
_COLUMNS = 8192
"""Texts compared at once: 64 by 8192 keeps a block at 2 MB."""
_SLACK = 1e-9
"""What a score may be off before it is computed in the order that decides."""


def near_pairs(texts: Sequence[str], threshold: float) -> Iterator[tuple[int, int]]:
    """Yield the places (i, j) of all pairs of texts whose ROUGE-L F1 is above `threshold` (over 0).

    Each text is tokenised as its own letters need.
    """
    coded = coded_alike(Coder("unicode"), texts)
    # By length: a subsequence is no longer than the shorter text, so that 2·short / (short + long)
    # bounds the F1, and every text meets only those somewhat longer than itself.
    places = sorted(
        (place for place in range(len(texts)) if coded[place]), key=lambda place: len(coded[place])
    )
    ordered = [coded[place] for place in places]
    lengths = [len(text) for text in ordered]
    for start in range(0, len(ordered), _ROWS):
        rows = ordered[start : start + _ROWS]
        end = bisect_right(lengths, int(len(rows[-1]) * (2 - threshold) / threshold) + 1)
        for column in range(start, end, _COLUMNS):
            columns = ordered[column : min(column + _COLUMNS, end)]
            scores = _scores(rows, columns)
            for row, other in np.argwhere(scores > threshold - _SLACK).tolist():
                i, j = start + row, column + other
                if j > i and _pair_f1(ordered[i], ordered[j]) > threshold:
                    yield places[i], places[j]


def _pair_f1(text: str, other: str) -> float:
    return f1(LCSseq.similarity(text, other), len(text), len(other))


def _scores(rows: Sequence[str], columns: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return 2·LCS / (a + b) of every row with every column: the F1 up to its last digits."""
    common = np.asarray(process.cdist(rows, columns, scorer=LCSseq.similarity, dtype=np.int32))
    lengths = np.add.outer([len(text) for text in rows], [len(text) for text in columns])
    scores: npt.NDArray[np.float64] = 2.0 * common / np.maximum(lengths, 1)
    return scores
