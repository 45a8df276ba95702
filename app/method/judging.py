"""Judging answers blind: what a person can say of one, and in what order distinct answers are shown. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.method.equality import content

Grade = Literal["", "A", "B", "C", "D"]
"""A grade of an answer, as in Self-Instruct (Wang et al. 2023, section 5.4); empty where none was given."""

GRADES: dict[Grade, str] = {
    "A": "right and satisfying",
    "B": "acceptable, with small faults",
    "C": "answers the task, but with serious errors",
    "D": "irrelevant or wrong",
}

GUIDELINE = """\
# What counts as right

An answer is **right** if you would be content to see it in the training data as it stands.

- It does what the instruction asks, all of it, for this input.
- What it states is true; what it computes is correct.
- It is complete: not cut off, no placeholders, no second task appended.
- Short is fine where short is enough. Length and style alone make nothing right or wrong.

Grades, if you use them:

- **A** right and satisfying, **B** acceptable with small faults: both count as right.
- **C** answers the task but with serious errors, **D** irrelevant or wrong: both count as wrong.

The **task is not valid** if nobody could answer it, or if it makes no sense.

The **input does not fit** if it is not the kind of input that the instruction asks about.

If you cannot tell, leave an answer open rather than guess.
"""
"""What a project's guideline says until its user writes their own."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of one answer; `is_right` is None where they left it open."""

    is_right: bool | None
    grade: Grade = ""


@dataclass(frozen=True, slots=True)
class Distinct:
    """One answer as it is judged: its text (foreign) and the ids of all candidates that say the same."""

    text: str
    candidates: tuple[str, ...]


def is_right(grade: Grade) -> bool | None:
    """Say whether an answer of this grade counts as right: A and B do; None without a grade."""
    return grade in ("A", "B") if grade else None


def equal_groups(outputs: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Put candidates (id → text) that say the same together, in the order of the first of each."""
    groups: dict[str, list[str]] = {}
    for key, text in outputs.items():
        groups.setdefault(content(text), []).append(key)
    return [tuple(group) for group in groups.values()]


def shuffled(outputs: Mapping[str, str], lot: str) -> list[Distinct]:
    """Return the distinct answers in an order drawn by `lot`: neither order nor text tells who gave them.

    Of answers that say the same, but are not written the same, one is drawn.
    """
    drawn = random.Random(lot)
    # Sorted first: the order in which candidates are stored is that of the models.
    groups = sorted(sorted(group) for group in equal_groups(outputs))
    drawn.shuffle(groups)
    return [Distinct(outputs[drawn.choice(group)], tuple(group)) for group in groups]
