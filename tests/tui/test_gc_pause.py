"""Garbage is collected while nobody types, and sometimes all the same."""

from __future__ import annotations

import pytest

from app.tui import gc_pause
from app.tui.gc_pause import GcPause


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(gc_pause.gc, "collect", lambda: found.append(gc_pause.monotonic()))
    return found


def test_it_waits_for_quiet(collected: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(gc_pause, "monotonic", lambda: now)
    pause = GcPause()
    pause.touch()
    now += gc_pause.QUIET / 2
    pause.look()
    assert collected == []
    now += gc_pause.QUIET
    pause.look()
    assert collected == [now]


def test_it_does_not_wait_for_ever(collected: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc_pause, "monotonic", lambda: 1.0)
    pause = GcPause()
    for _ in range(70):
        pause.touch()
        pause.look()
    assert len(collected) == 2
