"""One item on the screen, whatever its size: every answer can be reached, the vote explained, windows fit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from textual.events import Resize

from app.intake import reader
from app.intake.given import read_candidates
from app.run.import_candidates import import_candidates
from app.store import decisions
from app.store import review as stored_review
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.views import ReviewItem
from app.tui.candidates import groups
from app.tui.screens.vote import figures
from app.tui.widgets.candidates import Candidates, CandidateView
from app.tui.widgets.item import beside_of
from app.tui.widgets.pairs import HOTTEST, matrix
from tests.tui.conftest import Drive, OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import seen, settle, squeezed, until

TWELVE = tuple(f"model-{number}" for number in range(12))


@pytest.fixture
def twelve(tmp_path: Path) -> Path:
    """An item with twelve different answers, and eleven on which all agree."""
    path = tmp_path / "twelve.db"
    tasks = [Task("Say a number.", "", tuple(f"it is {n}" for n in range(12)))]
    tasks += [Task(f"Name {n}.", "", (f"blue {n}",) * 12) for n in range(11)]
    fill(path, tasks, names=TWELVE)
    return path


def item_of(path: Path, number: int) -> ReviewItem:
    with Project.open(path, read_only=True) as project:
        return project.read(lambda c: stored_review.item(c, stored_review.id_of(c, number)))


def test_the_first_answer_is_chosen_by_1_also_where_no_writer_gave_one(twelve: Path) -> None:
    item = item_of(twelve, 1)
    alone = replace(item, candidates=item.candidates[1:])
    for shown in (item, alone):
        numbers = [number for group in groups(shown) for number in group.numbers]
        assert numbers == list(range(1, len(shown.candidates) + 1))


async def test_answers_that_do_not_fit_are_counted_and_come_into_sight(
    review: OpenReview, twelve: Path, size: tuple[int, int]
) -> None:
    async with review(twelve, size) as pilot:
        text = squeezed(pilot.app)
        assert "more answers · why 1:" in text and "it is 11" not in text and "w for more" in text
        await pilot.press(*["right"] * 12)
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "› 12 model-11 ▌ it is 11" in text and "more answer" not in text
        await pilot.press("pageup", "pageup", "pageup", "pageup")
        await settle(pilot)
        assert "it is 0" in seen(pilot.app)
        await pilot.press("n")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "1 = 2 = 3" in text and "more answer" not in text


async def test_a_tie_is_marked_at_the_winner(review: OpenReview, twelve: Path) -> None:
    async with review(twelve) as pilot:
        assert squeezed(pilot.app).count("· tie, the earlier one wins") == 1


async def test_the_vote_is_explained_to_the_margin(review: OpenReview, size: tuple[int, int]) -> None:
    async with review(size=size) as pilot:
        await pilot.press("n", "w")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "decided by similarity" in text and "rule released 2" in text and "threshold 0.01" in text
        assert "runner-up 0.59 2 qwen2.5-7b" in text and "margin +0.00" in text
        await pilot.press("escape", "p", "w")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "equal answers, the threshold does not count" in text
        assert "runner-up 0.00 2 qwen2.5-7b" in text, "the one that says something else"


@pytest.mark.parametrize("width", [40, 60, 68, 92])
def test_the_matrix_fits_and_is_the_hotter_the_more_alike(twelve: Path, project: Path, width: int) -> None:
    for path, number, many in ((twelve, 1, 12), (project, 2, 3)):
        item = item_of(path, number)
        assert item.vote is not None
        drawn = matrix(item, item.vote, width)
        lines = drawn.split("\n")
        assert len(lines) == many + 1
        if width >= 60:
            assert max(line.cell_length for line in lines) <= width
        assert lines[1].plain.startswith("● 1")
    grounds = {str(span.style) for span in drawn.spans if "on $primary" in str(span.style)}
    assert grounds == {"on $primary 0%", f"on $primary {HOTTEST}%"}


def test_where_all_agree_there_is_no_runner_up(twelve: Path) -> None:
    item = item_of(twelve, 2)
    assert item.vote is not None
    assert "runner-up" not in figures(item, item.vote).plain


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("b", "enter"), "Enter do it"),
        (("i",), "Ctrl+S save"),
        (("e",), "Ctrl+S save"),
        (("m",), "Ctrl+S save"),
        (("r",), "Enter save"),
        (("question_mark",), "Esc close"),
        (("w",), "Esc close"),
        (("z",), "Esc close"),
    ],
)
async def test_every_window_shows_its_keys_at_80_columns(
    review: OpenReview, twelve: Path, keys: tuple[str, ...], told: str
) -> None:
    async with review(twelve, (80, 24)) as pilot:
        await pilot.press(*keys)
        await settle(pilot)
        text = squeezed(pilot.app)
        assert told in text
        if keys[0] == "b":
            assert text.count("→ blue") == 10 and "Enter once more accepts 11 items" in text


async def test_items_decided_already_and_twins_are_left_out_of_the_similar_ones(
    review: OpenReview, tmp_path: Path
) -> None:
    path = tmp_path / "like.db"
    same = ("blue", "blue", "red")
    ends = (".", "!", "?", " - 7")
    keys = fill(path, [Task(f"Name the colour of the sky at noon{end}", "", same) for end in ends])
    with Project.open(path) as opened:
        over = [ItemDecision(keys[1])]
        opened.write_now(lambda c: decisions.decide(c, "bob", "accept", over))
    async with review(path) as pilot:
        await pilot.press("o", "3", "g", "x", "p", "S")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "○ 1.00 #0002 ✓ Name" in text and "● 1.00 #0003 Name" in text
        assert "○ 0.94 #0004 other sign, number or symbol: Name" in text
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert [item_of(path, number).state.status for number in (1, 2, 3, 4)] == [
        "rejected",
        "accepted",
        "rejected",
        "undecided",
    ]


async def test_only_models_that_are_there_are_asked_again(review: OpenReview, tmp_path: Path) -> None:
    file = tmp_path / "given.jsonl"
    file.write_text(
        '{"instruction": "Say.", "outputs": [{"model": "a", "output": "x"}, {"model": "b", "output": "x"}]}\n'
    )
    path = tmp_path / "given.db"
    with Project.open(path, create=True) as opened, reader.opened(file) as reading:
        import_candidates(opened, file.name, read_candidates(reading))
    async with review(path) as pilot:
        await pilot.press("plus")
        await settle(pilot)
        assert "Only items of the newest run" in squeezed(pilot.app)
    assert item_of(path, 1).last is None


async def test_turns_stand_above_the_task_and_references_come_after_the_decision(
    review: OpenReview, tmp_path: Path
) -> None:
    file = tmp_path / "given.jsonl"
    record = {
        "instruction": "Name a sea.",
        "system": "You are a pirate.",
        "outputs": [{"model": "a", "output": "x"}, {"model": "b", "output": "x"}],
        "reference": "the Baltic",
    }
    file.write_text(json.dumps(record))
    path = tmp_path / "given.db"
    with Project.open(path, create=True) as opened, reader.opened(file) as reading:
        import_candidates(opened, file.name, read_candidates(reading))
    async with review(path) as pilot:
        text = squeezed(pilot.app)
        assert "System: You are a pirate. Name a sea." in text and "the Baltic" not in text
    item = item_of(path, 1)
    assert item.references == ()
    with Project.open(path) as opened:
        choice = ItemDecision(item.instance_id, item.candidates[0].id)
        opened.write_now(lambda c: decisions.decide(c, "ann", "choose", [choice]))
        decided = opened.read(lambda c: stored_review.item(c, item.instance_id))
    assert decided.references == ("the Baltic",)
    assert "reference: the Baltic" in beside_of(decided).plain


async def test_keys_typed_after_quitting_open_nothing(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("q", "o", "n", "r", "e")
        await until(pilot, lambda: not pilot.app.is_running, "the end of the app")
    assert pilot.app.return_code == 0


async def test_a_view_that_is_not_built_yet_takes_no_part_in_sharing_the_lines(review: OpenReview) -> None:
    async with review() as pilot:
        candidates = pilot.app.screen.query_one(Candidates)
        pilot.app.screen.query_one("#candidate-views").mount(CandidateView())
        candidates.on_resize(Resize(candidates.size, candidates.size))
        await settle(pilot)
        assert "● winner" in seen(pilot.app)
