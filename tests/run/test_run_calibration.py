"""Runs that measure their models first: once, seen, skippable, and never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine.calibration import record
from app.engine.calibration.record import Calibration
from app.engine.calibration.runner import NotMeasured
from app.engine.devices import Devices
from app.engine.gguf import ModelHeader
from app.engine.settings import Settings
from app.errors import ModelError
from app.run import ensemble
from app.run.plan import Plan, calibration_plan, default_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store import decisions, review
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.run.scripted import use_scripted_worker
from tests.store.material import queue_ids

FOUND = Calibration(
    parallel=3, flash_attention=True, repack=False, threads=1, beside_threads=1, speed=9.0, gain=2.0
)
Calibrate = Callable[..., Awaitable[Calibration]]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any) -> list[str]:
    """Have all models measured, by a formula; return the names of those that were."""
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    monkeypatch.setattr(record, "_cache", lambda: tmp_path / "calibrations.json")
    monkeypatch.setattr(ensemble, "worth_calibrating", lambda _header: True)
    names: list[str] = []

    async def calibrate(header: ModelHeader, start: Settings, **given: Any) -> Calibration:
        names.append(header.path.name)
        given["tell"]("8 at once")
        return FOUND

    monkeypatch.setattr(ensemble, "calibrate", calibrate)
    return names


async def run(project: Project, plan: Plan) -> RunSession:
    session = RunSession(project, plan)
    await session.run()
    assert session.snapshot.state is RunState.DONE, session.snapshot.error
    return session


async def test_every_model_is_measured_once_and_runs_with_what_was_found(
    asked: list[str], tmp_path: Path
) -> None:
    plan = default_plan(2)
    files = [path.name for path in (plan.writer, *plan.answerers)]
    with Project.open(tmp_path / "run.db", create=True) as project:
        session = await run(project, plan)
        assert asked == files
        members = session._view.members
        assert [member.engine.settings.parallel for member in members] == [3, 3, 3]
        assert all(member.engine.settings.flash_attention for member in members)
        notices = session.snapshot.notices
        assert sum("Measuring what is fastest for" in notice for notice in notices) == 3
        assert sum("2.00 times as fast as the defaults" in notice for notice in notices) == 3
        assert any(notice.startswith("needs ") for notice in notices)
        again = await run(project, replace(plan, target=4))
    assert asked == files, "they are not measured again"
    assert not any("Measuring" in notice for notice in again.snapshot.notices)


async def test_a_file_in_two_roles_is_measured_once(asked: list[str], tmp_path: Path) -> None:
    plan = default_plan(2)
    with Project.open(tmp_path / "run.db", create=True) as project:
        await run(project, replace(plan, answerers=(plan.writer,)))
    assert asked == [plan.writer.name]


async def test_a_question_asked_again_does_not_have_models_measured(asked: list[str], tmp_path: Path) -> None:
    plan = default_plan(4)
    with Project.open(tmp_path / "run.db", create=True) as project:
        await run(project, replace(plan, calibrate=False))
        [key] = project.read(lambda c: queue_ids(c, "number", "all"))[:1]
        project.write_now(lambda c: decisions.decide(c, "ann", "ask", [ItemDecision(key, None, None)]))
        assert project.read(review.waiting) == 1
        await run(project, plan)
        assert project.read(review.waiting) == 0 and asked == []
        await run(project, replace(plan, target=8))
    assert asked == [path.name for path in (plan.writer, *plan.answerers)]


async def test_no_calibration_means_the_defaults(asked: list[str], tmp_path: Path) -> None:
    with Project.open(tmp_path / "run.db", create=True) as project:
        session = await run(project, replace(default_plan(2), calibrate=False))
    assert asked == []
    assert [member.engine.settings.parallel for member in session._view.members] == [8, 8, 16]


async def test_a_model_that_cannot_be_measured_runs_with_the_defaults(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_given: Any, **_more: Any) -> Calibration:
        raise NotMeasured("A model could not be measured: it died.")

    monkeypatch.setattr(ensemble, "calibrate", nothing)
    with Project.open(tmp_path / "run.db", create=True) as project:
        session = await run(project, default_plan(2))
    told = "A model could not be measured: it died. It runs with the default settings."
    assert told in session.snapshot.notices
    assert session._view.members[0].engine.settings.parallel == 8


class Endless:
    """A calibration of the second model that only ends by being cancelled."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.cancelled = False

    async def __call__(self, header: ModelHeader, start: Settings, **given: Any) -> Calibration:
        if "chat" not in header.path.name:
            return FOUND
        given["tell"]("8 at once, 1 thread")
        self.began.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        raise AssertionError


async def test_measuring_can_be_skipped_and_what_was_found_is_kept(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = Endless()
    monkeypatch.setattr(ensemble, "calibrate", endless)
    seen = asyncio.Event()

    def watch(snapshot: RunSnapshot) -> None:
        if snapshot.state is RunState.CALIBRATING and "8 at once, 1 thread" in snapshot.activity:
            seen.set()

    with Project.open(tmp_path / "run.db", create=True) as project:
        session = RunSession(project, default_plan(2), watch)
        task = asyncio.create_task(session.run())
        await asyncio.wait_for(seen.wait(), 30)
        assert session.calibrating
        session.skip_calibration()
        last = await task
    assert endless.cancelled and not session.calibrating
    assert last.state is RunState.DONE and not last.activity
    assert any("Measuring was skipped" in notice for notice in last.notices)
    assert [member.engine.settings.parallel for member in session._view.members] == [3, 8, 16]


async def test_a_run_stopped_while_it_measures_ends_at_once(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = Endless()
    monkeypatch.setattr(ensemble, "calibrate", endless)
    with Project.open(tmp_path / "run.db", create=True) as project:
        session = RunSession(project, default_plan(2))
        task = asyncio.create_task(session.run())
        await endless.began.wait()
        await session.stop()
        assert (await task).state is RunState.STOPPED
    assert endless.cancelled


async def test_what_is_fastest_gives_way_when_it_does_not_fit(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def greedy(*_given: Any, **_more: Any) -> Calibration:
        return replace(FOUND, parallel=128)

    monkeypatch.setattr(ensemble, "calibrate", greedy)
    monkeypatch.setattr(ensemble, "available_memory", lambda: 500_000_000)
    with Project.open(tmp_path / "run.db", create=True) as project:
        session = await run(project, default_plan(2))
    assert session._view.members[0].engine.settings.parallel == 8


async def test_a_defect_in_measuring_is_told_as_an_error(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_given: Any, **_more: Any) -> Calibration:
        raise ModelError("The file is gone.")

    monkeypatch.setattr(ensemble, "calibrate", gone)
    with Project.open(tmp_path / "run.db", create=True) as project:
        session = RunSession(project, default_plan(2))
        last = await session.run()
    assert last.state is RunState.FAILED and last.error == "The file is gone."


def test_the_plan_says_how_many_models_would_be_measured_and_for_how_long(asked: list[str]) -> None:
    models, seconds = calibration_plan(default_plan(2), Devices(built_for_gpus=False))
    assert models == 3 and 3 <= seconds <= 180
    assert calibration_plan(replace(default_plan(2), calibrate=False), Devices(False)) == (0, 0)
