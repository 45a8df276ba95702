"""What a form is, and the texts that all forms are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from app.store.text import storable

Fields = dict[str, Any]
"""A row as it is written: keys in their order; values are strings, booleans, or lists and objects of them."""

Takes = Literal["answer", "pair", "judgement", "ranking"]


class Answered(Protocol):
    """A task with an answer, whoever wrote it."""

    @property
    def instruction(self) -> str:
        """The task."""

    @property
    def input(self) -> str:
        """What the task works on, empty where it needs nothing."""

    @property
    def output(self) -> str:
        """The answer."""

    @property
    def source(self) -> str:
        """The `source` of the seed tasks that the instruction comes from."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a row.

    `build(what, system)` gives the fields; `what` is an `Answered`, or a `Pair`, `Judgement` or
    `Ranking` of `app.export.pairs`, as `takes` says. `system` says whether there is a place for a
    system prompt; `flat` whether every value is a text, so that a table of texts can hold it.
    """

    name: str
    about: str
    build: Callable[[Any, str], Fields]
    takes: Takes = "answer"
    system: bool = True
    flat: bool = True


def user_text(row: Answered) -> str:
    """Join instruction and input as one user message: the input on its own line, if there is one."""
    return storable(f"{row.instruction}\n{row.input}" if row.input else row.instruction)


def prompt_text(row: Answered, system: str) -> str:
    """Write the task as a text to go on with, in one of Self-Instruct's own templates.

    The answer follows with a space before it: tokenisers then see the same pieces as when reading on.
    """
    parts = [text for text in (system, row.instruction, row.input) if text]
    return storable("\n\n".join(parts) + "\n\nOutput:")


def answer_text(output: str) -> str:
    """Write an answer as it follows `prompt_text`."""
    return storable(f" {output}")


def message(role: str, content: str) -> dict[str, str]:
    """Build one message of a conversation."""
    return {"role": role, "content": storable(content)}


def asked(row: Answered, system: str) -> list[dict[str, str]]:
    """Build the messages up to the answer."""
    opening = [message("system", system)] if system else []
    return [*opening, message("user", user_text(row))]
