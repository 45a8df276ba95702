"""What an engine tells of its speed."""

from __future__ import annotations

import pytest

from app.engine import state
from app.engine.state import Meter, text_under_way


def rates(readings: list[tuple[float, int]], monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return what a meter says after each reading of the count at a time."""
    meter, told = Meter(), []
    for at, generated in readings:
        monkeypatch.setattr(state.time, "monotonic", lambda at=at: at)
        told.append(meter.read(generated))
    return told


def test_the_speed_is_that_of_the_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = [(0.0, 0), (1.0, 100), (2.0, 200), (3.0, 300), (10.0, 310), (11.0, 320), (12.0, 330)]
    assert rates(quick, monkeypatch)[3] == 100
    assert rates(quick, monkeypatch)[-1] == 10


def test_a_model_that_takes_longer_for_one_call_has_a_speed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rates([(0.0, 0), (8.0, 8), (16.0, 16), (24.0, 24)], monkeypatch) == [0, 1, 1, 1]


def test_reading_a_prompt_is_no_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rates([(0.0, 0), (1.0, 8), (9.0, 8), (17.0, 8)], monkeypatch)[-1] == 0


def test_a_new_worker_counts_from_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rates([(0.0, 500), (1.0, 600), (2.0, 0), (3.0, 50)], monkeypatch) == [0, 100, 0, 50]


def test_the_text_under_way_is_cut_to_what_a_worker_may_say() -> None:
    assert text_under_way("so " * 1000 + "far").endswith("so far")
    assert len(text_under_way("so " * 1000)) == state.WRITING
    assert [text_under_way(value) for value in (None, 5, ["no text"])] == ["", "", ""]
