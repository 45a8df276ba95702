"""Edit: write the answer yourself, starting from an existing one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.tui.external import edited
from app.tui.host import shows_errors
from app.tui.keys import key
from app.tui.literal import field_text, literal_line
from app.tui.screens.writing import SAVE, WritingScreen
from app.tui.widgets.fields import TextEditor
from app.tui.widgets.text_body import sliced
from app.visible import hidden_count

BESIDE = 120
"""From this width on the other answers stand beside the editor."""


class EditScreen(WritingScreen[str]):
    """Gives the text that was saved, or nothing when the person leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        SAVE,
        key(
            "ctrl+e",
            "editor",
            "your editor",
            "Open the text in the editor that VISUAL or EDITOR names.",
            "edit.editor",
            priority=True,
        ),
        key(
            "ctrl+o",
            "others",
            "other answers",
            "Show or hide the other answers.",
            "edit.others",
            priority=True,
        ),
    ]

    def __init__(
        self,
        number: int,
        instruction: str,
        text: str,
        others: Sequence[tuple[Content, str]] = (),
        draft: str = "",
    ) -> None:
        super().__init__(text, draft, classes="wide")
        self._number, self._instruction = number, instruction
        self._others = others
        """The other answers: who gave each, and its text (foreign)."""
        self._shown: bool | None = None
        """Whether they are shown; None: where there is room."""
        self._original = text

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
        with Horizontal(id="edit-desk"):
            yield self.compose_editor("edit-text")
            with VerticalScroll(id="edit-others", can_focus=False):
                for head, text in self._others:
                    yield from _other(head, text)
        yield self.compose_note()
        yield Static(
            "Ctrl+S  save   Ctrl+E  editor   Ctrl+O  other answers   Esc  cancel", classes="window-keys"
        )

    def on_resize(self, event: events.Resize) -> None:
        """Show the other answers beside the editor where there is room."""
        super().on_resize(event)
        self._show_others()

    def _show_others(self) -> None:
        """In a narrow terminal they take the place of the editor, which keeps its text."""
        beside = self.size.width >= BESIDE
        shown = bool(self._others) and (beside if self._shown is None else self._shown)
        self.set_class(shown and beside, "-beside")
        self.query_one("#edit-others").display = shown
        self.query_one(TextEditor).display = beside or not shown
        if self.query_one(TextEditor).display:
            self.set_focus(self.query_one(TextEditor))

    def action_others(self) -> None:
        """Show or hide the other answers."""
        self._shown = not self.query_one("#edit-others").display
        self._show_others()

    @shows_errors
    async def action_editor(self) -> None:
        """Edit the text in the person's own editor; a failure of it loses nothing."""
        editor = self.query_one(TextEditor)
        text = editor.text
        written = field_text(await edited(self.app, text))
        if written != text:
            editor.load_text(written)
            editor.move_cursor(editor.document.end)

    def on_mount(self) -> None:
        """Begin in the editor, at the end of the text."""
        editor = self.query_one(TextEditor)
        self.take_draft()
        editor.move_cursor(editor.document.end)
        self.set_focus(editor)

    async def action_save(self) -> None:
        """Give the text; one that was not touched is given exactly as it was."""
        text = self.query_one(TextEditor).text
        if not text.strip():
            self.note(
                Content("An answer cannot be empty. Press Esc to cancel; x in Review rejects the item.")
            )
            return
        await self.give(self._original if text == self._begun else text)

    def typed(self) -> str | None:
        """Return the text, if it was changed."""
        text = self.query_one(TextEditor).text
        return None if text == self._begun else text


def _other(head: Content, text: str) -> Iterator[Static]:
    """Yield who gave another answer, and its text."""
    yield Static(head, classes="read-head")
    yield Static(sliced(text, 0), classes="read-text")
