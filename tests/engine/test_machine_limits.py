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


def test_a_container_has_what_its_limit_leaves_and_may_drop_pages_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "CGROUP", tmp_path)
    monkeypatch.setattr(machine, "_free_memory", lambda: 50 * 10**9)
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    assert machine.physical_cores() == 1
    assert machine.available_memory() == 50 * 10**9
    (tmp_path / "memory.max").write_text("16000000000\n")
    (tmp_path / "memory.current").write_text("15000000000\n")
    assert machine.available_memory() == 10**9
    # As after a download: the models are in the page cache.
    (tmp_path / "memory.stat").write_text(
        "anon 3000000000\nfile 12000000000\ninactive_file 9000000000\nactive_file 3000000000\n"
    )
    assert machine.available_memory() == 13 * 10**9
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.available_memory() == 50 * 10**9
