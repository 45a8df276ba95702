"""Training documents in the exact formats of the product's prompts, cut into parts with a use for the loss.

The constants and the two `*_prompt` functions must stay as the product's own recipe has them, byte for byte.
Standard library only.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import world
from .world import Family, Item, Kind

LIST_HEADERS: dict[Kind, str] = {
    "A": "Come up with different tasks. Every task works on an input that is given with it:",
    "B": "Come up with different tasks. Every task can be answered without any input:",
}
BLOCK_HEADERS: dict[Kind, str] = {
    "A": "Carry out each instruction. Make up an input first, then give the output for it:",
    "B": "Carry out each instruction. There is no input, only an output:",
}
END = "|EoS|"

SHARE_A = 0.7
SHARE_WRAPPED, SHARE_NOISY = 0.3, 0.3
SHARE_EVERYDAY = 0.4
SHARE_OUTSIDE = 0.03
SHARE_STRANGE = 0.05
_OFTEN = ["first_item", "last_item", "larger_number", "smaller_number", "odd_one_out", "membership"]
_RATHER_OFTEN = [
    "yes_no_reading",
    "sum",
    "difference",
    "grammar_check",
    "count_items",
    "replace_color",
    "synonym",
    "anonymize",
    "bigger_animal",
    "ing_form",
]
FAMILY_WEIGHTS: dict[str, float] = dict.fromkeys(_OFTEN, 3.0) | dict.fromkeys(_RATHER_OFTEN, 2.0)
"""Families that should be drawn more (or less) often than once per turn."""

READ, LEARN, RECALL = 0, 1, 2
"""What a part of a document is for: context only, to be learnt, or learnt at a lower weight."""


class Part(NamedTuple):
    """A piece of a document; pieces are cut where no token can span the cut."""

    text: str
    use: int


def list_prompt(kind: Kind, instructions: Sequence[str]) -> str:
    """Return the prompt that asks for one more task like these."""
    shown = "".join(f"{number}. {text} {END}\n" for number, text in enumerate(instructions, 1))
    return f"{LIST_HEADERS[kind]}\n{shown}{len(instructions) + 1}."


def block(item: Item) -> str:
    """Return one finished demonstration."""
    input_line = f"\ninput: {item.input}" if item.kind == "A" else ""
    return f"instruction: {item.instruction}{input_line}\noutput: {item.output}\n{END}\n\n"


def block_prompt(kind: Kind, shown: Sequence[Item], instruction: str, fixed_input: str | None = None) -> str:
    """Return the prompt for the target; with `fixed_input`, only the output is asked for."""
    opening = f"{BLOCK_HEADERS[kind]}\n\n{''.join(block(item) for item in shown)}instruction: {instruction}\n"
    if fixed_input is not None:
        return f"{opening}input: {fixed_input}\noutput:"
    return opening + ("input:" if kind == "A" else "output:")


def choose(rng: random.Random, kind: Kind) -> Family:
    """Pick a family of the kind by its weight."""
    choices = world.families(kind)
    return rng.choices(choices, [FAMILY_WEIGHTS.get(family.name, 1.0) for family in choices])[0]


def _train_item(
    rng: random.Random, family: Family, wrapped: bool, noisy: bool = False, everyday: bool = False
) -> Item:
    while world.held_out(item := world.draw(rng, family.kind, wrapped, noisy, family, everyday)):
        pass
    return item


def conversation(rng: random.Random) -> Item:
    """Draw one task for the answering models: plain, in a frame, said carelessly or as people talk."""
    style = rng.random()
    wrapped = style < SHARE_WRAPPED + SHARE_NOISY / 2
    noisy = SHARE_WRAPPED <= style < SHARE_WRAPPED + SHARE_NOISY
    if world.OUTSIDE and rng.random() < SHARE_OUTSIDE:
        return _train_item(rng, rng.choice(world.OUTSIDE), wrapped, noisy)
    family = choose(rng, "A" if rng.random() < SHARE_A else "B")
    return _train_item(rng, family, wrapped, noisy, rng.random() < SHARE_EVERYDAY)


def content(item: Item) -> str:
    """Return what a user says: the instruction, and the input on the next line."""
    return f"{item.instruction}\n{item.input}" if item.input else item.instruction


def _strange(rng: random.Random) -> str:
    """Make up a request of words the world does not use."""
    words = rng.sample(world.STRAY_WORDS, rng.randint(4, 9))
    words.insert(1, "the")
    return " ".join(words).capitalize() + rng.choice((".", "?", "."))


def _distinct(rng: random.Random, kind: Kind, count: int) -> list[Item]:
    """Draw items of different families."""
    chosen = rng.sample(world.families(kind), min(count, len(world.families(kind))))
    return [_train_item(rng, family, rng.random() < 0.45) for family in chosen]


def list_document(rng: random.Random) -> list[Part]:
    """Return a numbered list of different tasks of one kind."""
    kind: Kind = "A" if rng.random() < 0.6 else "B"
    strange = rng.random() < SHARE_STRANGE
    parts = [Part(LIST_HEADERS[kind] + "\n", READ)]
    for number, item in enumerate(_distinct(rng, kind, rng.randint(5, 26)), 1):
        odd = strange and rng.random() < 0.5
        text = _strange(rng) if odd else item.instruction
        parts.append(Part(f"{number}.", READ))
        parts.append(Part(f" {text} {END}", READ if odd else RECALL))
        parts.append(Part("\n", READ))
    return parts


def block_document(rng: random.Random, count: int) -> list[Part]:
    """Return demonstrations of one kind, of different families or of families that may come again."""
    kind: Kind = "A" if rng.random() < SHARE_A else "B"
    strange = rng.random() < SHARE_STRANGE
    parts = [Part(BLOCK_HEADERS[kind] + "\n\n", READ)]
    items = _distinct(rng, kind, count) if rng.random() < 0.7 else _repeating(rng, kind, count)
    for item in items:
        odd = strange and count > 1 and rng.random() < 0.5
        made_up, known = (READ, READ) if odd else (RECALL, LEARN)
        parts.append(Part("instruction:", READ))
        parts.append(Part(f" {_strange(rng) if odd else item.instruction}", made_up))
        if kind == "A":
            # The model itself has to end the input it makes up.
            parts.extend((Part("\ninput:", READ), Part(f" {item.input}", made_up), Part("\noutput:", known)))
        else:
            parts.append(Part("\noutput:", READ))
        parts.extend((Part(f" {item.output}\n{END}", known), Part("\n\n", READ)))
    return parts


def _repeating(rng: random.Random, kind: Kind, count: int) -> list[Item]:
    return [_train_item(rng, choose(rng, kind), rng.random() < 0.45) for _ in range(count)]


def writer_documents(rng: random.Random) -> Iterator[list[Part]]:
    """Yield the writer's documents without end: lists, short and long rows of demonstrations."""
    while True:
        kind = rng.random()
        if kind < 0.24:
            yield list_document(rng)
        elif kind < 0.44:
            yield block_document(rng, 1)
        elif kind < 0.9:
            yield block_document(rng, rng.randint(2, 4))
        else:
            yield block_document(rng, rng.randint(5, 13) if kind < 0.995 else rng.randint(15, 25))
