"""Text laid out by hand for the width it gets: tables, lines with two ends, drawn widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget


class Drawn(Widget):
    """Subclasses lay out `draw(width)`; `redraw` is called when what they show has changed."""

    DEFAULT_CSS = """
    Drawn { height: auto; width: 1fr; }
    """

    def draw(self, width: int) -> Content:
        """Lay out the content for `width` cells."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again, in another height where it has changed."""
        self.refresh(layout=True)

    def render(self) -> Content:
        """Draw for the present width."""
        return self.draw(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height at `width`; never kept, since a Resize can come before the first mount ends."""
        return self.draw(width).get_height({}, width) if width else 0


class Sides(Widget):
    """Draws `left` and `right` on one line, the one that `gives` way cut with … where there is no room."""

    DEFAULT_CSS = """
    Sides { height: 1; width: 1fr; }
    """

    def __init__(
        self, gives: Literal["left", "right"] = "left", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._gives = gives
        self._left = Content()
        self._right = Content()

    def show(self, left: Content, right: Content) -> None:
        """Replace both ends."""
        self._left, self._right = left, right
        self.refresh()

    def render(self) -> Content:
        """Draw both ends for the width there is."""
        width = self.content_size.width
        left, right = self._left, self._right
        if self._gives == "left":
            right = right.truncate(width, ellipsis=True)
            left = left.truncate(max(0, width - right.cell_length - 2), ellipsis=True)
        else:
            left = left.truncate(width, ellipsis=True)
            right = right.truncate(max(0, width - left.cell_length - 2), ellipsis=True)
        return Content.assemble(
            left, Content.blank(max(0, width - left.cell_length - right.cell_length)), right
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column `width` cells wide; numbers go right."""

    width: int
    align: Literal["left", "right"] = "left"


def cell(content: Content, column: Column) -> Content:
    """Return `content` cut and padded to the column, its first line only."""
    line = content.first_line.truncate(column.width, ellipsis=True)
    gap = Content.blank(max(0, column.width - line.cell_length))
    return Content.assemble(gap, line) if column.align == "right" else Content.assemble(line, gap)


def table(rows: Sequence[Sequence[Content]], columns: Sequence[Column], gap: int = 2) -> Content:
    """Return the rows as lines; cells beyond the columns are left out."""
    space = Content.blank(gap)
    lines = [
        space.join(cell(content, column) for content, column in zip(row, columns, strict=False)).rstrip()
        for row in rows
    ]
    return Content("\n").join(lines)
