"""The found models with their parts: one line each, the writer's and the answerers' marks in front."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from app.engine.catalog import Found
from app.engine.places import Source
from app.tui.keys import key
from app.tui.literal import literal_line
from app.tui.models import Casting, can_write
from app.tui.widgets.table import Column, table
from app.tui.words import size

WIDE = 76
SOURCES: Final[dict[Source, str]] = {
    "bundled": "ships with Quorum",
    "QUORUM_MODELS": "QUORUM_MODELS",
    "folder": "./models",
    "given": "given",
    "Hugging Face": "Hugging Face",
    "LM Studio": "LM Studio",
    "llama.cpp": "llama.cpp cache",
    "Ollama": "Ollama",
}


class ModelList(OptionList):
    """Shows a Casting; `w` gives a line the writer's part, space lets it answer or not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("w", "writer", "writer", "Let this model write the tasks.", "models.writer"),
        key("space", "select", "answers", "Let this model answer, or not any more.", "models.answerer"),
    ]

    class Recast(Message):
        """A part was given to another model."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)
        self.casting = Casting()

    def show(self, casting: Casting) -> None:
        """Show this casting; the highlight stays where it is."""
        self.casting = casting
        at = self.highlighted
        self.clear_options()
        width = max(40, self.size.width - 3)
        self.add_options([Option(self._line(one, width)) for one in casting.found])
        if casting.found:
            self.highlighted = min(at or 0, len(casting.found) - 1)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new width."""
        if self.casting.found:
            self.show(self.casting)

    def _line(self, one: Found, width: int) -> Content:
        writes, answers = one.path == self.casting.writer, one.path in self.casting.answerers
        marks = Content.assemble(
            ("● writes  ", "$text-primary") if writes else ("○ writes  " if can_write(one) else "          "),
            ("■ answers", "$text-primary") if answers else ("□ answers" if one.header else "         "),
        )
        if one.header is None:
            problem = Content.assemble(
                ("✗ ", "$text-error"),
                literal_line(one.name, 80),
                "  ",
                literal_line(one.why, 200, "$foreground-muted"),
            )
            return table([[marks, problem]], [Column(19), Column(max(10, width - 21))])
        cells = [
            marks,
            literal_line(one.name, 80),
            literal_line(one.header.quantisation, 12, "$foreground-muted"),
            Content(size(one.header.size)),
            Content.styled(SOURCES[one.source], "$foreground-muted"),
        ]
        source = 17 if width >= WIDE else 0
        name = max(10, width - 19 - 7 - 8 - source - 4 * 2)
        return table([cells], [Column(19), Column(name), Column(7), Column(8, "right"), Column(source)])

    @on(OptionList.OptionSelected)
    def _toggle(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self.casting.toggle_answerer(event.option_index):
            self._recast()
        else:
            self.notify("This file cannot be used as a model.", markup=False, timeout=4)

    def action_writer(self) -> None:
        """Make the highlighted model the writer."""
        if self.highlighted is None:
            return
        if self.casting.make_writer(self.highlighted):
            self._recast()
        else:
            self.notify("This model cannot write tasks: it only answers.", markup=False, timeout=4)

    def _recast(self) -> None:
        self.show(self.casting)
        self.post_message(self.Recast())
