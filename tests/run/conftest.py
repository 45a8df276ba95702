"""What tests of whole runs share: a run of any recipe over a worker that follows a script."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.engine.catalog import BundledModels
from app.engine.restart_policy import Patience
from app.engine.supervisor import Engine
from app.intake.seeds import SeedTask
from app.method.recipe import load
from app.run import ensemble
from app.run.plan import Plan, default_plan
from app.run.progress import RunSnapshot
from app.run.session import RunSession
from app.store.project import Connection, Project

WORKER = Path(__file__).with_name("recipe_worker.py")


@dataclass
class Scripted:
    """Runs a recipe over the scripted worker, as often as wanted, in one project."""

    folder: Path
    path: Path
    plan: Plan

    async def run(self, **changes: Any) -> RunSnapshot:
        """Run the plan, with these changes, to its end."""
        self.plan = replace(self.plan, **changes)
        with Project.open(self.path, create=True) as project:
            last = await RunSession(project, self.plan).run()
        assert not last.error
        return last

    async def stop_at(self, completions: int) -> None:
        """Run the plan until so many completions are stored, and stop it there."""
        with Project.open(self.path, create=True) as project:
            session = RunSession(project, self.plan)
            running = asyncio.create_task(session.run())
            # What another task stores has no event to wait for.
            while not running.done() and await project.fetch(_completions) < completions:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            await session.stop()
            await running

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what `sql` selects in the project."""
        with Project.open(self.path, read_only=True) as opened:
            return opened.read(lambda c: [tuple(row) for row in c.execute(sql)])

    def asked(self, beginning: str) -> list[str]:
        """Return the prompts that begin so."""
        lines = (self.folder / "asked.jsonl").read_text("utf-8").splitlines()
        return [one["text"] for one in map(json.loads, lines) if one["text"].startswith(beginning)]


def _completions(c: Connection) -> int:
    return int(c.execute("SELECT COUNT(*) FROM completions").fetchone()[0])


@pytest.fixture
def scripted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: BundledModels
) -> Callable[..., Scripted]:
    """Make a scripted run of a recipe by name: `scripted("alpaca", target=8)`."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))

    def make(name: str, target: int = 8, seeds: tuple[SeedTask, ...] = (), **changes: Any) -> Scripted:
        command = [sys.executable, str(WORKER), str(tmp_path)]
        quick = Patience(load=20.0, answer=5.0, first_delay=0.01, longest_delay=0.02)
        monkeypatch.setattr(ensemble, "Engine", partial(Engine, worker_command=command, patience=quick))
        plan = replace(default_plan(target), recipe=load(name), **changes)
        if seeds:
            plan = replace(plan, seeds=seeds)
        return Scripted(tmp_path, tmp_path / "run.db", plan)

    return make
