"""Manual: the pages that ship with Quorum, to read and search, and the windows for hits and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Markdown, OptionList, Static
from textual.widgets.option_list import Option

from app import pages
from app.pages import Hit, find
from app.tui.host import shows_errors
from app.tui.keys import key
from app.tui.literal import field_text, literal_line
from app.tui.screens.base import Question, QuorumScreen
from app.tui.widgets.fields import PathInput
from app.tui.widgets.layout import Sides
from app.tui.widgets.pages import PageList, PageView
from app.words import plural

SHORTEST = 2
"""Letters from which on it is searched."""
LISTED = 200
LINE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Search:
    """What was searched for, where it stands, and which of the hits was chosen."""

    phrase: str
    hits: tuple[Hit, ...]
    at: int


class FindScreen(Question[Search]):
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
        yield Static("↑ ↓  choose     Enter  open     Esc  cancel", classes="window-keys")

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
        count = plural(len(self._hits), "hit") if enough else ""
        self.query_one("#manual-count", Static).update(count)

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
            self.dismiss(Search(self._phrase, self._hits, at))


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
        yield Static("Enter  follow     Esc  cancel", classes="window-keys")

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


FIRST = "start.md"
PAGE_OF = {
    "New run": "models.md",
    "Models": "models.md",
    "Run": "method.md",
    "Instructions": "method.md#stage-by-stage",
    "Review": "review.md",
    "Judge": "right.md",
    "Card": "right.md#the-report-card",
    "Data": "data.md",
    "Threshold": "review.md#many-at-once",
    "Export": "exports.md",
    "Audit": "right.md#the-certificate",
    "Rate": "evaluation.md#side-by-side",
    "Import": "import.md#on-the-screen",
}
"""Where the manual opens when it is asked for on a screen of that name."""
PHRASE_LIMIT = 40


class ManualScreen(QuorumScreen):
    """The list of pages beside the page; search goes over all of them."""

    NAME = "Manual"
    ABOUT = (
        "The manual of Quorum, to read here or by `quorum help TOPIC`. The list has every page and the parts "
        "of the page that is open. Search looks through all pages."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("tab", "pages", "pages", "Go to the list of pages, and back.", "manual.pages"),
        key("slash", "find", "search", "Search all pages.", "manual.find"),
        key("n", "hit(1)", "next hit", "Go to the next hit of the search.", "manual.next-hit"),
        key("N", "hit(-1)", "hit before", "Go to the hit before.", "manual.hit-before", show=False),
        key("l,enter", "links", "links", "List the links of this page and follow one.", "manual.links"),
        key("b", "back_to", "back to", "Go back to where you came from.", "manual.back-to"),
        key("right", "turn(1)", "next page", "Open the next page.", "manual.next-page", show=False),
        key("left", "turn(-1)", "page before", "Open the page before.", "manual.page-before", show=False),
        key("down,j", "scroll(1)", "down", "Scroll down.", "manual.down", show=False),
        key("up,k", "scroll(-1)", "up", "Scroll up.", "manual.up", show=False),
        key("pagedown,space", "screenful(1)", "screen down", "Scroll a screen down.", "manual.screen-down",
            show=False),
        key("pageup", "screenful(-1)", "screen up", "Scroll a screen up.", "manual.screen-up", show=False),
        key("home,g", "edge(-1)", "top", "Go to the top of the page.", "manual.top", show=False),
        key("end,G", "edge(1)", "bottom", "Go to the bottom of the page.", "manual.bottom", show=False),
    ]  # fmt: skip

    AUTO_FOCUS = ""  # type: ignore[assignment]  # None would let the app give the keys to the list

    def __init__(self, target: str = FIRST) -> None:
        super().__init__()
        self._target = target
        self._page: pages.Page | None = None
        self._before: list[tuple[str, float]] = []
        self._phrase = ""
        self._hits: tuple[Hit, ...] = ()
        self._at = 0

    def compose_body(self) -> ComposeResult:
        """Compose the list, the page and the line about the search."""
        with Horizontal(id="manual-body"):
            yield PageList(id="manual-pages")
            yield PageView(id="manual-page")
        yield Sides("right", id="manual-status", classes="status")

    async def on_mount(self) -> None:
        """Open the page that was asked for."""
        await self._open(*pages.place(self._target))

    async def _open(self, page: pages.Page, line: int = 0, *, mark: bool = False) -> None:
        """Show a page at a line of its source."""
        view = self.query_one(PageView)
        if page != self._page:
            self._page = page
            await view.show(page)
            self.query_one(PageList).show(page)
            self.show_title(literal_line(page.title, 60))
        view.go_to(line, mark=mark)
        self._say(Content())
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what leads somewhere: other hits of a search, and a way back."""
        leads = {"hit": bool(self._hits), "back_to": bool(self._before)}
        return leads.get(action, True) and super().check_action(action, parameters)

    def _say(self, right: Content) -> None:
        """Say on the last line which hit is shown, and `right` beside it."""
        words = Content()
        if self._hits:
            phrase = literal_line(self._phrase, PHRASE_LIMIT)
            words = Content.assemble(f"hit {self._at + 1:d} of {len(self._hits):d} for “", phrase, "”")
        self.query_one("#manual-status", Sides).show(words, right)

    def _remember(self) -> None:
        """Keep the present place to come back to."""
        if self._page is not None:
            self._before.append((self._page.topic, self.query_one(PageView).scroll_y))

    # ---- pages and links --------------------------------------------------------------------------

    def action_pages(self) -> None:
        """Give the keys to the list, or back to the page."""
        listed = self.query_one(PageList)
        self.set_focus(None if listed.has_focus else listed)

    @on(OptionList.OptionSelected, "#manual-pages")
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.set_focus(None)
        await self._follow(event.option_id or FIRST)

    async def action_turn(self, pages_on: int) -> None:
        """Open a neighbour of this page."""
        if self._page is not None:
            at = pages.TOPICS.index(self._page.topic) + pages_on
            if 0 <= at < len(pages.TOPICS):
                await self._open(pages.page(pages.TOPICS[at]))

    @on(Markdown.LinkClicked)
    async def _clicked(self, event: Markdown.LinkClicked) -> None:
        event.stop()
        await self._follow(event.href)

    def action_links(self) -> None:
        """List the links of this page."""

        def chosen(target: str | None) -> None:
            if target is not None:
                self.run_worker(self._follow(target), group="manual")

        if self._page is not None:
            self.app.push_screen(LinksScreen(pages.links(self._page)), chosen)

    @shows_errors
    async def _follow(self, target: str) -> None:
        """Go where a link leads; an address outside is shown, never opened."""
        if ":" in target:
            self._say(literal_line(target, 300, "$primary"))
            return
        page, line = pages.place(target)
        self._remember()
        await self._open(page, line)

    async def action_back_to(self) -> None:
        """Go back to where a link, a hit or a page of the list was opened."""
        if self._before:
            topic, y = self._before.pop()
            await self._open(pages.page(topic))
            view = self.query_one(PageView)
            view.call_after_refresh(view.scroll_to, y=y, animate=False)

    # ---- search -----------------------------------------------------------------------------------

    def action_find(self) -> None:
        """Ask for a phrase, and go to the hit that is chosen."""

        def chosen(search: Search | None) -> None:
            if search is not None:
                self._phrase, self._hits, self._at = search.phrase, search.hits, search.at
                self._remember()
                self.run_worker(self._show_hit(), group="manual")

        self.app.push_screen(FindScreen(self._phrase), chosen)

    async def action_hit(self, hits_on: int) -> None:
        """Go to another hit; after the last one comes the first."""
        if self._hits:
            self._at = (self._at + hits_on) % len(self._hits)
            await self._show_hit()

    async def _show_hit(self) -> None:
        hit = self._hits[self._at]
        await self._open(pages.page(hit.topic), hit.line, mark=True)

    # ---- scrolling --------------------------------------------------------------------------------

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(PageView).scroll_relative(y=lines, animate=False)

    def action_screenful(self, screens: int) -> None:
        """Scroll by screens."""
        view = self.query_one(PageView)
        view.scroll_relative(y=screens * max(1, view.size.height - 1), animate=False)

    def action_edge(self, side: int) -> None:
        """Go to one end of the page."""
        view = self.query_one(PageView)
        view.scroll_to(y=0 if side < 0 else view.max_scroll_y, animate=False)
