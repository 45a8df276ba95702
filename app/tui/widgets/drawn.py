"""A Static that draws itself anew for its width: text laid out by hand that must follow the terminal."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widgets import Static


class Drawn(Static):
    """Subclasses lay out `draw(width)`; `redraw` is called when what they show has changed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn_width = 0

    def draw(self, width: int) -> Content:
        """Lay out the content for `width` cells."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again; before the first layout there is no width to draw for."""
        if self._drawn_width:
            self.update(self.draw(self._drawn_width))

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new width."""
        width = self.content_size.width or event.size.width
        if width != self._drawn_width:
            self._drawn_width = width
            self.redraw()
