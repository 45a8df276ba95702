"""Cut a text into the tokens that ROUGE-L compares.

`rouge-score` gives what the `rouge_score` package gives (tokenize.py): runs of a-z and 0-9 of the
lower-cased text, those of over three characters stemmed by the same Porter stemmer if asked. `unicode` sees
every script: words are runs of letters, digits and their marks; in scripts that put no spaces between words
each character is a token. On text of a-z and 0-9 both give the same tokens.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import regex

from app.method.recipe_parts import Tokeniser

_STEMMED_LENGTH = 3  # rouge_score stems only longer tokens

_RUNS = re.compile("[a-z0-9]+")
# Scripts written without spaces between words.
_UNSPACED = "".join(
    rf"\p{{Script={name}}}"
    for name in ("Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan")
)
_WORDS = regex.compile(
    rf"(?V1)[[\p{{L}}\p{{N}}]&&[{_UNSPACED}]]\p{{M}}*|[[\p{{L}}\p{{N}}]--[{_UNSPACED}]][[\p{{L}}\p{{N}}\p{{M}}]--[{_UNSPACED}]]*"
)
_UNSEEN = regex.compile(r"(?V1)[\p{L}--[a-z]]")
_NO_LETTERS = bytes(set(range(128)) - set(string.ascii_lowercase.encode()))
UNSEEN = 0.2
"""Above this share of letters that `rouge-score` cannot see, `unicode` is the better choice."""


def tokenise(text: str, tokeniser: Tokeniser = "rouge-score") -> list[str]:
    """Return the tokens of `text`, not stemmed."""
    return _TOKENISERS[tokeniser](text)


def stemmed(token: str) -> str:
    """Return the Porter stem of a token, as rouge_score does: of ASCII ones of over three characters."""
    return _stem(token) if len(token) > _STEMMED_LENGTH and token.isascii() else token


def letters(text: str) -> tuple[int, int]:
    """Return how many letters of `text` `rouge-score` sees, and how many it cannot see."""
    lower = text.lower()
    seen = len(lower.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    return seen, 0 if lower.isascii() else len(_UNSEEN.findall(lower))


def unseen_share(texts: Iterable[str]) -> float:
    """Return the share of the letters of `texts` that `rouge-score` cannot see (0 to 1; 0 without any)."""
    counts = [letters(text) for text in texts]
    unseen = sum(count for _, count in counts)
    return unseen / (unseen + sum(count for count, _ in counts)) if unseen else 0.0


def fitting(share: float) -> Tokeniser:
    """Return the tokeniser for texts of which `rouge-score` cannot see this share."""
    return "unicode" if share > UNSEEN else "rouge-score"


def _ascii(text: str) -> list[str]:
    return _RUNS.findall(text.lower())


def _unicode(text: str) -> list[str]:
    words: list[str] = _WORDS.findall(unicodedata.normalize("NFKC", text.lower()))
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
