"""Data: sheets by keys, at every size; statistics are counted beside the screen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Tab

from app.insight.keeping import Counted, counted
from app.store import generated, review, runs
from app.store.project import Connection, Project
from app.store.rows import NewInstance, NewInstruction
from app.tui.screens import data
from tests.tui.conftest import Drive
from tests.tui.visible_text import settle, squeezed, until


async def test_keys_turn_the_sheets_and_every_one_can_be_drawn(
    drive: Drive, project: Path, size: tuple[int, int]
) -> None:
    async with drive(project, size) as pilot:
        await pilot.press("D")
        await settle(pilot)
        assert "What became of everything that was written?" in squeezed(pilot.app)
        assert "votes 5 3 60%" in squeezed(pilot.app)
        for question in ("Which model earns its place?", "Which models agree?", "another threshold keep?"):
            await pilot.press("right")
            await settle(pilot)
            assert question in squeezed(pilot.app)
        await pilot.press(*["right"] * 5)
        await settle(pilot)
        assert "too few to say" in squeezed(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Home" in squeezed(pilot.app)


async def test_keys_typed_before_anything_is_counted_are_carried_out(
    drive: Drive, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = threading.Event()

    def late(given: Project, told: Callable[[int, int], bool]) -> Counted:
        assert on.wait(60)
        return counted(given, told)

    monkeypatch.setattr(data, "counted", late)
    async with drive(project) as pilot:
        try:
            await pilot.press("D", "right")
            await until(pilot, lambda: "Which model earns its place? " in squeezed(pilot.app), "the sheet")
            assert "Counting …" in squeezed(pilot.app) and "What became of" not in squeezed(pilot.app)
            await pilot.press("left", "left", "slash", *"words", "enter")
            await until(pilot, lambda: "1 of 1 words" in squeezed(pilot.app), "the list")
            assert "Counting …" not in squeezed(pilot.app)
        finally:
            on.set()
        await settle(pilot)
        assert "1 of 1 words" in squeezed(pilot.app)
        await pilot.press("right")
        await settle(pilot)
        assert "votes 5 3 60%" in squeezed(pilot.app) and "Counting …" not in squeezed(pilot.app)
        names = [str(tab.label) for tab in pilot.app.screen.query(Tab)]
        assert names == [sheet.name for sheet in data.ASKED]


async def test_what_was_dropped_is_found_restored_and_dropped_again(drive: Drive, project: Path) -> None:
    def add(c: Connection) -> None:
        dropped = NewInstruction(runs.get(c).id, "B", "Count the words twice.", "dropped", "too_similar")
        generated.save_instructions(c, [dropped])

    with Project.open(project) as opened:
        opened.write_now(add)
    async with drive(project) as pilot:
        await pilot.press("D")
        await settle(pilot)
        await pilot.press("left")
        await settle(pilot)
        assert "1 of 6" in squeezed(pilot.app) and "task too similar · Count the words twice." in squeezed(
            pilot.app
        )
        await pilot.press("end")
        await settle(pilot)
        assert "6 of 6" in squeezed(pilot.app)
        await pilot.press("home", "slash", *"words", "enter")
        await settle(pilot)
        assert "1 of 2 words" in squeezed(pilot.app) and "item #0005 · run 1 · dropped" in squeezed(pilot.app)
        await pilot.press("a")
        await settle(pilot)
        assert "item #0005 · run 1 · chosen" in squeezed(pilot.app)
        assert pilot.app.project.read(review.decided_ids)  # type: ignore[attr-defined]
        await pilot.press("u")
        await settle(pilot)
        assert "item #0005 · run 1 · dropped" in squeezed(pilot.app)
        await pilot.press("down", "a")
        await settle(pilot)
        assert "The instruction is restored" in squeezed(pilot.app)
        assert "1 of 1 words" in squeezed(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "g resume run 1" in squeezed(pilot.app)
        await pilot.press("D")
        await settle(pilot)
        await pilot.press("left", "down", "slash", *"words", "enter")
        await settle(pilot)
        await pilot.press("u")
        await settle(pilot)
        assert "undone: restored" in squeezed(pilot.app) and "1 of 2 words" in squeezed(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert "only #0005" in squeezed(pilot.app) and "Count the words." in squeezed(pilot.app)


async def test_what_was_dropped_before_it_was_answered_has_no_answer_to_choose(
    drive: Drive, project: Path
) -> None:
    def add(c: Connection) -> None:
        run = runs.get(c).id
        [task] = generated.save_instructions(c, [NewInstruction(run, "A", "Sort them.", "kept", "")])
        generated.save_instances(c, [NewInstance(run, task, "b a b a", "dropped", "repeats")])

    with Project.open(project) as opened:
        opened.write_now(add)
    async with drive(project) as pilot:
        await pilot.press("D")
        await settle(pilot)
        await pilot.press("left", "slash", *"sort", "enter")
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        assert "No model answered this" in squeezed(pilot.app)
