"""How fast a run is over time: the tokens a second of all models together, as a small picture."""

from __future__ import annotations

from textual.content import Content

from app.tui.active_run import Speeds
from app.tui.widgets.layout import Drawn
from app.words import ago, means, rate, skyline

HEIGHT = 5
AXIS = 8
"""Cells of the figures at the left."""


class SpeedChart(Drawn):
    """Columns of blocks from the beginning of the run to now."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._readings: list[float] = []
        self._seconds = 0.0

    def show(self, speeds: Speeds) -> None:
        """Draw these readings."""
        readings = speeds.together
        if readings != self._readings:
            self._readings, self._seconds = readings, speeds.seconds
            self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the picture: the highest speed at the top, the length of time below."""
        if not any(self._readings):
            return Content()
        shown = means(self._readings, max(10, width - AXIS - 1))
        top = max(shown)
        figures = [rate(top), *[""] * (HEIGHT - 2), "0"]
        lines = [
            Content.assemble((f"{figure:>{AXIS}} ", "$foreground-muted"), (blocks, "$primary"))
            for figure, blocks in zip(figures, skyline([value / top for value in shown], HEIGHT), strict=True)
        ]
        began = ago(len(self._readings) * self._seconds)
        between = max(1, len(shown) - len(began) - len("now"))
        below = Content.assemble(Content.blank(AXIS + 1), began, Content.blank(between), "now")
        return Content("\n").join([*lines, below.stylize("$foreground-muted")])
