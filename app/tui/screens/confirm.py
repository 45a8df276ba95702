"""A question before something that cannot be taken back."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from app.tui.keys import key
from app.tui.screens.base import Question
from app.tui.widgets.choices import Choice, Choices


class ConfirmScreen(Question[bool]):
    """Asks one question with two answers; the harmless one is selected, escape means it too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("y", "answer(True)", "yes", "Do it.", "confirm.yes"),
        key("n", "answer(False)", "no", "Leave everything as it is.", "confirm.no"),
    ]

    def __init__(self, title: Content, text: Content, yes: Content, no: Content) -> None:
        super().__init__()
        self._title, self._text, self._yes, self._no = title, text, yes, no

    def compose_window(self) -> ComposeResult:
        """Compose question and answers."""
        yield Static(self._title, classes="window-title")
        yield Static(self._text, classes="window-text")
        yield Choices(id="confirm-answers")

    def on_mount(self) -> None:
        """Offer the harmless answer first."""
        answers = self.query_one(Choices)
        answers.show([Choice("no", Content("n"), self._no), Choice("yes", Content("y"), self._yes)])
        answers.focus()

    @on(Choices.OptionSelected)
    def _answer_selected(self, event: Choices.OptionSelected) -> None:
        self.dismiss(event.option_id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Give an answer."""
        self.dismiss(yes)

    def action_back(self) -> None:
        """Escape is the harmless answer."""
        self.dismiss(False)
