"""A run with dying workers, a reviewer, exports and backups beside it: nothing grows, nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.engine.restart_policy import Patience
from app.engine.supervisor import Engine
from app.export.request import request
from app.export.write import export
from app.run import ensemble
from app.run.plan import default_plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store import decisions
from app.store.decisions import ItemDecision
from app.store.project import Project
from tests.faults.figures import note
from tests.run.scripted import WORKER

ROOT = Path(__file__).resolve().parents[2]
SECONDS = float(os.environ.get("QUORUM_SOAK", "20"))
SLOPE = 1.0
"""Megabytes an hour that a run of hours may grow by; minutes are too short to tell that from warming up."""


def resident() -> float:
    """Return the megabytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


class Beside:
    """What happens beside the run, until it is over."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.folder = project, folder
        self.decided = self.exports = self.backups = 0
        self.samples: list[tuple[float, float, int]] = []

    async def go_on(self, until: float) -> None:
        turn = 0
        while time.monotonic() < until:
            turn += 1
            await self._decide()
            if turn % 10 == 0:
                await asyncio.to_thread(self._export)
            if turn % 20 == 0:
                await asyncio.to_thread(self._back_up)
            self.samples.append((time.monotonic(), resident(), descriptors()))
            await asyncio.sleep(0.2)

    async def _decide(self) -> None:
        waiting = await self.project.fetch(
            lambda c: c.execute(
                "SELECT instance_id FROM votes WHERE instance_id NOT IN "
                "(SELECT instance_id FROM event_items) LIMIT 1"
            ).fetchone()
        )
        if waiting is not None:
            chosen = [ItemDecision(waiting[0])]
            await self.project.write(lambda c: decisions.decide(c, "bot", "accept", chosen))
            self.decided += 1

    def _export(self) -> None:
        out = self.folder / "rows.jsonl"
        report = export(self.project, out, request("alpaca-jsonl"), force=True)
        lines = out.read_text("utf-8").splitlines()
        assert report.rows == len([json.loads(line) for line in lines])
        self.exports += 1

    def _back_up(self) -> None:
        copy = self.folder / "copy.db"
        copy.unlink(missing_ok=True)
        self.project.back_up_to(copy)
        with Project.open(copy, read_only=True) as opened:
            assert opened.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
        self.backups += 1


def deaths(folder: Path) -> int:
    """Return how many workers died so far."""
    return len(list(folder.glob("died-*")))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_long_run_under_faults_grows_in_nothing_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any
) -> None:
    command = [sys.executable, str(WORKER), "dies-often", str(tmp_path), "done"]
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    quick = Patience(load=20.0, answer=4.0, first_delay=0.01, longest_delay=0.02)
    monkeypatch.setattr(ensemble, "Engine", partial(Engine, worker_command=command, patience=quick))
    until = time.monotonic() + SECONDS
    with Project.open(tmp_path / "soak.db", create=True) as project:
        beside = Beside(project, tmp_path)
        bot = asyncio.create_task(beside.go_on(until))
        pauses = 0
        while time.monotonic() < until:
            session = RunSession(project, default_plan(1_000_000), headless=True)
            running = asyncio.create_task(session.run())
            await asyncio.wait([running, bot], return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                await session.stop()
            last = await running
            assert last.state is RunState.STOPPED, last.error
            pauses += bool(last.error)
        await bot
        decided = project.read(lambda c: c.execute("SELECT COUNT(*) FROM events").fetchone()[0])
        items = project.read(lambda c: c.execute("SELECT COUNT(*) FROM completions").fetchone()[0])
    assert decided == beside.decided
    settled = beside.samples[len(beside.samples) // 3 :]
    (began, before, _), (ended, after, _) = settled[0], settled[-1]
    hours = (ended - began) / 3600
    counts = [number for _, _, number in settled]
    assert max(counts) - min(counts) <= 30, counts
    if hours >= 1:
        assert (after - before) / hours <= SLOPE
    note(
        "soak",
        seconds=round(SECONDS),
        items=items,
        deaths=deaths(tmp_path),
        decisions=decided,
        lost=0,
        exports=beside.exports,
        backups=beside.backups,
        pauses=pauses,
        descriptors=f"{min(counts)} to {max(counts)}",
        **{"memory MB": f"{before:.0f} to {after:.0f}"},
    )
