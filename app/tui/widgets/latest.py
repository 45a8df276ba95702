"""What was just written, and what became of it."""

from __future__ import annotations

from textual.content import Content

from app.run.progress import LatestText
from app.tui.literal import literal_line
from app.tui.widgets.drawn import Drawn


class Latest(Drawn):
    """One line per text: kind, text, arrow, outcome; the text gives way to the outcome."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: tuple[LatestText, ...] = ()

    def show(self, texts: tuple[LatestText, ...]) -> None:
        """Draw these texts."""
        if texts != self._texts:
            self._texts = texts
            self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the lines."""
        lines: list[Content] = []
        for latest in self._texts:
            outcome = literal_line(latest.outcome, 80).truncate(max(10, width // 2), ellipsis=True)
            room = max(10, width - outcome.cell_length - 8)
            text = literal_line(latest.text, 400).truncate(room, ellipsis=True)
            line = Content.assemble(literal_line(latest.kind, 2, "bold $foreground-muted"), "  ", text)
            if outcome:
                line = Content.assemble(line, ("  →  ", "$foreground-muted"), outcome)
            lines.append(line)
        return Content("\n").join(lines)
