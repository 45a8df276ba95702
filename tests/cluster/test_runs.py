"""Runs over a cluster of two nodes: the same rows as without one, and nothing lost or doubled by kills."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cluster.remote import Remote
from app.cluster.site import ClusterSite
from app.engine.restart_policy import Patience
from app.run.plan import default_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project
from tests.cluster.conftest import TwoNodes, scripted
from tests.run.scripted import use_scripted_worker

QUICK = Patience(load=20.0, answer=5.0, first_delay=0.01, longest_delay=0.02)
ROWS = {
    "completions": "stage, subject, model, attempt, prompt_hash, sampling_hash, sampler_seed, raw, ended, tokens",
    "instructions": "run_id, kind, position, text, status, reason, score, nearest, request",
    "instances": "number, instruction_id, input, status, reason",
    "candidates": "instance_id, model, role, position, output, ended, error, reason, attempt",
    "votes": "instance_id, candidates, matrix, winner, decided_by, kept",
}


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a project holds but for times: stage 1 in the order of admission, the rest by what it is."""
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
        doubled = "SELECT COUNT(*) FROM (SELECT 1 FROM completions GROUP BY stage, subject, model, attempt HAVING COUNT(*) > 1)"
        assert one(doubled) == 0
        kept = one("SELECT COUNT(*) FROM instances WHERE status = 'kept'")
        answers = c.execute(
            "SELECT model, COUNT(*), COUNT(DISTINCT subject) FROM completions WHERE stage = 'answers' GROUP BY 1"
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


class Killer:
    """Does something to a run when so many completions are stored."""

    def __init__(
        self, path: Path, site: ClusterSite, deeds: dict[int, Callable[[ClusterSite], bool]]
    ) -> None:
        self._path, self._site, self._deeds = path, site, deeds
        self.lost_after: float | None = None
        self.cut_off_at: float | None = None

    def __call__(self, snapshot: RunSnapshot) -> None:
        if self.cut_off_at and self.lost_after is None and any(node.lost for node in snapshot.nodes):
            self.lost_after = time.monotonic() - self.cut_off_at
        done = sum(model.done for model in snapshot.models)
        for at in [at for at in self._deeds if at <= done]:
            if self._deeds[at](self._site):
                del self._deeds[at]
                if not self._deeds:
                    self.cut_off_at = time.monotonic()


def _kill(pids: list[int | None]) -> bool:
    known = [pid for pid in pids if pid]
    for pid in known[:1]:
        os.kill(pid, signal.SIGKILL)
    return bool(known)


def kill_a_worker(site: ClusterSite) -> bool:
    return _kill([copy.worker for engine in site._engines for copy in engine.copies if copy.state.live])


def kill_an_actor(site: ClusterSite) -> bool:
    return _kill([copy.pid for engine in site._engines for copy in engine.copies if copy.state.live])


async def test_kills_of_workers_actors_and_a_node_lose_and_double_nothing(
    remote: Remote, two_nodes: TwoNodes, tmp_path: Path, bundled_models: Any
) -> None:
    site = ClusterSite(remote)

    def kill_the_node(_site: ClusterSite) -> bool:
        two_nodes.kill_second()
        return True

    killer = Killer(tmp_path / "run.db", site, {20: kill_a_worker, 45: kill_an_actor, 70: kill_the_node})
    last = await run(tmp_path / "run.db", site, 40, killer)
    check_whole(tmp_path / "run.db", 40)
    assert sum(model.restarts for model in last.models) >= 2
    assert [node.lost for node in last.nodes].count(True) == 1
    assert killer.lost_after is not None and killer.lost_after < 5
