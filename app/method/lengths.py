"""How long a text is, also in a script that puts no spaces between words. Pure."""

from __future__ import annotations

import regex

from app.method.rouge import UNSPACED

_CHARACTERS = regex.compile(rf"(?V1)[[\p{{L}}\p{{N}}]&&[{UNSPACED}]]\p{{M}}*")


def length(text: str) -> int:
    """Count the words of a text, and each character of scripts without spaces as one."""
    return len(text.split()) if text.isascii() else sum(_parts(text))


def measured(text: str) -> tuple[int, str]:
    """Return the length of a text and what is counted most: "word", or "character" without spaces."""
    words, characters = _parts(text)
    return words + characters, "character" if characters > words else "word"


def _parts(text: str) -> tuple[int, int]:
    """Return the words between spaces, and the characters of scripts that have none."""
    characters = 0 if text.isascii() else len(_CHARACTERS.findall(text))
    if not characters:
        return len(text.split()), 0
    # What is left of 3月、東京: numbers and words of other scripts, but no marks between characters.
    others = _CHARACTERS.sub(" ", text).split()
    return sum(any(map(str.isalnum, other)) for other in others), characters
