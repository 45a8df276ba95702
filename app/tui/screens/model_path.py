"""A question for a model file or a folder of them."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from app.tui.screens.base import Question, shows_errors
from app.tui.widgets.fields import PathInput, typed_path


class ModelPathScreen(Question[Path]):
    """Gives the path that was typed."""

    def compose_window(self) -> ComposeResult:
        """Compose title and field."""
        yield Static("Add a model", classes="window-title")
        yield PathInput(placeholder="path of a GGUF file, or of a folder with some", id="path")
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
