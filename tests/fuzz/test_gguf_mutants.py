"""Damaged and malicious model files cost a worker at most, never the app, and each has its reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.engine.process import environment
from tests.faults.figures import LONG, note

PART = 1_000
PARTS = 20 if LONG else 2
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("seed", range(1, PARTS + 1))
def test_mutants_of_model_files_are_loaded_or_refused_with_a_reason_within_their_limits(
    tmp_path: Path, seed: int, bundled_models: object
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.load_mutants", str(seed), str(PART), str(tmp_path)],
        cwd=ROOT,
        env=environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    ends = told["ends"]
    assert sum(ends.values()) == PART
    assert ends["loaded"] and ends["refused before"] and ends["refused by the worker"], ends
    deaths = sum(count for end, count in ends.items() if end.startswith("ended by"))
    note(
        "mutants of model files",
        tried=PART,
        loaded=ends["loaded"],
        refused_before=ends["refused before"],
        refused_by_the_worker=ends["refused by the worker"],
        workers_ended=deaths,
        app_ended=0,
    )
