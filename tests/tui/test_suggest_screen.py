from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import pytest

from app.engine import hub
from app.engine.devices import Devices
from app.engine.suggest import suggestions
from app.tui.screens import suggest as suggest_screen
from tests.engine.tiny_gguf import build, write
from tests.tui.conftest import Drive
from tests.tui.visible_text import seen, settle, squeezed, until

Told = Callable[[int, int], None]


@pytest.fixture
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of 8 GB without a GPU."""

    async def none() -> Devices:
        return Devices(built_for_gpus=False)

    monkeypatch.setattr(suggest_screen, "find_devices", none)
    monkeypatch.setattr(suggest_screen, "total_memory", lambda: 8 * 10**9)


async def test_models_for_this_machine_are_named_and_one_enter_gets_them(
    drive: Drive, size: tuple[int, int], small_machine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pull_all(wanted: Sequence[tuple[str, str]], folder: Path, progress: Told) -> list[Path]:
        progress(len(wanted), len(wanted))
        folder.mkdir()
        return [write(folder / file, build()) for _, file in wanted]

    monkeypatch.setattr(hub, "pull_all", pull_all)
    async with drive(None, size) as pilot:
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        text = squeezed(pilot.app)
        for model in suggestions().sets[0].models:
            assert model.file in text and model.repository in text
        assert "Enter download 3 files, about 4.8 GB, to ./models" in text
        await pilot.press("enter")
        await until(pilot, lambda: "All of them are here" in seen(pilot.app), "the download")
        await pilot.press("escape")
        await settle(pilot)
        await until(pilot, lambda: "4 models of 6 files" in seen(pilot.app), "the list: the three are copies")


def test_the_list_says_what_was_looked_up_and_that_no_model_was_measured() -> None:
    told = suggest_screen.set_text(suggestions().sets[0], [], []).plain.splitlines()[-1]
    assert told == (
        f"Names, sizes and licences were looked up on {suggestions().checked}; "
        "how well the models write or answer was not measured."
    )


async def test_a_download_can_be_stopped_and_resumed(
    drive: Drive, small_machine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Event()

    def pull_all(wanted: Sequence[tuple[str, str]], folder: Path, progress: Told) -> list[Path]:
        progress(1, 4)
        waiting.wait(10)
        progress(2, 4)
        return []

    monkeypatch.setattr(hub, "pull_all", pull_all)
    async with drive() as pilot:
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "25% of" in seen(pilot.app), "progress")
        await pilot.press("escape")
        waiting.set()
        await until(pilot, lambda: "Stopped; what has come stays" in seen(pilot.app), "the end")
        assert "Enter download 3 files" in squeezed(pilot.app)
