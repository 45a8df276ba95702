from __future__ import annotations

from pathlib import Path

import pytest

from app.engine.worker.pace import Pace, reading_speed


def test_nothing_is_expected_before_anything_was_measured() -> None:
    assert Pace().expected(512) == 0.0


def test_a_call_is_expected_to_take_as_long_as_calls_of_its_size_did() -> None:
    pace = Pace()
    pace.note(8, 0.8)
    assert pace.expected(512) == pytest.approx(51.2), "all that is known"
    pace.note(512, 5.12)
    assert pace.expected(600) == pytest.approx(6.0)
    assert pace.expected(8) == pytest.approx(0.8)


def test_one_slow_call_changes_little() -> None:
    pace = Pace()
    for seconds in (1.0, 1.0, 11.0):
        pace.note(8, seconds)
    assert pace.expected(8) == pytest.approx(3.0)


def test_the_speed_of_reading_a_file_is_measured_and_that_of_none_is_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(3 * 2**20))
    assert reading_speed(tmp_path / "file") > 2**20
    assert reading_speed(tmp_path / "missing") == 0.0
