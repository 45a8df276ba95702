"""Replicas through Ray on this machine: what Ray costs, what a second replica gains, what a run can take.

Two replicas need two cores; the sides of a comparison take turns. The simulation has no models and no Ray:
its replicas answer from a script in this process, where their work counts as the driver's, and everything a
run does with their answers is real.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.bench.cluster_side import simulated
from app.bench.figures import Figure
from app.bench.workload import FEW_SHOT
from app.cluster.engine import ClusterEngine
from app.cluster.fit import Share
from app.cluster.remote import Remote, connect
from app.cluster.site import ClusterSite
from app.engine import catalog
from app.engine.gguf import read_header
from app.engine.machine import resident_bytes
from app.engine.request import Sampling
from app.engine.settings import default_settings
from app.engine.site import ModelEngine
from app.engine.supervisor import Engine
from app.intake.seeds import SeedTask
from app.method.recipe import load
from app.run.plan import Plan, default_plan
from app.run.progress import RunSnapshot
from app.run.session import RunSession
from app.store.project import Project

REQUESTS = 24
"""Of a round of one replica; two get twice as many."""
CONTEXT = 2048
FEW, MANY = 8, 64
TASKS = {FEW: 6_000, MANY: 40_000}
"""Tasks of a simulation by the number of its replicas."""
GROWN = 60.0
"""Seconds that a second replica may take to be there."""
_SMALL = Share(0.02, 0, 10**6)


def figures(decoder: Path, rounds: int) -> Iterator[Figure]:
    """Yield all figures of this area; `decoder` is the model to measure with."""
    remote = connect("ray", lambda _words: None)
    try:
        overhead, gain = asyncio.run(_compared(remote, decoder, rounds))
    finally:
        remote.close()
    words = "few-shot: seconds through Ray by those without"
    yield Figure("cluster_overhead", words, overhead, bar=1.05, at_most=True)
    yield Figure("cluster_two", "few-shot: two replicas, a core each, against one", gain, bar=1.7)
    rates = {}
    for replicas in (FEW, MANY):
        taken = _simulated(replicas)
        rates[replicas] = taken.rate
        bar = 2000.0 if replicas == MANY else None
        words = f"simulation: stored a second, {replicas} replicas"
        yield Figure(f"cluster_rate_{replicas}", words, (taken.rate,), unit="/s", bar=bar)
        words = "simulation: cores that the driver took"
        yield Figure(f"cluster_cores_{replicas}", words, (taken.cores,), unit="")
        yield Figure(
            f"cluster_memory_{replicas}", "simulation: the driver's memory", (taken.megabytes,), unit="MB"
        )
    yield Figure("cluster_growth", f"simulation: {MANY} replicas against {FEW}", (rates[MANY] / rates[FEW],))


async def _compared(
    remote: Remote, decoder: Path, rounds: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return for each round the seconds through Ray by those without, and the gain of a second replica."""
    header = read_header(decoder)
    settings = default_settings(header, headless=True, context=CONTEXT)
    alone = Engine(decoder, settings=replace(settings, threads=1, gpu_layers=0), headless=True)
    site = ClusterSite(remote)
    await site.begin()
    through = site.engine(decoder, headless=True, on_state=lambda _state: None)
    through.settings = replace(through.settings, context=CONTEXT)
    through.share = Share(1, 0, 10**9)
    overhead: list[float] = []
    gains: list[float] = []
    try:
        for number in range(rounds):
            await alone.start()
            pin([alone.worker_pid])
            without = await _round(alone, REQUESTS, number)
            await alone.close()
            one = await _through(through, 1, number)
            two = await _through(through, 2, number)
            overhead.append(one / without)
            gains.append(2 * one / two)
    finally:
        await alone.close()
        await site.close()
    return tuple(overhead), tuple(gains)


