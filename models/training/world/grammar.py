"""Templates, families and items: the language the training world is written in.

Standard library only, so that the corpus can be read and drawn without the training extras.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["A", "B"]

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Item:
    """One task with its right answer; `input` is empty for kind B."""

    family: str
    kind: Kind
    instruction: str
    input: str
    output: str


@dataclass(frozen=True, slots=True)
class Draw:
    """What a family draws for one item; `slots` fill `<name>` in the phrasing."""

    input: str
    output: str
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """A task type: many ways to say it and a maker of items that are right by construction.

    `hard` marks families that models of this size are not expected to master. `everyday` are further
    phrasings, as people talk: for models that must understand, not for one that writes.
    """

    name: str
    kind: Kind
    phrasings: tuple[str, ...]
    draw: Callable[[random.Random], Draw]
    hard: bool = False
    everyday: tuple[str, ...] = ()


def fill(template: str, slots: Mapping[str, str]) -> str:
    """Put its value in the place of every `<slot>`; raises KeyError where a slot has no value."""
    return _SLOT.sub(lambda slot: slots[slot.group(1)], template)


def expand(template: str, rng: random.Random, slots: Mapping[str, str] | None = None) -> str:
    """Pick one alternative of every `{a|b|}` (nested allowed), then fill every `<slot>`.

    Raises KeyError where a slot has no value.
    """
    while match := _INNERMOST.search(template):
        choice = rng.choice(match.group(1).split("|"))
        template = template[: match.start()] + choice + template[match.end() :]
    return " ".join(fill(template, slots or {}).split())


def draw_item(family: Family, rng: random.Random) -> Item:
    """Draw one item of the family in one of its plain phrasings (no wrapper, no noise)."""
    drawn = family.draw(rng)
    instruction = expand(rng.choice(family.phrasings), rng, drawn.slots)
    return Item(family.name, family.kind, instruction, drawn.input, drawn.output)
