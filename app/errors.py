"""The one family of errors a user can meet: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

EXIT_INTERRUPTED = 130
"""The exit code of a command that ctrl+c ended."""


class QuorumError(Exception):
    """Something the user can understand and act on; raised low, shown once at the top.

    `message` says what is wrong in one sentence, `hint` what to do (may be empty). Both may hold
    foreign text (a path, a model's words): whoever shows them passes them through `visible`.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ProjectError(QuorumError):
    """A project file cannot be opened, locked, migrated or written."""


class ModelError(QuorumError):
    """A model file cannot be read, loaded or used."""


class RecipeError(QuorumError):
    """A recipe does not say what a run needs."""


class IntakeError(QuorumError):
    """A file the user brought (seed tasks, candidates, decisions) cannot be used."""


class ExportError(QuorumError):
    """An export cannot be written."""


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """Ask whether the known word nearest to `typed` was meant, with a blank behind; "" where none is near.

    Where none is as a whole, how words begin counts: people type the first part of a long name.
    """
    from difflib import get_close_matches  # most commands are typed without a mistake

    words, wanted = list(known), typed.lower()
    lower = {word.lower(): word for word in reversed(words)}
    begins = {key[: len(wanted)]: word for key, word in lower.items()} if len(wanted) > 3 else {}
    for among in (dict(zip(words, words, strict=True)), lower, begins):
        if near := get_close_matches(wanted, among, 1):
            return f"Did you mean {among[near[0]]}? "
    return ""
