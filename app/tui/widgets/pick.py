"""One of a few: the chosen one is marked by a glyph; arrows move, Enter or space takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from app.tui.keys import key
from app.tui.widgets.choices import Choice


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
