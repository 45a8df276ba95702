"""A model whose worker keeps dying, seen by the person in front of the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.scripted import use_scripted_worker
from tests.tui.conftest import Drive
from tests.tui.visible_text import squeezed, until


async def test_five_deaths_pause_the_run_with_the_last_words_and_space_goes_on(
    drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: object
) -> None:
    use_scripted_worker(monkeypatch, "sick", tmp_path)
    async with drive() as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "‖ run 1 · paused" in squeezed(pilot.app), "the pause")
        text = squeezed(pilot.app)
        assert "crashed 5 times; last error: llama.cpp gave up (SIGABRT): GGML_ASSERT(buffer) failed" in text
        assert "Check the model file and the free memory, then resume." in text
        assert "space resume" in text
        (tmp_path / "well").touch()
        await pilot.press("space")
        await until(pilot, lambda: "✓ run 1 · done" in squeezed(pilot.app), "the end")
        assert "died" not in squeezed(pilot.app).split("just now")[0]
