"""Open: choose a project file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from app.tui.keys import key
from app.tui.literal import literal_line
from app.tui.memory import Figures
from app.tui.screens.questions import PathQuestion
from app.tui.widgets.choices import Choice, Choices
from app.tui.widgets.fields import PathInput
from app.words import bar, count

BAR = 12
"""Cells of the bar that tells how much of a project is decided."""


class OpenScreen(PathQuestion):
    """Asks for a project file: typed, or one of the recent ones."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("down", "recent", "recent projects", "Go to the recent projects.", "open.recent", show=False)
    ]

    def __init__(self, recent: Sequence[Path]) -> None:
        super().__init__()
        self._recent = list(recent)

    def compose_window(self) -> ComposeResult:
        """Compose field and list."""
        yield Static("Open a project", classes="window-title")
        yield PathInput(placeholder="path of a project file, for example thesis.db", id="open-path")
        if self._recent:
            yield Static("or a recent one  (↓)", classes="dim")
            yield Choices(id="open-recent")
        yield Static("Enter  open     Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """List the recent projects."""
        if self._recent:
            self.query_one(Choices).show(recent_choices(self._recent))

    @on(Choices.OptionSelected)
    def _open_recent(self, event: Choices.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._recent[event.option_index])

    def action_recent(self) -> None:
        """Go down into the list."""
        if self._recent:
            self.query_one(Choices).focus()


def recent_choices(paths: Sequence[Path], figures: Mapping[str, Figures] | None = None) -> list[Choice]:
    """Return one choice per recent project: name and folder, and where that is known how much is decided."""
    return [
        Choice(f"recent-{at}", Content("·"), _recent(path, (figures or {}).get(str(path))))
        for at, path in enumerate(paths)
    ]


def _recent(path: Path, known: Figures | None) -> Content:
    named = literal_line(path.name, 60)
    folder = literal_line(short_folder(path), 200, style="$foreground-muted")
    if known is None or not known.of:
        return Content.assemble(named, "   ", folder)
    drawn, still_open = bar(known.decided, known.of, BAR)
    decided = f"  {count(min(known.decided, known.of))} of {count(known.of)} decided"
    return Content.assemble(named, "   ", folder, "\n", (drawn, "$primary"), (still_open, "$border"), decided)


def short_folder(path: Path) -> str:
    """Return the folder of `path`, with ~ for the home folder (foreign text)."""
    try:
        return str(Path("~") / path.parent.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path.parent)
