"""Again: how often Review shows an item that was decided before, unmarked."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from app.tui.screens.base import Question
from app.tui.widgets.fields import NumberInput


class AgainScreen(Question[int]):
    """Gives how many of a hundred items in Review are ones decided before."""

    def __init__(self, again: int) -> None:
        super().__init__()
        self._again = again

    def compose_window(self) -> ComposeResult:
        """Compose the field."""
        yield Static("How many of a hundred items shall be ones you decided before?", classes="window-title")
        yield NumberInput(self._again, id="again-share")
        yield Static("", id="again-note", classes="warning")
        yield Static(
            "They come back unmarked and count for nothing but `quorum agreement`, which then says how far "
            "you agree with yourself. 0 shows none.",
            classes="dim",
        )
        yield Static("Enter  save     Esc  leave", classes="window-keys")

    def on_mount(self) -> None:
        """Begin in the field."""
        self.query_one(NumberInput).focus()

    @on(Input.Submitted)
    def _save(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.isdigit() and int(event.value) <= 100:
            self.dismiss(int(event.value))
        else:
            self.query_one("#again-note", Static).update("Write a number from 0 to 100.")
