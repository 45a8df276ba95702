"""The closed world the bundled models learn: all families, drawn with their phrasing, and the hold-out rule.

Facts, words and phrasings are TOML files in `data/`; `registry` lists the families. Standard library only.
"""

from __future__ import annotations

import random
from functools import cache
from hashlib import blake2b

from .careless import STRAY_WORDS, careless
from .grammar import Family, Item, Kind, draw_item, expand
from .outside import OUTSIDE
from .registry import FAMILIES, families
from .wrapping import wrap

__all__ = [
    "FAMILIES",
    "OUTSIDE",
    "STRAY_WORDS",
    "Family",
    "Item",
    "Kind",
    "draw",
    "draw_item",
    "families",
    "held_out",
]


def held_out(item: Item) -> bool:
    """Tell whether this task is kept from training; evaluation draws only such tasks."""
    digest = blake2b(f"{item.instruction}\n{item.input}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % 50 == 0


def draw(
    rng: random.Random,
    kind: Kind,
    wrapped: bool = False,
    noisy: bool = False,
    family: Family | None = None,
    everyday: bool = False,
) -> Item:
    """Draw one item, of a random family of the kind unless one is given.

    `wrapped` puts the request into one of many frames; `noisy` says it carelessly and `everyday` as people
    talk, where the family has such phrasings (neither for the writer, and the latter never in a frame).
    """
    family = family or rng.choice(families(kind))
    drawn = family.draw(rng)
    spoken = family.everyday if everyday else ()
    text = expand(rng.choice(spoken or family.phrasings), rng, drawn.slots)
    if wrapped and not spoken:
        text = wrap(text, family.kind, rng)
    if noisy:
        keep = " ".join([*drawn.slots.values(), drawn.output])
        text = careless(text, rng, _words(keep) | _labels(family.name))
    return Item(family.name, family.kind, text, drawn.input, drawn.output)


@cache
def _labels(name: str) -> frozenset[str]:
    """Return the words of a family's answers if these are few: a request that names them must keep them."""
    family = next(family for family in (*FAMILIES, *OUTSIDE) if family.name == name)
    rng = random.Random(0)
    answers = {family.draw(rng).output for _ in range(200)}
    return _words(" ".join(answers)) if len(answers) <= 12 else frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip(".,:;!?\"'()") for word in text.split())
