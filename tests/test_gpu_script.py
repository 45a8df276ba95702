"""`make gpu` as far as a machine without a card can show it."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "gpu.py"
RESULT = {
    "card": {"name": "NVIDIA Test 1", "capability": "9.0", "memory": 81559},
    "machine": "16 cores",
    "steps": [
        {"name": "build", "ok": True, "seconds": 201.5, "words": "", "figures": {}},
        {"name": "engine tests", "ok": False, "seconds": 3.0, "words": "a\nb\n1 failed", "figures": {}},
        {
            "name": "memory",
            "ok": True,
            "seconds": 9.0,
            "words": "",
            "figures": {"gemma": {"planned": 600_000_000, "shown": 512_000_000}},
        },
        {
            "name": "bench 0.5B",
            "ok": True,
            "seconds": 60.0,
            "words": "",
            "figures": {"few.vs_naive.wall": 12.345, "few.vs_naive": 9.0, "zero.vs_server.wall": None},
        },
        {"name": "bench real", "ok": None, "seconds": 0.0, "words": "", "figures": {}},
    ],
}  # fmt: skip


def gpu(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path) if path else "/nowhere"}
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, env=environment
    )


def test_a_dry_run_shows_every_step_with_its_limit() -> None:
    shown = gpu("run", "--dry-run")
    assert shown.returncode == 0
    for words in ("# build, at most 360 s", "-DGGML_CUDA=ON", "-DCMAKE_CUDA_ARCHITECTURES=90", "--no-index"):
        assert words in shown.stdout
    assert (
        shown.stdout.index("# build") < shown.stdout.index("# engine tests") < shown.stdout.index("# bench")
    )


def test_without_a_card_it_says_so_in_one_line() -> None:
    refused = gpu("run")
    assert refused.returncode == 1 and "no nvidia-smi here" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("says", "words"),
    [("NVIDIA Test 1, 9.0, 81559", "Not found: nvcc, cmake, c++"), ("No devices", "does not name a card")],
)
def test_what_is_missing_beside_the_card_is_named(tmp_path: Path, says: str, words: str) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f'#!/bin/sh\necho "{says}"\n')
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    refused = gpu("run", path=tmp_path)
    assert refused.returncode == 1 and words in refused.stderr


def test_a_stored_result_becomes_a_table(tmp_path: Path) -> None:
    stored = tmp_path / "result.json"
    stored.write_text(json.dumps(RESULT))
    lines = gpu("table", str(stored)).stdout.splitlines()
    assert lines[0] == "NVIDIA Test 1, 81,559 MiB; 16 cores"
    text = "\n".join(lines)
    assert "engine tests   FAILED        3.0 s\n    a\n    b\n    1 failed" in text
    assert "gemma                       600 MB      512 MB" in text
    assert "few.vs_naive.wall" in text and "12.35" in text
    assert "few.vs_naive " not in text and "vs_server" not in text, "only what was measured, by wall time"
    assert "bench real     not done" in text
