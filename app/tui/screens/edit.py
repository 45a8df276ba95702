"""Edit: write the answer yourself, starting from an existing one."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from app.tui.keys import key
from app.tui.literal import field_text, literal_line
from app.tui.screens.base import Question
from app.tui.widgets.fields import TextEditor
from app.visible import hidden_count

SAVE = key("ctrl+s", "save", "save", "Keep this text.", "edit.save")


class EditScreen(Question[str]):
    """Gives the text that was saved, or nothing when the person leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [SAVE]

    def __init__(self, number: int, instruction: str, text: str) -> None:
        super().__init__(classes="wide")
        self._number, self._instruction = number, instruction
        self._original = text
        self._begun = field_text(text)
        self._warned = False

    def compose_window(self) -> ComposeResult:
        """Compose title, editor and keys."""
        yield Static(
            Content.assemble(
                "Edit ",
                (f"#{self._number:04d}", "bold"),
                "  ",
                literal_line(self._instruction, 200, "$foreground-muted"),
            ),
            classes="window-title",
        )
        if hidden_count(self._original.replace("\r\n", "\n")):
            yield Static(
                "Hidden characters are shown as marks here; what you see is what is saved.", classes="warning"
            )
        yield TextEditor(self._begun, id="edit-text")
        yield Static("", id="edit-note", classes="warning")
        yield Static("Ctrl+S  save     Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """Begin in the editor, at the end of the text."""
        editor = self.query_one(TextEditor)
        editor.move_cursor(editor.document.end)
        editor.focus()

    def action_save(self) -> None:
        """Give the text; one that was not touched is given exactly as it was."""
        text = self.query_one(TextEditor).text
        if not text.strip():
            self._note(
                Content("An answer cannot be empty. Press Esc to cancel; x in Review rejects the item.")
            )
            return
        self.dismiss(self._original if text == self._begun else text)

    def action_back(self) -> None:
        """Leave; a changed text is not thrown away by one key."""
        if self.query_one(TextEditor).text != self._begun and not self._warned:
            self._warned = True
            self._note(Content("Not saved. Press Ctrl+S to save, or Esc again to discard it."))
            return
        self.dismiss(None)

    def _note(self, text: Content) -> None:
        self.query_one("#edit-note", Static).update(text)
