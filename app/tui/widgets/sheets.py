"""A sheet of statistics on the screen: sentences, tables, shaded tables and plots, one under the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from app.insight.sheets import Bars, Heat, Lines, Sheet, Table
from app.tui.literal import literal, literal_line
from app.tui.widgets.layout import Column, Drawn, table
from app.tui.widgets.plots import PlotBox

MOST_ROWS = 300
"""Lines of one table; the rest is counted."""
WIDE = 150
"""From this width on plots stand side by side."""
LEAST_NAME = 12
_SHADES = ((0.8, "$background on $primary"), (0.6, "$background on $primary 75%"), (0.4, "on $primary 45%"))
_FAINT = ((0.2, "on $primary 25%"), (0.0, "on $primary 10%"))


class SheetView(VerticalScroll, can_focus=False):
    """Shows one sheet at a time."""

    async def show(self, sheet: Sheet) -> None:
        """Replace what is shown."""
        says = Static(Content("\n").join(literal(line) for line in sheet.says), classes="sheet-says")
        parts: list[Widget] = [Static(literal(sheet.question, "bold")), says]
        for is_plot, group in groupby(sheet.parts, key=lambda part: isinstance(part, Bars | Lines)):
            widgets = [_widget(part) for part in group]
            if is_plot and self.size.width >= WIDE:
                parts.append(Horizontal(*widgets, classes="sheet-row"))
            else:
                parts += widgets
        async with self.batch():
            await self.remove_children()
            await self.mount_all(parts)
        self.scroll_home(animate=False)


def _widget(part: Table | Bars | Lines | Heat) -> Widget:
    match part:
        case Table():
            return TableView(part)
        case Heat():
            return HeatView(part)
        case _:
            return PlotBox(part)


class TableView(Drawn):
    """A table; the widest column of texts gives way where there is no room."""

    def __init__(self, shown: Table) -> None:
        super().__init__(classes="sheet-table")
        self._shown = shown

    def draw(self, width: int) -> Content:
        """Lay out the table."""
        shown = self._shown
        names, *rows = _without_bars([shown.heads, *shown.rows[:MOST_ROWS]], width)
        columns = _columns([names, *rows], width)
        heads = [literal_line(head, 60, "$foreground-muted") for head in names]
        lines = [heads, *([literal_line(cell, 400) for cell in row] for row in rows)]
        parts = [literal(shown.title, "bold")] if shown.title else []
        for places in _side_by_side(columns, width):
            parts.append(
                table([[line[at] for at in places] for line in lines], [columns[at] for at in places])
            )
        if len(shown.rows) > MOST_ROWS:
            parts.append(literal(f"… and {len(shown.rows) - MOST_ROWS:,} more", "$foreground-muted"))
        if shown.note:
            parts.append(literal(shown.note, "$foreground-muted"))
        return Content("\n").join(parts)


def _side_by_side(columns: Sequence[Column], width: int) -> list[list[int]]:
    """Return the places of the columns that fit beside each other, the first of them in each group."""
    groups, room = [[0]], width - columns[0].width
    for at, column in enumerate(columns[1:], start=1):
        room -= column.width + 2
        if room < 0 and len(groups[-1]) > 1:
            groups.append([0])
            room = width - columns[0].width - column.width - 2
        groups[-1].append(at)
    return groups


def _without_bars(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Leave out the columns without a head where not all fit: bars, which draw the figure beside them."""
    widths = _widths(rows)
    fits = sum(widths) + 2 * (len(widths) - 1) <= width
    return [[cell for cell, head in zip(row, rows[0], strict=True) if head or fits] for row in rows]


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the cells that each column needs."""
    return [max(literal_line(row[at], 400).cell_length for row in rows) for at in range(len(rows[0]))]


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[Column]:
    """Return columns as wide as their cells; the widest give way until all fit. Numbers go right."""
    many, widths = range(len(rows[0])), _widths(rows)
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > LEAST_NAME:
        widths[widths.index(max(widths))] -= 1
    return [
        Column(
            widths[at], "right" if len(rows) > 1 and all(_is_number(row[at]) for row in rows[1:]) else "left"
        )
        for at in many
    ]


def _is_number(cell: str) -> bool:
    return not cell.strip("0123456789.,% –of")


class HeatView(Drawn):
    """A table of shares in shades, each with its figure: nothing is said by colour alone."""

    def __init__(self, shown: Heat) -> None:
        super().__init__(classes="sheet-table")
        self._shown = shown

    def draw(self, width: int) -> Content:
        """Lay out the table: names at the left, and by number above the columns."""
        shown = self._shown
        cell = max(6, *(len(text) + 2 for row in shown.cells for text, _ in row))
        name = max(LEAST_NAME, min(36, width - len(shown.names) * (cell + 1) - 4))
        heads = Content(" ").join(
            literal(f"{at}".center(cell), "$foreground-muted") for at in _numbers(shown)
        )
        lines = [literal(shown.title, "bold"), Content.assemble(Content.blank(name + 5), heads)]
        for at, (label, row) in enumerate(zip(shown.names, shown.cells, strict=True), start=1):
            cells = Content(" ").join(literal(text.center(cell), _shade(share)) for text, share in row)
            named = table([[literal(f"{at:>2}"), literal_line(label, name)]], [Column(2), Column(name)])
            lines.append(Content.assemble(named.pad_right(max(0, name + 5 - named.cell_length)), cells))
        return Content("\n").join(lines)


def _numbers(shown: Heat) -> range:
    return range(1, len(shown.names) + 1)


def _shade(share: float | None) -> str:
    if share is None:
        return "$foreground-muted"
    return next(style for least, style in (*_SHADES, *_FAINT) if share >= least)
