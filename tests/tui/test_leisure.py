"""Garbage is collected while nobody types, and sometimes all the same."""

from __future__ import annotations

import pytest

from app.tui import leisure
from app.tui.leisure import Leisure


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(leisure.gc, "collect", lambda: found.append(leisure.monotonic()))
    return found


def test_it_waits_for_quiet(collected: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(leisure, "monotonic", lambda: now)
    at_leisure = Leisure()
    at_leisure.touch()
    now += leisure.QUIET / 2
    at_leisure.look()
    assert collected == []
    now += leisure.QUIET
    at_leisure.look()
    assert collected == [now]


def test_it_does_not_wait_for_ever(collected: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leisure, "monotonic", lambda: 1.0)
    at_leisure = Leisure()
    for _ in range(70):
        at_leisure.touch()
        at_leisure.look()
    assert len(collected) == 2
