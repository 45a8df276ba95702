"""Split rows into train, validation and test so that nothing leaks from one into another. Pure.

Rows belong together when their instructions are near-duplicates or their inputs are the same; so do rows
that are joined by a chain of such. Each such group goes to one side whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from app.errors import ExportError
from app.method.near_groups import near_groups, nearest_apart
from app.method.recipe_parts import NEAR_DUPLICATE

NAMES = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class SplitReport:
    """How a split came out: rows by side, groups, and the nearest two instructions on different sides."""

    sizes: Mapping[str, int]
    groups: int
    highest: float
    nearest: tuple[str, str]


def shares(typed: str) -> dict[str, float]:
    """Read "90/5/5" as train, validation and test, "90/10" as train and validation. Raises ExportError."""
    try:
        values = [float(part) for part in typed.split("/")]
    except ValueError:
        values = []
    if not 2 <= len(values) <= 3 or not all(0 < value < 1e9 for value in values):
        raise ExportError(
            f"{typed!r} is not a valid split.", "Write shares as 90/5/5 (train/validation/test) or 90/10."
        )
    return {name: value / sum(values) for name, value in zip(NAMES, values, strict=False)}


def split(
    tasks: Sequence[tuple[str, str]], shares: Mapping[str, float], seed: int
) -> tuple[list[str], SplitReport]:
    """Give each (instruction, input) its side, and say how it came out. The same seed, the same split."""
    texts = [instruction for instruction, _ in tasks]
    group_of = _groups(tasks)
    side_of = _sides(Counter(group_of), shares, Random(seed))
    sides = [side_of[group] for group in group_of]
    sizes = Counter(sides)
    score, nearest = _nearest(texts, sides)
    report = SplitReport({name: sizes[name] for name in shares}, len(side_of), score, nearest)
    return sides, report


def _groups(tasks: Sequence[tuple[str, str]]) -> list[int]:
    """Return a number per task, equal for those that belong together.

    Instructions that differ in a number or symbol alone do: knowing one helps with the other.
    """
    distinct = list(dict.fromkeys(instruction for instruction, _ in tasks))
    place = {text: at for at, text in enumerate(distinct)}
    parent = near_groups(distinct, NEAR_DUPLICATE)
    # Without case and blanks: "Paris" leaks what "paris " asks.
    first: dict[str, int] = {}
    for instruction, input in tasks:
        plain = " ".join(input.lower().split())
        if plain:
            _join(parent, place[instruction], first.setdefault(plain, place[instruction]))
    return [_root(parent, place[instruction]) for instruction, _ in tasks]


def _root(parent: list[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def _join(parent: list[int], a: int, b: int) -> None:
    root_a, root_b = _root(parent, a), _root(parent, b)
    parent[max(root_a, root_b)] = min(root_a, root_b)


def _sides(sizes: Counter[int], shares: Mapping[str, float], random: Random) -> dict[int, str]:
    """Give each group to the side that lacks most; large ones first, so that small ones fill up."""
    groups = list(sizes)
    random.shuffle(groups)
    groups.sort(key=lambda group: -sizes[group])
    lacking = {name: share * sizes.total() for name, share in shares.items()}
    side_of = {}
    for group in groups:
        side = max(lacking, key=lambda name: lacking[name])
        lacking[side] -= sizes[group]
        side_of[group] = side
    return side_of


def _nearest(texts: Sequence[str], sides: Sequence[str]) -> tuple[float, tuple[str, str]]:
    """Return the highest similarity of two instructions on different sides, and the two."""
    side_of = dict(zip(texts, sides, strict=True))  # equal texts are in one group, on one side
    distinct = list(side_of)
    score, one, other = nearest_apart(distinct, list(side_of.values()))
    return (score, (distinct[one], distinct[other])) if score else (0.0, ("", ""))
