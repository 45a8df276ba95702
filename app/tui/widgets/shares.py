"""Shares one under the other, each as a dot with its interval on an axis from 0 to 100%."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from app.method.intervals import Estimate
from app.run.interval_lines import Axis, share_text
from app.tui.literal import literal, literal_line
from app.tui.widgets.intervals import interval
from app.tui.widgets.layout import Column, Drawn, table

NAME, FIGURES, COUNT = 24, 13, 8
GAPS = 6
"""Cells between the columns."""
LEAST = 20
"""Cells of the narrowest line."""


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A share by its name (foreign): with its interval, of how many, and what was predicted if anything."""

    name: str
    found: Estimate
    count: float
    predicted: float | None = None


class Shares(Drawn):
    """A line for each share: its name, the dot with its interval, the figures, of how many."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[ShareLine] = ()

    def show(self, lines: Sequence[ShareLine]) -> None:
        """Draw these shares; those of nothing are left out."""
        self._lines = [line for line in lines if line.count]
        self.display = bool(self._lines)
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the lines."""
        line = max(LEAST, min(60, width - NAME - FIGURES - COUNT - GAPS))
        columns = [Column(NAME), Column(line), Column(FIGURES), Column(COUNT, "right")]
        axis = Axis(0.0, 1.0, line)
        rows = []
        for one in self._lines:
            drawn = interval(axis, one.found.low, one.found.high, one.found.value, one.predicted)
            of = Content.styled(f"of {one.count:,.0f}", "$foreground-muted")
            rows.append([literal_line(one.name, NAME), drawn, literal(share_text(one.found)), of])
        return table(rows, columns)
