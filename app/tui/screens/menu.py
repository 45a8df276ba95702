"""A short menu over Review: which list, which order, each with how many items it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from app.errors import QuorumError
from app.store import review
from app.store.filters import Filter
from app.tui.host import host, shows_errors
from app.tui.keys import key
from app.tui.literal import literal
from app.tui.screens.base import Question
from app.tui.widgets.choices import KEY_WIDTH, Choice, Choices
from app.tui.widgets.layout import Column, cell
from app.words import count

WORDS, NUMBERS = Column(42), Column(9, "right")
CHROME = 4 + KEY_WIDTH + NUMBERS.width
"""Cells of a line that are not words: its edges, its key, its mark and its count."""
T = TypeVar("T", bound=str)
NUMBERED = Binding.Group("take")


class MenuScreen(Question[T]):
    """Gives what was taken. `counted` maps choices to the filter whose items are counted, one by one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            f"{number}",
            f"take({number})",
            "take",
            "Take the line with that number.",
            f"menu.take-{number}",
            display="1-9",
            group=NUMBERED,
        )
        for number in range(1, 10)
    ]

    def __init__(self, title: str, choices: Mapping[T, str], taken: T, counted: Mapping[T, Filter]) -> None:
        super().__init__()
        self._title = title
        self._choices, self._taken, self._counted = choices, taken, counted
        self._counts: dict[T, int] = {}

    def compose_window(self) -> ComposeResult:
        """Compose title, choices and keys."""
        yield Static(literal(self._title), classes="window-title")
        yield Choices(id="menu-choices")
        yield Static("↑ ↓  move     1-9  Enter  take     Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """Offer the choices with the present one marked, and begin to count."""
        self._show()
        choices = self.query_one(Choices)
        choices.highlighted = list(self._choices).index(self._taken) if self._taken in self._choices else 0
        choices.focus()
        self.run_worker(self._count(), group="menu")

    def on_resize(self, event: events.Resize) -> None:
        """Lay the lines out for the new width."""
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def action_take(self, number: int) -> None:
        """Take a line by its number."""
        if number <= len(self._choices):
            self.dismiss(list(self._choices)[number - 1])

    @on(Choices.OptionSelected)
    def _taken_by_cursor(self, event: Choices.OptionSelected) -> None:
        self.dismiss(list(self._choices)[event.option_index])

    @shows_errors
    async def _count(self) -> None:
        project, reviewer = host(self).require_project(), host(self).reviewer
        try:
            for name, wanted in self._counted.items():
                self._counts[name] = await project.fetch(
                    lambda c, wanted=wanted: review.count(c, wanted, reviewer)  # type: ignore[misc]
                )
                self._show()
        except QuorumError:
            self._counted = {}
            self._show()
            raise

    def _show(self) -> None:
        self.query_one(Choices).show(
            [
                Choice(name, Content(f"{number:d}"), self._line(name, words))
                for number, (name, words) in enumerate(self._choices.items(), start=1)
            ]
        )

    def _line(self, name: T, words: str) -> Content:
        """Return the words of a choice and its count; … while it is being counted."""
        mark = "● " if name == self._taken else "○ "
        known = self._counts.get(name)
        waits = Content("…" if name in self._counted else "")
        counted = Content(count(known)) if known is not None else waits
        room = self.query_one(Choices).size.width - CHROME
        named = WORDS if room <= 0 else Column(min(WORDS.width, room))
        return Content.assemble(mark, cell(literal(words), named), cell(counted, NUMBERS))
