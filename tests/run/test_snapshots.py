"""What a run tells those who watch it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.run import snapshots
from app.run.plan import default_plan
from app.run.progress import RunSnapshot
from app.run.snapshots import RunView, stages_of
from app.store.counts import Work
from app.store.project import Project
from app.store.views import Count, RunSummary


async def test_the_clock_goes_on_while_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: object
) -> None:
    monkeypatch.setattr(snapshots, "CLOCK_SECONDS", 0.01)
    told: list[RunSnapshot] = []
    three = asyncio.Event()

    def listen(snapshot: RunSnapshot) -> None:
        told.append(snapshot)
        if len(told) == 3:
            three.set()

    with Project.open(tmp_path / "run.db", create=True) as project:
        watcher = asyncio.create_task(RunView(project, default_plan(8), listen).keep_fresh())
        async with asyncio.timeout(60):
            await three.wait()
        watcher.cancel()
    times = [snapshot.elapsed_seconds for snapshot in told]
    assert times == sorted(set(times))
    assert {snapshot.state for snapshot in told} == {told[0].state}


def summary(instructions: int, instances: int, answers: int, votes: int) -> RunSummary:
    """A run of ten instructions that has come so far, all of it kept."""
    done = {"instructions": instructions, "instances": instances, "answers": answers, "votes": votes}
    cells = tuple(Count(stage, "A", "kept", "", "", number) for stage, number in done.items())
    return RunSummary("run", 1, "recipe", "running", "", 1, 10, "", None, cells)


@pytest.mark.parametrize(
    ("done", "unwritten"),
    [((0, 0, 0, 0), 0), ((4, 0, 0, 0), 4), ((10, 2, 0, 0), 8), ((10, 6, 8, 3), 4), ((10, 10, 20, 10), 0)],
)
def test_what_is_expected_of_a_stage_is_known_from_the_beginning(
    done: tuple[int, int, int, int], unwritten: int
) -> None:
    stages = stages_of(summary(*done), Work(unwritten, 0), answers=2, ended=False)
    assert [stage.target for stage in stages] == [10, 10, 20, 10]
    assert [stage.done for stage in stages] == list(done)


def test_a_run_that_ended_short_of_its_target_expects_nothing_more() -> None:
    stages = stages_of(summary(7, 7, 14, 7), Work(0, 0), answers=2, ended=True)
    assert [stage.target for stage in stages] == [10, 7, 14, 7]
