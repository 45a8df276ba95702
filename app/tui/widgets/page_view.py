"""A page of the manual, laid out, with the place marked that was gone to."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Markdown
from textual.widgets.markdown import MarkdownBlock, MarkdownFence

from app.pages import Page
from app.tui.literal import field_text

MARK = "-marked"
HEAD_LINES = 2
"""Lines of a table above its first row: its head and the line under that."""
PADDING = 1
"""Blank lines above the text of a block of code."""


class PageView(VerticalScroll, can_focus=False):
    """Shows one page; a link that is clicked arrives as `Markdown.LinkClicked`."""

    def compose(self) -> ComposeResult:
        """Compose the page; links open nothing by themselves."""
        yield Markdown(open_links=False)

    async def show(self, page: Page) -> None:
        """Show a page from its top."""
        await self.query_one(Markdown).update(field_text(page.text))
        self.scroll_to(y=0, animate=False, immediate=True)

    def go_to(self, line: int, *, mark: bool = False) -> None:
        """Scroll to a line of the page's source once it is laid out, and mark what stands there."""
        for marked in self.query(f".{MARK}"):
            marked.remove_class(MARK)
        if line == 0:
            self.scroll_to(y=0, animate=False)
            return
        self.call_after_refresh(self._go_to, line, mark)

    def _go_to(self, line: int, mark: bool) -> None:
        found = self._block_of(line)
        if found is None:
            return
        block, down = found
        if mark:
            block.add_class(MARK)
        top = block.virtual_region_with_margin if isinstance(block, MarkdownBlock) else block.virtual_region
        self.scroll_to_region(_lower(self._region_of(block, top), down), top=True, animate=False, force=True)

    def _region_of(self, block: Widget, own: Region) -> Region:
        """Return where a block inside other blocks stands in the whole page."""
        region = own
        for above in block.ancestors:
            if above is self or not isinstance(above, Widget):
                break
            region = region.translate(above.virtual_region.offset)
        return region

    def _block_of(self, line: int) -> tuple[Widget, int] | None:
        """Return the smallest block or row of a table with this line, and how far down in it the line is."""
        blocks = [
            one for one in self.query(MarkdownBlock) if one.source_range[0] <= line < one.source_range[1]
        ]
        if not blocks:
            return None
        block = min(blocks, key=lambda one: one.source_range[1] - one.source_range[0])
        down = line - block.source_range[0]
        if isinstance(block, MarkdownFence):
            return block, max(0, down - PADDING)
        row = block.query(f".row{down - HEAD_LINES + 1}")
        return (row.first(), 0) if row else (block, 0)


def _lower(region: Region, lines: int) -> Region:
    return region.translate((0, lines))
