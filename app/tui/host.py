"""The app as its screens see it: what they may ask of it, and what it tells them.

Screens import this, never the app: the app imports the screens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar, cast

from textual.content import Content
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.message import Message
from textual.screen import Screen

from app.errors import QuorumError
from app.run.plan import Plan
from app.run.progress import RunSnapshot
from app.store.project import Project, ProjectClosed
from app.tui.active_run import ActiveRun
from app.tui.memory import Memory

P = ParamSpec("P")
T = TypeVar("T")
W = TypeVar("W", bound=DOMNode)

Place = Literal[
    "home",
    "new",
    "models",
    "run",
    "instructions",
    "review",
    "judge",
    "rate",
    "card",
    "data",
    "export",
    "audit",
    "import",
]
"""The screens that open one another by name; a window is opened by the screen below it."""


class Host(Protocol):
    """What a screen may ask of the app. Work that must outlive the screen is done by the app."""

    reviewer: str
    memory: Memory
    running: ActiveRun
    project: Project | None
    opening: Path | None
    """The project that was named at the start, until it is open or cannot be: until then nothing is begun."""
    added_models: list[Path]
    """Model files and folders that the person named in this session."""
    can_resume: bool
    """Whether the newest run of the project is unfinished."""
    gate_open: bool
    """Whether that run waits for decisions on its instructions."""

    def require_project(self) -> Project:
        """Return the open project; ProjectError where none is open."""

    def project_label(self) -> Content:
        """Return the name of the open project for the title line."""

    def ask_for_project(self) -> None:
        """Ask which project to open, and open it."""

    async def open_project(self, path: Path, *, create: bool = False) -> bool | None:
        """Open `path` in place of the open project; an error is shown, and the open project stays."""

    def switch_project(self, path: Path) -> object:
        """Open another project in the background."""

    def try_it(self) -> object:
        """Make the first project in the background and start the default run in it."""

    def start_default(self) -> object:
        """Start the default run in the open project."""

    def begin_run(self, plan: Plan, path: Path | None) -> object:
        """Start a new plan in the open project, or in the one at `path`."""

    async def resume_run(self) -> None:
        """Resume the newest run of the open project."""

    def answer_asked(self) -> object:
        """Let models answer what was asked again in the background, if no run does."""

    async def stop_run(self) -> None:
        """Stop the run now and wait until its workers are gone; what is stored stays."""

    async def runs_changed(self) -> None:
        """Take up that other runs of the project count now."""

    def go(self, place: Place) -> None:
        """Show a screen: back to it if it lies below, else on top."""

    async def review_only(self, numbers: tuple[int, ...]) -> None:
        """Show these items, and no others, in Review."""

    def open_manual(self, about: str = "") -> None:
        """Show the manual, open at what it says of the screen named `about`."""

    def leave(self, screen: Screen[None]) -> None:
        """Leave `screen`, if it is the one that is shown, for the one below it."""

    def show_error(self, error: QuorumError) -> None:
        """Show an error once, with its hint."""

    def say(self, text: Content) -> None:
        """Say something that needs no answer; it goes away by itself."""


def host(node: DOMNode) -> Host:
    """Return the app that `node` lives in."""
    return cast("Host", node.app)


def shows_errors(
    method: Callable[Concatenate[W, P], Awaitable[T]],
) -> Callable[Concatenate[W, P], Coroutine[Any, Any, T | None]]:
    """Wrap an async method: a QuorumError in it is shown once with its hint, and the screen stays.

    What it wanted to draw may be gone by then, or the project closed: who left the screen meanwhile, or the
    app, does not miss it.
    """

    @wraps(method)
    async def wrapped(self: W, *args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return await method(self, *args, **kwargs)
        except ProjectClosed:
            return None
        except QuorumError as error:
            host(self).show_error(error)
            return None
        except NoMatches:
            left = isinstance(self, Screen) and self not in self.app.screen_stack
            if left or not self.app.is_running:
                return None
            raise

    return cast("Callable[Concatenate[W, P], Coroutine[Any, Any, T | None]]", wrapped)


# ---- what the app tells: every message is a fact that already holds -----------------------------------


class SnapshotTaken(Message):
    """The run in progress looks like this now; a newer one replaces it."""

    bubble = False

    def __init__(self, snapshot: RunSnapshot) -> None:
        super().__init__()
        self.snapshot = snapshot

    def can_replace(self, message: Message) -> bool:
        """Let only the latest snapshot wait in the queue."""
        return isinstance(message, SnapshotTaken)


class RunEnded(Message):
    """The run has come to its end: done, stopped or failed."""

    bubble = False


class ProjectChanged(Message):
    """Another project is open, or what Home tells about it is out of date."""

    bubble = False
