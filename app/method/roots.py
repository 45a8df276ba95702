"""What an instruction asks for: its verb and the noun that is done to, as Self-Instruct draws them. Pure.

Self-Instruct (Wang et al. 2023, figure 3) parses each instruction and takes the root verb and its direct
object. A parser with a model is large; this takes the tags of TextBlob, whose lexicon and rules come with the
package (the tagger of CLiPS Pattern), and reads them so:

- the verb is the first base form (VB, VBP) among the first words, auxiliaries and "please" left out. A
  sentence that begins with a word that is a noun to the tagger and an order to a person (Name, List, Sort)
  begins with its verb;
- the noun is the last of the first nouns in a row behind it. What may stand between (articles, numbers,
  adjectives, pronouns) is passed over; at another verb or a preposition there is none.

It knows English alone; what has no such verb is counted as having none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

_LOOKED_AT = 10
"""Words of an instruction that are tagged: verb and noun stand among them, and tagging takes time."""
_MOSTLY_ENOUGH = 6
"""Words among which verb and noun mostly stand already."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[^\w\s]")
_ORDERS_IN_LINE = """
answer arrange brief change check choose comment compare complete count cut design draft edit fill
fix form group guess guide help imagine label list look make map mark match model name note order
outline pick plan point process pronounce quote rank rate reason report reply research review score
search select show sketch solve sort split state structure study suggest sum summarise table tell
test think title trace translate transform turn use value verify visit watch"""
_ORDERS = frozenset(_ORDERS_IN_LINE.split())
_PASSED_OVER_IN_LINE = "please be is are was were been being am do does did have has had can could will would"
_PASSED_OVER = frozenset(_PASSED_OVER_IN_LINE.split())
_BETWEEN = frozenset(("DT", "JJ", "JJR", "JJS", "CD", "PRP", "PRP$", "POS", "VBN", "VBG", "RB", "PDT", "WP$"))
_ENDS = frozenset((".", "!", "?", ":", ";"))

Tagged = Sequence[Sequence[str]]


def root(text: str, tag: Callable[[list[str]], Tagged] | None = None) -> tuple[str, str]:
    """Return the verb of an instruction and its noun, each "" where there is none; `tag` tags words."""
    words = _WORD.findall(text[: 12 * _LOOKED_AT])[:_LOOKED_AT]
    if not text.isascii():
        words = [word for word in words if word.isascii()]
    tag = tag or _tagger()
    for size in (_MOSTLY_ENOUGH, _LOOKED_AT):
        tagged = [(pair[0].lower(), pair[1]) for pair in tag(words[:size])] if words else []
        at = _verb(tagged)
        noun, ended = ("", False) if at is None else _noun(tagged[at + 1 :])
        if ended or size >= len(words):
            break
    return (tagged[at][0], _singular(noun) if noun else "") if at is not None else ("", "")


def _verb(tagged: Sequence[tuple[str, str]]) -> int | None:
    begins = True
    for at, (word, tag) in enumerate(tagged):
        if word in _PASSED_OVER or not (word.isalpha() or tag == "."):
            begins = begins or word in (",", *_ENDS)
            continue
        if tag in ("VB", "VBP") or (begins and word in _ORDERS):
            return at
        begins = word in (",", *_ENDS)
    return None


def _noun(tagged: Sequence[tuple[str, str]]) -> tuple[str, bool]:
    """Return the noun, and whether what follows cannot change it."""
    noun = ""
    for word, tag in tagged:
        if tag.startswith("NN") and word.isalpha():
            noun = word
        elif noun or tag not in _BETWEEN:
            return noun, True
    return noun, False


@lru_cache(maxsize=1)
def _tagger() -> Callable[[list[str]], Tagged]:
    """Load the tagger on first use: its lexicon has 94,000 words."""
    from textblob.en import parser

    find_tags: Callable[[list[str]], Tagged] = parser.find_tags
    return find_tags


@lru_cache(maxsize=1 << 14)
def _singular(noun: str) -> str:
    from textblob.en.inflect import singularize

    pluralised: Any = singularize(noun) if noun.endswith("s") and not noun.endswith("ss") else noun
    return str(pluralised)
