"""A widget that lays out its text by hand for the width it gets, and is as high as that text."""

from __future__ import annotations

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
