"""Review of answers that reasoning models thought about first."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.run.voting import vote_row
from app.store import generated, runs, votes
from app.store.project import Connection, Project
from app.store.rows import NewCompletion
from tests.hostile import HOSTILE
from tests.tui.conftest import OpenReview
from tests.tui.filled_projects import TASKS, VOTED_BY, fill
from tests.tui.visible_text import seen, settle, squeezed

THOUGHT = "Portugal lies in the west of Spain. Its capital is on the Tagus."


def think(path: Path, instance: str, thought: str = THOUGHT) -> None:
    """Let the first answerer have thought before its answer, and the second never have left its thought."""

    def put_in(c: Connection) -> None:
        run = runs.get(c)
        for at, text in ((1, thought), (2, "Hm, " * 40)):
            model = f"hash-{at}"
            key = generated.save_completion(
                c,
                NewCompletion(
                    run.id, "answers", instance, model, 0, "p", "s", 1, "raw", "end", 9, 9, 0.1, text
                ),
            )
            c.execute(
                "UPDATE candidates SET completion_id = ? WHERE instance_id = ? AND model = ?",
                (key, instance, model),
            )
        c.execute(
            "UPDATE candidates SET output = '', reason = 'only_reasoning' "
            "WHERE instance_id = ? AND position = 2",
            (instance,),
        )
        answered = generated.instance(c, instance), generated.candidates_of(c, instance)
        votes.save_vote(c, instance, vote_row(*answered, VOTED_BY))

    with Project.open(path) as project:
        project.write_now(put_in)


@pytest.fixture
def thinkers(tmp_path: Path) -> Path:
    path = tmp_path / "thinkers.db"
    [instance] = fill(path, [TASKS[1]])
    think(path, instance)
    return path


async def test_a_candidate_says_that_there_was_a_thought_and_a_key_opens_it(
    review: OpenReview, thinkers: Path, size: tuple[int, int]
) -> None:
    async with review(thinkers, size) as pilot:
        if "end of" in squeezed(pilot.app):
            await pilot.press("v", "2")
            await settle(pilot)
        text = squeezed(pilot.app)
        assert "thought first, 13 words" in text and "(h)" in text
        assert "no answer: only reasoning" in text and "thought first, 40 words" in text
        assert "(h) · short" not in text  # what is dropped is compared with nothing
        assert THOUGHT not in text
        await pilot.press("h")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "2 qwen2.5-7b thought" in text and "Its capital is on the Tagus." in text
        assert "and answered" in text and "The capital is Porto." in text
        assert "3 flan-t5-xl thought" in text or size == (80, 24)
        await pilot.press("h")
        await settle(pilot)
        assert "Its capital is on the Tagus." not in squeezed(pilot.app)


async def test_the_key_means_nothing_where_nobody_thought(review: OpenReview) -> None:
    async with review() as pilot:
        before = seen(pilot.app)
        assert "thought" not in before
        await pilot.press("h")
        await settle(pilot)
        assert seen(pilot.app) == before


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_thought_is_shown_as_it_is_whatever_it_holds(
    review: OpenReview, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "hostile.db"
    [instance] = fill(path, [TASKS[1]])
    think(path, instance, f"begin {HOSTILE[name]}")
    async with review(path) as pilot:
        if "end of" in squeezed(pilot.app):
            await pilot.press("v", "2")
            await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert "begin" in seen(pilot.app)  # which fails on any control character
