"""A foreign text that scrolls inside its panel, and says how many lines are still below."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from app.tui.literal import literal, slice_of

QUICK = 16 * 1024
"""Up to this many characters the height is measured by wrapping; beyond, a text counts as very tall."""
TALL = 100_000


class TextBody(VerticalScroll, can_focus=False, can_focus_children=False):
    """Shows one slice of a text; `fit` gives it its share of the lines there are."""

    class Moved(Message):
        """What is visible of the text has changed."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(Static(), id=id, classes=classes)
        self._content = Content()
        self._laid_out = False

    def show(self, content: Content) -> None:
        """Show `content` from its first line."""
        self._content, self._laid_out = content, False
        self.query_one(Static).update(content)
        self.scroll_to(y=0, animate=False, immediate=True)
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        self._laid_out = True
        self.post_message(self.Moved())

    def wanted(self, width: int) -> int:
        """Return how many lines the text takes at `width` cells."""
        if len(self._content) > QUICK:
            return TALL
        return max(1, self._content.get_height({}, max(1, width)))

    def fit(self, lines: int) -> None:
        """Take at most `lines` lines."""
        self.styles.max_height = max(1, lines)

    @property
    def below(self) -> int:
        """How many lines lie below what is visible; 0 while the text is not laid out yet."""
        return self._laid_out * max(0, self.virtual_size.height - self.size.height - int(self.scroll_y))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that another part is visible."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())

    def watch_virtual_size(self, size: Size) -> None:
        """Tell that the text has another height."""
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Tell that there is more or less room."""
        self.post_message(self.Moved())


def sliced(text: str, number: int, style: str = "") -> Content:
    """Return slice `number` of `text`, with a mark when there is more than one."""
    part = slice_of(text, number)
    shown = literal(part.text, style)
    if not part.cut:
        return shown
    mark = Content.assemble(
        "\n", (f"— part {part.number + 1:d} of {part.of:d} · < and > turn the parts —", "$text-warning")
    )
    return Content.assemble(shown, mark)
