"""The models of a run: what each does, how fast, how much it has done, and its trouble if it has some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from textual.content import Content

from app.run.progress import ModelProgress
from app.tui.literal import literal_line
from app.tui.widgets.drawn import Drawn
from app.tui.widgets.table import Column, table
from app.tui.words import count, plural, rate, size, sparkline

WIDE = 100
SPARK = 12

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": ("·", "waiting its turn"),
    "loading": ("◌", "loading"),
    "ready": ("○", "ready"),
    "working": ("▶", "working"),
    "restarting": ("↻", "starting again"),
    "failed": ("✗", "failed"),
    "unloaded": ("·", "unloaded"),
}
TROUBLE: Final = {"restarting": "$text-warning", "failed": "$text-error", "working": "$text-primary"}


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
        wide = width >= WIDE
        name, state = (34, 22) if wide else (max(12, width - 50), 20)
        columns = [Column(name), Column(8), Column(state), Column(7, "right"), Column(7, "right")]
        heads = ["model", "role", "state", "tok/s", "done"]
        if wide:
            columns += [Column(8, "right"), Column(SPARK)]
            heads += ["memory", ""]
        lines = [table([[Content.styled(head, "$foreground-muted") for head in heads]], columns)]
        for model in self._models:
            lines.append(table([self._row(model, wide)], columns))
            note = note_content(model)
            if note:
                cut = note.truncate(max(10, width - 2), ellipsis=True)
                lines.append(Content.assemble("  ", cut))
        return Content("\n").join(lines)

    def _row(self, model: ModelProgress, wide: bool) -> list[Content]:
        row = [
            name_content(model),
            literal_line(model.role),
            state_content(model),
            Content(rate(model.tokens_per_second)),
            Content(count(model.done)),
        ]
        if wide:
            spark = sparkline(list(self._history.get(model.name, ())), SPARK)
            row.append(Content(size(model.memory_bytes) if model.memory_bytes else "–"))
            row.append(Content.styled(spark, "$foreground-muted"))
        return row
