"""Runs over a cluster of two nodes: the same rows as without one, and nothing lost or doubled by kills."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from app.cluster import shipping
from app.cluster import site as site_module
from app.cluster.copy import Copy
from app.cluster.frames import packed, unpacked
from app.cluster.remote import Remote
from app.cluster.site import ClusterSite
from app.engine.gguf import read_header
from app.engine.settings import default_settings
from app.errors import ModelError, QuorumError
from app.intake.seeds import SeedTask, seed_rows
from app.method.recipe import load
from app.run.audition import audition_models
from app.run.evaluation import evaluate
from app.run.plan import default_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project
from tests.cli.commands import QUORUM, environment, quorum
from tests.cluster.conftest import QUICK, TwoNodes, scripted
from tests.run.scripted import use_scripted_worker
from tests.run.test_evaluation import WANTED

ROWS = {
    "completions": "stage, subject, model, attempt, prompt_hash, sampling_hash, sampler_seed, raw, ended",
    "instructions": "run_id, kind, position, text, status, reason, score, nearest, request",
    "instances": "number, instruction_id, input, status, reason",
    "candidates": "instance_id, model, role, position, output, ended, error, reason, attempt",
    "votes": "instance_id, candidates, matrix, winner, decided_by, kept",
}


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a project holds but for times: stage 1 as it was admitted, the rest by what it is."""
    with sqlite3.connect(path) as c:
        found = {}
        for table, wanted in ROWS.items():
            columns = {name for _, name, *_ in c.execute(f"PRAGMA table_info({table})")}
            names = ", ".join(name for name in wanted.split(", ") if name in columns)
            found[table] = c.execute(f"SELECT {names} FROM {table} ORDER BY rowid").fetchall()
    for table in ("completions", "candidates", "votes"):
        found[table].sort()
    return found


async def run(path: Path, site: ClusterSite | None, target: int, watch: Any = None) -> RunSnapshot:
    """Run the default plan to its end."""
    with Project.open(path, create=True) as project:
        session = RunSession(project, default_plan(target), watch, headless=True, site=site)
        try:
            last = await session.run()
        finally:
            if site:
                await site.close()
    assert last.state is RunState.DONE and not last.error, last.error
    return last


def check_whole(path: Path, target: int) -> None:
    """Assert that every subject was answered once by each model, and nothing twice."""
    with sqlite3.connect(path) as c:
        one = lambda sql: c.execute(sql).fetchone()[0]  # noqa: E731
        assert one("SELECT COUNT(*) FROM instructions WHERE status = 'kept'") == target
        kept = one("SELECT COUNT(*) FROM instances WHERE status = 'kept'")
        answers = c.execute(
            "SELECT model, COUNT(*), COUNT(DISTINCT subject) FROM completions "
            "WHERE stage = 'answers' GROUP BY model"
        ).fetchall()
        assert len(answers) == 2 and all(count == subjects == kept for _, count, subjects in answers)
        assert one("SELECT COUNT(*) FROM votes") == kept
        assert one("SELECT COUNT(*) FROM completions WHERE ended = 'error'") == 0


async def test_stored_rows_equal_those_without_ray(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any
) -> None:
    command = scripted("ramble", tmp_path)
    use_scripted_worker(monkeypatch, "ramble", tmp_path)
    await run(tmp_path / "here.db", None, 48)
    last = await run(tmp_path / "there.db", ClusterSite(remote, command=command, patience=QUICK), 48)
    here, there = rows(tmp_path / "here.db"), rows(tmp_path / "there.db")
    assert here == there
    assert len(here["completions"]) > 150
    assert len(last.nodes) == 2 and not any(node.lost for node in last.nodes)


Deeds = dict[int, Callable[[ClusterSite], bool]]


class Killer:
    """Does something to a run when so many completions are stored, and notes which lost nodes are shown."""

    def __init__(self, site: ClusterSite, deeds: Deeds) -> None:
        self._site, self._deeds = site, deeds
        self._gone = False
        self.shown = 0

    def gone(self) -> None:
        """Note that a node is silent from now on."""
        self._gone = True

    def __call__(self, snapshot: RunSnapshot) -> None:
        if self._gone and any(node.lost for node in snapshot.nodes):
            self.shown += 1
            self._gone = False
        done = sum(model.done for model in snapshot.models)
        for at in sorted(self._deeds)[:1]:
            if at <= done and self._deeds[at](self._site):
                del self._deeds[at]


