"""The queue as a list beside the item: a million lines, of which only those on the screen are read."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from app.store import review
from app.store.views import QueueLine
from app.tui.host import host, shows_errors
from app.tui.literal import literal_line
from app.tui.queue_state import Numbers
from app.tui.widgets.item import STATUS

INDENT = " " * 10
"""What stands under mark and number."""
MARGIN = len(INDENT) + 1
"""Cells of a line that are not text: the indent, and a … at its end."""
KEPT_LINES = 2_000
"""Lines that are remembered; more than any screen is high."""


class QueueList(ScrollView, can_focus=False):
    """Shows the lines round the present place; reads those it has not and tells which one is clicked."""

    TALL: ClassVar[int] = 2
    """Lines of the screen that an item takes."""
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("queue-list--line", "queue-list--current", "queue-list--decided", "queue-list--input")
    }

    class Picked(Message):
        """A line was clicked: its place in the list."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._numbers: Numbers = np.empty(0, np.int64)
        self._at = 0
        self._lines: dict[int, QueueLine] = {}
        self._blind = ""

    def show(self, numbers: Numbers, at: int) -> None:
        """Show these items with the one at place `at` as the present one."""
        self._numbers, self._at = numbers, at
        self.virtual_size = Size(0, len(numbers) * self.TALL)
        if self.display:
            self._keep_in_sight()
            self._read_missing()
            self.refresh()

    def hide_from(self, blind: str) -> None:
        """Hide from this reviewer what others decided until they decide; an empty name: hide nothing."""
        if blind != self._blind:
            self._blind = blind
            self.forget()

    def forget(self, number: int | None = None) -> None:
        """Read a line anew when it is next seen, or all of them."""
        if number is None:
            self._lines.clear()
        else:
            self._lines.pop(number, None)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        place, below = divmod(y + self.scroll_offset.y, self.TALL)
        width = self.scrollable_content_region.width
        if place >= len(self._numbers):
            return Strip.blank(width, self.rich_style)
        return self.drawn(int(self._numbers[place]), bool(below), place == self._at, width)

    def drawn(self, number: int, below: bool, current: bool, width: int) -> Strip:
        """Draw the first line of an item, its task, or the one below it, its input and status."""
        line = self._lines.get(number)
        style = self.style_of(current, bool(line and line.status != "undecided"))
        marks = (("⚑ " if line.flagged else "") + ("≠ " if line.differing else "")) if line else ""
        said = literal_line(line.instruction) if line else Content()
        task = [part.plain for part in Content.assemble(marks, said).wrap(max(1, width - MARGIN))]
        if not below:
            mark = f"{'›' if current else ' '}{STATUS[line.status][0] if line else '':1} #{number:04d}  "
            text = mark + task[0] + ("…" if line.input and len(task) > 1 else "") if line and task else mark
            return Strip([Segment(set_cell_size(text, width), style)], width)
        # Without an input, the task goes on below.
        rest = literal_line(line.input, width).plain if line and line.input else " ".join(task[1:])
        word = f" {STATUS[line.status][1]} " if line and line.status != "undecided" else ""
        room = max(0, width - cell_len(word))
        quiet = style + self.get_component_rich_style("queue-list--input", partial=True)
        return Strip([Segment(_fitted(INDENT + rest, room), quiet), Segment(word, style)], width)

    def style_of(self, current: bool, stands_back: bool) -> Style:
        """Return the style of a line: of the present one, of one that needs nobody any more, or of others."""
        name = "current" if current else "decided" if stands_back else "line"
        return self.get_component_rich_style(f"queue-list--{name}")

    def known(self, number: int) -> bool:
        """Say whether a line was read."""
        return number in self._lines

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read what comes into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._read_missing()

    def on_resize(self) -> None:
        """Keep the present line in sight in the new room."""
        self._keep_in_sight()
        self._read_missing()

    def on_click(self, event: events.Click) -> None:
        """Tell which line was clicked."""
        at = event.get_content_offset(self)
        place = -1 if at is None else (at.y + self.scroll_offset.y) // self.TALL
        if 0 <= place < len(self._numbers):
            self.post_message(self.Picked(place))

    def _keep_in_sight(self) -> None:
        height = self.size.height
        top, at = self.scroll_offset.y, self._at * self.TALL
        if height and not top <= at <= top + height - self.TALL:
            self.scroll_to(y=max(0, at - height // 3 // self.TALL * self.TALL), animate=False, immediate=True)

    def _read_missing(self) -> None:
        if not self.display or not self.size.height:
            return
        top = self.scroll_offset.y // self.TALL
        shown = self._numbers[top : top + self.size.height // self.TALL + 1].tolist()
        missing = [number for number in shown if not self.known(number)]
        if missing:
            self.run_worker(self.take(missing), group="lines")

    @shows_errors
    async def take(self, numbers: list[int]) -> None:
        """Read these lines."""
        blind = self._blind
        lines = await host(self).require_project().fetch(lambda c: review.lines(c, numbers, blind))
        if blind != self._blind:
            return
        if len(self._lines) > KEPT_LINES:
            self._lines.clear()
        self._lines |= lines
        self.refresh()


def _fitted(text: str, width: int) -> str:
    """Cut a text with … or pad it to `width` cells."""
    return set_cell_size(text, width - 1) + "…" if cell_len(text) > width > 0 else set_cell_size(text, width)