async def _through(engine: ClusterEngine, replicas: int, number: int) -> float:
    """Return how many seconds a round of `replicas` takes, each pinned to a core of its own."""
    engine.most = replicas
    await engine.start()
    until = time.monotonic() + GROWN
    while sum(copy.ready for copy in engine.copies) < replicas and time.monotonic() < until:
        await _ask(engine, 8 * REQUESTS, number, 2)  # more than one has room for, so that it gets company
    pin([copy.worker for copy in engine.copies])
    seconds = await _round(engine, replicas * REQUESTS, number)
    await engine.close()
    return seconds


async def _round(engine: ModelEngine, count: int, number: int) -> float:
    """Have the shared prefix read, then return how many seconds the requests take."""
    await _ask(engine, count, number + 1000, 2)
    began = time.monotonic()
    await _ask(engine, count, number, FEW_SHOT.written)
    return time.monotonic() - began


async def _ask(engine: ModelEngine, count: int, seed: int, tokens: int) -> None:
    sampling = Sampling(min_new_tokens=tokens, max_new_tokens=tokens)
    requests = [replace(request, sampling=sampling) for request in FEW_SHOT.requests(count, seed)]
    await asyncio.gather(*(engine.complete(request) for request in requests))


def pin(workers: list[int | None]) -> None:
    """Keep each worker process on one core; does nothing where the system cannot."""
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    for at, pid in enumerate(workers):
        for thread in Path(f"/proc/{pid}/task").glob("[0-9]*"):
            with suppress(OSError):
                os.sched_setaffinity(int(thread.name), {cores[at % len(cores)]})


# ---- the simulation -----------------------------------------------------------------------------


@dataclass(slots=True)
class Taken:
    """What a simulated run could take, while all its replicas were there."""

    replicas: int
    readings: list[tuple[float, int, float]] = field(default_factory=list)
    megabytes: float = 0.0

    def watch(self, snapshot: RunSnapshot) -> None:
        """Note time, answers stored and the driver's CPU-seconds."""
        there = max((len(model.replicas) for model in snapshot.models), default=0)
        answers = next(stage.done for stage in snapshot.stages if stage.name == "answers")
        self.megabytes = max(self.megabytes, resident_bytes() / 1e6)
        if there == self.replicas:
            self.readings.append((time.monotonic(), answers, time.process_time()))

    def _between(self, at: int) -> float:
        return self.readings[-1][at] - self.readings[0][at]

    @property
    def rate(self) -> float:
        """Answers stored a second; 0 where the replicas never were all there."""
        return self._between(1) / self._between(0) if len(self.readings) > 1 else 0.0

    @property
    def cores(self) -> float:
        """Cores that the driver kept busy."""
        return self._between(2) / self._between(0) if len(self.readings) > 1 else 0.0


def simulation(tasks: int) -> Plan:
    """Return the plan of a run in which one model answers this number of tasks."""
    models = catalog.bundled()
    seeds = tuple(
        SeedTask(str(n), "", f"Say something about number {n} in one short sentence.", (("", ""),), False, "")
        for n in range(tasks)
    )
    return replace(
        default_plan(),
        recipe=load("distill"),
        writer=models.writer,
        answerers=models.answerers[:1],
        seeds=seeds,
        until="answers",
        calibrate=False,
        audition=False,
    )


def _simulated(replicas: int) -> Taken:
    """Run a simulation; the tasks are in the project before the replicas come."""
    taken, plan = Taken(replicas), simulation(TASKS[replicas])
    with (
        tempfile.TemporaryDirectory() as folder,
        Project.open(Path(folder) / "simulation.db", create=True) as project,
    ):
        asyncio.run(RunSession(project, replace(plan, until="instances"), headless=True).run())
        asyncio.run(_run_simulated(project, plan, taken))
    return taken


async def _run_simulated(project: Project, plan: Plan, taken: Taken) -> None:
    site = ClusterSite(simulated(), share=_SMALL, most=taken.replicas)
    try:
        await RunSession(project, plan, taken.watch, headless=True, site=site).run()
    finally:
        await site.close()
