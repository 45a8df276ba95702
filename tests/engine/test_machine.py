from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.engine import machine


def test_a_small_model_gets_one_thread_and_a_large_one_leaves_a_core_to_the_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "physical_cores", lambda: 6)
    assert machine.threads_for(3_000_000, headless=True) == 1
    assert machine.threads_for(5_000_000_000, headless=True) == 6
    assert machine.threads_for(5_000_000_000, headless=False) == 5
    monkeypatch.setattr(machine, "physical_cores", lambda: 1)
    assert machine.threads_for(5_000_000_000, headless=False) == 1


def test_this_machine_has_a_core_and_some_memory() -> None:
    assert 1 <= machine.physical_cores() <= (os.cpu_count() or 1)
    assert machine.available_memory() > 0


def test_matrix_tiles_are_read_from_the_processors_flags(tmp_path: Path) -> None:
    described = tmp_path / "cpuinfo"
    described.write_text("processor : 0\nflags : fpu avx2 amx_int8 amx_tile\n")
    assert machine.has_amx(described)
    described.write_text("processor : 0\nflags : fpu avx2\n")
    assert not machine.has_amx(described)
    assert not machine.has_amx(tmp_path / "none")
