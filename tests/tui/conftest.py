"""The app as the tests drive it: by keys, with notifications and tooltips on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app.tui.app import QuorumApp
from app.tui.memory import Memory
from tests.tui.filled_projects import fill
from tests.tui.visible_text import settle

SIZES = ((80, 24), (120, 36))
Drive = Callable[..., AbstractAsyncContextManager[Pilot[None]]]
OpenReview = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Both sizes every screen is made for."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drive:
    """Open the app on a project (or none) as the reviewer ann, in an empty folder, and give its pilot."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    memory = tmp_path / "state" / "screens.json"

    @asynccontextmanager
    async def opened(
        project: Path | None = None, size: tuple[int, int] = (120, 36), reviewer: str = "ann"
    ) -> AsyncIterator[Pilot[None]]:
        app = QuorumApp(project, reviewer, memory=Memory.load(memory), keys=tmp_path / "keys.toml")
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            await settle(pilot)
            try:
                yield pilot
            finally:
                await app.stop_run()
                await app.close_project()

    return opened


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with five tasks, three of them kept by the vote."""
    path = tmp_path / "thesis.db"
    fill(path)
    return path


@pytest.fixture
def review(drive: Drive, project: Path) -> OpenReview:
    """Open Review, on the project with five tasks or another, and give the app's pilot."""

    @asynccontextmanager
    async def opened(
        path: Path | None = None, size: tuple[int, int] = (120, 36), reviewer: str = "ann"
    ) -> AsyncIterator[Pilot[None]]:
        async with drive(path or project, size, reviewer) as pilot:
            await pilot.press("r")
            await settle(pilot)
            yield pilot

    return opened
