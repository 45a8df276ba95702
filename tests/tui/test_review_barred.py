"""What Review, the vote and the threshold show of answers that did not vote, and of chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.run.revoting import revote
from app.run.voting import Asked
from app.store.project import Project
from tests.store.material import queue_ids
from tests.tui.conftest import OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import settle, squeezed

SAID = "I am sorry, but I cannot"
TASKS = (
    Task("Name the capital of the country.", "Portugal", ("Portugal", "Lisbon", "Lisbon is it", SAID)),
    Task("Repeat the word.", "warm", ("warm", "warm", "warm", "warm")),
)


@pytest.fixture
def barred(tmp_path: Path) -> Path:
    path = tmp_path / "barred.db"
    fill(path, TASKS)
    return path


def statuses(path: Path) -> list[str]:
    with Project.open(path, read_only=True) as project:
        sql = "SELECT status FROM desk ORDER BY number"
        return [status for (status,) in project.read(lambda c: [tuple(row) for row in c.execute(sql)])]


async def test_review_says_who_did_not_vote_and_why(review: OpenReview, barred: Path) -> None:
    async with review(barred, (120, 50)) as pilot:
        text = squeezed(pilot.app)
        assert "Portugal" in text and "did not vote: output repeats the input" in text
        assert "did not vote: a refusal" in text and "2 of 4 voted" in text
        assert "why 2:" in text, "an echo wins nothing"
        await pilot.press("w")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "voted 2 of 4" in text and "did not vote: a refusal" in text


async def test_where_no_answer_may_vote_a_person_still_chooses_one(review: OpenReview, barred: Path) -> None:
    async with review(barred) as pilot:
        await pilot.press("v", "2", "G", "p")
        await settle(pilot)
        while "Repeat the word." not in squeezed(pilot.app):
            await pilot.press("p")
            await settle(pilot)
        text = squeezed(pilot.app)
        assert "no answer may vote" in text and "output repeats the input" in text
        await pilot.press("w")
        await settle(pilot)
        window = squeezed(pilot.app).partition("The vote on")[2]
        assert "voted 0 of 4" in window and "tokeniser" in window
        for figure in ("equal 0", "lowest pair", "winner’s mean", "disagreement"):
            assert figure not in window
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
    assert statuses(barred)[1] == "chosen"


async def test_the_threshold_shows_what_is_kept_by_chance(review: OpenReview, tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    fill(path, [Task(f"Task {n}.", f"{n}", (f"a{n} b", f"a{n} b", f"a{n} b c")) for n in range(4)])
    with Project.open(path) as project:
        project.write_now(lambda c: revote(c, Asked("quorum", 0.2)))
        assert len(project.read(lambda c: queue_ids(c, view="all"))) == 4
    async with review(path) as pilot:
        await pilot.press("T")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "kept by chance" in text and "shuffled among items of the same kind" in text
