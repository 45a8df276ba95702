"""Workers die of everything, loading and working, again and again: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import select
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest

from app.cli.main import answer
from app.engine.restart_policy import Patience
from app.engine.state import Phase
from app.engine.supervisor import Engine
from app.run import ensemble
from app.run.plan import default_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project
from tests.faults.figures import LONG, note
from tests.run.scripted import WORKER, use_scripted_worker

TARGET = 500
"""Kept instructions: with inputs and two answers each, 2,000 items."""
SEEDS = range(1, 6 if LONG else 2)
KILLS = 100 if LONG else 20
GONE = 2.0 if LONG else 20.0
"""Seconds in which workers must be gone; beside other tests they may take longer than on a quiet machine."""


class Watched(Engine):
    """Notes when a worker was found dead, and when the next one was ready."""

    recoveries: list[float]
    loads: list[float]
    died_at = 0.0
    loading_at = 0.0

    def _tell(self, phase: Phase, **changes: Any) -> None:
        now = time.monotonic()
        if phase == "restarting":
            self.died_at = self.died_at or now
        elif phase == "loading" and self.state.state != "loading":
            self.loading_at = now
        elif phase == "ready" and self.state.state == "loading":
            if self.died_at:
                self.recoveries.append(now - self.died_at)
            else:
                self.loads.append(now - self.loading_at)
            self.died_at = 0.0
        super()._tell(phase, **changes)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bundled_models: Any) -> Iterator[type[Watched]]:
    """Have runs use a worker that dies often."""
    Watched.recoveries, Watched.loads = [], []
    command = [sys.executable, str(WORKER), "dies-often", str(tmp_path), "done"]
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    quick = Patience(load=20.0, answer=4.0, first_delay=0.01, longest_delay=0.02)
    monkeypatch.setattr(ensemble, "Engine", partial(Watched, worker_command=command, patience=quick))
    yield Watched


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_run_whose_workers_die_a_hundred_times_loses_nothing_and_repeats_nothing(
    watched: type[Watched], tmp_path: Path, seed: int
) -> None:
    pauses = 0
    with Project.open(tmp_path / "run.db", create=True) as project:
        while True:
            plan = replace(default_plan(TARGET), seed=seed)
            last: RunSnapshot = await RunSession(project, plan, headless=True).run()
            if last.state is RunState.DONE:
                break
            assert "crashed 5 times" in last.error, last.error
            pauses += 1
            assert pauses < 5
        items = check_items(project, planted(tmp_path, "poison"))
    deaths = len(planted(tmp_path, "died")) + 2 * len(planted(tmp_path, "poison"))
    assert items >= 1500 and deaths >= 100, (items, deaths)
    quick = sorted(watched.recoveries)
    p99 = quick[min(round(len(quick) * 0.99), len(quick) - 1)]
    assert p99 <= max(watched.loads) + 2.0, (p99, watched.loads)
    note("workers that die", items=items, deaths=deaths, lost=0, repeated=0, pauses=pauses)
    note(
        "recovery of a worker that died",
        **{"p50 s": round(statistics.median(quick), 2), "p99 s": round(p99, 2)},
    )


def planted(folder: Path, what: str) -> set[int]:
    """Return the seeds of the requests at which a worker died."""
    return {int(path.name.rpartition("-")[2]) for path in folder.glob(f"{what}-*")}


def check_items(project: Project, poison: set[int], target: int = TARGET) -> int:
    """Hold that every item is there once, and that only what kills was set aside; return how many."""

    def read(sql: str) -> list[int]:
        return [int(row[0]) for row in project.read(lambda c: c.execute(sql).fetchall())]

    assert read("SELECT COUNT(*) FROM instructions WHERE status = 'kept'") == [target]
    assert set(read("SELECT sampler_seed FROM completions WHERE ended = 'error'")) <= poison
    identity = "run_id || stage || subject || model || attempt"
    assert read(f"SELECT COUNT(*) - COUNT(DISTINCT {identity}) FROM completions") == [0]
    unanswered = "NOT EXISTS (SELECT 1 FROM votes v WHERE v.instance_id = i.id)"
    assert read(f"SELECT COUNT(*) FROM instances i WHERE status = 'kept' AND {unanswered}") == [0]
    return read("SELECT COUNT(*) FROM completions")[0]


def be_app(folder: Path) -> NoReturn:
    """Become `quorum run` with scripted workers."""
    status = 1
    try:
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        use_scripted_worker(pytest.MonkeyPatch(), "plain", folder)
        status = answer(["run", "run.db", "--instructions", "20000"])
    finally:
        os._exit(status)


def workers_of(app: int) -> list[int]:
    """Return the processes that an app has started; it starts nothing but workers."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(app)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


@pytest.mark.skipif(sys.platform != "linux", reason="waiting for a stranger's end needs Linux")
def test_an_app_that_is_killed_while_its_workers_work_leaves_none(tmp_path: Path) -> None:
    ended: list[float] = []
    for number in range(KILLS):
        app = os.fork()  # with everything loaded
        if not app:
            be_app(tmp_path)
        while len(workers := workers_of(app)) < (number % 3) + 1:  # while loading, and at work
            assert os.waitpid(app, os.WNOHANG) == (0, 0)
            time.sleep(0.02)
        watches = [os.pidfd_open(pid) for pid in workers]
        os.kill(app, signal.SIGKILL)
        os.waitpid(app, 0)
        began = time.monotonic()
        for watch in watches:
            assert select.select([watch], [], [], GONE)[0], "a worker outlived the app"
            os.close(watch)
        ended.append(time.monotonic() - began)
    with Project.open(tmp_path / "run.db") as project:
        assert project.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
    note("apps killed while workers run", kills=KILLS, orphans=0, **{"longest s": round(max(ended), 2)})
