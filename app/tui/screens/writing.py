"""What windows share in which a text is written: nothing typed is lost by one key, or with the app."""

from __future__ import annotations

import asyncio
from threading import Lock
from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.content import Content
from textual.widgets import Static

from app.tui.drafts import Draft
from app.tui.host import host
from app.tui.keys import key
from app.tui.literal import field_text
from app.tui.screens.base import Question
from app.tui.widgets.fields import TextEditor

SAVE = key("ctrl+s", "save", "save", "Keep this text.", "edit.save")
KEEP_SECONDS = 2.0
"""How often a text that is being edited is kept."""

T = TypeVar("T")


class WritingScreen(Question[T]):
    """A window that asks before it throws away what was typed, and again once more was typed.

    A text that has a name is kept under it while it is edited, until it is saved or thrown away.
    """

    _discarded: object = None
    """What the person was told would be thrown away."""

    def __init__(self, begun: str, draft: str = "", classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._draft = draft
        """What is edited, by the name under which a text is kept that was not saved; "" for none."""
        self._begun = self._kept = field_text(begun)
        self._keeping = Lock()
        self._settled = False
        """Whether the text was saved or thrown away, and is not to be kept any more."""

    def compose_editor(self, id: str) -> TextEditor:
        """Return the field of the text that is written, as it was begun."""
        return TextEditor(self._begun, id=id)

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

    # ---- a text that outlives the app -------------------------------------------------------------

    def take_draft(self) -> None:
        """Show the text that was not saved the last time, if there is one, and keep it from now on."""
        if not self._draft:
            return
        if (draft := host(self).memory.drafts.read(self._draft)) is not None:
            self._kept = field_text(draft.text)
            self.query_one(TextEditor).load_text(self._kept)
            since = "" if draft.begun == self._begun else " What it was begun on was changed since."
            self.note(Content(f"This text was not saved when Quorum was ended.{since} Ctrl+S saves it."))
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

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close the window; its text is saved or thrown away, and not kept any more."""
        with self._keeping:
            self._settled = True
        if self._draft:
            host(self).memory.drafts.drop(self._draft)
        return super().dismiss(result)
