"""Fields to type into. They write what they hold to the terminal, so nothing hidden may get in."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.widgets import Input, TextArea

from app.errors import QuorumError
from app.tui.literal import field_text


class PathInput(Input):
    """A one-line field whose pasted text is made visible first."""

    def on_paste(self, event: events.Paste) -> None:
        """Make hidden characters visible before the field takes them."""
        event.text = field_text(event.text)


class NumberInput(Input):
    """A field for a whole number."""

    def __init__(self, value: int, *, id: str) -> None:
        super().__init__(str(value), type="integer", id=id, max_length=9)


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
        raise QuorumError("There is no such home folder.", "Write the whole path.") from error
