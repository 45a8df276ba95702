"""Shares one under the other, each as a dot with its interval on an axis from 0 to 100 %."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from app.method.report_card import Share
from app.tui.literal import literal_line
from app.tui.widgets.intervals import Axis, interval
from app.tui.widgets.layout import Column, Drawn, table

NAME, FIGURES, COUNT = 24, 13, 8
GAPS = 6
"""Cells between the columns."""
LEAST = 20
"""Cells of the narrowest line."""


class Shares(Drawn):
    """A line for each share: its name (foreign), the dot with its interval, the figures, of how many."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._shares: Sequence[tuple[str, Share]] = ()

    def show(self, shares: Sequence[tuple[str, Share]]) -> None:
        """Draw these shares; those of nothing are left out."""
        self._shares = [(name, share) for name, share in shares if share.count]
        self.display = bool(self._shares)
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the lines."""
        line = max(LEAST, min(60, width - NAME - FIGURES - COUNT - GAPS))
        columns = [Column(NAME), Column(line), Column(FIGURES), Column(COUNT, "right")]
        axis = Axis(0.0, 1.0, line)
        rows = []
        for name, share in self._shares:
            found = share.estimate
            figures = f"{found.value:.0%} ({100 * found.low:.0f}–{100 * found.high:.0f})"
            drawn = interval(axis, found.low, found.high, found.value)
            of = Content.styled(f"of {share.count:,}", "$foreground-muted")
            rows.append([literal_line(name, NAME), drawn, Content(figures), of])
        return table(rows, columns)
