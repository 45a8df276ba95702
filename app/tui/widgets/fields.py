"""Fields to type into, and the line in which a filter is typed.

They write what they hold to the terminal, so nothing hidden may get in.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from app.errors import QuorumError
from app.store.filters import KEYS
from app.tui.keys import key
from app.tui.literal import field_text, literal

WHAT_FILTERS_KNOW = "  ".join(("words", '"a phrase"', "-not", *(known.example for known in KEYS.values())))


class PathInput(Input):
    """A one-line field whose pasted text is made visible first."""

    def on_paste(self, event: events.Paste) -> None:
        """Make hidden characters visible before the field takes them."""
        event.text = field_text(event.text)


class NumberInput(Input):
    """A field for a whole number; without a value it is empty and says what that means."""

    def __init__(self, value: int | None, *, id: str, empty: str = "") -> None:
        shown = None if value is None else str(value)
        super().__init__(shown, type="integer", id=id, max_length=9, placeholder=empty)


class TextEditor(TextArea):
    """A text of several lines; what is seen is what is saved."""

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(field_text(text), id=id, soft_wrap=True, tab_behavior="focus")

    def on_paste(self, event: events.Paste) -> None:
        """Make hidden characters visible before the editor takes them."""
        event.text = field_text(event.text)


def typed_path(text: str) -> Path:
    """Return the path a person typed, with ~ as the home folder. Raises QuorumError for an unknown ~name."""
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError as error:
        raise QuorumError("No such home folder.", "Enter the whole path.") from error


class FilterInput(PathInput):
    """The field itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("escape", "leave", "cancel", "Keep the filter as it is.", "filter.leave", show=False)
    ]

    class Left(Message):
        """The person went away without a filter."""

    def action_leave(self) -> None:
        """Go away."""
        self.post_message(self.Left())


class FilterLine(Vertical):
    """Hidden until `open`; `Typed` has what was entered. Whoever takes it closes the line."""

    class Typed(Message):
        """A filter was entered."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def compose(self) -> ComposeResult:
        """Compose field and hint."""
        # Disabled while it is hidden, so that it never takes the keys of Review.
        yield FilterInput(placeholder="find", id="filter-text", disabled=True)
        yield Static(id="filter-refused", classes="warning")
        yield Static(literal(f"{WHAT_FILTERS_KNOW}\nEnter  find     Esc  cancel"), classes="dim")

    def open(self, text: str) -> None:
        """Show the field with `text` in it and take the keys."""
        self.display = True
        self.query_one("#filter-refused").display = False
        field = self.query_one(FilterInput)
        field.disabled = False
        field.value = field_text(text)
        self.screen.set_focus(field)

    def refuse(self, error: QuorumError) -> None:
        """Say below the field why what was typed cannot be read, and what is allowed."""
        said = self.query_one("#filter-refused", Static)
        said.update(literal(f"✗ {error.message}  {error.hint or ''}"))
        said.display = True

    @on(FilterInput.Left)
    def close(self) -> None:
        """Hide again and give the keys back."""
        self.display = False
        self.query_one(FilterInput).disabled = True
        self.screen.set_focus(None)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Typed(event.value.strip()))
