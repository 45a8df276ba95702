"""Review where the votes were learned: how probable an answer is, why, and in which order items come."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bench import worlds
from app.run.learn import learn
from app.run.revoting import revote
from app.run.voting import Asked
from app.store import fits, review
from app.store.filters import parse
from app.store.project import Connection, Project
from app.tui.app import QuorumApp
from tests.run.judged_projects import judge, made
from tests.tui.visible_text import settle, squeezed

TASKS = worlds.siblings(40, 3)
ALL = parse("", "all")


@pytest.fixture
def learned(tmp_path: Path) -> Path:
    def change(c: Connection) -> None:
        judge(c, TASKS, 20)
        fits.save(c, learn(c).fit)
        revote(c, Asked("learned", 0.4))

    path = tmp_path / "learned.db"
    with made(path, TASKS) as project:
        project.write_now(change)
    return path


def test_the_queue_goes_by_the_probability_of_the_winner_in_both_directions(learned: Path) -> None:
    with Project.open(learned, read_only=True) as project:
        doubtful = list(project.read(lambda c: review.numbers(c, "doubtful", ALL)))
        probable = list(project.read(lambda c: review.numbers(c, "probable", ALL)))
        scores = dict(
            project.read(
                lambda c: [
                    (number, review.item(c, review.id_of(c, number)).vote.score)  # type: ignore[union-attr]
                    for number in doubtful
                ]
            )
        )
    ordered = [scores[number] or 0.0 for number in doubtful]
    assert ordered == sorted(ordered) and ordered[0] < ordered[-1]
    assert [scores[number] for number in probable] == sorted(scores.values(), reverse=True)  # type: ignore[type-var]


async def test_the_answers_have_their_probabilities_and_why_tells_the_parts(learned: Path) -> None:
    app = QuorumApp(learned)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        text = squeezed(app)
        assert "right with" in text and "×" in text and "rule learned" in text
        assert text.count("%") > 2
        await pilot.press("w")
        await settle(pilot)
        text = squeezed(app)
        assert "factors of the winner’s odds" in text and "│" in text and "runner-up" not in text
        await pilot.resize_terminal(80, 24)
        await pilot.press(*["down"] * 8)
        await settle(pilot)
        assert "came to its end" in squeezed(app), "the last line of the window"
        await pilot.press("escape")
        await pilot.press("o", "7")
        await settle(pilot)
        assert "least probably right first" in squeezed(app)
