"""Models as tables: those found here, those chosen for a run, those at work in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from app.engine.catalog import ModelFile, Source, can_write, default_style
from app.engine.gguf import ModelHeader
from app.run.progress import ModelProgress
from app.tui.keys import key
from app.tui.literal import literal_line
from app.tui.models import Casting, Listed, may_write
from app.tui.widgets.layout import Column, Drawn, table
from app.words import count, plural, rate, size, sparkline

CASTING_WIDE = 76
"""From this width on the list of a new run has room for where a model was found."""
SOURCES: Final[dict[Source, str]] = {
    "bundled": "ships with Quorum",
    "QUORUM_MODELS": "QUORUM_MODELS",
    "folder": "./models",
    "given": "given",
    "Hugging Face": "Hugging Face",
    "LM Studio": "LM Studio",
    "llama.cpp": "llama.cpp cache",
    "Ollama": "Ollama",
    "Python package": "Python package",
}
FOUND_WIDE = 96
"""From this width on the list of found models has room for `_MORE`."""
NAME_WIDE = 48
"""Most cells of the name of a found model."""
_NARROW = (Column(8, "right"), Column(7), Column(9, "right"), Column(9), Column(6))
_MORE = (Column(12), Column(17))
TABLE_WIDE = 96
"""From this width on the table of a run has room for memory and past speeds."""
SPARK = 40
"""Most cells of the past speeds."""
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": ("·", "waiting its turn"),
    "loading": ("◌", "loading"),
    "ready": ("○", "ready"),
    "working": ("▶", "working"),
    "restarting": ("↻", "restarting"),
    "failed": ("✗", "failed"),
    "unloaded": ("·", "unloaded"),
}
TROUBLE: Final = {"restarting": "$text-warning", "failed": "$text-error", "working": "$text-primary"}


class ModelList(OptionList):
    """Shows a Casting; `w` gives a line the writer's part, space lets it answer or not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("w", "writer", "writer", "Let this model write the tasks.", "models.writer"),
        key(
            "space",
            "select",
            "answers",
            "Let this model answer, or stop it from answering.",
            "models.answerer",
        ),
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
        self.add_options([Option(self._line(model, width)) for model in casting.files])
        if casting.files:
            self.highlighted = min(at or 0, len(casting.files) - 1)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new width."""
        if self.casting.files:
            self.show(self.casting)

    def _line(self, model: ModelFile, width: int) -> Content:
        writes, answers = model.path == self.casting.writer, model.path in self.casting.answerers
        marks = Content.assemble(
            ("● writes  ", "$text-primary")
            if writes
            else ("○ writes  " if may_write(model) else "          "),
            ("■ answers", "$text-primary") if answers else ("□ answers" if model.header else "         "),
        )
        if model.header is None:
            problem = Content.assemble(
                ("✗ ", "$text-error"),
                literal_line(model.name, 80),
                "  ",
                literal_line(model.why, 200, "$foreground-muted"),
            )
            return table([[marks, problem]], [Column(19), Column(max(10, width - 21))])
        cells = [
            marks,
            literal_line(model.name, 80),
            literal_line(model.header.quantisation, 12, "$foreground-muted"),
            Content(size(model.header.size)),
            Content.styled(SOURCES[model.source], "$foreground-muted"),
        ]
        source = 17 if width >= CASTING_WIDE else 0
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


class FoundList(OptionList):
    """Shows found models; the screen describes the highlighted one."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)
        self._listed: tuple[Listed, ...] = ()

    @property
    def chosen(self) -> Listed | None:
        """The highlighted model."""
        at = self.highlighted
        return self._listed[at] if at is not None and at < len(self._listed) else None

    def show(self, listed: Sequence[Listed]) -> None:
        """Show these models; the highlight stays on the same file if it is still there."""
        before = self.chosen
        self._listed = tuple(listed)
        paths = [model.file.path for model in self._listed]
        self._draw(paths.index(before.file.path) if before and before.file.path in paths else 0)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new width."""
        if self._listed:
            self._draw(self.highlighted or 0)

    def _draw(self, at: int) -> None:
        width = max(40, self.size.width - 3)
        self.clear_options()
        self.add_options([Option(found_line(model, width)) for model in self._listed])
        self.highlighted = at if self._listed else None


class FoundHeads(Drawn):
    """The headings over the found models."""

    def draw(self, width: int) -> Content:
        """Lay them out as the lines below are, which leave a cell for the scrollbar."""
        heads = ("  model", "size", "format", "context", "asked", "", "architecture", "found in")
        return table([[Content(head) for head in heads]], _found_columns(width - 1))


def _found_columns(width: int) -> list[Column]:
    """Return the columns of the list at `width` cells, the name's first."""
    columns = [*_NARROW, *_MORE] if width >= FOUND_WIDE else list(_NARROW)
    name = max(10, width - sum(column.width + 2 for column in columns))
    return [Column(min(name, NAME_WIDE)), *columns]


