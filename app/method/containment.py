"""Whether one answer holds another: `It is Paris, the capital.` holds `Paris`. Pure.

A terse model and a verbose one seldom say the same in the same words. What this cannot see: what is left
over may turn the meaning round in words not known here (`They guessed Paris`), words count that are
in order but not side by side, and an answer may be only a part of the other (`blue`, `blue and red`).
"""

from __future__ import annotations

import re
from collections import Counter

from rapidfuzz.distance import LCSseq

from app.method.equality import values
from app.method.rouge import tokenise

HELD = 0.99
"""The share of the shorter answer's tokens that must stand in the longer one, in the same order."""

_TURNS = re.compile(
    # A word that denies, or offers another answer beside the one that is held.
    r"\b(?:not|no|none|nobody|nothing|nowhere|never|nor|neither|without|cannot|except|unless|but|or|either|instead|rather|unlike"
    # Or a quantity, a direction or a doubt that makes it another answer.
    r"|minus|plus|times|less|more|fewer|than|least|most|below|above|under|over|about|almost|nearly|approximately"
    r"|half|quarter|third|double|twice|dozens?|hundreds?|thousands?|millions?|billions?|trillions?|percent"
    r"|hardly|barely|scarcely|rarely|seldom|false|falsely|wrong|incorrect|untrue|fake|opposite|contrary|reverse"
    r"|before|after|until|since|formerly|former|anti"
    r"|moins|plus|avant|après|faux|fausse|menos|más|mais|antes|despu[ée]s|falso|falsa|depois"
    r"|weniger|mehr|als|minus|vor|nach|kaum|falsch|halb\w*|меньше|больше|до|после|едва|ложн\w*"
    r"|ne|pas|jamais|non|sans|aucune?|ou|nunca|sin|ni|sino|o|n[ãa]o|sem|nem"
    r"|nicht|kein\w*|nie|niemals|ohne|weder|oder|sondern|не|нет|ни|без|или|нельзя)\b"
    r"|n['’]t\b|[不没沒无無非未别別或]|नहीं|\bन\b|\bमत\b|\bया\b|\bना\b|নয়|নয়|\bনা\b|নেই|\bবা\b|অথবা"
    r"|\b(?:لا|ليس|ليست|لم|لن|غير|بدون|أو|نہیں|نہ|مت|یا)\b"
)
_NOTHING = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "i", "in", "is", "it", "of", "on"),
        *("that", "the", "this", "to", "was", "with", "la", "le", "les", "de", "el", "un", "une"),
        *("der", "die", "das", "ein", "eine"),
    )
)
"""Words that say nothing by themselves, and stand in any answer."""


def holds(longer: str, shorter: str) -> bool:
    """Say whether an answer holds a shorter one, which is what it comes to.

    Both are given as `app.method.equality.content`. It does not where the rest of it has a word that denies
    or offers an alternative, or a number, a sign or a symbol that the shorter one has not.
    """
    if len(longer) <= len(shorter) or not shorter:
        return False
    held, holding = tokenise(shorter, "unicode"), tokenise(longer, "unicode")
    if not held or len(holding) <= len(held) or all(word in _NOTHING for word in held):
        return False
    if LCSseq.similarity(held, holding) < HELD * len(held):
        return False
    return values(longer) == values(shorter) and _turns(longer) == _turns(shorter)


def says(text: str, own: str, *, containment: bool) -> bool:
    """Say whether an answer counts as `own`: it is equal, or holds it where that counts."""
    return text == own or (containment and holds(text, own))


def _turns(text: str) -> Counter[str]:
    return Counter(_TURNS.findall(text.lower()))