def _kill(pids: list[int | None]) -> bool:
    known = [pid for pid in pids if pid]
    for pid in known[:1]:
        os.kill(pid, signal.SIGKILL)
    return bool(known)


def busy(site: ClusterSite) -> list[Copy]:
    """Return the replicas that hold work; none of these is let go for the sake of another model."""
    return [copy for engine in site._engines for copy in engine.copies if engine._queue.in_hand(copy)]


def kill_a_worker(site: ClusterSite) -> bool:
    return _kill([copy.worker for copy in busy(site)])


def kill_an_actor(site: ClusterSite) -> bool:
    return _kill([copy.pid for copy in busy(site)])


def at_work_on(site: ClusterSite, node: str) -> bool:
    """Whether the node has a replica that can be asked, and no model waits for one."""
    ready = [copy for engine in site._engines for copy in engine.copies if copy.ready]
    waits = any(engine.waiting and not any(c.ready for c in engine.copies) for engine in site._engines)
    return not waits and any(copy.node == node for copy in ready)


async def test_kills_and_a_cut_off_node_lose_and_double_nothing(
    remote: Remote, two_nodes: TwoNodes, tmp_path: Path, bundled_models: Any
) -> None:
    site = ClusterSite(remote)

    def cut_off(site: ClusterSite) -> bool:
        if not at_work_on(site, two_nodes.second.node_id):
            return False  # what the kill before took comes back first: else the node may have nothing to lose
        two_nodes.cut_off_second()
        killer.gone()
        return True

    left: list[Copy] = []

    def bring_back(site: ClusterSite) -> bool:
        if killer.shown:
            copies = [copy for engine in site._engines for copy in engine.copies]
            left.extend(copy for copy in copies if copy.ready and copy.node == two_nodes.second.node_id)
            two_nodes.bring_back_second()
        return bool(killer.shown)

    def kill_the_node(site: ClusterSite) -> bool:
        if any(node.lost for node in site.nodes()):
            return False  # it comes back first
        two_nodes.kill_second()
        killer.gone()
        return True

    deeds = {15: kill_a_worker, 30: kill_an_actor, 45: cut_off, 46: bring_back, 60: kill_the_node}
    killer = Killer(site, deeds)
    last = await run(tmp_path / "run.db", site, 40, killer)
    check_whole(tmp_path / "run.db", 40)
    assert not deeds, "all of it was done, and the node came back in between"
    assert not left, "a replica on a node that is taken for lost is lost with it"
    # Only the actor was surely at work when it was lost; an idle replica may have been let go before.
    assert sum(model.restarts for model in last.models) >= 1, last.models
    # What a machine with nothing else to do needs: a beat, and the time in which its answer is waited for.
    assert site_module.LOOK + site_module.SILENCE + site_module.GRACE < 5


