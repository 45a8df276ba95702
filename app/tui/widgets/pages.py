"""The manual's parts on the screen: list of pages, a page laid out, its tables.

A table is one widget: Textual's own makes a widget of every cell, which is slow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Markdown, OptionList
from textual.widgets.markdown import MarkdownBlock, MarkdownFence
from textual.widgets.option_list import Option

from app.pages import Page, all_pages, headings
from app.tui.literal import field_text, literal_line
from app.tui.widgets.layout import Drawn

TITLE_LIMIT = 60


class PageList(OptionList):
    """Every option has the target of a link as its id: `models.md`, `models.md#memory`."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)

    def show(self, shown: Page) -> None:
        """List the pages with `shown` unfolded and highlighted."""
        self.clear_options()
        options: list[Option] = []
        at = 0
        for page in all_pages():
            current = page.topic == shown.topic
            if current:
                at = len(options)
            title = literal_line(page.title, TITLE_LIMIT, "bold $primary" if current else "")
            options.append(Option(title, id=f"{page.topic}.md"))
            if current:
                options += [
                    Option(
                        Content.assemble("  ", literal_line(part.title, TITLE_LIMIT, "$foreground-muted")),
                        id=f"{page.topic}.md#{part.anchor}",
                    )
                    for part in headings(page)
                ]
        self.add_options(options)
        self.highlighted = at


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
    """Draws head and rows; texts that are too wide continue under themselves."""

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
        widths = fitted([[cell.cell_length for cell in row] for row in self._cells],
                        [[_longest(cell) for cell in row] for row in self._cells], width)  # fmt: skip
        lines: list[Content] = []
        self._tops = []
        for at, row in enumerate(self._cells):
            self._tops.append(len(lines))
            wrapped = [cell.wrap(room) for cell, room in zip(row, widths, strict=False)]
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
        return [max(1, width * room // sum(least)) for width in least]
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


MARK = "-marked"
ABOVE = 1
"""Lines that stay in sight above a row of a table or a line of code."""


class PageText(Markdown):
    """Markdown with tables of our own."""

    BLOCKS = {**Markdown.BLOCKS, "table_open": PageTable}  # noqa: RUF012 - as Textual declares it


class PageView(VerticalScroll, can_focus=False):
    """Shows one page; a link that is clicked arrives as `Markdown.LinkClicked`."""

    def compose(self) -> ComposeResult:
        """Compose the page; links open nothing by themselves."""
        yield PageText(open_links=False)

    async def show(self, page: Page) -> None:
        """Show a page from its top."""
        await self.query_one(PageText).update(field_text(page.text))
        self.scroll_to(y=0, animate=False, immediate=True)

    def go_to(self, line: int, *, mark: bool = False) -> None:
        """Scroll to a line of the page's source once it is laid out, and mark what stands there."""
        for marked in self.query(f".{MARK}"):
            marked.remove_class(MARK)
        for rows in self.query(TableRows):
            rows.mark(None)
        if line == 0:
            self.scroll_to(y=0, animate=False)
            return
        self.call_after_refresh(self._go_to, line, mark)

    def _go_to(self, line: int, mark: bool) -> None:
        blocks = [
            block
            for block in self.query(MarkdownBlock)
            if block.source_range[0] <= line < block.source_range[1]
        ]
        if not blocks:
            return
        block = min(blocks, key=lambda block: block.source_range[1] - block.source_range[0])
        down = line - block.source_range[0]
        if isinstance(block, PageTable):
            rows = block.query_one(TableRows)
            rows.mark(down if mark else None)
            down = rows.top_of(down)
        elif mark:
            block.add_class(MARK)
        if not isinstance(block, PageTable | MarkdownFence):
            down = 0  # its lines are wrapped anew
        self.scroll_to(y=self._top_of(block) + max(0, down - ABOVE), animate=False)

    def _top_of(self, block: Widget) -> int:
        """Return how far down in the page a block begins."""
        top = 0
        for ancestor in (block, *block.ancestors):
            if ancestor is self or not isinstance(ancestor, Widget):
                break
            top += ancestor.virtual_region.y
        return top
