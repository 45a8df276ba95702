"""Short lists: things to do, each with its key, and one of a few to pick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from app.tui.keys import key

KEY_WIDTH = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do; `id` tells the screen which, `key` is what the person sees in front."""

    id: str
    key: Content
    text: Content
    enabled: bool = True


def row(choice: Choice, width: int) -> Content:
    """Return a choice laid out for `width` cells; a long text continues under itself."""
    pad = Content.blank(max(2, KEY_WIDTH - choice.key.cell_length))
    lines = choice.text.wrap(max(20, width - KEY_WIDTH))
    head = Content.assemble(choice.key.stylize("bold $primary"), pad, lines[0] if lines else Content())
    return Content("\n").join(
        [head, *(Content.assemble(Content.blank(KEY_WIDTH), line) for line in lines[1:])]
    )


class Choices(OptionList):
    """The list; moving the highlight is kept when the same choices are shown again."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._choices: list[Choice] = []

    def show(self, choices: Sequence[Choice]) -> None:
        """Replace the choices; the highlighted one stays highlighted if it is still there."""
        self._choices = list(choices)
        before = self.highlighted_option.id if self.highlighted_option else None
        width = max(40, self.size.width - 2)
        self.clear_options()
        self.add_options(
            [Option(row(choice, width), id=choice.id, disabled=not choice.enabled) for choice in choices]
        )
        ids = [choice.id for choice in choices]
        self.highlighted = ids.index(before) if before in ids else (0 if ids else None)

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self.show(self._choices)


class Pick(OptionList):
    """A short list with one choice taken; `Picked` tells when another one is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "select", "take", "Take the highlighted line.", "pick.take", show=False)
    ]

    class Picked(Message):
        """Another choice was taken."""

        def __init__(self, pick: Pick, id: str) -> None:
            super().__init__()
            self.pick = pick
            self.id = id

        @property
        def control(self) -> Pick:
            """The list in which it was taken."""
            return self.pick

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)
        self._choices: list[Choice] = []
        self._taken = ""

    def show(self, choices: Sequence[Choice], taken: str) -> None:
        """Show these choices with `taken` marked; the highlight stays where it is."""
        at = self.highlighted
        self._choices, self._taken = list(choices), taken
        ids = [choice.id for choice in choices]
        self.clear_options()
        self.add_options([Option(self._line(choice), id=choice.id) for choice in choices])
        self.highlighted = at if at is not None and at < len(ids) else ids.index(taken)

    def _line(self, choice: Choice) -> Content:
        mark = ("● ", "$primary") if choice.id == self._taken else ("○ ", "$foreground-muted")
        return Content.assemble(mark, choice.text)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id is not None and event.option_id != self._taken:
            self.show(self._choices, event.option_id)
            self.post_message(self.Picked(self, event.option_id))
