"""Which answers may vote: not those that repeat the task, refuse, loop or were cut. Pure.

Two models that both repeat the input agree and say nothing. What is found here is barred from the vote and
stays an answer: a person sees it with its reason and may choose it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from app.method.equality import as_written, content, values
from app.method.loops import loops
from app.method.recipe_parts import Tokeniser
from app.method.refusals import refuses, refuses_to_do
from app.method.rouge import chosen, f1, tokenise
from app.method.terms import Ended, Reason

ECHO = 0.9
"""From this ROUGE-L F1 with the input or the instruction on, without stemmer, an answer repeats it."""
_FAR = 3
"""A text with this many times the characters of another is not that similar to it."""
_SHORT = 20_000
_CAPITALS = 1
"""If more capitals than this differ, the case was changed on purpose; a single one may begin a sentence."""
_FORMS = str.maketrans("’‘“”−–—", "''\"\"---")
_APOLOGY = re.compile(
    r"\b(?:apolog|sorry|refus|declin|reject|negat|opposite)"
    r"|\b(?:entschuldig|absag|ableh|gegenteil|verneine|disculp|perd[óo]n|rechaz|niega|excus|s['’]excus|pardon"
    r"|d[ée]clin|contraire|desculp|perd[ãa]o|recus|negue|извин|прощени|отказ|отклон|отриц)"
    r"|道歉|致歉|抱歉|拒绝|拒絕|否定|माफ|माफ़|क्षमा|खेद|अस्वीकार|ক্ষমা|দুঃখ|প্রত্যাখ্যান|اعتذار|رفض|نفي|معذرت|معافی|انکار",
    re.IGNORECASE,
)
"""What a task speaks of that asks for a text in which somebody says no, or of turning round what is said."""


_OF_MARKS = re.compile(
    r"punct|period|full stop|\bdots?\b|capital|\bcase|upper|lower|letter|character|proofread|correct|\bfix"
    r"|satzzeichen|punkt|klein|gro(?:ß|ss)|ponctu|puntua|pontua|min[uú]sc|mai[uú]sc|may[uú]sc|majusc|句|标点|標點",
    re.IGNORECASE,
)
"""What a task speaks of that may ask for a full stop less, or for another first letter."""


def barred(instruction: str, input: str, output: str, ended: Ended = "end") -> Reason | None:
    """Return why an answer may not vote, or None if it may.

    `ended` says why its completion ended; of an answer that came from elsewhere nothing is known, and it is
    "end". An empty answer is left to the rules.
    """
    if not output.strip():
        return None
    if loops(output):
        return "repeats"
    if ended == "length":
        return "cut_by_length"
    if refuses_to_do(output) and not _speaks_of_refusing(instruction, input):
        return "refusal"
    if repeats(output, input) and not _retouched(instruction, output, input):
        return "output_equals_input"
    return "output_equals_instruction" if repeats(output, instruction) else None


def repeats(output: str, source: str) -> bool:
    """Say whether an answer is `source` again: says the same, or leaves out so little that its ROUGE-L F1 is
    `ECHO` and more.

    An answer with words of its own or in another order is not a repetition, nor is one in which a number, a
    sign, a symbol or the case was changed: such a change can be the whole task.
    """
    shorter, longer = sorted((len(output), len(source)))
    if not shorter or longer > _FAR * shorter + _FAR or _recased(output, source):
        return False
    if _content(output) == _content(source):
        return True
    tokeniser = chosen("auto", (output, source))
    part, whole = _tokens(output, tokeniser), _tokens(source, tokeniser)
    # In order, all of the part is common to both.
    return (
        len(part) <= len(whole)
        and f1(len(part), len(part), len(whole)) >= ECHO
        and _in_order(part, whole)
        and values(output) == values(source)
    )


def _in_order(part: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


# An answer is held against input and instruction, and these against every answer.
_remembered_content = lru_cache(maxsize=8)(content)
_remembered_tokens = lru_cache(maxsize=8)(tokenise)


def _content(text: str) -> str:
    return (_remembered_content if len(text) < _SHORT else content)(text)


def _tokens(text: str, tokeniser: Tokeniser) -> Sequence[str]:
    return (_remembered_tokens if len(text) < _SHORT else tokenise)(text, tokeniser)


def _retouched(instruction: str, output: str, input: str) -> bool:
    """Say whether punctuation or a capital differs: of a text to work on that can be all there was to do.

    Models that repeat a text often lose its last full stop and first capital. That alone is no work, unless
    the instruction speaks of marks or letters.
    """
    if _marks(output) == _marks(input):
        return False
    lost = input.strip().rstrip(".。")
    lowered = lost[:1].lower() + lost[1:]
    return output.strip() not in (lost, lowered) or _OF_MARKS.search(instruction) is not None


def _marks(text: str) -> list[str]:
    """Return the marks and capitals of a text in order; the forms of quotes and dashes make no difference."""
    return [
        mark
        for mark in as_written(text).translate(_FORMS)
        if mark.isupper() or not (mark.isalnum() or mark.isspace())
    ]


def _recased(one: str, other: str) -> bool:
    return abs(sum(map(str.isupper, one)) - sum(map(str.isupper, other))) > _CAPITALS


def _speaks_of_refusing(instruction: str, input: str) -> bool:
    """Say whether a refusal may be what was asked for: a letter of apology, the translation of one."""
    return _APOLOGY.search(instruction) is not None or refuses(input)
