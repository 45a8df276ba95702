"""What all screens share: title, body, keys, and the line that stands for them in a small terminal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Footer, Static

from app.store.project import Project
from app.tui.host import host
from app.tui.keys import BACK, SCREEN_KEYS
from app.tui.widgets.layout import Sides

MIN_WIDTH, MIN_HEIGHT = 60, 20
TALL = 30
"""From this height on there is room for generous space."""
ALWAYS = frozenset({"quit", "help", "back", "app.quit"})
"""Actions that may run while the terminal is too small to see what they do."""

T = TypeVar("T")


class TooSmall(Static):
    """The one line that stands for a screen which does not fit."""

    def on_mount(self) -> None:
        """Name the size at the start."""
        self.resized(self.app.size.width, self.app.size.height)

    def resized(self, width: int, height: int) -> None:
        """Name the present size."""
        self.update(
            Content(
                f"Quorum needs {MIN_WIDTH:d} × {MIN_HEIGHT:d} cells; this terminal is {width:d} × {height:d}."
            )
        )


class TitleBar(Sides):
    """Product and project on the left, the screen and where it stands on the right."""


class Fitting(Screen[T]):
    """A screen that hides behind one line, and its keys with it, while the terminal is too small."""

    AUTO_FOCUS = None

    def on_resize(self, event: events.Resize) -> None:
        """Show the one line instead of the screen when it does not fit."""
        self.set_class(event.size.width < MIN_WIDTH or event.size.height < MIN_HEIGHT, "-too-small")
        self.set_class(event.size.height < TALL, "-low")
        self.set_class(event.size.height >= TALL, "-tall")
        self.query_one(TooSmall).resized(event.size.width, event.size.height)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key decide anything that cannot be seen."""
        return not (self.has_class("-too-small") and action not in ALWAYS)


class QuorumScreen(Fitting[None], inherit_bindings=False):
    """A full screen. Subclasses say `NAME`, `ABOUT`, compose a body and keep the title up to date."""

    NAME: ClassVar[str] = ""
    ABOUT: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [*SCREEN_KEYS, BACK]

    _opened: Project | None = None
    """The project that is shown, by a screen on which something is stored."""

    @property
    def _project(self) -> Project:
        """The project that is shown; it is closed once another one was opened."""
        return self._opened or host(self).require_project()

    def compose(self) -> ComposeResult:
        """Compose the frame round the body."""
        yield TooSmall()
        yield TitleBar()
        yield from self.compose_body()
        yield Footer(show_command_palette=False)

    def compose_body(self) -> ComposeResult:
        """Compose what lies between title and keys."""
        raise NotImplementedError

    def about(self) -> str:
        """Return what the help says of this screen (it may hold foreign text)."""
        return self.ABOUT

    def show_title(self, right: Content | None = None) -> None:
        """Draw the title line: the open project, this screen, and `right` after its name."""
        name = Content.styled(self.NAME, "bold")
        self.query_one(TitleBar).show(
            Content.assemble(("Quorum", "bold $primary"), "  ", host(self).project_label()),
            Content.assemble(name, "   ", right) if right else name,
        )

    def put_down(self) -> None:
        """Remember what is worth remembering before the project is closed."""

    def action_back(self) -> None:
        """Go back to the previous screen."""
        host(self).leave(self)


class Question(ModalScreen[T], Fitting[T], inherit_bindings=False):
    """A small window over a screen that gives an answer of type T; escape gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [*SCREEN_KEYS, BACK]
    stores: Callable[[T], Awaitable[bool | None]] | None = None
    """Stores the answer before the window closes: where that fails, the window stays with what was typed."""

    def compose(self) -> ComposeResult:
        """Compose the window."""
        yield TooSmall()
        with Vertical(classes="window"):
            yield from self.compose_window()

    def compose_window(self) -> ComposeResult:
        """Compose what is in the window."""
        raise NotImplementedError

    async def give(self, answer: T) -> None:
        """Close with an answer, once it is stored where somebody stores it."""
        if self.stores is None or await self.stores(answer):
            self.dismiss(answer)

    def action_back(self) -> None:
        """Leave without an answer; a changed text is not thrown away by one key."""
        if not self.warns():
            self.dismiss(None)

    def warns(self) -> bool:
        """Say whether leaving would throw away a text that the person was not asked about yet, and ask."""
        return False
