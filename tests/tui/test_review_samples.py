"""What Review shows of models that gave samples: one voice each, and how many samples say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.method.consensus import RuleChoice
from app.store.project import Project
from tests.tui.conftest import OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import settle, squeezed

QUORUM = RuleChoice("quorum", 0.2, at_least="half")
TASK = Task(
    "Name the capital of the country.",
    "Portugal",
    ("Porto", "Lisbon", "Madrid"),
    samples=(("Lisbon", "Lisbon", "Faro", "Lisbon."), ("Lisbon", "Braga", "Lisbon", "Madrid")),
)


@pytest.fixture
def sampled(tmp_path: Path) -> Path:
    path = tmp_path / "sampled.db"
    fill(path, [TASK], voted_by=QUORUM)
    return path


async def test_review_shows_each_model_by_its_voice_and_how_many_samples_say_so(
    review: OpenReview, sampled: Path
) -> None:
    async with review(sampled, (120, 60)) as pilot:
        text = squeezed(pilot.app)
        assert "2 qwen2.5-7b = flan-t5-xl 3 of 4 samples, 2 of 4 samples" in text, "each is named once"
        assert "why 2: 2 of 3 equal, from qwen2.5-7b (3 of 4 samples) and flan-t5-xl (2 of 4 samples)" in text
        assert "did not vote: its model votes by another answer" in text and " voted ·" not in text
        await pilot.press("w")
        await settle(pilot)
        window = squeezed(pilot.app).partition("The vote on")[2]
        assert "voted 3 of 3" in window and "equal 2 of 3, 2 decide" in window
        assert "sample 4" in window and "sample 5" not in window


async def test_a_person_may_choose_a_sample(review: OpenReview, sampled: Path) -> None:
    async with review(sampled, (120, 60)) as pilot:
        await pilot.press("6")
        await settle(pilot)
    with Project.open(sampled, read_only=True) as project:
        sql = """SELECT s.status, x.output, x.attempt FROM review_state s
                 JOIN candidates x ON x.id = s.candidate_id"""
        assert project.read(lambda c: [tuple(row) for row in c.execute(sql)]) == [("chosen", "Faro", -3)]


async def test_of_a_model_that_answers_alone_it_is_said_how_sure_it_is(
    review: OpenReview, tmp_path: Path
) -> None:
    path = tmp_path / "alone.db"
    fill(path, [Task("Say it.", "now", (), samples=(("red", "red", "green"),))], voted_by=QUORUM)
    async with review(path) as pilot:
        assert "why 1: one model was asked, qwen2.5-7b (2 of 3 samples)" in squeezed(pilot.app)
        await pilot.press("w")
        await settle(pilot)
        window = squeezed(pilot.app).partition("The vote on")[2]
        assert "equal samples of one model" in window and "equal 2 of 3 samples, 2 decide" in window
        assert "lowest pair" not in window
