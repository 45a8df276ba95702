"""A short list of things to do: key, text, one of them selected; Enter does it, its key does it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

KEY_WIDTH = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do; `id` tells the screen which, `key` is what the person sees in front."""

    id: str
    key: Content
    text: Content
    enabled: bool = True


def row(choice: Choice, width: int) -> Content:
    """Return a choice laid out for `width` cells; a long text goes on under itself."""
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
