"""One line with two ends: what stands left, what stands right, and which of them gives way."""

from __future__ import annotations

from typing import Literal

from textual.content import Content
from textual.widget import Widget


class Sides(Widget):
    """Draws `left` and `right` on one line, the one that `gives` way cut with … where there is no room."""

    DEFAULT_CSS = """
    Sides { height: 1; width: 1fr; }
    """

    def __init__(
        self, gives: Literal["left", "right"] = "left", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._gives = gives
        self._left = Content()
        self._right = Content()

    def show(self, left: Content, right: Content) -> None:
        """Replace both ends."""
        self._left, self._right = left, right
        self.refresh()

    def render(self) -> Content:
        """Draw both ends for the width there is."""
        width = self.content_size.width
        left, right = self._left, self._right
        if self._gives == "left":
            right = right.truncate(width, ellipsis=True)
            left = left.truncate(max(0, width - right.cell_length - 2), ellipsis=True)
        else:
            left = left.truncate(width, ellipsis=True)
            right = right.truncate(max(0, width - left.cell_length - 2), ellipsis=True)
        return Content.assemble(
            left, Content.blank(max(0, width - left.cell_length - right.cell_length)), right
        )
