"""Signals from outside, a storm of resizes, a tiny and a dumb terminal: a clean end, nothing left behind."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

import pytest

from app.store.lock import lock_path
from app.store.project import Project
from tests.faults.figures import LONG, note
from tests.tui.filled_projects import fill
from tests.tui.test_terminal import terminal


@pytest.mark.parametrize("name", ["SIGINT", "SIGQUIT", "SIGTERM"])
def test_a_signal_from_outside_ends_the_screens_in_order(tmp_path: Path, name: str) -> None:
    project = tmp_path / "x.db"
    fill(project)
    with terminal(tmp_path, "open", str(project)) as (screen, _):
        screen.see("review 3 results")
        began = time.monotonic()
        screen.process.send_signal(signal.Signals[name])
        assert screen.ended() == 0
        took = time.monotonic() - began
        assert b"\x1b[?1049l" in screen.written and b"\x1b[?25h" in screen.written
    assert not lock_path(project).exists()
    with Project.open(project) as opened:
        assert opened.read(lambda c: c.execute("PRAGMA quick_check").fetchone()[0]) == "ok"
    note("signals to the screens", signals=1, **{"longest s": round(took, 1)})


@pytest.mark.parametrize("name", ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_a_run_in_order_and_it_resumes(tmp_path: Path, name: str) -> None:
    words = ("run", "x.db", "--no-audition", "--no-calibration", "--instructions", "5000")
    with terminal(tmp_path, *words, command=(sys.executable, "-m", "app")) as (screen, _):
        screen.see("run 1")
        screen.process.send_signal(signal.Signals[name])
        assert screen.ended() == 130
    assert not lock_path(tmp_path / "x.db").exists()
    with Project.open(tmp_path / "x.db") as opened:
        states = opened.read(lambda c: [row[0] for row in c.execute("SELECT state FROM runs")])
        assert states in ([], ["stopped"])
    note("signals to a run", signals=1, left=0)


def test_a_storm_of_resizes_and_a_tiny_terminal_end_nothing(tmp_path: Path) -> None:
    project = tmp_path / "x.db"
    fill(project)
    storm = 1_000 if LONG else 200
    with terminal(tmp_path, "open", str(project), columns=20, lines=5) as (screen, _):
        screen.wait(lambda: "Quorum" in screen.text, "the app")
        for number in range(storm):
            size = struct.pack("HHHH", 5 + number % 60, 20 + number * 7 % 200, 0, 0)
            fcntl.ioctl(screen.master, termios.TIOCSWINSZ, size)
            os.kill(screen.process.pid, signal.SIGWINCH)
            screen.read(0)
        screen.type("rqq")
        assert screen.ended() == 0
        assert b"Traceback" not in screen.written
    note("resizes of the terminal", resizes=storm, ended=0)


def test_an_app_that_was_stopped_and_continued_reads_on_and_gives_the_terminal_back(tmp_path: Path) -> None:
    project = tmp_path / "x.db"
    fill(project)
    with terminal(tmp_path, "open", str(project)) as (screen, _):
        screen.see("review 3 results")
        for number in range(100):  # while it draws anew, too: what takes the terminal up draws as well
            size = struct.pack("HHHH", 24 + number % 2, 80 + number % 3, 0, 0)
            fcntl.ioctl(screen.master, termios.TIOCSWINSZ, size)
            screen.process.send_signal(signal.SIGWINCH)
            screen.process.send_signal(signal.SIGCONT)
            screen.read(0.01)
        for signal_number in (signal.SIGSTOP, signal.SIGCONT, signal.SIGCONT):
            screen.process.send_signal(signal_number)
        deadline = time.monotonic() + 120
        drawn = -1
        while drawn < len(screen.written):  # until all is taken up: a key typed meanwhile may be lost
            drawn = len(screen.written)
            for _ in range(10):
                screen.read(0.1)
        screen.type("r")
        screen.see("1 of 3")
        while screen.process.poll() is None:  # while it is ending, too
            assert time.monotonic() < deadline, "it hangs"
            with suppress(OSError):  # it ended just now
                screen.type("q")
            screen.process.send_signal(signal.SIGCONT)
            for _ in range(5):
                screen.read(0.1)
        assert screen.ended() == 0
        assert b"Traceback" not in screen.written


@pytest.mark.parametrize("kind", ["dumb", "unknown-terminal", ""])
def test_a_terminal_that_can_do_nothing_gets_the_screens_or_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    fill(tmp_path / "x.db")
    command = ("env", f"TERM={kind}", sys.executable, "-m", "app")
    with terminal(tmp_path, "open", str(tmp_path / "x.db"), command=command) as (screen, _):
        screen.wait(lambda: "Quorum" in screen.text or screen.process.poll() is not None, "the app")
        screen.type("q")
        assert screen.ended() in (0, 1)
        assert b"Traceback" not in screen.written
    note("terminals that can do nothing", kinds=1)
