"""Rows that people wrote, to be mixed into what models made. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from random import Random

from app.method.turns import Turn


@dataclass(frozen=True, slots=True)
class HumanRow:
    """A task with an answer that a person wrote; `origin` says where it came from."""

    instruction: str
    input: str
    output: str
    source: str
    origin: str
    turns: tuple[Turn, ...] = ()


def likeness(instruction: str, input: str, turns: Sequence[Turn] = ()) -> bytes:
    """Return what is equal for tasks that differ in case and blanks alone: eight bytes."""
    texts = (instruction, input, *(turn.text for turn in turns))
    plain = "\0".join(" ".join(text.lower().split()) for text in texts)
    return blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def new_ones(rows: Iterable[HumanRow], known: Iterable[bytes]) -> list[HumanRow]:
    """Return the rows that are unlike the known ones and each other, and have an answer; first come."""
    seen = set(known)
    fresh = []
    for row in rows:
        key = likeness(row.instruction, row.input, row.turns)
        if key not in seen and row.output.strip():
            seen.add(key)
            fresh.append(row)
    return fresh


def wanted_rows(machine: int, share: float) -> int:
    """Return how many human-written rows, added to `machine` others, make `share` percent of all."""
    return round(machine * share / (100 - share))


def drawn(rows: Sequence[HumanRow], wanted: int | None, seed: int) -> list[int]:
    """Draw the places of `wanted` rows, of all where there are no more or None is wanted; in their order."""
    if wanted is None:
        return list(range(len(rows)))
    return sorted(Random(seed).sample(range(len(rows)), min(wanted, len(rows))))
