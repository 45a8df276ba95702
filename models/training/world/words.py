"""Families about single words: their forms, their classes and their meanings."""

from __future__ import annotations

from .data import read, section
from .english import a_or_an
from .grammar import Family
from .makers import lookup, sorting

_WORDS = read("facts/words")
_VERBS: list[list[str]] = _WORDS["verbs"]
_GRADES: list[list[str]] = _WORDS["grades"]
_PLURALS: dict[str, str] = _WORDS["plurals"]
_CONTRACTIONS: dict[str, str] = _WORDS["contractions"]


def _both_ways(pairs: dict[str, str]) -> dict[str, str]:
    """Return pairs that answer each other, in both orders."""
    return pairs | {right: left for left, right in pairs.items()}


OPPOSITES: dict[str, str] = _both_ways(_WORDS["mutual_opposites"]) | _WORDS["opposites"]
FRENCH: dict[str, str] = _WORDS["french"]
SPANISH: dict[str, str] = _WORDS["spanish"]
GERMAN: dict[str, str] = _WORDS["german"]
DEFINITIONS: dict[str, str] = _WORDS["definitions"]


def _translation(name: str, language: str, words: dict[str, str]) -> Family:
    """Return the family that translates into one language; all of them ask in the same ways."""
    shared = section("translation")
    wording = {key: [text.replace("LANG", language) for text in texts] for key, texts in shared.items()}
    return lookup(name, words, wording | section(name))


FORMS: tuple[Family, ...] = (
    lookup("plural", _PLURALS),
    lookup("singular", {plural: noun for noun, plural in _PLURALS.items()}),
    lookup("past_tense", {base: past for base, past, _ in _VERBS}),
    lookup("base_form", {past: base for base, past, _ in _VERBS}),
    lookup("ing_form", {base: ing for base, _, ing in _VERBS}),
    lookup("comparative", {word: more for word, more, _ in _GRADES}),
    lookup("superlative", {word: most for word, _, most in _GRADES}),
)
"""Number, tense and comparison."""

CLASSES: tuple[Family, ...] = (
    lookup("adverb", _WORDS["adverbs"]),
    lookup("article", {noun: a_or_an(noun) for noun in section("article")["nouns"]}),
    sorting("part_of_speech"),
    lookup("expand_contraction", _CONTRACTIONS),
    lookup("contract", {full.replace("cannot", "can not"): short for short, full in _CONTRACTIONS.items()}),
)
"""Word classes, articles, adverbs and contractions."""

MEANINGS: tuple[Family, ...] = (
    lookup("antonym", OPPOSITES),
    lookup("synonym", _both_ways(_WORDS["synonyms"])),
    lookup("female", _WORDS["female_counterparts"]),
    lookup("abbreviation", _WORDS["abbreviations"]),
    _translation("french", "French", FRENCH),
    _translation("spanish", "Spanish", SPANISH),
    _translation("german", "German", GERMAN),
    lookup("define_word", DEFINITIONS),
)
"""Opposites, synonyms, abbreviations, translations and definitions."""
