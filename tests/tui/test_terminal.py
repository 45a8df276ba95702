"""The app in a real pseudo-terminal: typed keys, drawn screens, a clean end, nothing foreign obeyed."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyte
import pytest

from app.store import review
from app.store.project import Project
from tests.hostile import HOSTILE
from tests.tui.filled_projects import Task, fill

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 90.0


class Terminal:
    """A terminal with the app in it: `type` presses keys, `wait` reads until something is seen."""

    def __init__(self, master: int, process: subprocess.Popen[bytes], columns: int, lines: int) -> None:
        self.master = master
        self.process = process
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""

    @property
    def text(self) -> str:
        # Not `screen.display`: it stumbles over a wide character of which half was written over.
        lines, columns = self.screen.buffer, range(self.screen.columns)
        return "\n".join(
            "".join(lines[y][x].data for x in columns).rstrip() for y in range(self.screen.lines)
        )

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def read(self, seconds: float) -> bool:
        """Take in what the app writes within `seconds`; say whether there was something."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.master, 65_536)
        except OSError:  # Linux says EIO when the other end is closed
            return False
        self.written += data
        self.stream.feed(data)
        return bool(data)

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + LIMIT
        while not condition():
            assert time.monotonic() < end, f"{what} was not seen on\n{self.text}"
            self.read(0.2)

    def see(self, text: str) -> None:
        self.wait(lambda: text in self.text, repr(text))

    def ended(self) -> int:
        """Wait for the end of the app and return its exit code."""
        self.wait(lambda: self.process.poll() is not None, "the end of the app")
        while self.read(0.2):
            pass
        return int(self.process.returncode)


