"""A question for one path."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from app.tui.screens.base import Question, shows_errors
from app.tui.widgets.fields import PathInput, typed_path


class PathScreen(Question[Path]):
    """Gives the path that was typed."""

    def __init__(self, title: Content, placeholder: str) -> None:
        super().__init__()
        self._window_title, self._placeholder = title, placeholder

    def compose_window(self) -> ComposeResult:
        """Compose title and field."""
        yield Static(self._window_title, classes="window-title")
        yield PathInput(placeholder=self._placeholder, id="path")
        yield Static("Enter  take it     Esc  leave", classes="window-keys")

    def on_mount(self) -> None:
        """Begin in the field."""
        self.query_one(PathInput).focus()

    @on(Input.Submitted)
    async def _take(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            await self._give(event.value)

    @shows_errors
    async def _give(self, text: str) -> None:
        self.dismiss(typed_path(text))
