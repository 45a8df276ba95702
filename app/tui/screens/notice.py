"""One error, once: what is wrong and what to do about it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from app.errors import QuorumError
from app.tui.keys import key
from app.tui.literal import literal
from app.tui.screens.base import Question

LIMIT = 4000


class NoticeScreen(Question[None]):
    """Shows a QuorumError until it is put away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter,space", "back", "close", "Put this away.", "notice.close")
    ]

    def __init__(self, error: QuorumError) -> None:
        super().__init__()
        self._error = error

    def compose_window(self) -> ComposeResult:
        """Compose message, hint and key."""
        yield Static("✗ This did not work", classes="window-title error")
        with VerticalScroll(classes="window-text", can_focus=False):
            yield Static(literal(self._error.message[:LIMIT]), id="notice-message")
            if self._error.hint:
                yield Static(literal(self._error.hint[:LIMIT]), id="notice-hint")
        yield Static("Enter  close", classes="window-keys")

    def says(self, error: QuorumError) -> bool:
        """Return whether this is about the same error."""
        return str(error) == str(self._error)
