"""A table of the manual as one widget: Textual's own makes a widget of every cell, which is slow."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets.markdown import MarkdownBlock

from app.tui.literal import literal_line
from app.tui.widgets.layout import Drawn

GAP = 2
HEAD_LINES = 2
"""Lines of the source above the first row: the head and the line under it."""
NARROWEST = 24
"""No word asks for a wider column than this."""
_BAR = re.compile(r"(?<!\\)\|")


class PageTable(MarkdownBlock):
    """The block that stands for a table."""

    DEFAULT_CSS = """
    PageTable { margin-bottom: 1; }
    """

    def compose(self) -> ComposeResult:
        """Compose the rows from the source, not from the blocks of the cells."""
        yield TableRows((self.source or "").splitlines())


class TableRows(Drawn):
    """Draws head and rows; texts that are too wide go on under themselves."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._cells = [_cells(line) for at, line in enumerate(lines) if at != HEAD_LINES - 1]
        self._marked: int | None = None
        self._tops: list[int] = []
        self._drawn: tuple[int, int | None, Content] | None = None

    def mark(self, line: int | None) -> None:
        """Mark the row on this line of the source, or none."""
        self._marked = None if line is None else _row(line)
        self.refresh()

    def top_of(self, line: int) -> int:
        """Return how far down the row on this line of the source begins."""
        row = _row(line)
        return self._tops[row] if row < len(self._tops) else 0

    def draw(self, width: int) -> Content:
        """Lay out head and rows for `width` cells, once for each width."""
        if self._drawn is None or self._drawn[:2] != (width, self._marked):
            self._drawn = (width, self._marked, self._laid_out(width))
        return self._drawn[2]

    def _laid_out(self, width: int) -> Content:
        widths = fitted([[one.cell_length for one in row] for row in self._cells],
                        [[_longest(one) for one in row] for row in self._cells], width)  # fmt: skip
        lines: list[Content] = []
        self._tops = []
        for at, row in enumerate(self._cells):
            self._tops.append(len(lines))
            wrapped = [one.wrap(room) for one, room in zip(row, widths, strict=False)]
            for down in range(max(map(len, wrapped), default=0)):
                parts = [column[down] if down < len(column) else Content() for column in wrapped]
                line = Content.blank(GAP).join(
                    [
                        part.pad_right(room - part.cell_length)
                        for part, room in zip(parts, widths, strict=False)
                    ]
                )
                if at == 0:
                    line = line.stylize("bold $primary")
                lines.append(line.stylize("on $panel") if at == self._marked else line)
        return Content("\n").join(lines)


def fitted(natural: Sequence[Sequence[int]], longest: Sequence[Sequence[int]], width: int) -> list[int]:
    """Share `width` among columns whose cells would take `natural` cells, their longest words `longest`."""
    wanted = [max(column) for column in zip(*natural, strict=True)]
    room = max(width - GAP * (len(wanted) - 1), len(wanted))
    if sum(wanted) <= room:
        return wanted
    least = [min(max(column), NARROWEST) for column in zip(*longest, strict=True)]
    spare = room - sum(least)
    if spare < 0:
        return [max(1, one * room // sum(least)) for one in least]
    more = [want - small for want, small in zip(wanted, least, strict=True)]
    given = [small + spare * part // sum(more) for small, part in zip(least, more, strict=True)]
    given[-1] += room - sum(given)
    return given


def _row(line: int) -> int:
    return max(0, line - HEAD_LINES + 1)


def _cells(line: str) -> list[Content]:
    """Return the cells of a line of Markdown, code in them in its colour."""
    return [_cell(text.strip().replace("\\|", "|")) for text in _BAR.split(line.strip().strip("|"))]


def _cell(text: str) -> Content:
    parts = [
        literal_line(part.replace("\\", ""), style="$text-warning" if at % 2 else "")
        for at, part in enumerate(text.split("`"))
    ]
    return Content("").join(parts)


def _longest(content: Content) -> int:
    return max(map(len, content.plain.split()), default=1)
