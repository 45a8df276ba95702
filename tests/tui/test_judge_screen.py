"""Judge: a random sample, blind and by keys; what is stored, undone, resumed."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app.method.judging import Said
from app.store import drawings, judgements
from app.store.judgements import Judgement
from app.store.project import Project
from app.tui.screens.judge import JudgeScreen
from tests.hostile import HOSTILE
from tests.tui.conftest import Drive
from tests.tui.filled_projects import MODELS, Task, fill
from tests.tui.test_review_screen import full
from tests.tui.visible_text import numbered, seen, settle, squeezed

RIGHT = {
    "Rewrite the sentence in the passive voice.": "The new budget was approved",
    "Name the capital of the country.": "Lisbon",
    "Suggest three names for a bookshop.": "The Quiet Page",
    "Give the opposite of the word.": "cold",
    "Count the words.": "three",
}
"""How the right answers to the tasks begin."""


async def judge_key(pilot: Pilot[None]) -> None:
    await pilot.press("j")
    await settle(pilot)


async def press(pilot: Pilot[None], *keys: str) -> str:
    await pilot.press(*keys)
    await settle(pilot)
    return squeezed(pilot.app)


def standing(path: Path) -> list[Judgement]:
    with Project.open(path, read_only=True) as project:
        return project.read(judgements.standing)


async def judge_by_what_is_right(pilot: Pilot[None]) -> int:
    """Judge the item on the screen as somebody does who knows what is right; return the keys pressed."""
    text = seen(pilot.app)
    [task] = [task for task in RIGHT if task in text]
    right = [str(number) for number, answer in numbered(text).items() if answer.startswith(RIGHT[task])]
    keys = [*(right or ["0"]), "enter"]
    await press(pilot, *keys)
    return len(keys)


async def test_a_sample_is_judged_by_a_few_keys_an_item(
    drive: Drive, project: Path, size: tuple[int, int]
) -> None:
    async with drive(project, size) as pilot:
        await judge_key(pilot)
        assert "Judge 1 of 5" in squeezed(pilot.app)
        pressed = 0
        for at in range(5):
            assert f"Judge {at + 1} of 5" in squeezed(pilot.app)
            pressed += await judge_by_what_is_right(pilot)
        assert "5 items judged" in squeezed(pilot.app)
        assert "every item has been drawn" in squeezed(pilot.app)
        assert pressed <= 12
        await press(pilot, "R")
        text = squeezed(pilot.app)
        assert "5 judged items by ann, drawn at random from 5" in text
        assert "right when it answers alone mistral-7b (writer)" in text
        assert "●" in text
    judged = standing(project)
    assert [row.reviewer for row in judged] == ["ann"] * 5
    with Project.open(project, read_only=True) as opened:
        items = {
            row.instance_id: opened.read(lambda c, row=row: judgements.to_judge(c, row.instance_id))
            for row in judged
        }
    for row in judged:
        item = items[row.instance_id]
        said = {item.outputs[key]: answer.is_right for key, answer in row.verdict.answers.items()}
        assert said == {text: text.startswith(RIGHT[item.instruction]) for text in item.outputs.values()}
        assert (row.verdict.task, row.verdict.input) == (True, True if item.kind == "A" else None)


TELLING = re.compile(
    "|".join([*MODELS, "winner", "support", "writer", r"0\.\d", "dropped", "hash-"]), re.IGNORECASE
)


async def test_no_key_shows_whose_an_answer_is_or_what_the_vote_says(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "blind.db"
    fill(
        path,
        [
            Task(
                f"Task number {at}.",
                "given" if at % 2 else "",
                (f"alpha {at}", f"beta {at}", f"alpha {at}", "gamma"),
            )
            for at in range(8)
        ],
    )
    drawn = random.Random(5)
    keys = [*"1230viogabcd", "right", "left", "space", "u", "ctrl+r", "z", "escape", "pagedown"]
    keys += ["R", "greater_than_sign", "less_than_sign", "enter", "enter", "enter"]
    async with drive(path) as pilot:
        await judge_key(pilot)
        for pressed in drawn.choices(keys, k=120):
            if pressed == "escape" and isinstance(pilot.app.screen, JudgeScreen):
                continue
            await pilot.press(pressed)
            text = seen(pilot.app)
            assert not TELLING.search(text), (pressed, text)
    assert standing(path)


async def test_the_order_of_answers_tells_nothing_and_stays_for_an_item(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "order.db"
    fill(path, [Task(f"Task number {at}.", "", ("alpha", "beta", "gamma")) for at in range(24)])
    firsts: list[str] = []
    async with drive(path) as pilot:
        await judge_key(pilot)
        for _ in range(24):
            firsts.append(numbered(seen(pilot.app))[1])
            await press(pilot, "0", "enter")
        await press(pilot, "u")
        assert numbered(seen(pilot.app))[1] == firsts[-1]
    # By chance alone each is first in 8 of 24; in 2 or fewer once in 200 times.
    assert all(firsts.count(text) > 1 for text in ("alpha", "beta", "gamma"))


async def test_what_enter_would_store_is_shown_before_and_nothing_marked_is_not_stored(
    drive: Drive, project: Path
) -> None:
    async with drive(project) as pilot:
        await judge_key(pilot)
        assert "1-9 marks what is right" in await press(pilot, "enter")
        count = len(numbered(seen(pilot.app)))
        text = await press(pilot, "1")
        assert (text.count("✓ right"), text.count("✗ wrong")) == (1, count - 1)
        assert (await press(pilot, "1")).count("✗ wrong") == count
        assert (await press(pilot, "1")).count("? open") == 1
        assert "task not valid" in await press(pilot, "v")
        await press(pilot, "enter")
    [row] = standing(project)
    assert row.verdict.task is False
    assert Said(None) in row.verdict.answers.values()


async def test_answers_are_graded_one_after_the_other(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await judge_key(pilot)
        count = len(numbered(seen(pilot.app)))
        await press(pilot, "g", "a")
        if count > 1:
            assert "Grade every answer" in await press(pilot, "enter")
        text = await press(pilot, *"cd"[: count - 1])
        assert "A right and satisfying" in text
        await press(pilot, "enter")
    [row] = standing(project)
    grades = {said.grade: said.is_right for said in row.verdict.answers.values()}
    assert grades == {grade: grade == "A" for grade in "ACD"[:count]}


async def test_undo_reaches_back_after_a_restart_and_shows_what_was_marked(
    drive: Drive, project: Path
) -> None:
    async with drive(project) as pilot:
        await judge_key(pilot)
        first = seen(pilot.app)
        await press(pilot, "1", "enter")
        await press(pilot, "0", "enter")
        assert "Judge 3 of 5" in squeezed(pilot.app)
    async with drive(project) as pilot:
        await judge_key(pilot)
        assert "Judge 3 of 5" in squeezed(pilot.app)
        assert "Judge 2 of 5" in await press(pilot, "u")
        text = await press(pilot, "u")
        assert "Judge 1 of 5" in text
        assert text.count("✓ right") == 1
        assert numbered(seen(pilot.app)) == numbered(first)
        assert standing(project) == []
        assert "Judge 2 of 5" in await press(pilot, "ctrl+r")
        assert len(standing(project)) == 1
        await press(pilot, "u", "2", "enter")
    assert len(standing(project)) == 1


async def test_two_reviewers_judge_the_same_sample(drive: Drive, project: Path) -> None:
    for who in ("ann", "bob"):
        async with drive(project, reviewer=who) as pilot:
            await judge_key(pilot)
            for _ in range(5):
                await press(pilot, "1", "enter")
    by_reviewer: Mapping[str, set[str]] = {
        who: {row.instance_id for row in standing(project) if row.reviewer == who} for who in ("ann", "bob")
    }
    assert by_reviewer["ann"] == by_reviewer["bob"]
    with Project.open(project, read_only=True) as opened:
        assert len(opened.read(lambda c: drawings.of(c, "judge"))) == 1


async def test_more_is_drawn_at_the_end_as_long_as_there_is_something(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    fill(path, [Task(f"Task number {at}.", "", ("alpha", "beta")) for at in range(32)])
    async with drive(path) as pilot:
        await judge_key(pilot)
        for _ in range(30):
            await press(pilot, "0", "enter")
        assert "30 items judged" in squeezed(pilot.app)
        assert "Judge 1 of 2" in await press(pilot, "plus")
        await press(pilot, "0", "enter", "0", "enter")
        assert "every item has been drawn" in squeezed(pilot.app)
        assert "2 items judged" in await press(pilot, "plus")


async def test_the_guideline_is_written_by_its_user_and_stands_beside_the_item(
    drive: Drive, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with drive(project) as pilot:
        await judge_key(pilot)
        assert "What counts as right" in squeezed(pilot.app)
        with monkeypatch.context() as failing:
            failing.setattr(judgements, "save_guideline", full)
            assert "The disk is full." in await press(pilot, "k", *"Strict", "ctrl+s")
        await press(pilot, "escape")
        await press(pilot, *": ", "ctrl+s")
        assert "Strict: # What counts as right" in squeezed(pilot.app)
        assert "Strict: # What counts as right" in await press(pilot, "question_mark")
    with Project.open(project, read_only=True) as opened:
        kept = opened.read(judgements.guideline)
    assert (kept.number, kept.reviewer) == (1, "ann")
    assert kept.text.startswith("Strict: # What counts")


async def test_a_project_without_votes_says_what_to_do_and_a_note_is_kept(
    drive: Drive, project: Path, tmp_path: Path
) -> None:
    with Project.open(tmp_path / "empty.db", create=True):
        pass
    async with drive(tmp_path / "empty.db") as pilot:
        assert "nothing to judge yet. Make a run" in await press(pilot, "j")
    async with drive(project) as pilot:
        await judge_key(pilot)
        await press(pilot, "n", *"odd", "ctrl+s")
        assert "note: odd" in squeezed(pilot.app)
        await press(pilot, "0", "enter")
    assert [row.verdict.note for row in standing(project)] == ["odd"]


async def test_hostile_texts_are_shown_as_they_are(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    hostile = "\n".join(HOSTILE.values())
    fill(path, [Task(hostile, hostile, (hostile, "other", hostile + "x"))])
    async with drive(path) as pilot:
        await judge_key(pilot)
        assert "Judge 1 of 1" in squeezed(pilot.app)
        seen(pilot.app)
        await press(pilot, "z")
        seen(pilot.app)


@pytest.mark.parametrize("answers", [1, 12])
async def test_one_answer_or_many_can_be_reached(drive: Drive, tmp_path: Path, answers: int) -> None:
    path = tmp_path / "many.db"
    names = tuple(f"model-{at}" for at in range(answers))
    fill(path, [Task("One task.", "", tuple(f"answer {at}" for at in range(answers)))], names=names)
    async with drive(path, (80, 24)) as pilot:
        await judge_key(pilot)
        await press(pilot, *["right"] * answers, "space", "enter")
    [row] = standing(path)
    assert sum(said.is_right is True for said in row.verdict.answers.values()) == 1
    assert len(row.verdict.answers) == answers
