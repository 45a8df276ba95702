"""A worker that keeps dying pauses the run; when its cause is gone, the run goes on where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli.run import run as run_command
from app.errors import QuorumError
from app.run import ensemble
from app.run.plan import default_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project
from tests.run.scripted import use_scripted_worker

Cure = Callable[[], None]
LAST_WORDS = "GGML_ASSERT(buffer) failed"


@pytest.fixture
def cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any) -> Cure:
    """Make every worker abort at every request until this is called."""
    use_scripted_worker(monkeypatch, "sick", tmp_path)
    return (tmp_path / "well").touch


class Watched:
    """A session at work, and a way to wait for what it shows."""

    def __init__(self, project: Project) -> None:
        self.session = RunSession(project, default_plan(8), self._show)
        self.task = asyncio.create_task(self.session.run())
        self._news = asyncio.Event()

    def _show(self, _snapshot: RunSnapshot) -> None:
        self._news.set()

    async def until(self, *states: RunState) -> RunSnapshot:
        """Wait until one of these states is shown."""
        async with asyncio.timeout(60):
            while self.session.snapshot.state not in states:
                assert not self.task.done(), self.task.result().error
                self._news.clear()
                await self._news.wait()
        return self.session.snapshot


def count(project: Project, sql: str) -> Any:
    return project.read(lambda c: c.execute(sql).fetchone()[0])


@pytest.mark.parametrize("memory", [8 * 10**9, 5 * 10**8], ids=["together", "in turns"])
async def test_five_deaths_pause_the_run_and_it_goes_on_when_told_to(
    cure: Cure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int
) -> None:
    monkeypatch.setattr(ensemble, "available_memory", lambda: memory)
    with Project.open(tmp_path / "run.db", create=True) as project:
        watched = Watched(project)
        shown = await watched.until(RunState.PAUSED)
        assert "crashed 5 times" in shown.error and LAST_WORDS in shown.error
        assert shown.models[0].state == "failed" and LAST_WORDS in shown.models[0].note
        cure()
        watched.session.resume()
        last = await watched.task
        assert last.state is RunState.DONE and not last.error
        assert count(project, "SELECT COUNT(*) FROM votes") == 8
        assert count(project, "SELECT COUNT(DISTINCT id) = COUNT(*) FROM completions") == 1


async def test_a_run_that_goes_on_too_early_is_paused_again(cure: Cure, tmp_path: Path) -> None:
    with Project.open(tmp_path / "run.db", create=True) as project:
        watched = Watched(project)
        await watched.until(RunState.PAUSED)
        watched.session.resume()
        assert not (await watched.until(RunState.LOADING, RunState.RUNNING)).error
        assert LAST_WORDS in (await watched.until(RunState.PAUSED)).error
        await watched.session.stop()
        last = await watched.task
        assert (last.state, last.error) == (RunState.STOPPED, "")
        assert count(project, "SELECT state FROM runs") == "stopped"


def test_without_screens_the_command_ends_with_the_reason_and_goes_on_when_repeated(
    cure: Cure, tmp_path: Path
) -> None:
    project = str(tmp_path / "run.db")
    told = CliRunner().invoke(run_command, [project, "--instructions", "8"], standalone_mode=False)
    assert isinstance(told.exception, QuorumError), told.exception
    assert "crashed 5 times" in str(told.exception) and LAST_WORDS in str(told.exception)
    assert "run the same command to resume" in told.stderr
    cure()
    told = CliRunner().invoke(run_command, [project, "--instructions", "8"], standalone_mode=False)
    assert told.return_value == 0 and "run 1 done" in told.stderr
