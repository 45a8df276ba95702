"""How time and memory grow with the size of what is worked on, and by which power time does."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

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
ON_PROJECT = ("decisions", "judgements", "vote", "status", "export")
"""What needs the project that the import of candidates makes."""


class Taken(NamedTuple):
    """What a piece of work took: CPU-seconds of all processes, seconds that passed, MB of the first one."""

    seconds: float
    passed: float
    megabytes: float


def figures(sizes: Sequence[int], works: Collection[str] = ()) -> Iterator[Figure]:
    """Do every piece of work, or these, on each size, in processes of their own, and yield what each took.

    The exponent is that of the CPU-seconds of the smallest and the largest size.
    """
    wanted = {work: words for work, words in WORKS.items() if work in (works or WORKS)}
    taken: dict[str, dict[int, float]] = {work: {} for work in wanted}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="quorum-scale-") as folder:
            if "candidates" not in wanted and wanted.keys() & set(ON_PROJECT):
                _done("candidates", folder, size)
            for work, words in wanted.items():
                done = _done(work, folder, size)
                taken[work][size] = done.seconds
                what = f"{words}: {size:,}"
                yield Figure(f"scale.{work}_{size}_s", what, (done.seconds,), "s")
                yield Figure(f"scale.{work}_{size}_passed_s", "  from begin to end", (done.passed,), "s")
                yield Figure(f"scale.{work}_{size}_mb", "  its memory", (done.megabytes,), "MB")
    few, many = min(sizes), max(sizes)
    for work, words in wanted.items() if few < many else ():
        before, after = (max(taken[work][size], _AT_ONCE) for size in (few, many))
        power = math.log(after / before) / math.log(many / few)
        bar = None if work in NOVELTY else MOST
        yield Figure(f"scale.{work}_exponent", f"{words}: exponent", (power,), "", bar, at_most=True)


def _done(work: str, folder: str, size: int) -> Taken:
    """Do one piece of work."""
    command = [sys.executable, "-m", "app.bench.scale_side", work, folder, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise QuorumError(f"What was measured failed ({WORKS[work]}, {size:,}): {last}", "Is the disk full?")
    told = json.loads(done.stdout.splitlines()[-1])
    return Taken(float(told["seconds"]), float(told["passed"]), float(told["megabytes"]))
