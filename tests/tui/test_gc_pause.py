"""Garbage is collected while nobody types, and sometimes all the same."""

from __future__ import annotations

import pytest

from app.tui import gc_pause
from app.tui.gc_pause import Leisure


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(gc_pause.gc, "collect", lambda: found.append(gc_pause.monotonic()))
    return found


def test_it_waits_for_quiet(collected: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(gc_pause, "monotonic", lambda: now)
    at_leisure = Leisure()
    at_leisure.touch()
    now += gc_pause.QUIET / 2
    at_leisure.look()
    assert collected == []
    now += gc_pause.QUIET
    at_leisure.look()
    assert collected == [now]


def test_it_does_not_wait_for_ever(collected: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc_pause, "monotonic", lambda: 1.0)
    at_leisure = Leisure()
    for _ in range(70):
        at_leisure.touch()
        at_leisure.look()
    assert len(collected) == 2