def found_line(listed: Listed, width: int) -> Content:
    """Return a model's line at `width` cells."""
    columns, model = _found_columns(width), listed.file
    if model.header is None:
        problem = literal_line(model.why, 300, "$foreground-muted")
        named = Content.assemble(("✗ ", "$text-error"), literal_line(model.name, 120))
        return table([[named, problem]], [columns[0], Column(max(10, width - columns[0].width - 2))])
    return table([_cells(listed, model.header)], columns)


def _cells(listed: Listed, header: ModelHeader) -> list[Content]:
    model = listed.file
    mark = ("✓ ", "$text-success") if listed.fits else ("! ", "$text-warning")
    return [
        Content.assemble(mark, literal_line(model.name, 120)),
        Content(size(header.size)),
        literal_line(header.quantisation, 12, "$foreground-muted"),
        Content(count(header.context_length)),
        literal_line(default_style(header)),
        Content("writes" if can_write(header) else ""),
        literal_line(header.architecture, 20, "$foreground-muted"),
        Content.styled(SOURCES[model.source], "$foreground-muted"),
    ]


def state_content(model: ModelProgress) -> Content:
    """Return glyph and words of a model's state; one that works and writes nothing yet reads its prompts."""
    glyph, words = STATES[model.state]
    if model.state == "working" and not model.tokens_per_second:
        words = "reading"
    style = TROUBLE.get(model.state, "$foreground-muted")
    if model.state == "working" and model.live > 1:
        return Content.assemble((glyph, style), " ", words, ", ", count(model.live), " at once")
    return Content.assemble((glyph, style), " ", words)


def note_content(model: ModelProgress) -> Content:
    """Return restarts and the last words of a model."""
    parts: list[Content] = []
    if model.restarts:
        parts.append(Content.styled(plural(model.restarts, "restart"), "$text-warning"))
    if model.note:
        parts.append(literal_line(model.note, 300))
    return Content(" · ").join(parts)


def name_content(model: ModelProgress) -> Content:
    """Return the model's name and quantisation."""
    return Content.assemble(
        literal_line(model.name, 80), "  ", literal_line(model.quantisation, 12, style="$foreground-muted")
    )


class ModelTable(Drawn):
    """A line per model under a dim heading."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._models: tuple[ModelProgress, ...] = ()
        self._history: Mapping[str, Sequence[float]] = {}

    def show(self, models: tuple[ModelProgress, ...], history: Mapping[str, Sequence[float]]) -> None:
        """Draw these models; `history` maps a name to its past tokens per second."""
        self._models, self._history = models, history
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the table, trouble under its model; memory and the sparkline where there is room."""
        wide = width >= TABLE_WIDE
        name, state = (30, 22) if wide else (max(12, width - 52), 20)
        columns = [Column(name), Column(10), Column(state), Column(7, "right"), Column(7, "right")]
        heads = ["model", "role", "state", "tok/s", "done"]
        if wide:
            spark = min(SPARK, width - sum(column.width + 2 for column in columns) - 10)
            columns += [Column(8, "right"), Column(spark)]
            heads += ["memory", "over time"]
        lines = [table([[Content.styled(head, "$foreground-muted") for head in heads]], columns)]
        for model in self._models:
            lines.append(table([self._row(model, columns)], columns))
            note = note_content(model)
            if note:
                cut = note.truncate(max(10, width - 2), ellipsis=True)
                lines.append(Content.assemble("  ", cut))
        return Content("\n").join(lines)

    def _row(self, model: ModelProgress, columns: Sequence[Column]) -> list[Content]:
        row = [
            name_content(model),
            literal_line(model.part),
            state_content(model),
            Content(rate(model.tokens_per_second)),
            Content(count(model.done)),
        ]
        if len(columns) > len(row):
            spark = sparkline(self._history.get(model.name, ()), columns[-1].width)
            row.append(Content(size(model.memory_bytes) if model.memory_bytes else "–"))
            row.append(Content.styled(spark, "$foreground-muted"))
        return row
