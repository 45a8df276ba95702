"""The closed world the bundled models learn: all families, drawn with their phrasing, and the hold-out rule.

Standard library only.
"""

from __future__ import annotations

import random
from functools import cache
from hashlib import blake2b
from importlib import import_module
from pkgutil import iter_modules

from .grammar import Family, Item, Kind, draw_item, expand
from .phrasing import noise, wrap

__all__ = ["FAMILIES", "OUTSIDE", "Family", "Item", "Kind", "draw", "draw_item", "families", "held_out"]

_OUTSIDE = "outside"


def _gather(outside: bool) -> tuple[Family, ...]:
    """Return the families of the modules beside this one, each once, in order."""
    found: dict[str, Family] = {}
    for module in sorted(module.name for module in iter_modules(__path__)):
        if (module == _OUTSIDE) is outside:
            for family in getattr(import_module(f".{module}", __name__), "FAMILIES", ()):
                found.setdefault(family.name, family)
    return tuple(found.values())


OUTSIDE: tuple[Family, ...] = _gather(outside=True)
"""Requests that lie outside the world; the right answer to them is to say so."""

FAMILIES: tuple[Family, ...] = _gather(outside=False)
"""Every task type of the world, kind A and kind B."""


def _everyday() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for module in sorted(module.name for module in iter_modules(__path__)):
        if module.startswith("everyday_"):
            found |= import_module(f".{module}", __name__).EVERYDAY
    return found


EVERYDAY: dict[str, tuple[str, ...]] = _everyday()
"""Further phrasings by family, as people talk: for models that must understand, not for one that writes."""


@cache
def families(kind: Kind) -> tuple[Family, ...]:
    """Return the families of one kind."""
    return tuple(family for family in FAMILIES if family.kind == kind)


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
    talked = EVERYDAY.get(family.name, ()) if everyday else ()
    text = expand(rng.choice(talked or family.phrasings), rng, drawn.slots)
    if wrapped and not talked:
        text = wrap(text, family.kind, rng)
    if noisy:
        keep = " ".join([*drawn.slots.values(), drawn.output])
        text = noise(text, rng, _words(keep) | _labels(family.name))
    return Item(family.name, family.kind, text, drawn.input, drawn.output)


@cache
def _labels(name: str) -> frozenset[str]:
    """Return the words of a family's answers if these are few: a request that names them must keep them."""
    family = next(one for one in (*FAMILIES, *OUTSIDE) if one.name == name)
    rng = random.Random(0)
    answers = {family.draw(rng).output for _ in range(200)}
    return _words(" ".join(answers)) if len(answers) <= 12 else frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip(".,:;!?\"'()") for word in text.split())
