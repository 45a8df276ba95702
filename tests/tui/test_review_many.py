"""Many items at once: in bulk, by another threshold, and items like one another."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.run.similar import Similar
from app.store import bulk, counts, decisions
from app.store import review as stored_review
from app.store.bulk import Matching
from app.store.filters import Filter
from app.store.project import Connection, Project
from app.store.votes import Scores
from app.tui.screens import review as review_screen
from app.tui.screens.threshold import ThresholdModel, histogram
from tests.store.material import queue_ids
from tests.tui.conftest import OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import seen, settle, squeezed, until


def states(path: Path) -> dict[int, str]:
    with Project.open(path, read_only=True) as project:
        items = project.read(lambda c: [stored_review.item(c, key) for key in queue_ids(c, "number", "all")])
    return {item.number: item.state.status for item in items}


async def test_bulk_shows_count_and_samples_asks_and_is_one_step(
    review: OpenReview, project: Path, size: tuple[int, int]
) -> None:
    async with review(size=size) as pilot:
        await pilot.press("b")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Accept the winners where" in text and "1 undecided of them" in text
        assert "#0004 Give the opposite of the word. → cold" in text
        await pilot.press("2")
        await settle(pilot)
        assert "2 undecided of them" in squeezed(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Enter once more accepts 2 items" in squeezed(pilot.app)
        assert set(states(project).values()) == {"undecided"}
        await pilot.press("enter")
        await settle(pilot)
        assert "1 of 1" in seen(pilot.app) and "accepted and 1 more" in squeezed(pilot.app)
        assert states(project) == {
            1: "undecided",
            2: "accepted",
            3: "undecided",
            4: "accepted",
            5: "undecided",
        }
        await pilot.press("u")
        await settle(pilot)
    assert set(states(project).values()) == {"undecided"}


async def test_bulk_can_be_left_and_rejects_by_similarity(review: OpenReview, project: Path) -> None:
    async with review() as pilot:
        await pilot.press("b", "x", "left", "left", "escape")
        await settle(pilot)
        assert set(states(project).values()) == {"undecided"}
        await pilot.press("b", "x", "3", *["left"] * 14)
        await settle(pilot)  # what Enter is about is counted first
        await pilot.press("enter", "enter")
        await settle(pilot)
    assert set(states(project).values()) == {"undecided", "rejected"}


async def test_bulk_hears_keys_while_it_counts_and_counts_what_was_chosen_last(
    review: OpenReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    on = threading.Event()
    matching = bulk.matching

    def slowly(
        c: Connection, action: bulk.BulkAction, wanted: Filter, rule: bulk.BulkRule, who: str
    ) -> Matching:
        counted.append(rule.name)
        on.wait(60)
        return matching(c, action, wanted, rule, who)

    monkeypatch.setattr(bulk, "matching", slowly)
    async with review() as pilot:
        try:
            await pilot.press("b", "2", "3", "5", "enter")
            await until(pilot, lambda: "● 5" in seen(pilot.app), "choosing while it counts")
            assert "counting …" in seen(pilot.app) and counted == ["unanimous"]
            on.set()
            await settle(pilot)
            text = squeezed(pilot.app)
            assert counted == ["unanimous", "all"] and "3 undecided of them" in text
            assert "Enter once more accepts 3 items" in text
            on.clear()
            await pilot.press("4", "escape")
            await until(pilot, lambda: "undecided of them" not in seen(pilot.app), "leaving while it counts")
        finally:
            on.set()


async def test_the_threshold_is_slid_and_applied_to_what_is_undecided(
    review: OpenReview, project: Path, size: tuple[int, int]
) -> None:
    async with review(size=size) as pilot:
        await pilot.press("T")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "threshold 0.01" in text and "kept 3 of" in text and "flips 0" in text
        await pilot.press(*["L"] * 5)
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "kept 2 of" in text and "flips 1" in text and "✗ dropped #0001" in text
        await pilot.press("enter", "y")
        await settle(pilot)
        assert "kept 2 of" in squeezed(pilot.app) and "flips 0" in squeezed(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "of 2" in seen(pilot.app) or "of 3" in seen(pilot.app)
    with Project.open(project, read_only=True) as opened:
        [run] = opened.read(counts.summary).runs
    assert run.total("votes", "kept") == 2


async def test_review_hears_keys_while_it_looks_for_items_like_one(
    review: OpenReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def look(c: Connection, _key: str) -> list[Similar]:
        try:
            c.execute("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT MAX(x) FROM n")
        finally:
            ended.set()
        return []

    monkeypatch.setattr(review_screen, "similar_to", look)
    async with review() as pilot:
        for key, where in (("n", "2 of"), ("question_mark", "Review")):
            ended.clear()
            await pilot.press("x", "p", "S")
            await until(pilot, lambda: "Looking for items like this one" in seen(pilot.app), "saying so")
            await pilot.press(key)
            await until(pilot, lambda where=where: where in squeezed(pilot.app), where)
            assert await asyncio.to_thread(ended.wait, 20), "nobody waits for it"
            await settle(pilot)
            assert "No other item is like this one" not in seen(pilot.app), "it is no longer about this one"


async def test_a_rejection_is_applied_to_items_like_it(review: OpenReview, tmp_path: Path) -> None:
    path = tmp_path / "like.db"
    same = ("blue", "blue", "red")
    fill(path, [Task("Name the colour of the sky at noon.", "", same),
                Task("Name the colour of the sky at noon!", "", same),
                Task("Name the colour of the sky at noon?", "", same),
                Task("Count from one to ten.", "", same)])  # fmt: skip
    async with review(path) as pilot:
        await pilot.press("S")
        await settle(pilot)
        assert "Reject or edit this item first" in squeezed(pilot.app)
        await pilot.press("o", "3", "g", "X", "4", "p", "S")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Items like this one" in text and "1.00 #0002" in text and "Count from" not in text
        await pilot.press("space", "ctrl+s")
        await settle(pilot)
    assert states(path) == {1: "rejected", 2: "undecided", 3: "rejected", 4: "undecided"}
    with Project.open(path, read_only=True) as opened:
        assert opened.read(lambda c: decisions.state_of(c, stored_review.id_of(c, 3))).reason == "duplicate"


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.booleans()), max_size=40), st.floats(0, 1))
def test_a_threshold_keeps_what_the_rules_keep(rows: list[tuple[float, bool, bool]], t: float) -> None:
    scores = Scores(settled=2)
    for number, (score, strict, kept) in enumerate(rows):
        scores.numbers.append(number)
        scores.scores.append(score)
        scores.strict.append(strict)
        scores.kept.append(kept)
        scores.undecided.append(1)
    model = ThresholdModel(scores)
    expected = [score > t if strict else score >= t for score, strict, _ in rows]
    assert model.kept_by(t) == sum(expected) + 2
    flips = [n for n, (keep, (_, _, kept)) in enumerate(zip(expected, rows, strict=True)) if keep != kept]
    assert np.array_equal(model.flips(t), flips)
    assert len(histogram(model, t, 50).split("\n")) == 8
