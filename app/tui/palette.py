"""The command palette: the actions of the screen below it, then the commands of the app, in aligned rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from app.tui.keys import BACK, SCREEN_KEYS
from app.tui.literal import literal_line
from app.tui.screens.base import QuorumScreen
from app.tui.widgets.layout import Column, cell

NAME, KEY = Column(20), Column(10)
SHARED = {binding.id for binding in Binding.make_bindings([*SCREEN_KEYS, BACK])}
"""Keys that every screen has, and that say nothing about what this one can do."""
FRAME = 8
"""Cells of the terminal that are not a row: the palette's frame, and its scrollbar."""


@dataclass(frozen=True, slots=True)
class Row:
    """A command: its name, the key that does the same ("" without one), what it does, and how to do it."""

    name: str
    key: str
    about: str
    run: Callable[[], Awaitable[object] | object]

    def drawn(self, name: Content, width: int) -> Content:
        """Lay the row out for `width` cells; `name` may have letters marked."""
        key = cell(literal_line(self.key, style="bold $primary"), KEY)
        about = literal_line(self.about, style="$foreground-muted")
        row = Content.assemble(cell(name, NAME), "  ", key, "  ", about)
        return row.truncate(max(20, width), ellipsis=True)


class Commands(Provider):
    """Offers what can be done now."""

    async def discover(self) -> Hits:
        """Offer everything, the screen's own actions first."""
        for row in self._rows():
            yield DiscoveryHit(self._drawn(row), row.run, row.name)

    async def search(self, query: str) -> Hits:
        """Offer what has the letters that were typed in its name."""
        matcher = self.matcher(query)
        for row in self._rows():
            if (score := matcher.match(row.name)) > 0:
                yield Hit(score, self._drawn(row, matcher.highlight(row.name)), row.run, row.name)

    def _drawn(self, row: Row, name: Content | None = None) -> Content:
        return row.drawn(name or literal_line(row.name), self.app.size.width - FRAME)

    def _rows(self) -> Iterator[Row]:
        if isinstance(self.screen, QuorumScreen):
            yield from own_rows(self.screen)
        for command in self.app.get_system_commands(self.screen):
            yield Row(command.title, "", command.help, command.callback)


def own_rows(screen: QuorumScreen) -> Iterator[Row]:
    """Yield what the keys of a screen do that mean something now; keys of one group are one row."""
    seen: set[object] = set()
    declared = [binding.id for binding in Binding.make_bindings(type(screen).BINDINGS)]
    own = [
        active
        for active in screen.active_bindings.values()
        if active.node is screen and active.enabled and active.binding.id not in SHARED
    ]
    for active in sorted(own, key=lambda active: declared.index(active.binding.id)):
        binding = active.binding
        name = binding.group or binding.id
        if name in seen:
            continue
        seen.add(name)
        title = binding.description[:1].upper() + binding.description[1:]
        shown = screen.app.get_key_display(binding)
        yield Row(title, shown, binding.tooltip, partial(screen.run_action, binding.action))
