from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.errors import ProjectError
from app.run.progress import RunSnapshot, RunState, StageProgress
from app.store import decisions, runs
from app.store import review as stored_review
from app.store.project import Project
from app.tui.app import QuorumApp
from app.tui.host import RunEnded, SnapshotTaken
from tests.store.material import queue_ids
from tests.tui.conftest import Drive, OpenReview
from tests.tui.filled_projects import TASKS, Task, add_task, fill
from tests.tui.visible_text import seen, settle, squeezed


def states(path: Path) -> dict[int, tuple[str, str | None]]:
    """Map the number of each decided item to its status and text."""
    with Project.open(path, read_only=True) as project:
        items = project.read(lambda c: [stored_review.item(c, id) for id in queue_ids(c, "number", "all")])
    return {
        item.number: (item.state.status, item.state.text)
        for item in items
        if item.state.status != "undecided"
    }


def chosen_position(path: Path, number: int) -> int | None:
    with Project.open(path, read_only=True) as project:
        items = project.read(lambda c: [stored_review.item(c, id) for id in queue_ids(c, "number", "all")])
    item = next(item for item in items if item.number == number)
    return next((one.position for one in item.candidates if one.id == item.state.candidate_id), None)


async def test_the_item_with_most_disagreement_comes_first_with_winner_and_why(
    review: OpenReview, size: tuple[int, int]
) -> None:
    async with review(size=size) as pilot:
        text = squeezed(pilot.app)
        assert "1 of 3 · most disagreement first · undecided" in text
        assert "Name the capital of the country." in text and "Portugal" in text
        assert "1 = 3" in text and "● winner" in text
        assert "why 1: the same answer from mistral-7b and flan-t5-xl" in text
        assert "decided 0 · 3 left" in text


async def test_candidates_stand_side_by_side_where_there_is_room_and_stacked_where_not(
    review: OpenReview,
) -> None:
    for size, same_line in (((120, 36), True), ((80, 24), False)):
        async with review(size=size) as pilot:
            line = next(line for line in seen(pilot.app).splitlines() if "● winner" in line)
            assert ("qwen2.5-7b" in line) is same_line


async def test_each_key_stores_its_decision_and_the_next_item_is_there(
    review: OpenReview, project: Path
) -> None:
    async with review() as pilot:
        await pilot.press("a")
        assert "Rewrite the sentence" in seen(pilot.app)
        await pilot.press("2")
        assert "Give the opposite" in seen(pilot.app)
        await pilot.press("x")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Everything here is decided." in text
        assert "E export" in text
    assert {number: state for number, (state, _) in states(project).items()} == {
        1: "chosen",
        2: "accepted",
        4: "rejected",
    }
    assert chosen_position(project, 1) == 1


async def test_decisions_carry_the_reviewer(review: OpenReview, project: Path) -> None:
    async with review(reviewer="ümit [/b]") as pilot:
        await pilot.press("a")
        await settle(pilot)
    with Project.open(project, read_only=True) as opened:
        last = opened.read(lambda c: stored_review.progress(c, "ümit [/b]").last)
    assert last is not None and last.reviewer == "ümit [/b]"


async def test_an_edit_of_several_lines_is_stored_and_shown_when_one_comes_back(
    review: OpenReview, project: Path
) -> None:
    async with review() as pilot:
        await pilot.press("e", "ctrl+u", "L", "i", "s", "b", "o", "n", "enter", "a", "!", "ctrl+s")
        await settle(pilot)
        assert "Rewrite the sentence" in seen(pilot.app)
        await pilot.press("p")
        await settle(pilot)
        assert "✎ kept" in seen(pilot.app)
    assert states(project)[2] == ("edited", "Lisbon\na!")


