"""What the hand can do beside accepting: reasons, notes, tags, ratings, tasks, the cursor, asking again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.store import bulk, decisions, generated
from app.store import review as stored_review
from app.store.project import Connection, Project
from app.store.review_state import ItemDecision, Rating, ReviewState
from app.tui.screens.annotations import split_tags, typed_tags
from tests.tui.conftest import Drive, OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import seen, settle, squeezed, until

LISBON, PASSIVE = 2, 1
"""The numbers of the first and second item of the queue."""


def state(path: Path, number: int) -> ReviewState:
    with Project.open(path, read_only=True) as project:
        return project.read(lambda c: decisions.state_of(c, stored_review.id_of(c, number)))


async def test_a_rejection_can_have_a_reason(
    review: OpenReview, project: Path, size: tuple[int, int]
) -> None:
    async with review(size=size) as pilot:
        await pilot.press("X")
        await settle(pilot)
        assert "the task is unclear" in seen(pilot.app)
        await pilot.press("escape", "X", "2")
        await settle(pilot)
        assert "Rewrite the sentence" in seen(pilot.app)
        await pilot.press("p")
        await settle(pilot)
        assert "✗ rejected · unclear" in squeezed(pilot.app)
        await pilot.press("n", "X", "down", "down", "enter")
        await settle(pilot)
    assert (state(project, LISBON).status, state(project, LISBON).reason) == ("rejected", "unclear")
    assert (state(project, PASSIVE).status, state(project, PASSIVE).reason) == ("rejected", "unsafe")


async def test_notes_tags_and_ratings_are_shown_and_undone_one_by_one(
    review: OpenReview, project: Path, size: tuple[int, int]
) -> None:
    async with review(size=size) as pilot:
        await pilot.press("m", *"see wiki", "ctrl+s")
        await settle(pilot)
        await pilot.press("t", *"hard, geo", "enter")
        await settle(pilot)
        await pilot.press("r", "b", "1", "2", "2", "enter")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "tags: geo, hard · note: see wiki" in text and "graded B" in text
        assert "Name the capital" in text
    found = state(project, LISBON)
    assert (found.note, found.tags, found.rating) == ("see wiki", ("geo", "hard"), Rating("B", True, False))
    async with review(size=size) as pilot:
        await pilot.press("t")
        await settle(pilot)
        assert "in use: geo, hard" in squeezed(pilot.app)
        await pilot.press("escape", "u", "u")
        await settle(pilot)
    found = state(project, LISBON)
    assert (found.note, found.tags, found.rating) == ("see wiki", (), None)


async def test_the_letters_of_review_are_dead_in_the_windows(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("t", *"axf", "enter", "m", *"ux2", "ctrl+s")
        await settle(pilot)
    assert (state(project, LISBON).tags, state(project, LISBON).note) == (("axf",), "ux2")
    assert state(project, LISBON).status == "undecided"


async def test_a_changed_task_marks_its_answers_and_accept_asks_once(
    review: OpenReview, size: tuple[int, int]
) -> None:
    async with review(size=size) as pilot:
        await pilot.press("i", "!", "tab", "?", "ctrl+s")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Name the capital of the country.!" in text and "Portugal?" in text
        assert "the vote is about the earlier text" in text and "answers the earlier text" in text
        assert "● winner" not in text
        await pilot.press("a")
        await settle(pilot)
        assert "The task was changed" in seen(pilot.app)
        await pilot.press("n", "a", "y")
        await settle(pilot)
        assert "Rewrite the sentence" in seen(pilot.app)
        await pilot.press("u", "a")
        await settle(pilot)
        assert "Rewrite the sentence" in seen(pilot.app), "it asks once"
        await pilot.press("u", "u")
        await settle(pilot)
        assert "● winner" in seen(pilot.app) and "Portugal?" not in seen(pilot.app)


async def test_a_task_that_is_not_changed_is_no_decision_and_one_is_not_lost_by_one_key(
    review: OpenReview, project: Path
) -> None:
    async with review() as pilot:
        await pilot.press("i", "ctrl+s")
        await settle(pilot)
        await pilot.press("i", "Z", "escape")
        await settle(pilot)
        assert "Not saved. Press Ctrl+S" in seen(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
    assert state(project, LISBON) == ReviewState()


async def test_the_cursor_chooses_and_edits_an_answer(
    review: OpenReview, project: Path, size: tuple[int, int]
) -> None:
    async with review(size=size) as pilot:
        await pilot.press("right", "right")
        await settle(pilot)
        assert "› 2" in seen(pilot.app)
        await pilot.press("e", "!", "ctrl+s")
        await settle(pilot)
        await pilot.press("left", "enter")
        await settle(pilot)
    edited, chosen = state(project, LISBON), state(project, PASSIVE)
    assert (edited.status, edited.text) == ("edited", "The capital is Porto.!")
    with Project.open(project, read_only=True) as opened:
        item = opened.read(lambda c: stored_review.item(c, stored_review.id_of(c, PASSIVE)))
    assert chosen.candidate_id == item.candidates[2].id


async def test_asking_again_waits_for_the_run_and_can_be_undone(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("plus")
        await settle(pilot)
        assert "waiting for further answers" in squeezed(pilot.app)
    with Project.open(project, read_only=True) as opened:
        assert opened.read(stored_review.waiting) == 1
    async with review() as pilot:
        await pilot.press("u")
        await settle(pilot)
        assert "waiting for further answers" not in squeezed(pilot.app)
    with Project.open(project, read_only=True) as opened:
        assert opened.read(stored_review.waiting) == 0


async def test_tags_are_separated_as_typed(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("t", *"geo", "space", *"hard")
        await settle(pilot)
        assert "→ geo │ hard" in squeezed(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("t", "comma", *"two", "space", *"words", "enter")
        await settle(pilot)
    assert state(project, LISBON).tags == ("geo", "hard", "two words")


@pytest.mark.parametrize("tags", [(), ("geo",), ("two words",), ("geo", "two words")])
def test_tags_are_written_so_that_they_are_read_again(tags: tuple[str, ...]) -> None:
    assert tuple(tag for tag in split_tags(typed_tags(tags)) if tag) == tags


async def test_more_than_nine_answers_are_reached_by_the_cursor(review: OpenReview, tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    names = [f"model-{number}" for number in range(12)]
    [key] = fill(path, [Task("Say a number.", "", tuple(f"it is {n}" for n in range(12)))], names=names)
    async with review(path) as pilot:
        await pilot.press("v", "2", *["right"] * 11, "enter")
        await settle(pilot)
    with Project.open(path, read_only=True) as opened:
        item = opened.read(lambda c: stored_review.item(c, key))
    assert item.state.candidate_id == item.candidates[10].id


async def test_an_item_decided_before_comes_back_unmarked_and_counts_for_agreement_only(
    review: OpenReview, tmp_path: Path
) -> None:
    path = tmp_path / "again.db"
    keys = fill(path, [Task(f"Say {n}.", "", (f"{n}", f"{n}", "no")) for n in range(14)])
    with Project.open(path) as opened:
        for key in keys[:12]:
            over = [ItemDecision(key)]
            opened.write_now(lambda c, over=over: decisions.decide(c, "ann", "reject", over))
    async with review(path) as pilot:
        pilot.app.memory.again = 100  # type: ignore[attr-defined]
        await pilot.press("a")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Say 13." not in text and "rejected" not in text
        await pilot.press("a")
        await settle(pilot)
        assert "Say 13." in squeezed(pilot.app)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT action, how FROM events WHERE seq > 12 ORDER BY seq").fetchall() == [
            ("accept", ""),
            ("accept", "again"),
        ]
        assert raw.execute("SELECT COUNT(*) FROM review_state WHERE status = 'rejected'").fetchone() == (12,)


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    """Fourteen items of which twelve are rejected one by one, with a note each, and one in bulk."""
    path = tmp_path / "again.db"
    keys = fill(path, [Task(f"Say {n}.", "", (f"{n}", f"{n}", "no")) for n in range(14)])
    with Project.open(path) as opened:
        for key in keys[:12]:
            for action, text in (("reject", "wrong"), ("note", "bad"), ("flag", None)):
                over = [ItemDecision(key, None, text)]
                opened.write_now(lambda c, a=action, over=over: decisions.decide(c, "ann", a, over))
        opened.write_now(lambda c: bulk.repeat(c, "ann", keys[0], [keys[12]]))
    return path


async def test_an_item_shown_again_betrays_nothing_and_stays_while_things_are_said_beside_it(
    review: OpenReview, decided: Path
) -> None:
    async with review(decided) as pilot:
        pilot.app.memory.again = 100  # type: ignore[attr-defined]
        await pilot.press("a")
        await settle(pilot)
        text = squeezed(pilot.app)
        shown = next((n for n in range(14) if f"Say {n}." in text), None)
        assert shown in (0, 1, 2), "the ten decided last, this acceptance among them, are still remembered"
        for told in ("rejected", "wrong", "note:", "flagged"):
            assert told not in text.split("decided ")[0]
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("!", "ctrl+s")
        await settle(pilot)
        assert f"Say {shown}." in squeezed(pilot.app), "one goes on only by deciding"
        await pilot.press("a")
        await settle(pilot)
        assert f"Say {shown}." not in squeezed(pilot.app)
    now = state(decided, shown + 1)
    assert (now.note, now.status) == ("bad!", "rejected")


async def test_how_often_items_are_shown_again_is_set_by_a_command(drive: Drive, project: Path) -> None:
    async with drive(project, (80, 24)) as pilot:
        await pilot.press("ctrl+p", *"check", "enter")
        await settle(pilot)
        assert "How many of a hundred items" in seen(pilot.app)
        await pilot.press("ctrl+u", *"101", "enter")
        await settle(pilot)
        assert "from 0 to 100" in seen(pilot.app)
        await pilot.press("ctrl+u", *"15", "enter")
        await settle(pilot)
        assert "How many of a hundred items" not in seen(pilot.app)
    async with drive(project) as pilot:
        assert pilot.app.memory.again == 15  # type: ignore[attr-defined]


async def test_an_item_that_was_too_long_says_so_and_can_be_asked_again(
    review: OpenReview, project: Path
) -> None:
    def set_aside(c: Connection) -> None:
        key = stored_review.id_of(c, LISBON)
        c.execute(
            """UPDATE candidates SET output = '', ended = 'error', reason = 'over_context',
               error = 'The prompt has 9,942 tokens.' WHERE instance_id = ?""",
            (key,),
        )
        generated.set_instance_status(c, key, "quarantined", "over_context")

    with Project.open(project) as opened:
        opened.write_now(set_aside)
    async with review() as pilot:
        await pilot.press("slash", *"view:aside", "enter")
        await settle(pilot)
        assert "✗ no answer: The prompt has 9,942" in squeezed(pilot.app)
        await pilot.press("plus")
        await until(pilot, lambda: "resumes with a longer --context." in squeezed(pilot.app), "the remark")
    with Project.open(project, read_only=True) as opened:
        assert opened.read(stored_review.waiting) == 1
