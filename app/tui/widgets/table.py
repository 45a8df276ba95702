"""Text tables drawn as one Content: aligned by cells, cut with …, no widget per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.content import Content


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
