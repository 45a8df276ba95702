"""The guideline of a project: what counts as right, in the words of those who judge."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from app.tui.screens.writing import SAVE, WritingScreen
from app.tui.widgets.fields import TextEditor


class GuidelineScreen(WritingScreen[str]):
    """Gives the changed text; nothing where it is as it was. Each version stays in the project."""

    BINDINGS: ClassVar[list[BindingType]] = [SAVE]

    def __init__(self, text: str, *, changes: bool, draft: str) -> None:
        super().__init__(text, draft if changes else "", classes="wide")
        self._changes = changes

    def compose_window(self) -> ComposeResult:
        """Compose title, editor and keys."""
        yield Static("What counts as right in this project (Markdown)", classes="window-title")
        editor = self.compose_editor("guideline-text")
        editor.read_only = not self._changes
        yield editor
        yield self.compose_note()
        save = "Ctrl+S  save     " if self._changes else ""
        yield Static(f"{save}Esc  close", classes="window-keys")

    def on_mount(self) -> None:
        """Begin at the top."""
        self.take_draft()
        self.set_focus(self.query_one(TextEditor))

    @property
    def _text(self) -> str:
        return self.query_one(TextEditor).text

    async def action_save(self) -> None:
        """Give the text, if it was changed."""
        if not self._text.strip():
            self.note(Content("A guideline cannot be empty."))
        elif self._text != self._begun and self._changes:
            await self.give(self._text)
        else:
            self.dismiss(None)

    def typed(self) -> str | None:
        """Return the text, if it was changed."""
        return None if self._text == self._begun else self._text
