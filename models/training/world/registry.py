"""The list of all families of the world."""

from __future__ import annotations

from functools import cache

from . import animals, finding, judging, knowledge, lists, numbers, questions, rewriting, words, writing
from .grammar import Family, Kind

# The order belongs to the corpus: in another order the same seed draws other tasks.
FAMILIES: tuple[Family, ...] = (
    *writing.ADVERTS,
    *writing.ADVICE,
    *animals.QUESTIONS,
    *animals.FACTS,
    *numbers.ARITHMETIC,
    *writing.CARDS,
    *writing.CREATIVE,
    *knowledge.DATES,
    *questions.ABOUT_FACTS,
    *finding.CIRCUMSTANCES,
    *judging.GRAMMAR,
    *knowledge.PLACES,
    *knowledge.THINGS,
    *lists.PICKING,
    *rewriting.MANNERS,
    *finding.NAMED_THINGS,
    *numbers.NUMBERS,
    *lists.ORDERING,
    *writing.PLANS,
    *questions.EVERYDAY_THINGS,
    *judging.MESSAGES,
    *rewriting.FORMS,
    *rewriting.REPLACING,
    *words.CLASSES,
    *words.FORMS,
    *words.MEANINGS,
    *writing.LETTERS,
)
"""Every task type of the world, kind A and kind B."""


@cache
def families(kind: Kind) -> tuple[Family, ...]:
    """Return the families of one kind."""
    return tuple(family for family in FAMILIES if family.kind == kind)
