"""The scores of a vote: ROUGE-L F1 of every pair of answers, and how those differ that count as the same."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from functools import lru_cache

from app.method.equality import Difference, content, difference
from app.method.recipe_parts import Tokeniser
from app.method.rouge import Coder, f1_as_written, pairwise

Matrix = tuple[tuple[float, ...], ...]

_PUNCTUATION = string.punctuation.encode()
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


@lru_cache(maxsize=64)
def pairs(count: int) -> tuple[tuple[int, int], ...]:
    """Return every pair (i, j) of `count` candidates with i < j, in order."""
    return tuple((i, j) for i in range(count) for j in range(i + 1, count))


def normalise(text: str) -> str:
    """Return `text` as the rules compare it: lower case, no ASCII punctuation, single spaces."""
    lower = text.lower()
    if lower.isascii():  # many times faster by bytes
        return " ".join(lower.encode().translate(None, _PUNCTUATION).decode().split())
    return " ".join(lower.translate(_NO_PUNCTUATION).split())


def compared(candidates: Sequence[str], winner: int, matrix: Matrix) -> tuple[int, Difference]:
    """Return `equal` and `difference` of an earlier vote that did not keep them, by normalised texts."""
    texts = list(map(normalise, candidates))
    return texts.count(texts[winner]), difference_among(candidates, texts, matrix)


def difference_among(candidates: Sequence[str], texts: Sequence[str], matrix: Matrix) -> Difference:
    """Say how answers differ that a rule takes as the same, which sees them as `texts`.

    Where only their similarity is 1, their words may be others (of one stem): then punctuation is no matter.
    """
    largest = Difference.NONE
    for i, j in pairs(len(candidates)):
        equal = texts[i] == texts[j]
        if (equal or matrix[i][j] == 1.0) and candidates[i] != candidates[j]:
            between = difference(candidates[i], candidates[j])
            if equal or between is Difference.SYMBOLS:
                largest = max(largest, between)
    return largest


def score_pairs(candidates: Sequence[str], coder: Coder) -> Matrix:
    """Score every pair of texts, normalised."""
    texts = tuple(map(normalise, candidates))
    if texts and texts[0] and len(set(texts)) == 1:
        return ((1.0,) * len(texts),) * len(texts)
    matrix = pairwise(texts, coder)
    for i, j in pairs(len(texts)):
        # ROUGE knows no tokens outside a-z and 0-9; two equal answers in another script agree.
        if texts[i] and texts[i] == texts[j]:
            matrix[i][j] = matrix[j][i] = 1.0
    return tuple(map(tuple, matrix))


def without_content(candidates: Sequence[str], matrix: Matrix, tokeniser: Tokeniser) -> Matrix:
    """Return the scores as they are without regard to what texts say."""
    coder = Coder(tokeniser, stem=True)
    texts = list(map(content, candidates))
    other = {*saying_the_same(texts), *told_apart(texts, ((1.0,) * len(texts),) * len(texts))}
    return changed(
        matrix, {(i, j): score_pairs((candidates[i], candidates[j]), coder)[0][1] for i, j in other}
    )


def told_apart(contents: Sequence[str], matrix: Matrix) -> dict[tuple[int, int], float]:
    """Return scores for the pairs that ROUGE-L takes as the same though a sign, number or symbol differs.

    They are compared by their words as they are written: 3.5 and 35 have none in common.
    """
    return {
        (i, j): f1_as_written(contents[i], contents[j])
        for i, j in pairs(len(contents))
        if matrix[i][j] == 1.0
        and contents[i] != contents[j]
        and difference(contents[i], contents[j]) is Difference.SYMBOLS
    }


def saying_the_same(contents: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of texts that say the same; two empty ones say nothing."""
    return [(i, j) for i, j in pairs(len(contents)) if contents[i] and contents[i] == contents[j]]


def with_content(contents: Sequence[str], matrix: Matrix) -> Matrix:
    """Return the scores with regard to what texts say: 1 for the same, less where only ROUGE-L takes two as
    the same."""
    count, distinct = len(contents), len(set(contents))
    equal = sum([row.count(1.0) for row in matrix])
    if (distinct == count and equal == count) or (distinct == 1 and equal == count * count):
        return matrix  # nearly always
    return changed(matrix, dict.fromkeys(saying_the_same(contents), 1.0) | told_apart(contents, matrix))


def changed(matrix: Matrix, scores: Mapping[tuple[int, int], float]) -> Matrix:
    """Return a matrix with other scores for some pairs."""
    if not scores or all(matrix[i][j] == score for (i, j), score in scores.items()):
        return matrix
    rows = list(map(list, matrix))
    for (i, j), score in scores.items():
        rows[i][j] = rows[j][i] = score
    return tuple(map(tuple, rows))
