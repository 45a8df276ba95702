"""What screens share: errors are shown, and what is drawn on a screen that is gone is not missed."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Label

from app.tui.host import shows_errors
from tests.tui.visible_text import until


class Drawing(Screen[None]):
    """A screen that draws on what may be gone."""

    @shows_errors
    async def draw(self) -> str:
        """Draw, and say so."""
        self.query_one(Label).update("drawn")
        return "drawn"


async def test_what_is_drawn_on_a_screen_that_was_left_is_not_missed() -> None:
    async with App[None]().run_test() as pilot:
        screen = Drawing()
        await pilot.app.push_screen(screen)
        with pytest.raises(NoMatches):
            await screen.draw()  # still shown: a slip of ours, which must be seen
        await pilot.app.pop_screen()
        assert await screen.draw() is None
        await pilot.app.push_screen(last := Drawing())
        pilot.app.exit()
        await until(pilot, lambda: not pilot.app.is_running, "the end of the app")
        assert await last.draw() is None  # an app that ends takes its screens down before it is gone
