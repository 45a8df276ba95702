"""Data: sheets by keys, at every size; statistics are counted beside the screen."""

from __future__ import annotations

from pathlib import Path

from tests.tui.conftest import Drive
from tests.tui.visible_text import settle, squeezed


async def test_keys_turn_the_sheets_and_every_one_can_be_drawn(
    drive: Drive, project: Path, size: tuple[int, int]
) -> None:
    async with drive(project, size) as pilot:
        await pilot.press("D")
        await settle(pilot)
        assert "What became of everything that was written?" in squeezed(pilot.app)
        assert "votes 5 3 60 %" in squeezed(pilot.app)
        for question in ("Which model earns its place?", "Which models agree?", "another threshold keep?"):
            await pilot.press("right")
            await settle(pilot)
            assert question in squeezed(pilot.app)
        for _ in range(20):
            await pilot.press("right")
            await settle(pilot)
            shown = squeezed(pilot.app)
            if "Is more generation worth it?" in shown:
                break
        assert "too few to say" in shown
        await pilot.press("escape")
        await settle(pilot)
        assert "Home" in squeezed(pilot.app)
