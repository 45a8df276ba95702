"""What Review says of answers that only the rule takes as the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.run.revoting import revote
from app.run.voting import Asked
from app.store import review as stored_review
from app.store.counted import recount
from app.store.filters import parse
from app.store.project import Project
from app.tui.candidates import groups
from tests.store.material import queue_ids
from tests.tui.conftest import Drive, OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import settle, squeezed

TASKS = (
    Task("What is 2 + 3?", "", ("5", "five", "the sum is 5")),
    Task("What is 2 - 7?", "", ("-5", "5", "5")),
    Task("Do I go?", "", ("You can't go.", "You cant go", "You can go.")),
    Task("水结冰时会膨胀吗？", "", ("会。", "会", "水结冰的时候体积会变大，所以会膨胀，杯子可能裂开。")),
)


@pytest.fixture
def differing(tmp_path: Path) -> Path:
    path = tmp_path / "differing.db"
    fill(path, TASKS)
    return path


async def test_answers_equal_but_for_a_sign_come_first_and_are_never_called_the_same(
    review: OpenReview, differing: Path
) -> None:
    async with review(differing) as pilot:
        text = squeezed(pilot.app)
        assert "What is 2 - 7?" in text, "the first of the queue"
        assert "why 1: equal but for a sign, number or symbol, from" in text and "≠ equal but for" in text
        assert "the same answer" not in text
        await pilot.press("l")
        await settle(pilot)
        assert "#0002 ≠ What is" in squeezed(pilot.app)
        await pilot.press("w")
        await settle(pilot)
        assert "equal 3 of 3 · ≠ equal but for a sign, number or symbol" in squeezed(pilot.app)
        await pilot.press("escape", "b", "2")
        await settle(pilot)
        assert "1 undecided of them" in squeezed(pilot.app), "the item about going"


def test_an_order_and_a_filter_find_them(differing: Path) -> None:
    with Project.open(differing) as project:
        order = project.read(lambda c: list(stored_review.numbers(c, "symbols", parse("", "all"))))
        assert order[:2] == [2, 3]
        for term, numbers in (("symbols:yes", [2]), ("punctuation:yes", [3]), ("-symbols:yes", [1, 3, 4])):
            wanted = parse(term, "all")
            assert sorted(project.read(lambda c, w=wanted: stored_review.numbers(c, "number", w))) == numbers


def test_a_winner_says_how_many_answers_equal_it(differing: Path) -> None:
    with Project.open(differing) as project:
        project.write_now(lambda c: revote(c, Asked("quorum", 0.2, "auto")))
        ids = project.read(lambda c: queue_ids(c, "number", "all"))
        items = [project.read(lambda c, key=key: stored_review.item(c, key)) for key in ids]
    assert [next(g.equal for g in groups(item) if g.winner) for item in items] == ["", "2 of 3", "", "2 of 3"]
    assert [group.short for group in groups(items[3])] == [False, False, False]
    longer = replace(items[3].candidates[1], output=items[3].candidates[2].output + "。")
    counted = replace(items[3], candidates=(items[3].candidates[0], longer, items[3].candidates[2]))
    assert [group.short for group in groups(counted)] == [True, False, False], "one character beside many"


async def test_home_offers_the_present_version_of_a_rule(drive: Drive, differing: Path) -> None:
    with Project.open(differing) as project:
        project.write_now(lambda c: revote(c, Asked("quorum", 0.2)))
        project.write_now(
            lambda c: c.execute("UPDATE votes SET rule_version = 1, at_least = NULL, barred = NULL")
        )
        project.write_now(recount)
    async with drive(differing) as pilot:
        await settle(pilot)
        assert "votes under an earlier version of rule quorum: 4" in squeezed(pilot.app)
