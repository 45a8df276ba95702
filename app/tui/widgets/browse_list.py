"""Everything of a project as a list with a cursor: of a million lines only those on the screen are read."""

from __future__ import annotations

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from app.store import browse
from app.store.browse import Entry
from app.tui.host import host, shows_errors
from app.tui.literal import literal_line, reason_words
from app.tui.widgets.item import STATUS
from app.tui.widgets.queue_list import KEPT_LINES, QueueList


class BrowseList(QueueList):
    """Lines of items and of dropped instructions: what became of each, and its beginning."""

    TALL = 1

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._entries: dict[int, Entry] = {}

    def entry(self, key: int) -> Entry | None:
        """Return an entry that was read."""
        return self._entries.get(key)

    def forget(self, number: int | None = None) -> None:
        """Read a line anew when it is next seen, or all of them."""
        if number is None:
            self._entries.clear()
        else:
            self._entries.pop(number, None)

    def known(self, number: int) -> bool:
        """Say whether a line was read."""
        return number in self._entries

    def drawn(self, number: int, below: bool, current: bool, width: int) -> Strip:
        """Draw the line of an entry."""
        entry = self._entries.get(number)
        name = f"{f'#{number:04d}' if number > 0 else 'task ':>7}"
        if entry is None:
            text, stands_back = f"  {name}", False
        else:
            glyph = STATUS[entry.status][0] or ("·" if entry.kept else "✗")
            why = f"{reason_words(entry.reason, 24).plain} · " if entry.dropped and entry.reason else ""
            text = f"{glyph} {name}  {why}{literal_line(entry.text, width).plain}"
            stands_back = entry.dropped
        text = set_cell_size(f"{'›' if current else ' '}{text}", width)
        return Strip([Segment(text, self.style_of(current, stands_back))], width)

    @shows_errors
    async def take(self, numbers: list[int]) -> None:
        """Read these lines."""
        found = await host(self).require_project().fetch(lambda c: browse.entries(c, numbers))
        if len(self._entries) > KEPT_LINES:
            self._entries.clear()
        self._entries |= found
        self.refresh()
