"""The line in which a filter is typed, with the words it knows."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from app.tui.keys import key
from app.tui.literal import field_text
from app.tui.widgets.fields import PathInput

HINT = (
    'words, "a phrase"; kind:A  status:rejected  by:exact  won:name  lost:name  tag:name  grade:B  '
    "reason:no_agreement  run:1  view:conflicts      Enter finds, Esc leaves"
)


class FilterInput(PathInput):
    """The field itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape", "leave", "leave", "Leave the filter as it is.", "filter.leave", show=False)
    ]

    class Left(Message):
        """The person went away without a filter."""

    def action_leave(self) -> None:
        """Go away."""
        self.post_message(self.Left())


class FilterLine(Vertical):
    """Hidden until `open`; `Typed` has what was entered."""

    class Typed(Message):
        """A filter was entered."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def compose(self) -> ComposeResult:
        """Compose field and hint."""
        # Disabled while it is hidden, so that it never takes the keys of Review.
        yield FilterInput(placeholder="find", id="filter-text", disabled=True)
        yield Static(HINT, classes="dim")

    def open(self, text: str) -> None:
        """Show the field with `text` in it and take the keys."""
        self.display = True
        field = self.query_one(FilterInput)
        field.disabled = False
        field.value = field_text(text)
        field.focus()

    @on(FilterInput.Left)
    def close(self) -> None:
        """Hide again and give the keys back."""
        self.display = False
        self.query_one(FilterInput).disabled = True
        self.screen.set_focus(None)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        self.close()
        self.post_message(self.Typed(event.value.strip()))
