"""The app as the benchmark runs it, in a terminal of its own: as always, with a watch on its event loop.

`python -m app.bench.ui_side PROJECT FIGURES`: when it ends, it writes what it saw of itself as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import resource
import sys
import time
from pathlib import Path

from app.tui.app import QuorumApp

TICK = 0.005


class Watched(QuorumApp):
    """Measures the longest time for which nothing else could run on the loop, after the first second."""

    CSS_PATH = str(Path(inspect.getfile(QuorumApp)).with_name("quorum.tcss"))
    BINDINGS = [("f9", "begin", "begin")]  # noqa: RUF012 — Textual stays in the screens, its types too
    longest = 0.0

    def action_begin(self) -> None:
        """Start the default run, which Home offers only where there is no other data."""
        self.start_default()

    def on_ready(self) -> None:
        """Watch from the beginning."""
        self.run_worker(self._watch(), group="run", name="watch")

    async def _watch(self) -> None:
        """Watch until the app leaves: giving the terminal back is no gap that anybody waits in."""
        await asyncio.sleep(1.0)  # imports and the first drawing are measured by the time to paint
        before = time.perf_counter()
        while not self.leaving:
            await asyncio.sleep(TICK)
            now = time.perf_counter()
            self.longest = max(self.longest, now - before - TICK)
            before = now


def main(project: str, figures: str) -> None:
    """Run the app and tell."""
    app = Watched(Path(project), "bench")
    app.run()
    observed = {"max_gap_ms": app.longest * 1000, "rss_mb": peak_bytes() / 2**20}
    Path(figures).write_text(json.dumps(observed), encoding="utf-8")


def peak_bytes() -> int:
    """Return the most memory that was resident, in bytes."""
    # What getrusage tells on Linux begins with the memory of the process that started this one.
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024
    # Linux counts in kilobytes, macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(*sys.argv[1:])
