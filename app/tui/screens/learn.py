"""Learn: what the judgements of this project teach, what that gains, and a key that votes by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from app.errors import QuorumError
from app.run.learn import Learned, learn
from app.run.learned_words import learned_lines
from app.run.revoting import revote_undecided
from app.run.voting import PROBABLE, Asked
from app.store import fits
from app.store.project import Connection
from app.tui.host import host, shows_errors
from app.tui.keys import key
from app.tui.literal import literal
from app.tui.screens.base import Question
from app.words import plural


def learn_on(screen: Screen[Any], voted: Callable[[], object]) -> None:
    """Open the window over a screen; afterwards say how many items were voted on, and call `voted`."""

    def applied(count: int | None) -> None:
        if count is not None:
            host(screen).say(Content(f"{plural(count, 'item')} voted on again"))
            voted()

    screen.app.push_screen(LearnScreen(), applied)


class LearnScreen(Question[int]):
    """Learns from what was judged and shows it; Enter stores it and votes; gives how many were voted on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "apply", "vote by it", "Vote by it on what nobody has decided.", "learn.apply"),
        key("down", "scroll(3)", "down", "Scroll down.", "learn.down", show=False),
        key("up", "scroll(-3)", "up", "Scroll up.", "learn.up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(classes="wide")
        self._learned: Learned | None = None

    def compose_window(self) -> ComposeResult:
        """Compose what was learned."""
        yield Static(Content("Learn from what was judged"), classes="window-title")
        with VerticalScroll(classes="window-text", can_focus=False, id="learn-body"):
            yield Static("Learning …", id="learn-text")
        yield Static("Esc  close", classes="window-keys", id="learn-keys")

    def on_mount(self) -> None:
        """Learn, off the event loop."""
        self._project = host(self).require_project()
        self.run_worker(self._learn(), group="learn", exclusive=True)

    async def _learn(self) -> None:
        project = self._project
        try:
            self._learned = await project.fetch(learn)
        except QuorumError as error:
            self.query_one("#learn-text", Static).update(literal(f"{error.message}\n{error.hint}"))
            return
        self.query_one("#learn-text", Static).update(literal("\n".join(learned_lines(self._learned))))
        if not project.read_only:
            words = f"Enter  vote by it where nobody decided, kept from {PROBABLE:.0%}     Esc  close"
            self.query_one("#learn-keys", Static).update(words)

    def action_scroll(self, lines: int) -> None:
        """Scroll what was learned."""
        self.query_one("#learn-body").scroll_relative(y=lines, animate=False)

    @shows_errors
    async def action_apply(self) -> None:
        """Store what was learned, and vote by it."""
        learned, project = self._learned, self._project
        if learned is None or project.read_only:
            return

        def change(c: Connection) -> int:
            fits.save(c, learned.fit)
            return revote_undecided(c, Asked("learned", PROBABLE))

        self._learned = None  # a second key must not do it again
        try:
            self.dismiss(await project.write(change))
        except QuorumError:
            self._learned = learned  # but Enter does, once it can be stored
            raise
