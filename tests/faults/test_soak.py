"""A process that makes project after project under faults: nothing grows, nothing is lost, nothing slows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression

import pytest

from tests.faults.figures import note
from tests.faults.soaked import Sample

ROOT = Path(__file__).resolve().parents[2]
SECONDS = float(os.environ.get("QUORUM_SOAK", "0"))
LONG = SECONDS >= 3600
INSTRUCTIONS = 200 if SECONDS else 25
SLOPE = 1.0
"""Megabytes an hour that a process of hours may grow by; a few minutes do not tell."""
AS_FAST = 0.97
"""How fast the last tenth of hours must be beside the first."""
WARM = 1800.0
"""Seconds after which a process has the memory that it works in: what it remembers is bounded, and full."""
LOG = 64.0
"""Megabytes that the log of a project may take while it is written, read, exported and copied."""


def speed(samples: Sequence[Sample]) -> float:
    """Return the items for a second of the processor; a second of a slower moment counts as less.

    Other programs on the machine make each instruction slower, and the fixed piece of work as well.
    """
    taken = sum(sample.seconds for sample in samples)
    machine = sum(sample.fixed for sample in samples) / (sum(sample.backups for sample in samples) or 1)
    return sum(sample.items for sample in samples) / taken * (machine or 1)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_long_run_under_faults_grows_in_nothing_and_loses_nothing(tmp_path: Path) -> None:
    # Else every thread that runs beside more others than before takes its own share of memory for good, and
    # the kernel turns pages of large arrays into huge ones, two megabytes at a time, whenever it gets to it.
    steady = {"MALLOC_ARENA_MAX": "2", "NUMPY_MADVISE_HUGEPAGE": "0"}
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **steady}
    words = [sys.executable, "-m", "tests.faults.soaked", str(tmp_path), str(SECONDS), str(INSTRUCTIONS)]
    with (tmp_path / "samples").open("w") as found, (tmp_path / "errors").open("w") as errors:
        done = subprocess.run(words, env=variables, stdout=found, stderr=errors, check=False)
    assert done.returncode == 0, (tmp_path / "errors").read_text()
    samples = [Sample(**json.loads(line)) for line in (tmp_path / "samples").read_text().splitlines()]
    settled = [sample for sample in samples if sample.at >= WARM] if LONG else samples[1:]
    descriptors = [sample.descriptors for sample in samples]
    assert max(descriptors) == min(descriptors), descriptors
    assert max(sample.log_megabytes for sample in samples) <= LOG
    figures, slope, ratio = {}, 0.0, 1.0
    if LONG:
        hours = [sample.at / 3600 for sample in settled]
        slope = linear_regression(hours, [sample.megabytes for sample in settled]).slope
        tenth = max(len(samples) // 10, 1)
        ratio = speed(samples[-tenth:]) / speed(samples[1 : tenth + 1])
        figures = {"MB an hour": f"{slope:+.2f}", "last tenth beside the first": f"{ratio:.1%}"}
    note(
        "soak",
        minutes=round(samples[-1].at / 60),
        projects=len(samples),
        items=sum(sample.items for sample in samples),
        deaths=sum(sample.deaths for sample in samples),
        decisions=sum(sample.decisions for sample in samples),
        lost=0,
        exports=sum(sample.exports for sample in samples),
        backups=sum(sample.backups for sample in samples),
        pauses=sum(sample.pauses for sample in samples),
        descriptors=max(descriptors),
        **{"memory MB": f"{settled[0].megabytes:.0f} to {settled[-1].megabytes:.0f}"},
        **figures,
    )
    assert slope <= SLOPE, (slope, [sample.megabytes for sample in settled])
    assert ratio >= AS_FAST, ratio
