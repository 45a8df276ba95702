"""ROUGE-L as the `rouge_score` package computes it, to the last bit, and two to three orders faster.

Tokeniser `rouge-score` gives what the package gives (tokenize.py): runs of a-z and 0-9 of the lower-cased
text, those of over three characters stemmed by the same Porter stemmer if asked. `unicode` sees every
script: words are runs of letters, digits and their marks; in scripts that put no spaces between words each
character is a token. On text of a-z and 0-9 both give the same tokens.

Only the longest common subsequence runs in rapidfuzz, and the F1 keeps the package's order of
floating-point operations: thresholds are compared with `>`, and another order gives another decision where
the true value is the threshold itself.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import regex
from rapidfuzz.distance import LCSseq

from app.method.recipe_parts import Tokeniser, TokeniserChoice

_STEMMED_LENGTH = 3  # rouge_score stems only longer tokens

_RUNS = re.compile("[a-z0-9]+")
UNSPACED = "".join(
    rf"\p{{Script={name}}}"
    for name in ("Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan")
)
"""The scripts that put no spaces between words, for a class of the `regex` module."""
_WORDS = regex.compile(
    rf"(?V1)[[\p{{L}}\p{{N}}]&&[{UNSPACED}]]\p{{M}}*|[[\p{{L}}\p{{N}}]--[{UNSPACED}]][[\p{{L}}\p{{N}}\p{{M}}]--[{UNSPACED}]]*"
)
_UNSEEN = regex.compile(r"(?V1)[[\p{L}\p{Nd}]--[a-z0-9]]")
_NO_LETTERS = bytes(set(range(128)) - set((string.ascii_lowercase + string.digits).encode()))
UNSEEN = 0.2
"""Above this share of letters and digits that `rouge-score` cannot see, `unicode` is the better choice."""


def tokenise(text: str, tokeniser: Tokeniser = "rouge-score") -> list[str]:
    """Return the tokens of `text`, not stemmed."""
    return _TOKENISERS[tokeniser](text)


def stemmed(token: str) -> str:
    """Return the Porter stem of a token, as rouge_score does: of ASCII ones of over three characters."""
    return _stem(token) if len(token) > _STEMMED_LENGTH and token.isascii() else token


def letters(text: str) -> tuple[int, int]:
    """Return how many letters and digits of `text` `rouge-score` sees, and how many it cannot see."""
    lower = text.lower()
    seen = len(lower.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    return seen, 0 if lower.isascii() else len(_UNSEEN.findall(lower))


def unseen_share(texts: Iterable[str]) -> float:
    """Return the share of the letters and digits of `texts` that `rouge-score` cannot see (0 to 1)."""
    counts = [letters(text) for text in texts]
    unseen = sum(count for _, count in counts)
    return unseen / (unseen + sum(count for count, _ in counts)) if unseen else 0.0


def fitting(share: float) -> Tokeniser:
    """Return the tokeniser for texts of which `rouge-score` cannot see this share."""
    return "unicode" if share > UNSEEN else "rouge-score"


def chosen(choice: TokeniserChoice, texts: Sequence[str]) -> Tokeniser:
    """Return the tokeniser by which `texts` are compared with each other: "auto" looks at their letters."""
    if choice != "auto":
        return choice
    return "rouge-score" if all(map(str.isascii, texts)) else fitting(unseen_share(texts))


def _ascii(text: str) -> list[str]:
    return _RUNS.findall(text.lower())


def _unicode(text: str) -> list[str]:
    lower = text.lower()
    if lower.isascii():  # the same tokens, many times faster
        return _RUNS.findall(lower)
    words: list[str] = _WORDS.findall(unicodedata.normalize("NFKC", lower))
    return words


_TOKENISERS: dict[Tokeniser, Callable[[str], list[str]]] = {
    "rouge-score": _ascii,
    "unicode": _unicode,
}


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    return str(_porter().stem(word))


@lru_cache(maxsize=1)
def _porter() -> Any:
    """Load the stemmer on first use: importing it takes half a second."""
    from nltk.stem.porter import PorterStemmer

    return PorterStemmer()


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


_WRITTEN = regex.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")


def f1_as_written(a: str, b: str) -> float:
    """Return the ROUGE-L F1 of two texts over what stands between their blanks, signs and symbols included.

    In scripts without spaces each character is a token.
    """
    one, other = _WRITTEN.findall(a), _WRITTEN.findall(b)
    return f1(LCSseq.similarity(one, other), len(one), len(other))


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
        return self.code_tokens(tokenise(text, self._tokeniser))

    def code_tokens(self, tokens: Iterable[str]) -> str:
        """Do the same for a text that was tokenised already."""
        known = self._of_token.get
        return "".join([known(token) or self._add(token) for token in tokens])

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
