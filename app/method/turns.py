"""What was said before a task: earlier turns of a conversation, a system message among them. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Speaker = Literal["system", "user", "assistant"]
_NAMES: dict[Speaker, str] = {"system": "System", "user": "User", "assistant": "Assistant"}


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said before the task: by whom, and its text (foreign)."""

    role: Speaker
    text: str


def to_json(turns: Sequence[Turn]) -> str:
    """Write turns as one text; without any it is empty."""
    return json.dumps([[turn.role, turn.text] for turn in turns], ensure_ascii=False) if turns else ""


def from_json(text: str) -> tuple[Turn, ...]:
    """Read what `to_json` wrote."""
    return tuple(Turn(role, said) for role, said in json.loads(text)) if text else ()


def in_lines(turns: Sequence[Turn]) -> str:
    """Write turns as plain text, each under the name of who speaks, for models without a chat template."""
    return "".join(f"{_NAMES[turn.role]}: {turn.text}\n\n" for turn in turns)


def system_of(turns: Sequence[Turn]) -> str:
    """Return the system message that opens the turns, empty without one."""
    return turns[0].text if turns and turns[0].role == "system" else ""


def pairs_of(turns: Sequence[Turn]) -> list[tuple[str, str]] | None:
    """Return the turns after the system message as (user, assistant) pairs; None where they are none."""
    rest = turns[1:] if system_of(turns) else turns
    pairs = list(zip(rest[::2], rest[1::2], strict=False))
    if len(rest) % 2 or any((asked.role, said.role) != ("user", "assistant") for asked, said in pairs):
        return None
    return [(asked.text, said.text) for asked, said in pairs]
