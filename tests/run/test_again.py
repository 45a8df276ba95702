"""What a person asks once more is answered when the run goes on, and voted on anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.run.plan import default_plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store import counts, decisions, review, review_state, runs
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.run.scripted import use_scripted_worker
from tests.store.material import queue_ids


async def test_items_asked_again_get_a_further_candidate_of_every_answerer_and_a_new_vote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any
) -> None:
    use_scripted_worker(monkeypatch, "well", tmp_path)
    with Project.open(tmp_path / "run.db", create=True) as project:
        assert (await RunSession(project, default_plan(4), headless=True).run()).state is RunState.DONE
        same, changed, kept = project.read(lambda c: queue_ids(c, "number", "all"))[:3]

        def say(action: Any, key: str, text: str | None = None) -> None:
            one = ItemDecision(key, None, text)
            project.write_now(lambda c: decisions.decide(c, "ann", action, [one]))

        before = {key: project.read(lambda c, k=key: review.item(c, k)) for key in (same, changed, kept)}
        say("accept", same)
        say("task", changed, review_state.task_text("Say blue.", ""))
        for key in (same, changed):
            say("ask", key)
        assert project.read(review.waiting) == 2
        run = project.read(runs.get)
        answers_to_come = project.read(lambda c: counts.work(c, run.id)).again
        project.write_now(lambda c: runs.set_state(c, run.id, "stopped", "by hand"))
        asked = RunSession(project, replace(default_plan(4), asked_only=True), headless=True)
        assert (await asked.run()).state is RunState.STOPPED, (
            "no more than this is done of a run that stopped"
        )
        assert project.read(review.waiting) == 0
        after = project.read(runs.get)
        assert (after.state, after.note) == ("stopped", "by hand")
        assert project.read(lambda c: counts.work(c, run.id)).again == answers_to_come == 4

        found = project.read(lambda c: review.item(c, same))
        assert len(found.candidates) == 5 and found.vote is not None and len(found.vote.candidates) == 5
        assert found.state.candidate_id == before[same].vote.winner_id, "a decision never changes by it"  # type: ignore[union-attr]
        attempts = [one.attempt for one in found.candidates]
        assert attempts[:3] == [0, 0, 0] and attempts[3] == attempts[4] > 0

        found = project.read(lambda c: review.item(c, changed))
        fresh = [one for one in found.candidates if not found.is_earlier(one)]
        assert len(fresh) == 2 and not found.stale
        assert all("Say blue." in one.output for one in fresh)
        assert found.vote is not None and set(found.vote.candidates) == {one.id for one in fresh}
        assert project.read(lambda c: review.item(c, kept)) == before[kept]

        last = await RunSession(project, default_plan(4), headless=True).run()
        assert last.state is RunState.DONE
        assert all(stage.target is not None and stage.done <= stage.target for stage in last.stages)
        assert len(project.read(lambda c: review.item(c, same)).candidates) == 5
