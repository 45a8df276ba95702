"""The small questions and notices over a screen: confirm, an error, a number, a model file."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from app.errors import QuorumError
from app.tui.host import shows_errors
from app.tui.keys import key
from app.tui.literal import literal
from app.tui.screens.base import Question
from app.tui.widgets.choices import Choice, Choices
from app.tui.widgets.fields import NumberInput, PathInput, typed_path

LIMIT = 4000


class ConfirmScreen(Question[bool]):
    """Asks one question with two answers; the harmless one is selected, escape means it too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("y", "answer(True)", "yes", "Do it.", "confirm.yes"),
        key("n", "answer(False)", "no", "Change nothing.", "confirm.no"),
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


class NoticeScreen(Question[None]):
    """Shows a QuorumError until it is closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter,space", "back", "close", "Close this.", "notice.close")
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


class AgainScreen(Question[int]):
    """Gives how many of a hundred items in Review are ones decided before."""

    def __init__(self, again: int) -> None:
        super().__init__()
        self._again = again

    def compose_window(self) -> ComposeResult:
        """Compose the field."""
        yield Static("How many of a hundred items should be ones you decided before?", classes="window-title")
        yield NumberInput(self._again, id="again-share")
        yield Static("", id="again-note", classes="warning")
        yield Static(
            "They come back unmarked and count only for `quorum agreement`, which then says how far you "
            "agree with yourself. 0 shows none.",
            classes="dim",
        )
        yield Static("Enter  save     Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """Focus the field."""
        self.set_focus(self.query_one(NumberInput))

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.isdigit() and int(event.value) <= 100:
            self.dismiss(int(event.value))
        else:
            self.query_one("#again-note", Static).update("Enter a number from 0 to 100.")


class PathQuestion(Question[Path]):
    """A question whose answer is a path that is typed."""

    def on_mount(self) -> None:
        """Focus the field."""
        self.set_focus(self.query_one(PathInput))

    @on(Input.Submitted)
    async def _take(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            await self._give(event.value)

    @shows_errors
    async def _give(self, text: str) -> None:
        self.dismiss(typed_path(text))


class ModelPathScreen(PathQuestion):
    """Gives the path of a model, or of a folder of them."""

    def compose_window(self) -> ComposeResult:
        """Compose title and field."""
        yield Static("Add a model", classes="window-title")
        yield PathInput(placeholder="path of a GGUF file or a folder of them", id="path")
        yield Static("Enter  add it     Esc  cancel", classes="window-keys")
