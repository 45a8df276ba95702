"""How time and memory grow with the size of what is worked on, and by which power time does."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence

from app.bench.figures import Figure
from app.engine.process import environment
from app.errors import QuorumError

SIZES = (2_000, 8_000)
MOST = 1.15
"""The highest exponent that counts as linear."""
WORKS = {
    "candidates": "import candidates, three answers each",
    "decisions": "import decisions",
    "judgements": "import judgements",
    "vote": "vote again",
    "status": "status",
    "export": "what Export shows first",
    "dedup": "dedup, real-looking tasks",
    "twins": "dedup, tasks that differ in a number",
    "split": "split, tasks nearly alike",
    "keys": "a JSON object of ten keys each, the last twice",
}
"""Every work of `app.bench.scale_side` in words, in the order in which they share a project."""
_AT_ONCE = 0.2
"""Seconds that say nothing of growth: those of opening a project, and of a loaded machine."""
NOVELTY = ("dedup", "twins")
"""Every task can be near to any: no bar for the exponent."""


def figures(sizes: Sequence[int]) -> Iterator[Figure]:
    """Do every piece of work on each size, in processes of their own, and yield what each took.

    CPU-seconds of all processes and the most memory of the first. The exponent is that of the smallest and
    the largest size.
    """
    taken: dict[str, dict[int, float]] = {work: {} for work in WORKS}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="quorum-scale-") as folder:
            for work, words in WORKS.items():
                seconds, megabytes = _done(work, folder, size)
                taken[work][size] = seconds
                what = f"{words}: {size:,}"
                yield Figure(f"scale.{work}_{size}_s", what, (seconds,), "s")
                yield Figure(f"scale.{work}_{size}_mb", "  its memory", (megabytes,), "MB")
    few, many = min(sizes), max(sizes)
    for work, words in WORKS.items() if few < many else ():
        before, after = (max(taken[work][size], _AT_ONCE) for size in (few, many))
        power = math.log(after / before) / math.log(many / few)
        bar = None if work in NOVELTY else MOST
        yield Figure(f"scale.{work}_exponent", f"{words}: exponent", (power,), "", bar, at_most=True)


def _done(work: str, folder: str, size: int) -> tuple[float, float]:
    """Do one piece of work; return its CPU-seconds and megabytes."""
    command = [sys.executable, "-m", "app.bench.scale_side", work, folder, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise QuorumError(f"What was measured failed ({WORKS[work]}, {size:,}): {last}", "Is the disk full?")
    told = json.loads(done.stdout.splitlines()[-1])
    return float(told["seconds"]), float(told["megabytes"])
