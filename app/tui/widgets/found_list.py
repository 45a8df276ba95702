"""The models of this machine, a line each: what it is, how large, how it is asked, whether it fits."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from app.engine.catalog import can_write, default_style
from app.engine.gguf import ModelHeader
from app.tui.literal import literal_line
from app.tui.models import Listed
from app.tui.widgets.model_list import SOURCES
from app.tui.widgets.table import Column, table
from app.tui.words import count, size

WIDE = 96
_NARROW = (Column(8, "right"), Column(7), Column(9, "right"), Column(9), Column(6))
_MORE = (Column(12), Column(17))


class FoundList(OptionList):
    """Shows found models; the screen tells about the highlighted one."""

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
        paths = [one.found.path for one in self._listed]
        self._draw(paths.index(before.found.path) if before and before.found.path in paths else 0)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new width."""
        if self._listed:
            self._draw(self.highlighted or 0)

    def _draw(self, at: int) -> None:
        width = max(40, self.size.width - 3)
        self.clear_options()
        self.add_options([Option(line(one, width)) for one in self._listed])
        self.highlighted = at if self._listed else None


def line(listed: Listed, width: int) -> Content:
    """Return a model's line at `width` cells."""
    wide = width >= WIDE
    columns = [*_NARROW, *_MORE] if wide else list(_NARROW)
    name = max(10, width - sum(column.width + 2 for column in columns))
    one = listed.found
    if one.header is None:
        problem = literal_line(one.why, 300, "$foreground-muted")
        named = Content.assemble(("✗ ", "$text-error"), literal_line(one.name, 120))
        return table([[named, problem]], [Column(name), Column(max(10, width - name - 2))])
    return table([_cells(listed, one.header)], [Column(name), *columns])


def _cells(listed: Listed, header: ModelHeader) -> list[Content]:
    one = listed.found
    mark = ("✓ ", "$text-success") if listed.fits else ("! ", "$text-warning")
    return [
        Content.assemble(mark, literal_line(one.name, 120)),
        Content(size(header.size)),
        literal_line(header.quantisation, 12, "$foreground-muted"),
        Content(count(header.context_length)),
        literal_line(default_style(header)),
        Content("writes" if can_write(header) else ""),
        literal_line(header.architecture, 20, "$foreground-muted"),
        Content.styled(SOURCES[one.source], "$foreground-muted"),
    ]
