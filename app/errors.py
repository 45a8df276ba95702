"""The one family of errors a user can meet: what is wrong, and what to do about it."""

from __future__ import annotations

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
