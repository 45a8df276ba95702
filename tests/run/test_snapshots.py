"""What a run tells those who watch it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.run import snapshots
from app.run.plan import default_plan
from app.run.progress import RunSnapshot
from app.run.snapshots import RunView
from app.store.project import Project


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
