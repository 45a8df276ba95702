"""The gate after stage 1: a run that waits opens its instructions in place of Review."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store import generated, instruction_decisions, runs
from app.store.connection import Connection
from app.store.project import Project
from app.store.rows import NewInstance
from app.tui.screens.review import ReviewScreen
from tests.hostile import HOSTILE
from tests.store.material import add_instruction, start_run
from tests.tui.conftest import Drive
from tests.tui.test_review_screen import full
from tests.tui.visible_text import seen, settle, squeezed

TEXTS = ("Name a river.", "Sort the words.", "Write a poem about rain.")


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A project whose run waits at the gate with three instructions."""
    path = tmp_path / "held.db"

    def fill(c: Connection) -> None:
        run = start_run(c)
        for text in TEXTS:
            add_instruction(c, run, text)
        runs.set_state(c, run.id, "stopped", instruction_decisions.HELD)

    with Project.open(path, create=True) as project:
        project.write_now(fill)
    return path


def decided(path: Path) -> list[tuple[str, str]]:
    with Project.open(path, read_only=True) as project:
        return project.read(
            lambda c: [(one.text, one.decision) for one in instruction_decisions.items(c, runs.get(c).id)]
        )


async def test_review_opens_the_instructions_of_a_run_that_waits(
    drive: Drive, held: Path, size: tuple[int, int]
) -> None:
    async with drive(held, size) as pilot:
        assert "decide on the instructions before they are answered" in squeezed(pilot.app)
        await pilot.press("r")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Instructions 3 instructions, 0 decided, 0 rejected" in text
        for shown in TEXTS:
            assert shown in text
        await pilot.press("a", "x")
        await settle(pilot)
        assert "2 decided, 1 rejected" in squeezed(pilot.app)
    assert decided(held) == [(TEXTS[0], "accept"), (TEXTS[1], "reject"), (TEXTS[2], "")]


async def test_a_review_that_is_open_when_a_run_comes_to_wait_says_where_to_decide(
    drive: Drive, held: Path
) -> None:
    async with drive(held) as pilot:
        await pilot.app.push_screen(ReviewScreen())
        await settle(pilot)
        assert "A run waits for you to decide on its instructions: press Esc, then r." in squeezed(pilot.app)
        await pilot.press("escape", "r")
        await settle(pilot)
        assert "Instructions 3 instructions" in squeezed(pilot.app)


async def test_an_instruction_is_edited_and_a_decision_taken_back(
    drive: Drive, held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with drive(held) as pilot:
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("n", "e")
        await settle(pilot)
        with monkeypatch.context() as failing:
            failing.setattr(instruction_decisions, "decide", full)
            await pilot.press(*" tw", "ctrl+s")
            await settle(pilot)
            assert "The disk is full." in squeezed(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press(*"ice", "ctrl+s")
        await settle(pilot)
        assert "Sort the words. twice" in seen(pilot.app)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("u", "u")
        await settle(pilot)
        assert "twice" not in seen(pilot.app)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "twice" in seen(pilot.app)
        await pilot.press("u")
        await settle(pilot)
        assert "twice" not in seen(pilot.app)
        await pilot.press("u")
        await settle(pilot)
        assert "Nothing to undo." in squeezed(pilot.app)
    assert [said for _, said in decided(held)] == ["", "", ""]


async def test_tasks_that_came_with_inputs_are_told_apart_by_them(
    drive: Drive, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "given.db"

    def fill(c: Connection) -> None:
        run = start_run(c)
        for given in ("Peru", "Chile"):
            key = add_instruction(c, run, f"Name the capital of the country, of {len(given)} letters.")
            generated.save_instances(c, [NewInstance(run.id, key, given, "kept")])
        runs.set_state(c, run.id, "stopped", instruction_decisions.HELD)

    with Project.open(path, create=True) as project:
        project.write_now(fill)
    async with drive(path, size) as pilot:
        await pilot.press("r")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "of 4 letters. Peru" in text and "of 5 letters. Chile" in text
        assert "input Peru" in text
        await pilot.press("n")
        await settle(pilot)
        assert "input Chile" in squeezed(pilot.app)


async def test_hostile_instructions_are_shown_as_they_are(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    texts = [text for text in HOSTILE.values() if text.strip()]

    def fill(c: Connection) -> None:
        run = start_run(c)
        for text in texts:
            key = add_instruction(c, run, text)
            generated.save_instances(c, [NewInstance(run.id, key, text, "kept")])
        runs.set_state(c, run.id, "stopped", instruction_decisions.HELD)

    with Project.open(path, create=True) as project:
        project.write_now(fill)
    async with drive(path) as pilot:
        await pilot.press("r")
        await settle(pilot)
        for _ in texts:
            await pilot.press("n")
        await settle(pilot)
        assert f"{len(texts)} instructions" in seen(pilot.app)
