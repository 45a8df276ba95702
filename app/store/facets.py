"""What decisions other than about the answer carry in their text: tags, ratings, new tasks. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple

from app.errors import ProjectError
from app.store.said import Rating
from app.store.text import digest

REJECT_REASONS = ("wrong", "unclear", "unsafe", "duplicate", "other")
"""Why an item may be rejected, in the order of the keys 1 … 5."""
LONGEST_TAG = 60


def tags_text(tags: Iterable[str]) -> str:
    """Write a set of tags as the log keeps it: each once, in order of the alphabet."""
    clean = sorted({" ".join(tag.split()) for tag in tags} - {""})
    if long := next((tag for tag in clean if len(tag) > LONGEST_TAG or "," in tag), None):
        hint = f"Use up to {LONGEST_TAG} characters, no comma."
        raise ProjectError(f"{long[:80]!r} cannot be a tag.", hint)
    return json.dumps(clean, ensure_ascii=False)


def tags_of(text: str | None) -> tuple[str, ...]:
    """Read what `tags_text` wrote; raises ProjectError for anything else."""
    found = _json(text)
    if not isinstance(found, list) or not all(isinstance(tag, str) for tag in found):
        raise ProjectError("These are no tags.", "Give a list of short texts.")
    return tuple(found)


def rating_text(rating: Rating) -> str:
    """Write a rating as the log keeps it."""
    return json.dumps(astuple(rating))


def rating_of(text: str | None) -> Rating:
    """Read what `rating_text` wrote; raises ProjectError for anything else."""
    found = _json(text)
    if isinstance(found, list) and len(found) == 4:
        grade, *answers = found
        if grade in (None, "A", "B", "C", "D") and all(answer in (None, True, False) for answer in answers):
            return Rating(grade, *answers)
    raise ProjectError("This is no rating.", "A grade is A, B, C or D; the questions have yes or no.")


def task_text(instruction: str, input: str) -> str:
    """Write a changed task as the log keeps it; raises ProjectError for an empty instruction."""
    if not instruction.strip():
        raise ProjectError("An instruction cannot be empty.", "Write one, or reject the item.")
    return json.dumps([instruction, input])


def task_of(text: str | None) -> tuple[str, str]:
    """Read what `task_text` wrote as (instruction, input); raises ProjectError for anything else."""
    found = _json(text)
    if not isinstance(found, list) or len(found) != 2 or not all(isinstance(one, str) for one in found):
        raise ProjectError("This is no task.", "Give an instruction and an input.")
    return found[0], found[1]


def task_key(instruction: str, input: str) -> str:
    """Identify the text of a changed task."""
    return digest("task", instruction, input)


def check_reason(reason: str | None) -> None:
    """Raise ProjectError unless this is a reason for rejecting, or none."""
    if reason is not None and reason not in REJECT_REASONS:
        raise ProjectError(f"{reason!r} is no reason.", f"Reasons are {', '.join(REJECT_REASONS)}.")


def _json(text: str | None) -> object:
    try:
        return json.loads(text or "")
    except ValueError:
        return None
