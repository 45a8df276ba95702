"""A disk that is full pauses a run, which says where and how much room there is, and resumes by itself."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest

from app.cli.progress import RunNarrator
from app.run import session
from app.run.plan import default_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project
from tests.run.scripted import use_scripted_worker


async def test_a_full_disk_pauses_the_run_until_there_is_room_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any
) -> None:
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    monkeypatch.setattr(session, "LOOK_AGAIN", 0.05)
    seen: list[RunSnapshot] = []
    told = io.StringIO()
    with Project.open(tmp_path / "run.db", create=True) as project:
        narrator = RunNarrator(told)
        full = asyncio.Event()

        def show(snapshot: RunSnapshot) -> None:
            seen.append(snapshot)
            narrator.show(snapshot)
            if snapshot.state is RunState.PAUSED:
                full.set()

        def limit(pages: int) -> None:
            project.write_now(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone())

        pages = project.read(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
        limit(pages + 2)  # the run begins, and finds no room for what it writes
        task = asyncio.create_task(RunSession(project, default_plan(8), show, headless=True).run())
        async with asyncio.timeout(60):
            await full.wait()
            limit(2**30)
            last = await task
        assert last.state is RunState.DONE and not last.error
        assert project.read(lambda c: c.execute("SELECT COUNT(*) FROM votes").fetchone()[0]) == 8
    [paused, *_] = [snapshot for snapshot in seen if snapshot.state is RunState.PAUSED]
    for part in (str(tmp_path / "run.db"), "MB free", "looks again every"):
        assert part in paused.error
        assert part in told.getvalue()
