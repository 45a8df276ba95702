"""A page of the manual, laid out, with the place marked that was gone to."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Markdown
from textual.widgets.markdown import MarkdownBlock, MarkdownFence

from app.pages import Page
from app.tui.literal import field_text
from app.tui.widgets.page_table import PageTable, TableRows

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
            one for one in self.query(MarkdownBlock) if one.source_range[0] <= line < one.source_range[1]
        ]
        if not blocks:
            return
        block = min(blocks, key=lambda one: one.source_range[1] - one.source_range[0])
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
        for one in (block, *block.ancestors):
            if one is self or not isinstance(one, Widget):
                break
            top += one.virtual_region.y
        return top
