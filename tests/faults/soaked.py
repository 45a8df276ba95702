"""The process of the soak: project after project, made under faults, reviewed, exported and copied.

Run as `python -m tests.faults.soaked FOLDER SECONDS INSTRUCTIONS`; prints a line of JSON for each project.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from app import logs
from app.engine.restart_policy import Patience
from app.engine.supervisor import Engine
from app.export.request import request
from app.export.write import export
from app.method.language import _chances
from app.method.rouge import _stem
from app.run import ensemble
from app.run.plan import default_plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store import decisions, health
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.faults.test_worker_deaths import check_items, planted
from tests.run.scripted import WORKER

ROOT = Path(__file__).resolve().parents[2]
PER_EXPORT, PER_BACKUP = 25, 50
"""Decisions after which there is another export, and another backup; a project ends with both."""
THREADS = min(32, (os.cpu_count() or 1) + 4)
"""As many as `asyncio.to_thread` ever uses."""
FIXED = """
import json, time
texts = [f"{n} words of a task that say what is wanted {n * n}" for n in range(400)]
began = time.process_time()
for _ in range(80):
    seen = {tuple(text.split()): text for text in json.loads(json.dumps(texts))}
print(time.process_time() - began)
"""
"""A piece of work that is always the same: how long it takes says how fast the machine is just then."""


@dataclass
class Sample:
    """What a project took and left behind in the process; seconds of the processor but `at`."""

    at: float
    items: int = 0
    deaths: int = 0
    decisions: int = 0
    exports: int = 0
    backups: int = 0
    pauses: int = 0
    seconds: float = 0.0
    fixed: float = 0.0
    megabytes: float = 0.0
    descriptors: int = 0
    threads: int = 0
    log_megabytes: float = 0.0


class Reviewer:
    """Decides on one item after the other, and exports and backs up what there is now and then."""

    def __init__(self, project: Project, folder: Path, sample: Sample) -> None:
        self.project, self.folder, self.sample = project, folder, sample
        self.over = False

    async def go_on(self) -> None:
        """Decide until the run is over and nothing is left to decide."""
        while not self.over:
            async for done in self._decisions():
                if done % PER_EXPORT == 0:
                    await asyncio.to_thread(self._export)
                if done % PER_BACKUP == 0:
                    await asyncio.to_thread(self._back_up)
            await asyncio.sleep(0.2)
        await asyncio.to_thread(self._export)
        await asyncio.to_thread(self._back_up)

    async def _decisions(self) -> AsyncIterator[int]:
        query = "SELECT instance_id FROM votes WHERE instance_id NOT IN (SELECT instance_id FROM event_items)"
        for (key,) in await self.project.fetch(lambda c: c.tuples(query).fetchall()):
            await self.project.write(partial(self._accept, key))
            self.sample.decisions += 1
            log = self.project.path.with_name(f"{self.project.path.name}-wal").stat().st_size / 1e6
            self.sample.log_megabytes = max(self.sample.log_megabytes, log)
            yield self.sample.decisions

    def _accept(self, key: str, c: Connection) -> None:
        decisions.decide(c, "bot", "accept", [ItemDecision(key)])

    def _export(self) -> None:
        out = self.folder / "rows.jsonl"
        report = export(self.project, out, request("alpaca-jsonl"), force=True)
        assert report.rows == len([json.loads(line) for line in out.read_text("utf-8").splitlines()])
        self.sample.exports += 1

    def _back_up(self) -> None:
        copy = self.folder / "copy.db"
        copy.unlink(missing_ok=True)
        self.project.back_up_to(copy)
        with Project.open(copy, read_only=True) as opened:
            assert not opened.read(health.every_fault)
        self.sample.backups += 1
        self.sample.fixed += fixed()


def fixed() -> float:
    """Return the seconds of the processor that the fixed piece of work takes another process now."""
    return float(subprocess.run([sys.executable, "-c", FIXED], capture_output=True, check=True).stdout)


async def make(folder: Path, target: int, seed: int, began: float) -> Sample:
    """Make, review, export and back up a project while its workers die; hold that nothing was lost."""
    sample = Sample(time.monotonic() - began)
    before = time.process_time()
    command = [sys.executable, str(WORKER), "dies-often", str(folder), "done"]
    quick = Patience(load=30.0, answer=8.0, first_delay=0.01, longest_delay=0.02)
    setattr(ensemble, "Engine", partial(Engine, worker_command=command, patience=quick))  # noqa: B010
    with Project.open(folder / "soak.db", create=True) as project:
        reviewer = Reviewer(project, folder, sample)
        reviewing = asyncio.create_task(reviewer.go_on())
        plan = replace(default_plan(target), seed=seed)
        while (last := await RunSession(project, plan, headless=True).run()).state is not RunState.DONE:
            assert "crashed 5 times" in last.error, last.error
            sample.pauses += 1
        reviewer.over = True
        await reviewing
        sample.items = check_items(project, planted(folder, "poison"), target)
        stored = project.read(lambda c: c.execute("SELECT COUNT(*) FROM events").fetchone()[0])
        assert stored == sample.decisions
    sample.deaths = len(planted(folder, "died")) + 2 * len(planted(folder, "poison"))
    sample.seconds = time.process_time() - before
    gc.collect()
    give_back()
    sample.megabytes, sample.descriptors = resident(), descriptors()
    sample.threads = threading.active_count()
    return sample


def give_back() -> None:
    """Have the C library give back what it keeps free for later: that is no growth."""
    with suppress(AttributeError):  # only glibc's has this
        ctypes.CDLL(None).malloc_trim(0)


def resident() -> float:
    """Return the megabytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def descriptors() -> int:
    """Return how many files this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def warm_up() -> None:
    """Have what a process of hours has: all its threads, and its bounded caches full."""
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.1) for _ in range(THREADS)))
    letters = str.maketrans("0123456789", "ghijklmnop")
    for number in range(_stem.cache_info().maxsize or 0):  # words as the scripted workers write them
        _stem(hashlib.sha256(str(number).encode()).hexdigest()[:6].translate(letters))
    for number in range(_chances.cache_info().maxsize or 0):
        _chances(f"Say in a few words what number {number} is good for.")


async def soak(folder: Path, seconds: float, target: int) -> None:
    """Make projects until the time is over, at least two."""
    if seconds:
        await warm_up()
    began, number = time.monotonic(), 0
    while number < 2 or time.monotonic() - began < seconds:
        number += 1
        with TemporaryDirectory(dir=folder) as made:
            sample = await make(Path(made), target, number, began)
        print(json.dumps(asdict(sample)), flush=True)


if __name__ == "__main__":
    logs.set_up(Path(sys.argv[1]) / "quorum.log")
    asyncio.run(soak(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
