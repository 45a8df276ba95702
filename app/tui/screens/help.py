"""Help: what the screen is for and all its keys, read from its bindings."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from app.logs import log_path
from app.tui.host import host
from app.tui.keys import BACK, SCREEN_KEYS, key
from app.tui.literal import literal, literal_line, with_emphasis
from app.tui.screens.base import Question, QuorumScreen
from app.tui.widgets.layout import Column, Drawn, cell

KEY_WIDTH = 20
VERB_WIDTH = 20
NARROW_INDENT = 4
"""In a narrow terminal the sentence stands below key and verb."""


class HelpScreen(Question[None]):
    """Lists the keys of the screen below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("question_mark,f1,q,enter", "back", "close", "Close the help.", "help.close"),
        key("m", "manual", "manual", "Open the manual.", "help.manual"),
        key("down,j", "scroll(1)", "down", "Scroll down.", "help.down", show=False),
        key("up,k", "scroll(-1)", "up", "Scroll up.", "help.up", show=False),
        key("pagedown,space", "scroll(10)", "page down", "Scroll a page down.", "help.page-down", show=False),
        key("pageup", "scroll(-10)", "page up", "Scroll a page up.", "help.page-up", show=False),
        key("home,g", "scroll(-1000)", "top", "Go to the top.", "help.top", show=False),
        key("end,G", "scroll(1000)", "bottom", "Go to the bottom.", "help.bottom", show=False),
    ]

    def __init__(self, about: QuorumScreen) -> None:
        super().__init__()
        self._about = about

    def compose_window(self) -> ComposeResult:
        """Compose purpose and key table."""
        yield Static(literal(self._about.NAME), classes="window-title")
        with VerticalScroll(id="help-body", can_focus=False):
            yield Static(with_emphasis(self._about.about()), id="help-about")
            yield KeyTable(self._about)
            yield Static(Content.assemble("Log: ", literal_line(str(log_path()))), id="help-log")
        yield Static("↑ ↓  scroll     m  manual     Esc  close", classes="window-keys")

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self.query_one("#help-body").scroll_relative(y=lines, animate=False)

    def action_manual(self) -> None:
        """Open the manual in place of this window."""
        self.app.pop_screen()
        host(self).open_manual(self._about.NAME)


def gather(screen: Screen[None]) -> list[tuple[list[str], Binding]]:
    """Return the bindings of `screen`, then of all screens and the app: one entry each with all its keys."""
    entries: dict[object, tuple[list[str], Binding]] = {}
    shared = {binding.id for binding in Binding.make_bindings([*SCREEN_KEYS, BACK])}
    bindings = [
        binding
        for node in (screen, screen.app)
        for keys in node._bindings.key_to_bindings.values()
        for binding in keys
    ]
    for binding in sorted(bindings, key=lambda binding: binding.id in shared):
        known = entries.setdefault(binding.group or binding.id, ([], binding))[0]
        shown = screen.app.get_key_display(binding)
        if shown not in known and (binding.group is None or not known):
            known.append(shown)
    return list(entries.values())


class KeyTable(Drawn):
    """One entry per binding: keys, verb, sentence; long sentences continue under themselves."""

    def __init__(self, about: QuorumScreen) -> None:
        super().__init__(id="help-keys")
        self._about = about

    def draw(self, width: int) -> Content:
        """Lay out the entries."""
        lines: list[Content] = []
        beside = width >= KEY_WIDTH + VERB_WIDTH + 20
        indent = KEY_WIDTH + VERB_WIDTH if beside else NARROW_INDENT
        for keys, binding in gather(self._about):
            head = Content.assemble(
                cell(literal_line("  ".join(keys), 80, "bold $primary"), Column(KEY_WIDTH - 2)),
                "  ",
                cell(literal_line(binding.description), Column(VERB_WIDTH - 2)),
                "  ",
            )
            if not beside:
                lines.append(head.rstrip())
                head = Content.blank(indent)
            sentence = literal_line(binding.tooltip, 400, "$foreground-muted")
            for part in sentence.wrap(max(20, width - indent)):
                lines.append(Content.assemble(head, part))
                head = Content.blank(indent)
        return Content("\n").join(lines)
