"""The whole road by keys, with the bundled models: from Enter on an empty machine to an exported file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.engine.catalog import BundledModels
from app.store import counts, review
from app.store.project import Project
from app.tui.app import QuorumApp
from tests.tui.conftest import Drive
from tests.tui.visible_text import lines_of, seen, settle, squeezed, until


def summary(path: Path) -> Any:
    with Project.open(path, read_only=True) as project:
        return project.read(lambda c: counts.summary(c).runs[0])


async def test_from_enter_on_an_empty_machine_to_an_exported_file(
    drive: Drive, bundled_models: BundledModels, size: tuple[int, int]
) -> None:
    async with drive(None, size) as pilot:
        await pilot.press("enter")
        await until(
            pilot, lambda: "done" in squeezed(pilot.app).split("run 1")[-1][:9], "the end of the run", 300
        )
        assert "r review" in squeezed(pilot.app)
        await pilot.press("r")
        await settle(pilot)
        assert "● winner" in seen(pilot.app)
        await pilot.press("a", "1", "x", "space")
        await settle(pilot)
        assert "decided 3" in squeezed(pilot.app)
        await pilot.press("E")
        await settle(pilot)
        while pilot.app.focused is None or pilot.app.focused.id != "export-include":
            await pilot.press("tab")
        await pilot.press("down", "enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "✓ 2 rows written" in squeezed(pilot.app)
    rows = [json.loads(line) for line in lines_of("quorum-first.jsonl")]
    assert len(rows) == 2 and all(set(row) == {"instruction", "input", "output"} for row in rows)
    run = summary(Path("quorum-first.db"))
    assert run.state == "done" and run.total("instructions", "kept") >= 20
    assert run.total("decisions", "rejected") == 1 and run.total("decisions", "later") == 1


async def test_review_goes_on_while_a_run_goes_and_the_run_survives_leaving_and_stopping(
    drive: Drive, bundled_models: BundledModels
) -> None:
    async with drive() as pilot:
        app = pilot.app
        assert isinstance(app, QuorumApp)
        await pilot.press("n")
        await settle(pilot)
        app.screen.query_one("#new-target").value = "60"  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(
            pilot, lambda: "r review" in squeezed(app) and "already there" in squeezed(app), "votes", 300
        )
        await pilot.press("r")
        await settle(pilot)
        first = seen(app)
        await pilot.press("a")
        await settle(pilot)
        assert app.running.going and seen(app) != first
        before = summary_of(app)
        assert before == 1
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("S")
        await until(pilot, lambda: not app.running.going, "the stop")
        assert "■ run 1 · stopped" in squeezed(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "g resume run 1" in squeezed(app)
    stopped = summary(Path("quorum.db"))
    assert stopped.state == "stopped" and stopped.target == 60
    async with drive(Path("quorum.db")) as pilot:
        app = pilot.app
        assert isinstance(app, QuorumApp)
        await pilot.press("g")
        await until(pilot, lambda: "▶ run 1" in squeezed(app), "going on", 120)
        await pilot.press("q", "y")
        await until(pilot, lambda: not app.is_running, "the end of the app")
    again = summary(Path("quorum.db"))
    assert again.total("instructions", "kept") >= stopped.total("instructions", "kept")
    assert again.state == "stopped" and again.total("decisions", "accepted") == 1


async def test_a_run_may_go_as_far_as_its_instructions_which_are_decided_on_first(
    drive: Drive, bundled_models: BundledModels, size: tuple[int, int]
) -> None:
    async with drive(None, size) as pilot:
        app = pilot.app
        assert isinstance(app, QuorumApp)
        await pilot.press("n")
        await settle(pilot)
        app.screen.query_one("#new-target").value = "4"  # type: ignore[attr-defined]
        await pilot.press("shift+tab", "down", "space")
        await settle(pilot)
        assert "○ the votes: the whole run ● the instructions" in squeezed(app)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "■ run 1 · held" in squeezed(app), "the instructions", 300)
        await until(pilot, lambda: "r decide on the instructions" in squeezed(app), "the gate", 30)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("x", "a")
        await settle(pilot)
        assert "Instructions 4 instructions, 2 decided, 1 rejected" in squeezed(app)
        await pilot.press("g")
        await until(pilot, lambda: "✓ run 1 · done" in squeezed(app), "the end of the run", 300)
    run = summary(Path("quorum.db"))
    assert (run.state, run.total("instructions", "kept")) == ("done", 3)


def summary_of(app: QuorumApp) -> int:
    """Return how many decisions are stored right now."""
    assert app.project is not None
    return app.project.read(lambda c: review.progress(c, "ann").decided)


@pytest.mark.parametrize("read_only", [True, False])
async def test_the_default_run_is_offered_in_an_empty_project(
    drive: Drive, tmp_path: Path, read_only: bool
) -> None:
    path = tmp_path / "empty.db"
    keeper = Project.open(path, create=True)
    if not read_only:
        keeper.close()
    async with drive(path) as pilot:
        if read_only:
            await pilot.press("y")
            await settle(pilot)
        assert "make the default run here" in seen(pilot.app)
        assert isinstance(pilot.app, QuorumApp)
        if read_only:
            await pilot.press("enter")
            await settle(pilot)
            assert not pilot.app.running.going
    keeper.close()
