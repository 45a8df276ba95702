"""Another project is opened while a screen or a window shows the one before: nothing is mixed up."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from app.bench import worlds
from app.export.write import Preview
from app.store.project import Connection, Project
from app.tui.app import QuorumApp
from tests.run.evaluated_project import evaluate
from tests.run.judged_projects import ME, judge, made
from tests.tui.conftest import Drive
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import settle, squeezed

OTHER = (Task("Name a colour of the sky at night.", "", ("black", "black", "black")),)
WORLD = worlds.siblings(30, 3)


def written(c: Connection) -> int:
    """Count what people have said in a project."""
    tables = ("events", "judgements", "ratings", "guidelines", "fits")
    return sum(int(c.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in tables)


@pytest.mark.parametrize(
    ("place", "window", "then"),
    [
        ("review", "e !", "ctrl+s"),
        ("review", "b enter", "enter"),
        ("judge", "k !", "ctrl+s"),
        ("home", "L", "enter"),
        ("rate", "", "1"),
        ("export", "ctrl+s", "y"),
    ],
)
async def test_what_was_begun_on_one_project_is_not_stored_in_another(
    drive: Drive, tmp_path: Path, place: str, window: str, then: str
) -> None:
    first, other = tmp_path / "first.db", tmp_path / "other.db"
    if place == "rate":
        evaluate(first)
    else:
        with made(first, WORLD) as project:
            project.write_now(lambda c: judge(c, WORLD, 20))
    fill(other, OTHER)
    (tmp_path / "work" / "first.jsonl").write_text("mine")
    async with drive(first, reviewer=ME) as pilot:
        app = pilot.app
        assert isinstance(app, QuorumApp)
        if place != "home":
            app.go(place)  # type: ignore[arg-type]
        await settle(pilot)
        await pilot.press(*window.split())
        await settle(pilot)
        await app.switch_project(other).wait()
        await settle(pilot)
        await pilot.press(*then.split())
        await settle(pilot)
        assert app.is_running and app.project is not None and app.project.path == other
        assert app.project.read(written) == 0
    assert (tmp_path / "work" / "first.jsonl").read_text() == "mine"


async def test_threshold_shows_the_votes_of_the_project_that_is_open(
    drive: Drive, project: Path, tmp_path: Path
) -> None:
    fill(other := tmp_path / "other.db", OTHER)
    async with drive(project) as pilot:
        app = pilot.app
        assert isinstance(app, QuorumApp)
        await pilot.press("r", "T")
        await settle(pilot)
        assert "of 5" in squeezed(app)
        await app.switch_project(other).wait()
        await settle(pilot)
        assert "of 1" in squeezed(app) and "of 5" not in squeezed(app)


async def test_a_screen_can_be_gone_to_while_another_project_is_opened(
    drive: Drive, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(other := tmp_path / "other.db", OTHER)
    close, closing = Project.close, asyncio.Event()

    def slowly(self: Project) -> None:
        loop.call_soon_threadsafe(closing.set)
        close(self)

    loop = asyncio.get_running_loop()
    async with drive(project) as pilot:
        app = pilot.app
        assert isinstance(app, QuorumApp)
        with monkeypatch.context() as patch:
            patch.setattr(Project, "close", slowly)
            opening = app.switch_project(other)
            await closing.wait()
            app.go("export")
            await opening.wait()
        await settle(pilot)
        assert "Export" in squeezed(app) and "other.db" in squeezed(app)


async def test_what_export_counts_is_not_waited_for_when_the_project_is_closed(
    drive: Drive, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, waited = threading.Event(), []

    def slowly(counted: Project, _asked: object, stopped: threading.Event) -> Preview:
        def look(_: Connection) -> Preview:
            counting.set()
            waited.append(stopped.wait(20))
            return Preview(0, 0, "")

        return counted.read(look)

    monkeypatch.setattr("app.tui.screens.export.preview", slowly)
    async with drive(project) as pilot:
        app = pilot.app
        assert isinstance(app, QuorumApp)
        app.go("export")
        assert await asyncio.to_thread(counting.wait, 20)
        await asyncio.wait_for(app.close_project(), 4)
        assert waited == [True]
