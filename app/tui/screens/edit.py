"""Edit: write the answer yourself, starting from an existing one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.tui.drafts import Draft
from app.tui.external import edited
from app.tui.host import host, shows_errors
from app.tui.keys import key
from app.tui.literal import field_text, literal_line
from app.tui.screens.writing import SAVE, WritingScreen
from app.tui.widgets.fields import TextEditor
from app.tui.widgets.text_body import sliced
from app.visible import hidden_count

BESIDE = 120
"""From this width on the other answers stand beside the editor."""
KEEP_SECONDS = 2.0
"""How often a text that is being edited is kept."""


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
        super().__init__(classes="wide")
        self._draft = draft
        """What is edited, by the name under which a text is kept that was not saved; "" for none."""
        self._number, self._instruction = number, instruction
        self._others = others
        """The other answers: who gave each, and its text (foreign)."""
        self._shown: bool | None = None
        """Whether they are shown; None: where there is room."""
        self._original = text
        self._begun = self._kept = field_text(text)
        self._keeping = Lock()
        self._settled = False
        """Whether the text was saved or thrown away, and is not to be kept any more."""

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
            yield TextEditor(self._begun, id="edit-text")
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
        if self._draft and (draft := host(self).memory.drafts.read(self._draft)) is not None:
            self._kept = field_text(draft.text)
            editor.load_text(self._kept)
            since = "" if draft.begun == self._begun else " The answer was changed since."
            self.note(Content(f"This text was not saved when Quorum was ended.{since} Ctrl+S saves it."))
        editor.move_cursor(editor.document.end)
        self.set_focus(editor)
        self.set_interval(KEEP_SECONDS, self._keep_meanwhile)

    def _keep_meanwhile(self) -> None:
        """Keep a changed text while it is edited: nobody is told of a power cut."""
        for editor in self.query(TextEditor):  # none while the window is only being closed
            if editor.text != self._kept:
                self.app.run_worker(asyncio.to_thread(self._keep, editor.text), group="draft")

    def keep_draft(self) -> None:
        """Keep a changed text for the next time, as the app is ended."""
        for editor in self.query(TextEditor):  # none while the window is only being built
            self._keep(editor.text)

    def _keep(self, text: str) -> None:
        drafts = host(self).memory.drafts
        with self._keeping:  # an earlier text must not be written after a later one, or after all is settled
            if not self._draft or self._settled or text == self._kept:
                return
            if text == self._begun:
                drafts.drop(self._draft)
            else:
                drafts.keep(self._draft, Draft(text, self._begun))
            self._kept = text

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close the window; its text is saved or thrown away, and not kept any more."""
        with self._keeping:
            self._settled = True
        if self._draft:
            host(self).memory.drafts.drop(self._draft)
        return super().dismiss(result)

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
