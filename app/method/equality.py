"""When two answers say the same, and how two that a rule takes as the same differ. Pure.

`content` takes away only what changes no meaning; nothing inside a text goes. A lone symbol stays itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import combinations

import regex

from app.method.rouge import UNSPACED


class Difference(IntEnum):
    """How answers that a rule takes as the same differ: not at all, in punctuation alone, or in a sign, a
    number or a symbol (digits, operators, currency, quotes and brackets of code)."""

    NONE = 0
    PUNCTUATION = 1
    SYMBOLS = 2


DIFFERENCE: dict[Difference, str] = {
    Difference.NONE: "",
    Difference.PUNCTUATION: "equal but for punctuation",
    Difference.SYMBOLS: "equal but for a sign, number or symbol",
}
"""Every `Difference` as a person reads it."""

_QUOTES = {
    **{'"': '"', "'": "'", "“": "”", "„": "“”", "”": "”", "‘": "’", "‚": "‘’", "’": "’"},
    **{"«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "《": "》", "〝": "〞〟"},
}
"""What closes each opening quote; languages differ."""
_MARKS = "\"'“”„‟«»‹›「」『』《》‘’‚‛〝〞〟`´"

# NFKC would write x² as x2, 2⁵ as 25 and 1½ as 11⁄2.
_KEPT = "".join(
    chr(point)
    for point in range(0xA0, 0x1F200)
    if unicodedata.decomposition(chr(point)).startswith(("<super>", "<sub>", "<fraction>"))
)
_BETWEEN_KEPT = re.compile(f"[^{re.escape(_KEPT)}]+")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])’(?=[^\W\d_])")

_WORD = rf"(?:(?:\p{{L}}\p{{M}}*){{2}}|[{UNSPACED}]\p{{M}}*)"
"""The end of a word: in scripts with spaces two letters, since `n!` and `x?` say more than n and x."""
# `cd ..` and `1..` are no sentences: a stop follows its word at once, alone or as an ellipsis.
_STOP = regex.compile(
    rf"(?V1)(?<=[\w\p{{M}}\p{{Sc}}%°)\]{_MARKS}])(?:\.|\.{{3,}}|[\p{{Sentence_Terminal}}--[.!?]]+)$"
)
_CALL = regex.compile(rf"(?<={_WORD}[{_MARKS}]*) ?[!?]+$")
_END = 24
"""Characters at the end of a text that are looked at: a search from its beginning takes far longer."""
_NUMBER = regex.compile(
    r"(?P<before>[-+]?(?:[a-z]{0,3}\p{Sc} ?)?[-+]?)"
    r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?P<part>\.[0-9]+)?"
    r"(?P<after> ?[\p{L}\p{M}\p{Sc}%‰°²³/·]{0,20})"
)
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
"""A decimal number here, a thousand there."""


_NO_LETTERS = bytes(set(range(128)) - set(range(ord("a"), ord("z") + 1)))


def content(text: str) -> str:
    """Return what `text` says, equal for two texts that say the same.

    Gone are the differences that Unicode's NFKC takes away, but not those of superscripts, subscripts and
    fractions; upper case (ß is not ss), white space but single spaces, quotes round the whole, closing marks
    of sentences in every script. The minus signs of Unicode are one. A text that is nothing but a number,
    perhaps with a unit or currency, is equal to the same number without separators of thousands (1,000) or
    zeros behind the point (5.0); what languages read differently (1.000, 3,5) stays.
    """
    return _said(_folded(text))


def _said(folded: str) -> str:
    stripped = _stripped(folded)
    # A number has a digit or its currency among the first four characters.
    number = None if stripped[:4].isalpha() else _NUMBER.fullmatch(stripped)
    return _plain_number(number) if number else stripped


def difference(one: str, other: str) -> Difference:
    """Say how two texts differ that a rule takes as the same, since it does not see all of them.

    Words of a-z are not compared: the rule has compared them, perhaps by their stems.
    """
    a, b = _folded(one), _folded(other)
    if a == b or _said(a) == _said(b):
        return Difference.NONE
    code = bool(_CODE.search(a) or _CODE.search(b))
    return Difference.PUNCTUATION if _symbols(a, code) == _symbols(b, code) else Difference.SYMBOLS


def largest_difference(texts: Iterable[str]) -> Difference:
    """Return how far those of `texts` differ that differ most."""
    pairs = combinations(dict.fromkeys(texts), 2)
    return max((difference(one, other) for one, other in pairs), default=Difference.NONE)


def largest_group(texts: Sequence[str]) -> int:
    """Return how many of `texts` say the same, at most; 0 without any."""
    distinct = set(texts)
    if len(distinct) <= 1:
        return len(texts)
    # Texts that say the same have the same letters of a-z: nearly always there is nothing more to look at.
    alike = all(map(str.isascii, distinct)) and len(set(map(_letters_of, distinct))) == len(distinct)
    return max(Counter(texts if alike else map(content, texts)).values())


def _letters_of(text: str) -> bytes:
    return text.lower().encode().translate(None, _NO_LETTERS)


def as_written(text: str) -> str:
    """Return what is equal for texts that differ in NFKC and white space alone, which nobody sees."""
    return " ".join(_compatible(text).split())


def _compatible(text: str) -> str:
    """Return `text` in NFKC, superscripts, subscripts and fractions as they are."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    return _BETWEEN_KEPT.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _folded(text: str) -> str:
    """Return `text` in one form of its characters, without a difference of case, with single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    lower = _compatible(_compatible(text).lower()).replace("−", "-")
    return " ".join((_APOSTROPHE.sub("'", lower) if "’" in lower else lower).split())


def _stripped(text: str) -> str:
    """Take away outer quotes and closing marks, as long as there is something else."""
    while text and not text[-1].isalnum():
        if text[-1] == "." and text[-2:-1].isalnum():  # nearly always, and many times faster
            text = text[:-1]
            continue
        inner = _unquoted(text)
        shorter = inner[:-_END] + _STOP.sub("", _CALL.sub("", inner[-_END:]))
        if not shorter or shorter == text:
            break
        text = shorter
    return text.lstrip("¿¡") or text


def _unquoted(text: str) -> str:
    """Take away one pair of quotes round the whole; quotes that end and begin again within are no pair."""
    inner = text[1:-1].strip()
    pair = inner and text[-1] in _QUOTES.get(text[0], "") and not {text[0], text[-1]} & set(inner)
    return inner if pair else text


def _plain_number(number: regex.Match[str]) -> str:
    whole, part = number["whole"], number["part"] or ""
    if not _AMBIGUOUS.fullmatch(whole + part) and not part.strip(".0"):
        part = ""
    return f"{number['before']}{whole.replace(',', '')}{part}{number['after']}"


# ---- what two texts differ in ---------------------------------------------------------------------

_CODE = re.compile(r"\w[(\[]|[{}<>=_\\|~^]|::")
"""What looks like code or a formula, in which quotes and brackets mean something."""
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\W\d_])([^*]*[^\s*])\1(?![\w*])")
_MARK = re.compile(r"[^\w\s]")
_LETTERS = r"[^\W\d_]{2}"
# Of one character each, tried where there is one: a search for all of them takes ten times longer.
_PROSE = regex.compile(
    rf"(?V1)(?<!\d|^)[,;](?!\d)|(?<=\d)[,;](?!\S)"
    rf"|(?<![a-z\d])[.:](?!\d)|[.:](?![a-z\d])|(?<=\b[a-z])\.(?=[a-z]\.)"
    rf"|[\p{{Sentence_Terminal}}\p{{Po}}--[!-~‰‱٪٫٬§†‡′″‴·]](?!(?<=\d.)\d)|·(?<={_LETTERS}·)(?={_LETTERS})"
    rf"|[!?](?<={_WORD}[{_MARKS}]* ?[!?]+)(?![\w=])"
    rf"|[-‐–—](?<={_LETTERS}[-–—]+)(?=[-–—]*{_LETTERS})|[-–—](?<={_LETTERS} [-–—]+)(?=[-–—]* {_LETTERS})"
    rf"|(?:^|(?<= ))[-*•‣▪](?= {_LETTERS})|(?<=\p{{L}})'(?=\p{{L}})"
)
# Behind a digit a quote is a prime: 5' and 5".
_WRAPPING = regex.compile(
    rf"(?<!\d)[{_MARKS}]|(?<!\S)[(\[](?={_LETTERS})|(?<=[\p{{L}}.!?…{_MARKS}])[)\]](?=$|[\s.,;:!?])"
)
_RUN = re.compile("[a-z]+")


# A question asks the same without its mark, and an e-mail is an email.
_VALUE = regex.compile(r"\p{N}+(?:[.,]\p{N}+)*|(?![?¿](?!\S)|(?<=\p{L})[-‐](?=\p{L}{2}))[^\w\s]")
_BEYOND_WORDS = re.compile(r"[^a-z ,.?]|[,.?](?! |$)")
"""What a text of nothing but words and sentences does not have: quick to see."""


def values(text: str) -> tuple[str, ...]:
    """Return the numbers, signs and symbols of a text in order: what is left without words and prose.

    Two tasks of nearly the same words ask for different things where these differ.
    """
    folded = _folded(text)
    if folded.isascii() and not _BEYOND_WORDS.search(folded):
        return ()
    return tuple(_VALUE.findall(_without_prose(folded, bool(_CODE.search(folded)))))


def _symbols(folded: str, code: bool) -> str:
    """Return a text without its prose and white space, each run of a-z as one letter."""
    if not any(map(str.isalnum, folded)):
        return folded
    return _RUN.sub("w", "".join(_without_prose(folded, code).split()))


def _without_prose(folded: str, code: bool) -> str:
    """Return a text without marks of sentences, and without quotes and brackets where it is no code."""
    text = _EMPHASIS.sub(r"\2", folded) if "*" in folded else folded

    def kept(mark: re.Match[str]) -> str:
        at = mark.start()
        prose = _PROSE.match(text, at) or (not code and _WRAPPING.match(text, at))
        return "" if prose else mark[0]

    return _MARK.sub(kept, text)
