"""Which models a run has is found out by reading their files whole: that is told, and can be left."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.run import ensemble
from app.run.plan import default_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project


async def test_a_run_says_how_far_a_new_model_is_read_and_can_be_stopped_meanwhile(
    bundled_models: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, left = threading.Event(), threading.Event()

    def slow(path: Path, tell: Callable[[float], None]) -> str:
        tell(0.34)
        go_on.wait()
        try:
            tell(0.35)
        finally:
            left.set()
        return path.name

    monkeypatch.setattr(ensemble, "fingerprint", slow)
    told = asyncio.Event()

    def listen(snapshot: RunSnapshot) -> None:
        if "Quorum Writer whole, once, to know it again: 34%" in snapshot.activity:
            assert snapshot.state is RunState.WAITING
            told.set()

    with Project.open(tmp_path / "p.db", create=True) as project:
        session = RunSession(project, default_plan(4), listen, headless=True)
        running = asyncio.create_task(session.run())
        await told.wait()
        await session.stop()
        assert (await running).state is RunState.STOPPED
        go_on.set()
        await asyncio.to_thread(left.wait)