async def test_an_edit_that_is_left_changes_nothing_and_is_not_lost_by_one_key(
    review: OpenReview, project: Path
) -> None:
    async with review() as pilot:
        for key in ("e", "i", "m"):
            await pilot.press(key, "Z", "escape")
            await settle(pilot)
            assert "Not saved. Press Ctrl+S" in squeezed(pilot.app)
            await pilot.press("Y", "escape")  # asked about again: more was typed since
            await settle(pilot)
            assert "ZY" in seen(pilot.app)
            await pilot.press("escape")
            await settle(pilot)
            assert "ZY" not in seen(pilot.app) and "Name the capital" in seen(pilot.app)
    assert states(project) == {}


async def test_keys_of_review_do_nothing_while_the_editor_has_the_focus(
    review: OpenReview, project: Path
) -> None:
    async with review() as pilot:
        await pilot.press("e", "a", "x", "2", "u", "q")
        assert "Lisbonax2uq" in seen(pilot.app)
    assert states(project) == {}


async def test_putting_off_brings_the_item_again_last(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("space", "a", "a")
        await settle(pilot)
        assert "n continue: 1 more" in squeezed(pilot.app)
        await pilot.press("n")
        await settle(pilot)
        assert "Name the capital" in seen(pilot.app)
        assert "↷ later" in seen(pilot.app)
        await pilot.press("a")
        await settle(pilot)
    assert {state for state, _ in states(project).values()} == {"accepted"}


async def test_undo_and_redo_go_back_and_forth_and_show_the_item(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("a", "x")
        await settle(pilot)
        assert "last: #0001 rejected (u undoes)" in squeezed(pilot.app)
        await pilot.press("u")
        await settle(pilot)
        assert "Rewrite the sentence" in seen(pilot.app)
        assert states(project) == {2: ("accepted", None)}
        await pilot.press("u")
        await settle(pilot)
        assert "Name the capital" in seen(pilot.app)
        assert states(project) == {}
        await pilot.press("ctrl+r", "ctrl+r")
        await settle(pilot)
        assert {number: state for number, (state, _) in states(project).items()} == {
            2: "accepted",
            1: "rejected",
        }
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "Nothing to redo." in squeezed(pilot.app)


async def test_undo_reaches_decisions_of_an_earlier_session(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("a")
        await settle(pilot)
    assert states(project) == {2: ("accepted", None)}
    async with review() as pilot:
        assert "Rewrite the sentence" in seen(pilot.app)
        await pilot.press("u")
        await settle(pilot)
        assert "Name the capital" in seen(pilot.app)
    assert states(project) == {}


async def test_undo_leaves_other_reviewers_decisions_alone(review: OpenReview, project: Path) -> None:
    async with review(reviewer="ben") as pilot:
        await pilot.press("a")
        await settle(pilot)
    async with review(reviewer="ann") as pilot:
        await pilot.press("u")
        await settle(pilot)
        assert "Nothing to undo." in squeezed(pilot.app)
    assert states(project) == {2: ("accepted", None)}


async def test_a_flag_is_set_and_taken_away_without_moving_on(review: OpenReview) -> None:
    async with review() as pilot:
        await pilot.press("f")
        await settle(pilot)
        assert "⚑ flagged" in seen(pilot.app) and "Name the capital" in seen(pilot.app)
        await pilot.press("f")
        await settle(pilot)
        assert "⚑" not in seen(pilot.app)


async def test_moving_never_decides(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("n", "down", "down", "p", "up", "up", "g", "G")
        await settle(pilot)
        assert "n continue: 3 more" in squeezed(pilot.app)
        await pilot.press("p")
        await settle(pilot)
        assert "3 of 3" in seen(pilot.app)
    assert states(project) == {}


async def test_the_lists_show_all_the_dropped_and_the_flagged(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("v", "2")
        await settle(pilot)
        assert "of 5" in seen(pilot.app) and "· all" in seen(pilot.app)
        await pilot.press("v", "3")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "1 of 2" in text and "dropped by the vote" in text
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("v", "4")
        await settle(pilot)
        assert "No more items in this list." in squeezed(pilot.app)
    assert len(states(project)) == 1


async def test_the_order_changes_and_the_item_stays(review: OpenReview) -> None:
    async with review() as pilot:
        await pilot.press("o", "4")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "2 of 3 · as generated" in text and "Name the capital" in text


async def test_differing_words_are_marked_on_a_key(review: OpenReview) -> None:
    async with review() as pilot:
        await pilot.press("n")  # the answers to the first item have nothing in common
        await settle(pilot)
        before = pilot.app.export_screenshot()
        await pilot.press("d")
        await settle(pilot)
        assert "underline" in pilot.app.export_screenshot()
        assert "underline" not in before


async def test_the_whole_vote_is_shown_on_a_key(review: OpenReview, size: tuple[int, int]) -> None:
    async with review(size=size) as pilot:
        await pilot.press("w")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "The vote on #0002" in text
        assert "equal answers" in text and "lowest pair" in text
        await pilot.press("escape")
        await settle(pilot)
        assert "The vote on" not in seen(pilot.app)


async def test_cut_answers_errors_and_hidden_characters_are_marked(
    review: OpenReview, tmp_path: Path
) -> None:
    path = tmp_path / "marks.db"
    fill(path, [Task("Say it.", "", ("yes it is", "yes it is \u200b\u202e so", "yes"), ended="length")])
    async with review(path, (80, 24)) as pilot:
        await pilot.press("v", "2")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "✂ cut by length" in text
        assert "⚠ 2" in text and "hidden characters" in text
        assert "· short ·" in text


async def test_a_text_longer_than_its_panel_says_how_much_is_below_and_scrolls(
    review: OpenReview, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "long.db"
    long = "\n".join(f"line {number}" for number in range(200))
    fill(path, [Task("Count up.", "", (long, "short answer", long + "."))])
    async with review(path, size) as pilot:
        await pilot.press("v", "2")
        await settle(pilot)
        text = seen(pilot.app)
        assert "line 0" in text and "more lines" in text and "line 150" not in text
        assert "why" in text and "a accept" in squeezed(pilot.app)
        await pilot.press("pagedown", "pagedown")
        await settle(pilot)
        assert "line 0" not in seen(pilot.app) and "more lines" in seen(pilot.app)
        await pilot.press("z", "end")
        await settle(pilot)
        assert "line 199." in seen(pilot.app)


async def test_a_very_long_text_is_turned_in_parts(review: OpenReview, tmp_path: Path) -> None:
    path = tmp_path / "parts.db"
    fill(path, [Task("Repeat.", "", ("a" * 65_536 + "SECOND" + "b" * 65_536, "c", "c"))])
    async with review(path) as pilot:
        await pilot.press("v", "2")
        await settle(pilot)
        assert "SECOND" not in seen(pilot.app)
        await pilot.press("greater_than_sign")
        await settle(pilot)
        assert "SECOND" in seen(pilot.app)
        await pilot.press("less_than_sign")
        await settle(pilot)
        assert "SECOND" not in seen(pilot.app)


def picture(votes: int) -> RunSnapshot:
    stage = StageProgress("votes", votes, None, votes)
    return RunSnapshot(1, "ensemble-instruct", RunState.RUNNING, 24, (stage,), (), (), (), 1.0, None)


async def test_items_that_a_run_adds_appear_without_moving_what_is_looked_at(
    review: OpenReview, tmp_path: Path
) -> None:
    path = tmp_path / "grows.db"
    fill(path, TASKS[:2], state="running")
    async with review(path) as pilot:
        await pilot.press("n")
        await settle(pilot)
        assert "2 of 2" in seen(pilot.app) and "Rewrite the sentence" in seen(pilot.app)
        await write(pilot.app, lambda c: add_task(c, runs.get(c), TASKS[3]))
        pilot.app.screen.post_message(SnapshotTaken(picture(3)))
        await settle(pilot)
        assert "2 of 3" in seen(pilot.app) and "Rewrite the sentence" in seen(pilot.app)
        await pilot.press("a")
        await settle(pilot)
        assert "Give the opposite" in seen(pilot.app)


async def test_at_the_end_new_items_are_offered_not_forced_on_the_reviewer(
    review: OpenReview, tmp_path: Path
) -> None:
    path = tmp_path / "grows.db"
    fill(path, TASKS[:1], state="running")
    async with review(path) as pilot:
        await pilot.press("a")
        await settle(pilot)
        await write(pilot.app, lambda c: add_task(c, runs.get(c), TASKS[3]))
        pilot.app.screen.post_message(SnapshotTaken(picture(2)))
        await settle(pilot)
        assert "n continue: 1 more" in squeezed(pilot.app)
        await pilot.press("a", "n")
        await settle(pilot)
        assert "Give the opposite" in seen(pilot.app)
    assert list(states(path)) == [1]


async def write(app: Any, change: Any) -> None:
    """Let something be stored as a run would."""
    assert isinstance(app, QuorumApp) and app.project is not None
    await app.project.write(change)


async def test_a_read_only_project_can_be_looked_at_but_not_decided(drive: Drive, project: Path) -> None:
    with Project.open(project):
        async with drive(project) as pilot:
            assert "This project is in use" in squeezed(pilot.app)
            await pilot.press("y")
            await settle(pilot)
            assert "read-only" in seen(pilot.app)
            await pilot.press("r")
            await settle(pilot)
            await pilot.press("a", "x", "1", "e", "u")
            await settle(pilot)
            assert "1 of 3" in seen(pilot.app)
    assert states(project) == {}


async def test_an_empty_project_says_that_there_is_nothing_yet(review: OpenReview, tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    Project.open(path, create=True).close()
    async with review(path) as pilot:
        assert "Nothing to review yet." in squeezed(pilot.app)


def full(*_: object, **__: object) -> int:
    raise ProjectError("The disk is full.", "Make room, then decide again.")


@pytest.mark.parametrize("key", ["a", "x", "space"])
async def test_a_decision_that_cannot_be_stored_is_shown_once_and_the_item_stays(
    review: OpenReview, project: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with review() as pilot:
        monkeypatch.setattr(decisions, "decide", full)
        await pilot.press(key)
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "The disk is full." in text and "Make room, then decide again." in text
        await pilot.press("escape")
        await settle(pilot)
        assert "Name the capital" in seen(pilot.app) and "1 of 3" in seen(pilot.app)
    assert states(project) == {}


async def test_what_was_typed_stays_in_its_window_until_it_is_stored(
    review: OpenReview, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with review() as pilot:
        for key, save in (("m", "ctrl+s"), ("i", "ctrl+s"), ("t", "enter"), ("e", "ctrl+s")):
            with monkeypatch.context() as failing:
                failing.setattr(decisions, "decide", full)
                await pilot.press(key, "Z", save)
                await settle(pilot)
                assert "The disk is full." in squeezed(pilot.app)
            await pilot.press("escape")
            await settle(pilot)
            await pilot.press("Y", save)
            await settle(pilot)
    with Project.open(project, read_only=True) as opened:
        state = opened.read(lambda c: stored_review.item(c, stored_review.id_of(c, 2)).state)
    assert state.instruction == "Name the capital of the country.ZY"
    assert (state.note, state.tags, state.text) == ("ZY", ("ZY",), "LisbonZY")


async def test_an_edit_is_stored_though_the_answers_that_were_asked_for_came_meanwhile(
    review: OpenReview, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with review() as pilot:
        monkeypatch.setattr(pilot.app, "answer_asked", lambda: None)
        await pilot.press("plus", "e", "Z")
        await settle(pilot)
        assert isinstance(pilot.app, QuorumApp)
        pilot.app.tell(RunEnded)
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Rewrite the sentence" in seen(pilot.app)
    assert states(project) == {2: ("edited", "LisbonZ")}
