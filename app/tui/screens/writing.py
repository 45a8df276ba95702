"""What windows share in which a text is written: nothing typed is lost by one key."""

from __future__ import annotations

from typing import TypeVar

from textual.content import Content
from textual.widgets import Static

from app.tui.keys import key
from app.tui.screens.base import Question

SAVE = key("ctrl+s", "save", "save", "Keep this text.", "edit.save")

T = TypeVar("T")


class WritingScreen(Question[T]):
    """A window that asks before it throws away what was typed, and again once more was typed."""

    _discarded: object = None
    """What the person was told would be thrown away."""

    def compose_note(self) -> Static:
        """Return the line that says what is wrong, and what is not saved."""
        return Static("", id="writing-note", classes="warning")

    def note(self, text: Content) -> None:
        """Say something in that line."""
        self.query_one("#writing-note", Static).update(text)

    def typed(self) -> object:
        """Return what stands in the fields; None where nothing was changed."""
        raise NotImplementedError

    def warns(self) -> bool:
        """Say whether there is a change that the person was not asked about yet, and ask."""
        typed = self.typed()
        if typed is None or typed == self._discarded:
            return False
        self._discarded = typed
        self.note(Content("Not saved. Press Ctrl+S to save, or Esc again to discard it."))
        return True
