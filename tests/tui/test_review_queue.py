"""The queue on the screen: filters, search, the list beside the item, and where one was the last time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from app.store import decisions, review_state
from app.store import review as stored_review
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.tui import queue_state
from tests.store.material import queue_ids
from tests.tui.conftest import OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import seen, settle, squeezed, until


async def test_words_and_filters_are_typed_in_one_line(review: OpenReview, size: tuple[int, int]) -> None:
    async with review(size=size) as pilot:
        await pilot.press("slash")
        await settle(pilot)
        assert "a phrase" in squeezed(pilot.app)
        await pilot.press(*"bookshop", "enter")
        await settle(pilot)
        assert "Suggest three names" in seen(pilot.app) and "1 of 1" in seen(pilot.app)
        await pilot.press("slash", "escape", "slash", "ctrl+u", *"kind:A won:mistral", "enter")
        await settle(pilot)
        assert "kind:A won:mistral" in seen(pilot.app)
        await pilot.press("slash", "ctrl+u", *"kind:Z", "enter")
        await settle(pilot)
        assert "'Z' is not a valid value of kind." in squeezed(pilot.app)
        assert "Choose from A, B." in squeezed(pilot.app)
        assert "kind:Z" in seen(pilot.app)  # still there, to be mended
        await pilot.press("ctrl+u", *"nowhere", "enter")
        await settle(pilot)
        assert "/ look for something else" in squeezed(pilot.app)


async def test_keys_typed_in_one_go_mean_what_they_mean_one_by_one(review: OpenReview, project: Path) -> None:
    def type_in_one_go(pilot: Pilot[None], *names: str) -> None:
        for name in names:
            pilot.app.post_message(events.Key(name, name if len(name) == 1 else None))

    async with review() as pilot:
        type_in_one_go(pilot, "a", "slash", *"status:accepted", "enter")
        await until(pilot, lambda: "1 of 1" in seen(pilot.app), "the filter")
        type_in_one_go(pilot, "e", *"XY", "ctrl+s", "slash", *"zebra")
        await until(pilot, lambda: "zebra" in seen(pilot.app), "the next filter")
    with Project.open(project) as opened:
        texts = opened.read(lambda c: c.execute("SELECT text FROM event_items WHERE text <> ''").fetchall())
    assert [text[-2:] for (text,) in texts] == ["XY"]


async def test_the_list_stands_beside_the_item_where_there_is_room_and_on_a_key(review: OpenReview) -> None:
    async with review(size=(160, 48)) as pilot:
        assert "›  #0002  Name the capital" in seen(pilot.app)
        assert "#0004  Give the opposite" in seen(pilot.app)
        await pilot.press("x")
        await settle(pilot)
        assert "✗ #0002" in seen(pilot.app) and "›  #0001" in seen(pilot.app)
        await pilot.click("#review-list", offset=(8, 5))
        await settle(pilot)
        assert "›  #0004" in seen(pilot.app)
        await pilot.press("l")
        await settle(pilot)
        assert "#0001" not in seen(pilot.app)
    async with review(size=(160, 48)) as pilot:
        assert "#0001  Rewrite" not in seen(pilot.app), "closed stays closed"
    async with review(size=(80, 24)) as pilot:
        await pilot.press("l")
        await settle(pilot)
        assert "›  #0004" in seen(pilot.app)


async def test_lists_and_orders_are_chosen_from_menus_with_counts(review: OpenReview) -> None:
    async with review() as pilot:
        await pilot.press("v")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "1 ● undecided 3" in text and "2 ○ all 5" in text and "3 ○ dropped by the vote 2" in text
        await pilot.press("down", "enter")
        await settle(pilot)
        assert "of 5 · most disagreement first · all" in squeezed(pilot.app)
        await pilot.press("o")
        await settle(pilot)
        assert "2 ○ differs in sign, number or symbol first 0" in squeezed(pilot.app)
        await pilot.press("escape", "o", "4")
        await settle(pilot)
        assert "of 5 · as generated · all" in squeezed(pilot.app)


async def test_escape_clears_the_filter_before_it_leaves(review: OpenReview) -> None:
    async with review() as pilot:
        await pilot.press("slash", *"bookshop", "enter", "escape")
        await settle(pilot)
        assert "of 3 · most disagreement first · undecided" in squeezed(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Home" in seen(pilot.app).splitlines()[0]


async def test_one_comes_back_to_where_one_was(review: OpenReview) -> None:
    async with review() as pilot:
        await pilot.press("v", "2", "o", "4", "g", "n", "n")
        await settle(pilot)
        assert "3 of 5 · as generated · all" in squeezed(pilot.app)
    async with review() as pilot:
        assert "3 of 5 · as generated · all" in squeezed(pilot.app)
        assert "Suggest three names" in seen(pilot.app)
        await pilot.press("ctrl+q")


async def test_a_filter_takes_lists_comparisons_and_terms_turned_round(review: OpenReview) -> None:
    async with review() as pilot:
        await pilot.press("a", "slash", *"status:accepted,rejected score>=0.1", "enter")
        await settle(pilot)
        assert "1 of 1" in seen(pilot.app)
        await pilot.press("slash", "ctrl+u", *"-status:accepted view:all", "enter")
        await settle(pilot)
        assert "of 4 · most disagreement first · all · -status:accepted" in squeezed(pilot.app)
        await pilot.press("slash", "ctrl+u", *"colour:red", "enter")
        await settle(pilot)
        assert "'colour' is not a key to filter by." in squeezed(pilot.app)
        assert '"colour:red"' in squeezed(pilot.app)


def remember(project: Path, order: str, view: str, terms: str) -> None:
    """Write what version 0.1 remembered of the review of a project."""
    left = {"order": order, "view": view, "terms": terms, "number": 4, "seed": 0, "listed": None}
    place = project.parent / "state" / "screens.json"
    place.parent.mkdir()
    place.write_text(json.dumps({"recent": [], "theme": "", "desks": {str(project): left}, "again": 0}))


@pytest.mark.parametrize(
    ("terms", "shown"),
    [
        ("kind:A won:mistral", "all · kind:A won:mistral"),
        ("kind:A http://x.org", 'all · kind:A "http://x.org"'),
    ],
)
async def test_a_filter_of_an_earlier_version_is_still_read(
    review: OpenReview, project: Path, terms: str, shown: str
) -> None:
    remember(project, "number", "all", terms)
    async with review() as pilot:
        assert f"as generated · {shown}" in squeezed(pilot.app)


async def test_a_remembered_filter_that_cannot_be_read_is_left_out_and_said(
    review: OpenReview, project: Path
) -> None:
    remember(project, "newest", "all", "kind:Z colour")
    async with review() as pilot:
        assert "of 5 · most disagreement first · all" in squeezed(pilot.app)
        assert "The filter used last cannot be read: 'Z' is not a valid" in squeezed(pilot.app)
        await pilot.press("a")
        await settle(pilot)
    with Project.open(project, read_only=True) as opened:
        assert opened.read(lambda c: stored_review.progress(c, "ann")).decided == 1


@pytest.fixture
def long_project(tmp_path: Path) -> Path:
    path = tmp_path / "many.db"
    fill(path, [Task(f"Say {n}.", "", (f"{n}", f"{n}", f"no {n}")) for n in range(30)])
    return path


async def test_a_long_queue_shows_its_first_item_before_it_is_read_whole(
    review: OpenReview, long_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_state, "HEAD", 5)
    async with review(long_project) as pilot:
        assert "1 of 30" in seen(pilot.app) and "Say 0." in seen(pilot.app)
        await pilot.press("end", "p")
        await settle(pilot)
        assert "30 of 30" in seen(pilot.app) and "Say 29." in seen(pilot.app)
    async with review(long_project) as pilot:
        assert "30 of 30" in seen(pilot.app) and "Say 29." in seen(pilot.app)


async def test_conflicts_are_settled_in_their_own_list(review: OpenReview, project: Path) -> None:
    with Project.open(project) as opened:
        key = opened.read(lambda c: stored_review.id_of(c, 2))
        for who, action in (("ann", "accept"), ("bob", "reject")):
            opened.write_now(
                lambda c, who=who, action=action: decisions.decide(c, who, action, [ItemDecision(key)])
            )
        note = ItemDecision(key, text="no river")
        opened.write_now(lambda c: decisions.decide(c, "bob", "note", [note]))
    async with review() as pilot:
        assert "1 conflict" in squeezed(pilot.app)
        await pilot.press("slash", *"view:conflicts", "enter")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "⚡ reviewers differ" in text
        assert "⚡ ann accepted 1 · " in text and "⚡ bob rejected · " in text and "note: no river" in text
        await pilot.press("2")
        await settle(pilot)
        assert "1 conflict" not in squeezed(pilot.app)
    with Project.open(project, read_only=True) as opened:
        state = opened.read(lambda c: decisions.state_of(c, key))
    assert (state.status, state.conflict) == ("chosen", False)


async def test_a_blind_reviewer_sees_what_others_decided_after_deciding(
    review: OpenReview, project: Path
) -> None:
    with Project.open(project) as opened:
        key = opened.read(lambda c: stored_review.id_of(c, 2))
        opened.write_now(lambda c: decisions.decide(c, "bob", "reject", [ItemDecision(key, text="wrong")]))
        opened.write_now(lambda c: decisions.decide(c, "bob", "note", [ItemDecision(key, text="no river")]))
    async with review(size=(160, 40)) as pilot:
        await pilot.press("B", "slash", *"capital", "enter")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "not decided by you · blind" in text and "Name the capital" in text
        assert "rejected" not in text and "no river" not in text
        await pilot.press("1", "p")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "⚡ bob rejected · wrong" in text and "⚡ ann chose 1" in text and "note: no river" in text
        await pilot.press("u")
        await settle(pilot)
        assert "no river" not in squeezed(pilot.app)
    async with review(size=(160, 40)) as pilot:
        assert "blind" in squeezed(pilot.app), "it is remembered"
        await pilot.press("B", "v", "6")
        await settle(pilot)
        assert "✗ rejected" in squeezed(pilot.app) and "blind" not in seen(pilot.app).splitlines()[0]


async def test_two_hundred_items_are_reviewed_by_keys_alone(review: OpenReview, tmp_path: Path) -> None:
    path = tmp_path / "two-hundred.db"
    fill(path, [Task(f"Say {n}.", "", (f"yes {n}", f"yes {n}", f"no {n}")) for n in range(200)])
    expected: dict[int, str] = {}
    async with review(path, (100, 30)) as pilot:
        await pilot.press("o", "3")
        await settle(pilot)
        for number in range(1, 201):
            key, status = (("a", "accepted"), ("3", "chosen"), ("x", "rejected"), ("1", "chosen"))[number % 4]
            await pilot.press(key)
            expected[number] = status
            if number % 20 == 0:
                await pilot.press("u", "space")
                expected[number] = "later"
            if number % 50 == 0:
                await pilot.press("p", "f", "t", *"seen", "enter", "n")
        await settle(pilot)
        assert "190" in squeezed(pilot.app)
    with Project.open(path, read_only=True) as opened:
        items = opened.read(lambda c: [stored_review.item(c, key) for key in queue_ids(c, "number", "all")])
    assert {item.number: item.state.status for item in items} == expected
    marked = {item.number for item in items if item.state.flagged and item.state.tags == ("seen",)}
    assert marked == {50, 100, 150, 200}
    chosen = {item.candidates.index(next(c for c in item.candidates if c.id == item.state.candidate_id))
              for item in items if item.number % 4 == 1 and item.state.status == "chosen"}  # fmt: skip
    assert chosen == {2}
    assert review_state.tags_of('["seen"]') == ("seen",)


async def test_another_project_opened_over_review_shows_its_own_items(
    review: OpenReview, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    fill(other, [Task("Say which project this is.", "", ("other", "other", "another"))])
    async with review() as pilot:
        await pilot.press("n")
        await pilot.app.switch_project(other).wait()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "Say which project this is." in seen(pilot.app) and "1 of 1" in seen(pilot.app)
        await pilot.press("a")
        await settle(pilot)
    with Project.open(other, read_only=True) as opened:
        assert opened.read(lambda c: stored_review.progress(c, "ann").decided) == 1
