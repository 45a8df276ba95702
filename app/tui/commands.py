"""What the command palette offers: the screens and the few commands of the app, by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from app.tui.screens.manual import open_manual
from app.tui.screens.questions import AgainScreen

if TYPE_CHECKING:
    from app.tui.app import QuorumApp


def commands(app: QuorumApp) -> Iterator[SystemCommand]:
    """Yield the commands."""
    yield SystemCommand("Home", "Projects, runs and what to do next", lambda: app.go("home"))
    yield SystemCommand("New run", "Choose recipe, models and counts", lambda: app.go("new"))
    yield SystemCommand("Models", "What is on this machine, and try one", lambda: app.go("models"))
    yield SystemCommand("Run", "Watch the run that is going", lambda: app.go("run"))
    yield SystemCommand("Review", "Decide what is good", lambda: app.go("review"))
    yield SystemCommand("Export", "Write rows to a file", lambda: app.go("export"))
    yield SystemCommand("Open a project", "Choose another project file", app.ask_for_project)
    yield SystemCommand(
        "Check yourself", "See items again that you decided, unmarked", lambda: _ask_how_often_again(app)
    )
    yield SystemCommand("Theme", "Choose other colours", app.action_change_theme)
    yield SystemCommand("Help", "What this screen is for, and its keys", app.action_help)
    yield SystemCommand("Manual", "Read and search the manual", lambda: open_manual(app))
    yield SystemCommand("Quit", "Leave Quorum", app.action_quit)


def _ask_how_often_again(app: QuorumApp) -> None:
    def answered(again: int | None) -> None:
        if again is not None:
            app.memory.shows_again(again)

    app.push_screen(AgainScreen(app.memory.again), answered)
