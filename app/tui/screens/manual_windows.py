"""The windows over the manual: search all pages, and the links of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from app.pages import Hit, find
from app.tui.keys import key
from app.tui.literal import field_text, literal_line
from app.tui.screens.base import Question
from app.tui.widgets.fields import PathInput
from app.words import plural

SHORTEST = 2
"""Letters from which on it is searched."""
LISTED = 200
LINE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What was searched for, where it stands, and which of the hits was chosen."""

    phrase: str
    hits: tuple[Hit, ...]
    at: int


class FindScreen(Question[Found]):
    """Asks for a phrase and lists where it stands while it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("down", "move(1)", "next hit", "Go down in the list of hits.", "find.down", show=False),
        key("up", "move(-1)", "hit before", "Go up in the list of hits.", "find.up", show=False),
    ]

    def __init__(self, phrase: str) -> None:
        super().__init__(classes="wide")
        self._phrase = phrase
        self._hits: tuple[Hit, ...] = ()

    def compose_window(self) -> ComposeResult:
        """Compose the field and the list of hits."""
        yield Static("Search the manual", classes="window-title")
        yield PathInput(value=field_text(self._phrase), placeholder="a word or a phrase", id="manual-phrase")
        yield Static(id="manual-count", classes="dim")
        yield OptionList(id="manual-hits", compact=True)
        yield Static("↑ ↓  choose     Enter  open     Esc  leave", classes="window-keys")

    def on_mount(self) -> None:
        """Begin in the field."""
        self._search(self._phrase)
        self.query_one(PathInput).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._search(event.value)

    def _search(self, phrase: str) -> None:
        """List the hits of a phrase."""
        self._phrase = phrase.strip()
        enough = len(self._phrase) >= SHORTEST
        self._hits = tuple(find(self._phrase)) if enough else ()
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options([Option(_line(hit, self._phrase)) for hit in self._hits[:LISTED]])
        listed.highlighted = 0 if self._hits else None
        said = plural(len(self._hits), "hit") if enough else ""
        self.query_one("#manual-count", Static).update(said)

    def action_move(self, lines: int) -> None:
        """Move the highlight while the phrase is typed."""
        listed = self.query_one(OptionList)
        if listed.highlighted is not None:
            listed.highlighted = min(max(0, listed.highlighted + lines), listed.option_count - 1)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _open(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        event.stop()
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(Found(self._phrase, self._hits, at))


def _line(hit: Hit, phrase: str) -> Content:
    """Return the line of a hit: its page, its text, the phrase in it marked."""
    text = literal_line(hit.text, LINE_LIMIT)
    start = hit.text.lower().find(phrase.lower())
    if start >= 0:
        text = text.stylize("bold $primary", start, start + len(phrase))
    return Content.assemble(literal_line(f"{hit.topic:<10}", 12, "$foreground-muted"), text)


class LinksScreen(Question[str]):
    """Lists the links of a page and gives the target of the chosen one."""

    def __init__(self, links: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._links = list(links)

    def compose_window(self) -> ComposeResult:
        """Compose the list."""
        yield Static("Links of this page", classes="window-title")
        if not self._links:
            yield Static("This page has none.")
        yield OptionList(*[Option(_link(text, target)) for text, target in self._links], id="manual-links")
        yield Static("Enter  follow     Esc  leave", classes="window-keys")

    def on_mount(self) -> None:
        """Begin in the list."""
        listed = self.query_one(OptionList)
        listed.highlighted = 0 if self._links else None
        listed.focus()

    @on(OptionList.OptionSelected)
    def _follow(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._links[event.option_index][1])


def _link(text: str, target: str) -> Content:
    """Return the line of a link: its text, and where it leads."""
    return Content.assemble(literal_line(text, 60), "  ", literal_line(target, 200, "$foreground-muted"))