@contextmanager
def terminal(
    folder: Path,
    *arguments: str,
    columns: int = 100,
    lines: int = 30,
    vanishes: bool = False,
    controls: bool = True,
    command: Sequence[str] = (sys.executable, "-m", "app"),
) -> Iterator[tuple[Terminal, list[object]]]:
    """Start the app in a pseudo-terminal; give it and the terminal's settings from before.

    One that `vanishes` is the app's only: the test closes it, and if it `controls` the app, that is told by a
    signal, as by a closed window.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    before = termios.tcgetattr(slave)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "HOME": str(folder)}
    environment |= {"XDG_STATE_HOME": str(folder / "state"), "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        environment.pop(name, None)
    process = subprocess.Popen(
        [*command, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=folder,
        env=environment,
        start_new_session=True,
        preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if vanishes and controls else None,
    )
    if vanishes:
        os.close(slave)
    try:
        yield Terminal(master, process, columns, lines), before
        if vanishes:
            return
        after = termios.tcgetattr(slave)
        assert after == before, "the terminal's settings are not what they were"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if not vanishes:
            os.close(master)
            os.close(slave)


def decide_and_edit(screen: Terminal) -> None:
    """Accept the first item of a filled project and change the text of the second, without saving it."""
    screen.see("review 3 results")
    screen.type("r")
    screen.see("1 of 3")
    screen.type("a")
    screen.see("decided 1")
    screen.type("e")
    screen.see("Ctrl+S")
    screen.type("!")
    screen.see("approved by the committee on Monday.!")


def test_keys_are_typed_screens_are_seen_and_the_terminal_is_given_back(tmp_path: Path) -> None:
    project = tmp_path / "thesis.db"
    fill(project)
    with terminal(tmp_path, "open", str(project), "--reviewer", "ann") as (screen, _):
        decide_and_edit(screen)
        screen.type("\x13")
        screen.see("decided 2")
        screen.type("?")
        screen.see("Take the winner as the answer.")
        screen.type("\x1b")
        screen.wait(lambda: "Take the winner" not in screen.text, "the help closing")
        screen.type("q")
        assert screen.ended() == 0
        for mode in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?2004l"):
            assert mode in screen.written, f"{mode!r} was never sent: the terminal is left in a wrong mode"
        assert b"Traceback" not in screen.written
    with Project.open(project, read_only=True) as opened:
        assert opened.read(lambda c: review.progress(c, "ann").decided) == 2


def test_nothing_foreign_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    project = tmp_path / "\x1b]0;name\x07.db"
    names = (HOSTILE["escape"], HOSTILE["clipboard"], HOSTILE["query"])
    bad = [name for name in HOSTILE if name not in ("surrogate", "long")]
    fill(
        project,
        [Task(f"{name} {HOSTILE[name]}", HOSTILE[name], (HOSTILE[name],) * 3) for name in bad],
        names=names,
    )
    with terminal(tmp_path, "open", str(project), lines=40) as (screen, _):
        screen.see("review ")
        screen.type("rv")
        screen.see("Which items")
        screen.type("2o")
        screen.see("In which order")
        screen.type("4g")
        for number in range(len(bad)):
            screen.see(f" {number + 1} of {len(bad)} · as generated")
            screen.type("w")
            screen.see("The vote on")
            screen.type("\x1b")
            screen.wait(lambda: "The vote on" not in screen.text, "the vote closing")
            screen.type("e")
            screen.see("Ctrl+S")
            screen.type("\x1b")
            screen.wait(lambda: "Ctrl+S" not in screen.text, "the editor closing")
            screen.type("n")
        screen.see("end of")
        screen.type("q")
        assert screen.ended() == 0
    commands = (
        b"\x1b]52",
        b"\x1b]0;",
        b"\x1b[c",
        b"\x1b[5n",
        b"\x1b[2J\x1b[H\x1b]",
        b"\xc2\x9b",
        b"\xc2\x9d",
    )
    assert not [command for command in commands if command in screen.written]
    for hidden in ("\u202e", "\u2028", "\u200b", "\u2060", "\U000e0041", "\0"):
        assert hidden.encode() not in screen.written


@pytest.mark.parametrize("ending", ["q y", "SIGTERM", "SIGTERM while it asks"])
def test_a_run_in_a_terminal_ends_with_the_app_and_leaves_no_worker_behind(
    tmp_path: Path, ending: str
) -> None:
    with terminal(tmp_path) as (screen, _):
        screen.see("try it")
        screen.type("\r")
        screen.see("▶ run 1")
        workers = children(screen.process.pid)
        assert workers
        if ending != "SIGTERM":
            screen.type("q")
            screen.see("A run is in progress")
        if ending == "q y":
            screen.type("y")
        else:
            screen.process.terminate()
        assert screen.ended() == 0
        wait_for_the_end_of(workers)
    with Project.open(tmp_path / "quorum-first.db") as project:
        assert project.read(lambda c: review.progress(c, "x").decided) == 0


def test_an_app_whose_terminal_vanishes_stores_everything_and_ends(tmp_path: Path) -> None:
    with terminal(tmp_path, vanishes=True) as (screen, _):
        screen.see("try it")
        screen.type("\r")
        screen.see("▶ run 1")
        workers = children(screen.process.pid)
        assert workers
        os.close(screen.master)
        assert screen.process.wait(LIMIT) == 128 + signal.SIGHUP
        wait_for_the_end_of(workers)
    with Project.open(tmp_path / "quorum-first.db") as project:
        assert project.read(lambda c: review.progress(c, "x").decided) == 0


def test_a_closed_terminal_closes_the_project_and_keeps_the_text_that_is_edited(tmp_path: Path) -> None:
    project = tmp_path / "thesis.db"
    fill(project)
    opening = ("open", str(project), "--reviewer", "ann")
    with terminal(tmp_path, *opening, vanishes=True, controls=False) as (screen, _):
        decide_and_edit(screen)
        os.close(screen.master)
        # The kernel sends it with SIGHUP, and which one an app hears of first is a matter of chance.
        screen.process.send_signal(signal.SIGCONT)
        assert screen.process.wait(LIMIT) == 128 + signal.SIGHUP
    assert not [left.name for left in tmp_path.glob("thesis.db-*")]
    [draft] = tmp_path.glob("state/quorum/drafts/*")
    assert "approved by the committee on Monday.!" in draft.read_text("utf-8")


def test_an_app_that_nobody_tells_of_its_vanished_terminal_ends_too(tmp_path: Path) -> None:
    with terminal(tmp_path, vanishes=True, controls=False) as (screen, _):
        screen.see("try it")
        os.close(screen.master)
        assert screen.process.wait(LIMIT) == 128 + signal.SIGHUP


def wait_for_the_end_of(processes: list[int]) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            process = os.pidfd_open(pid)
            try:
                assert select.select([process], [], [], LIMIT)[0], "a worker outlived the app"
            finally:
                os.close(process)


def children(pid: int) -> list[int]:
    """Return the processes that `pid` has started."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]
