"""Read: texts in full, one under the other: an item's, what models thought about it, or a single one."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.method.turns import in_lines
from app.store.views import ReviewItem
from app.tui.candidates import groups, number_of
from app.tui.keys import key
from app.tui.screens.base import Question
from app.tui.widgets.candidates import marks_of, name_of, names_of, text_of
from app.tui.widgets.text_body import sliced


class Reader(Question[None]):
    """A wide window of texts to scroll through; subclasses compose them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("z,enter,q", "back", "close", "Close this.", "read.close"),
        key("down,j", "scroll(1)", "down", "Scroll down.", "read.down"),
        key("up,k", "scroll(-1)", "up", "Scroll up.", "read.up"),
        key("pagedown,space", "page(1)", "page down", "Scroll a page down.", "read.page-down"),
        key("pageup", "page(-1)", "page up", "Scroll a page up.", "read.page-up"),
        key("home,g", "edge(-1)", "top", "Go to the top.", "read.top"),
        key("end,G", "edge(1)", "bottom", "Go to the bottom.", "read.bottom"),
    ]

    def __init__(self) -> None:
        super().__init__(classes="wide")

    def compose_window(self) -> ComposeResult:
        """Compose all texts."""
        with VerticalScroll(id="read-body", can_focus=False):
            yield from self.compose_texts()
        yield Static("↑ ↓  scroll     Esc  close", classes="window-keys")

    def compose_texts(self) -> ComposeResult:
        """Compose what is read."""
        raise NotImplementedError

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#read-body").scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        body = self.query_one("#read-body")
        body.scroll_relative(y=pages * max(1, body.size.height - 1), animate=False)

    def action_edge(self, side: int) -> None:
        """Go to one end."""
        body = self.query_one("#read-body")
        body.scroll_to(y=0 if side < 0 else body.max_scroll_y, animate=False)


class ReadScreen(Reader):
    """Shows the task and every candidate of an item without cutting them to their shares."""

    def __init__(self, item: ReviewItem, part: int) -> None:
        super().__init__()
        self._item, self._part = item, part

    def compose_texts(self) -> ComposeResult:
        """Compose the task and the candidates."""
        item, part = self._item, self._part
        if item.turns:
            yield Static(
                sliced(in_lines(item.turns).rstrip(), part, "$foreground-muted"), classes="read-text"
            )
        yield Static(sliced(item.instruction, part, "bold"), classes="read-text")
        if item.input:
            yield Static(sliced(item.input, part), classes="read-text")
        for group in groups(item):
            head = Content.assemble(names_of(group), "  ", marks_of(group, False))
            yield Static(head, classes="read-head")
            yield Static(text_of(group, part, None), classes="read-text")
        for reference in item.references:
            yield Static(Content.styled("reference", "$text-success"), classes="read-head")
            yield Static(sliced(reference, part), classes="read-text")


class ThoughtsScreen(ReadScreen):
    """Shows what models thought before they answered; none of it goes into the data."""

    BINDINGS: ClassVar[list[BindingType]] = [key("h", "back", "close", "Close this.", "thoughts.close")]

    def compose_texts(self) -> ComposeResult:
        """Compose the thoughts of every candidate that has some, and the answer they led to."""
        for group in groups(self._item):
            for candidate in group.members:
                if thought := self._item.thoughts.get(candidate.id):
                    number = Content.styled(f"{number_of(self._item, candidate):d}", "bold $primary")
                    head = Content.assemble(
                        number, "  ", name_of(candidate), ("  thought", "$foreground-muted")
                    )
                    yield Static(head, classes="read-head")
                    yield Static(sliced(thought, self._part), classes="read-text")
                    if not group.error:
                        yield Static(Content.styled("and answered", "$foreground-muted"), classes="read-head")
                    yield Static(text_of(group, self._part, None), classes="read-text")


class TextScreen(Reader):
    """Shows one foreign text under a title."""

    def __init__(self, title: Content, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose_texts(self) -> ComposeResult:
        """Compose title and text."""
        yield Static(self._title, classes="window-title")
        yield Static(sliced(self._text, 0), classes="read-text")
