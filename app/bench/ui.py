"""How fast the Review screen is: the real app in a pseudo-terminal, from a key to the next item drawn."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from app.bench.figures import Figure
from app.engine.process import environment
from app.errors import QuorumError
from app.store import review, synthetic
from app.store.project import Project
from app.visible import visible_line

QUEUE = 100_000
LARGE = 1_000_000
KEYS = 120
"""Decisions that are timed in a round."""
SIZE = (36, 120)
LIMIT = 60.0
PATIENCE = 15.0
"""Seconds after which a key that shows nothing is pressed again."""
ESCAPE = b"\x1b"
ARROW_DOWN = b"j"
BEGIN = b"\x1b[20~"
"""F9, by which `app.bench.ui_side` starts a run."""
OPEN = "export to a file"
"""What Home offers for a project that is open: the name alone stands there also while it is being opened."""


class Terminal:
    """The app behind a pseudo-terminal: `type` presses keys, `until` reads until bytes are drawn."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self._master, self._process = master, process
        self._drawn = bytearray()

    def type(self, keys: bytes) -> None:
        """Press keys, and forget what was drawn before."""
        self._drawn.clear()
        os.write(self._master, keys)

    def reach(self, keys: bytes, text: str) -> None:
        """Press keys until `text` is drawn: one that is pressed while a screen is being built may be lost."""
        for _ in range(int(LIMIT / PATIENCE) - 1):
            self.type(keys)
            with suppress(QuorumError):
                self.until(text, PATIENCE)
                return
            self.type(ESCAPE)
            self.quiet(1.0)  # read at once, ESC and a letter are one other key
        self.type(keys)
        self.until(text)

    def until(self, text: str, limit: float = LIMIT) -> float:
        """Read until `text` is drawn; return the moment. Raises QuorumError when it does not come."""
        wanted, end = text.encode(), time.perf_counter() + limit
        while wanted not in self._drawn:
            self._read(end, f"{text!r} was not drawn")
        return time.perf_counter()

    def quiet(self, seconds: float) -> None:
        """Read until nothing was drawn for so long, or for four times as long: a run draws all the time."""
        end = time.perf_counter() + 4 * seconds
        while time.perf_counter() < end and select.select([self._master], [], [], seconds)[0]:
            if not self._take():
                return

    @property
    def going(self) -> bool:
        """Whether the app has not ended."""
        return self._process.poll() is None

    def ended(self) -> None:
        """Read until the app has ended."""
        end = time.perf_counter() + LIMIT
        while self._process.poll() is None:
            self._read(end, "the app did not end", 0.1)

    def _read(self, end: float, why: str, wait: float = 1.0) -> None:
        if time.perf_counter() > end:
            seen = f"The last that was drawn: {self._last_words()}"
            raise QuorumError(f"The app did not do what was measured: {why}.", f"Is the machine busy? {seen}")
        if select.select([self._master], [], [], wait)[0]:
            self._take()

    def _last_words(self) -> str:
        """Return what was drawn last, without what moves and colours it."""
        drawn = self._drawn[-4_000:].decode("utf-8", "replace")
        return visible_line(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", " ", drawn))[-800:]

    def _take(self) -> bool:
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # Linux says EIO when the other end is closed
            return False
        self._drawn += data
        return bool(data)


def figures(rounds: int) -> Iterator[Figure]:
    """Make the projects, drive the app, and yield the figures with their bars."""
    with tempfile.TemporaryDirectory(prefix="quorum-bench-") as folder:
        fresh, queue, large = (Path(folder, name) for name in ("fresh.db", "queue.db", "large.db"))
        _make(fresh, QUEUE)
        _make(large, LARGE)
        p50, p99, opened, reached, figures = [], [], [], [], []
        for _ in range(rounds):
            for left in queue.parent.glob(f"{queue.name}-*"):  # a write-ahead log would be played on the copy
                left.unlink()
            shutil.copyfile(fresh, queue)  # what was decided in one round is undecided in the next
            times, seen = _decide(queue, [synthetic.task_text(number) for number in range(1, KEYS + 2)])
            p50.append(statistics.median(times) * 1000)
            p99.append(statistics.quantiles(times, n=100)[98] * 1000)
            first, item, other = _open(large, synthetic.task_text(1))
            opened.append(first)
            reached.append(item)
            figures += [seen, other]
    gaps = tuple(figure["max_gap_ms"] for figure in figures)
    peaks = tuple(figure["rss_mb"] for figure in figures)
    yield Figure("ui.key_p50_ms", "Key to next item painted, in the middle", tuple(p50), "ms", 50.0, True)
    yield Figure("ui.key_p99_ms", "Key to next item painted, 99 of 100", tuple(p99), "ms", 150.0, True)
    yield Figure("ui.open_1m_s", "Open a million items, to the first paint", tuple(opened), "s", 1.5, True)
    yield Figure("ui.item_1m_s", "From there by r to the first item", tuple(reached), "s")
    yield Figure("ui.rss_mb", "Resident memory at most", (max(peaks),), "MB", 200.0, True)
    yield Figure("ui.max_gap_ms", "Longest gap of the event loop", (max(gaps),), "ms", 200.0, True)


def of_project(path: Path, rounds: int) -> Iterator[Figure]:
    """Drive the app on copies of a project, without a run, and yield the figures with their bars.

    The first items of its queue are accepted there. QuorumError where it has too few.
    """
    with tempfile.TemporaryDirectory(prefix="quorum-bench-") as folder:
        copy, times, firsts, items, seen = Path(folder, "copy.db"), [], [], [], []
        with Project.open(path, read_only=True) as project:
            numbers = project.read(lambda c: review.numbers(c, limit=KEYS + 1))
        if len(numbers) < 3:  # one after another: a percentile needs two times
            raise QuorumError(f"{path} has fewer than three undecided items.", "Name another project.")
        texts = [f"{number:04d}" for number in numbers]  # the sign before it has a colour of its own
        for _ in range(rounds):
            copy.unlink(missing_ok=True)
            with Project.open(path, read_only=True) as project:
                project.back_up_to(copy)
            first, item, other = _open(copy, texts[0])
            took, figures = _decide(copy, texts, beside_a_run=False)
            times += took
            firsts.append(first)
            items.append(item)
            seen += [figures, other]
    p50, p99 = statistics.median(times), statistics.quantiles(times, n=100, method="inclusive")[98]
    yield Figure("ui.key_p50_ms", "Key to next item painted, in the middle", (p50 * 1000,), "ms", 50.0, True)
    yield Figure("ui.key_p99_ms", "Key to next item painted, 99 of 100", (p99 * 1000,), "ms", 150.0, True)
    yield Figure("ui.open_s", "Open the project, to the first paint", tuple(firsts), "s", 1.5, True)
    yield Figure("ui.item_s", "From there by r to the first item", tuple(items), "s")
    rss, gap = (max(figures[name] for figures in seen) for name in ("rss_mb", "max_gap_ms"))
    yield Figure("ui.rss_mb", "Resident memory at most", (rss,), "MB", 200.0, True)
    yield Figure("ui.max_gap_ms", "Longest gap of the event loop", (gap,), "ms", 200.0, True)


def _make(path: Path, items: int) -> None:
    with Project.open(path, create=True) as project:
        project.write_now(lambda c: synthetic.fill(c, items))


def _decide(
    project: Path, texts: Sequence[str], *, beside_a_run: bool = True
) -> tuple[list[float], dict[str, float]]:
    """Accept item after item, by what is drawn of each; return the times, and what the app saw of itself."""
    with _app(project) as (terminal, figures):
        terminal.until(OPEN)
        terminal.quiet(1.0)
        if beside_a_run:
            terminal.type(BEGIN)
            terminal.until("tok/s")
            terminal.quiet(0.5)
        terminal.reach(b"r", texts[0])
        terminal.quiet(1.0)
        times: list[float] = []
        for text in texts[1:]:
            began = time.perf_counter()
            terminal.type(b"a")
            times.append(terminal.until(text) - began)
            # A person looks before the next key; what the app does meanwhile is not waited for.
            terminal.quiet(0.05)
        terminal.type(b"\x11")
        terminal.quiet(1.0)
        if terminal.going:  # the run is still going, and is asked about
            terminal.type(b"y")
        terminal.ended()
        return times, _figures_of(figures)


def _open(project: Path, text: str) -> tuple[float, float, dict[str, float]]:
    """Open a project; return the seconds to its first paint, from there to its first item's `text`, and the
    rest.
    """
    began = time.perf_counter()
    with _app(project) as (terminal, figures):
        first = terminal.until(OPEN) - began
        pressed = time.perf_counter()
        terminal.type(b"r")
        item = terminal.until(text) - pressed
        for _ in range(20):
            terminal.type(ARROW_DOWN)
            terminal.quiet(0.05)
        terminal.quiet(2.0)
        terminal.type(b"G")
        terminal.quiet(1.0)
        terminal.type(b"\x11")
        terminal.ended()
        return first, item, _figures_of(figures)


def _figures_of(path: Path) -> dict[str, float]:
    try:
        figures: dict[str, float] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise QuorumError("The app did not end as it should.", "Run it again.") from error
    return figures


@contextmanager
def _app(project: Path) -> Iterator[tuple[Terminal, Path]]:
    """Start the app on a project in a terminal of its own; at its end it writes its figures to the file."""
    figures = project.with_name("figures.json")
    figures.unlink(missing_ok=True)
    # Nothing is remembered from round to round.
    shutil.rmtree(project.parent / "state", ignore_errors=True)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    around = environment() | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    around["XDG_STATE_HOME"] = str(project.parent / "state")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "app.bench.ui_side", str(project), str(figures)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=project.parent,
        env=around,
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(master, process), figures
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(master)