def test_a_driver_that_is_killed_resumes_as_on_one_machine(
    two_nodes: TwoNodes, tmp_path: Path, bundled_models: Any
) -> None:
    two_nodes.start_second()
    path = tmp_path / "run.db"
    words = ("run", "run.db", "--instructions", "24", "--no-calibration", "--no-audition")
    with subprocess.Popen(
        [*QUORUM, *words, "--on", two_nodes.address],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as driver:
        until = time.monotonic() + 180
        while stored(path) < 20 and driver.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        driver.kill()
        assert driver.stdout
        said = driver.stdout.read()
    before = stored(path)
    assert 20 <= before < 96, said
    assert said.startswith(f"connecting to Ray at {two_nodes.address}"), said
    done = quorum(*words, "--on", two_nodes.address, cwd=tmp_path)
    assert "Run 1 resumes where it stopped." in done.stderr
    assert "ray" not in done.stderr.lower().replace(f"connecting to ray at {two_nodes.address}", "")
    check_whole(path, 24)


def stored(path: Path) -> int:
    """Return how many completions a project has; 0 where there is none."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as c:
            return int(c.execute("SELECT COUNT(*) FROM completions").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_the_nodes_of_a_cluster_are_listed_with_their_models_and_what_fits(
    two_nodes: TwoNodes, bundled_models: Any
) -> None:
    two_nodes.start_second()
    found = json.loads(quorum("cluster", two_nodes.address, "--json").stdout)
    assert [node["cpus"] for node in found["nodes"]] == [2.0, 2.0] and not found["unusable"]
    [chat] = [model for model in found["models"] if model["name"] == "Quorum Chat"]
    assert len(chat["nodes"]) == 2 and chat["replicas"] == 4 and chat["takes"].startswith("1 CPU")


async def test_a_model_is_sent_to_nodes_without_it_in_pieces_that_are_put_once(
    remote: Remote, two_nodes: TwoNodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_nodes.start_second()
    content = os.urandom(300_000)
    model = hashlib.sha256(content).hexdigest()
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    monkeypatch.setattr(shipping, "PIECE", 100_000)
    site = ClusterSite(remote)
    await site.begin()
    calls = [node.call for node in site._known()]
    try:
        shipment = shipping.Shipment(remote, file, model, len(content))
        shares: list[float] = []
        places = await asyncio.gather(*(shipment.send(call, shares.append) for call in calls))
        assert {Path(place).read_bytes() for place in places} == {content}  # noqa: ASYNC240
        assert shipment.put == 3 and sorted(shares)[-2:] == [1.0, 1.0]
        order = {"model": model, "size": len(content), "path": "/nowhere.gguf"}
        assert unpacked(await calls[0]("find", packed(order))) == places[0]
        file.write_bytes(content[::-1])
        with pytest.raises(ModelError, match="changed while it was sent"):
            await shipping.Shipment(remote, file, model, len(content)).send(calls[0], shares.append)
    finally:
        await site.close()


async def test_nodes_with_another_version_are_left_out_with_the_reason(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_module, "__version__", "9.9")
    site = ClusterSite(remote)
    try:
        with pytest.raises(QuorumError, match=r"No node .* can be used: .* and this is 9\.9"):
            await site.begin()
        assert site.nodes() == () and "and this is 9.9" in site.unusable()[0]
    finally:
        await site.close()


async def test_a_model_is_calibrated_once_for_each_kind_of_node(
    remote: Remote, two_nodes: TwoNodes, bundled_models: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_nodes.start_second()
    monkeypatch.setattr(site_module, "worth_calibrating", lambda _header: True)
    header = read_header(bundled_models.answerers[0])
    site = ClusterSite(remote)
    try:
        devices = await site.devices()
        assert site.uncalibrated([header, header], devices) == [header]
        told: list[str] = []
        line = await site.calibrate(header, default_settings(header, headless=True), devices, told.append)
        assert len([words for words in told if words.startswith("measuring on")]) == 1, "both are of one kind"
        assert "at once" in line and "Quorum Chat: on " in line
        assert site.uncalibrated([header], devices) == []
    finally:
        await site.close()


async def test_an_evaluation_and_an_audition_run_on_a_cluster(
    remote: Remote, two_nodes: TwoNodes, tmp_path: Path, bundled_models: Any
) -> None:
    site = ClusterSite(remote, command=scripted("plain", tmp_path), patience=QUICK)
    try:
        with Project.open(tmp_path / "eval.db", create=True) as project:
            _, [chat, t5] = await evaluate(
                project, WANTED, bundled_models.answerers, tell=lambda _: None, site=site
            )
        assert chat.all.count == t5.all.count == 40 and chat.all.rouge.value == pytest.approx(0.5)
        seeds = seed_rows(
            SeedTask(str(n), "", f"Say number {n}.", (("", f"number {n}"),), False, "") for n in range(12)
        )
        answerers = bundled_models.answerers[:1]
        async with aclosing(
            audition_models(answerers, load("distill"), seeds, again=True, tell=lambda _: None, site=site)
        ) as heard:
            [(_, name, found)] = [one async for one in heard]
        assert name == "Quorum Chat" and found is not None and found.tasks == 6
    finally:
        await site.close()
