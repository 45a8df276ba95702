"""ROUGE-L as the `rouge_score` package computes it, to the last bit, and two to three orders faster.

The tokeniser and the stemmer are the package's own (`app/method/tokenise.py`); only the longest common
subsequence runs in rapidfuzz, and the F1 keeps the package's order of floating-point operations: thresholds
are compared with `>`, and another order gives another decision where the true value is the threshold itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from app.method.recipe_parts import Tokeniser
from app.method.tokenise import stemmed, tokenise

_SURROGATES = range(0xD800, 0xE000)
_FIRST = 0x21
_CODE_POINTS = 0x110000


def f1(common: int, length_a: int, length_b: int) -> float:
    """Return the F1 of a common subsequence of `common` tokens; 0 where a text has no tokens."""
    if not common:
        return 0.0
    precision = common / length_b
    recall = common / length_a
    return 2 * precision * recall / (precision + recall)


def rouge_l_f1(a: str, b: str, *, stem: bool = False, tokeniser: Tokeniser = "rouge-score") -> float:
    """Return the ROUGE-L F1 of two texts (0 to 1, symmetric)."""
    return pairwise([a, b], Coder(tokeniser, stem=stem))[0][1]


def pairwise(texts: Sequence[str], coder: Coder) -> list[list[float]]:
    """Return the symmetric matrix of ROUGE-L F1 over `texts`, its diagonal 1."""
    coded = [coder.code(text) for text in texts]
    matrix = [[1.0] * len(texts) for _ in texts]
    for i, first in enumerate(coded):
        for j in range(i + 1, len(coded)):
            other = coded[j]
            matrix[i][j] = matrix[j][i] = f1(LCSseq.similarity(first, other), len(first), len(other))
    return matrix


class Coder:
    """Codes each distinct token as one character, so that a text becomes a string rapidfuzz compares fast.

    Only texts coded by the same coder may be compared. About 1.1 million distinct tokens fit; one more
    raises OverflowError. Use it in one thread.
    """

    def __init__(self, tokeniser: Tokeniser = "rouge-score", *, stem: bool = False) -> None:
        self._tokeniser = tokeniser
        self._stem = stem
        self._of_token: dict[str, str] = {}
        self._of_stem: dict[str, str] = {} if stem else self._of_token
        self._next = _FIRST

    def __len__(self) -> int:
        """The number of distinct tokens so far; words of one stem count once."""
        return len(self._of_stem)

    def code(self, text: str) -> str:
        """Return one character per token of `text`, the same for the same token."""
        known = self._of_token.get
        return "".join([known(token) or self._add(token) for token in tokenise(text, self._tokeniser)])

    def _add(self, token: str) -> str:
        """Give a new token the character of its stem, a new one if the stem is new too."""
        stem = stemmed(token) if self._stem else token
        character = self._of_stem.get(stem)
        if character is None:
            character = self._of_stem[stem] = self._new()
        self._of_token[token] = character
        return character

    def _new(self) -> str:
        if self._next == _CODE_POINTS:
            raise OverflowError("more distinct tokens than there are characters")
        character = chr(self._next)
        self._next += 1
        if self._next in _SURROGATES:  # lone surrogates are no text
            self._next = _SURROGATES.stop
        return character
