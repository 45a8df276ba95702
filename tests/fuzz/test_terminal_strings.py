"""A thousand hostile strings on the screens of a real terminal (tmux): none is obeyed, none presses a key."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from app.store import runs
from app.store.project import Project
from tests.faults.figures import LONG, note
from tests.hostile import HOSTILE
from tests.tui.filled_projects import Task, fill

ROOT = Path(__file__).resolve().parents[2]
PER_SCREEN = 20
SCREENS = 500 if LONG else 50
LIMIT = 60.0
CONTROLS = (
    *(
        "\x1b[{n}J",
        "\x1b[{n};{n}H",
        "\x1b[{n}m",
        "\x1b[?{n}h",
        "\x1b[?{n}l",
        "\x1b[c",
        "\x1b[>c",
        "\x1b[{n}n",
    ),
    *(
        "\x1b[>q",
        "\x1b[18t",
        "\x1b[21t",
        "\x1b[{n};{n}r",
        "\x1bc",
        "\x1b7",
        "\x1b8",
        "\x1bM",
        "\x1b#8",
        "\x1b(0",
    ),
    *("\x1b]0;t{n}\x07", "\x1b]2;t{n}\x1b\\", "\x1b]52;c;aGVsbG8=\x07", "\x1b]52;c;aGVsbG8=\x1b\\"),
    *("\x1b]8;;http://x\x1b\\l\x1b]8;;\x1b\\", "\x1b]4;1;?\x07", "\x1b]10;?\x1b\\", "\x1bP+q544e\x1b\\"),
    *("\x1bP$qm\x1b\\", "\x1b_x\x1b\\", "\x1b^x\x1b\\", "\x1bX{n}\x1b\\", "\x1b]1337;x\x07", "\x1bkt\x1b\\"),
    *(
        "\x9b{n}n",
        "\x9b2J",
        "\x9d0;x\x9c",
        "\x90+q\x9c",
        "\x05",
        "\x07",
        "\x08",
        "\x0b",
        "\x0c",
        "\x0e",
        "\x0f",
    ),
    *("\r", "\x7f", "\x00", "\x18", "\x1a", "\x84", "\x85", "\x8d", "\u202e", "\u2066", "\u200b", "\u2028"),
    *(
        "\ufeff",
        "\U000e0041",
        "\ufe00",
        "\U000e0100",
        "\u2800",
        "\U0001d173",
        "[/",
        "[@click=app.quit]",
        "[b]",
    ),
)
KNOWN = re.compile(
    rb"\x1b\[[0-9;:?=>]*[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b.", re.DOTALL
)


def hostile(draw: random.Random) -> str:
    """Return a string of commands to a terminal with a word or two between them."""
    pieces = [
        draw.choice(CONTROLS).replace("{n}", str(draw.randrange(100))) for _ in range(draw.randint(1, 4))
    ]
    return "".join(f"{piece}{draw.choice('abrqy1 ')}" for piece in pieces)


class Tmux:
    """A terminal of its own with the app in it; all that the app writes to it goes into a file."""

    def __init__(self, folder: Path, *command: str | Path) -> None:
        self.folder, self.written = folder, folder / "written"
        self._base = ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        waits = f'while [ ! -e {folder}/go ]; do sleep 0.05; done; exec "$@"'
        words = ["sh", "-c", waits, "sh", *map(str, command)]
        size = ["-x", "150", "-y", "50"]
        subprocess.run(
            [*self._base, "new-session", "-d", *size, *words], env=variables, cwd=folder, check=True
        )
        self("set-option", "-g", "remain-on-exit", "on")
        self("set-option", "-s", "set-clipboard", "on")
        self("pipe-pane", "-o", f"cat > {self.written}")
        (folder / "go").touch()

    def __call__(self, *words: str) -> str:
        done = subprocess.run([*self._base, *words], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace")

    @property
    def text(self) -> str:
        return self("capture-pane", "-p")

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + LIMIT
        while not condition():
            assert time.monotonic() < end, f"{what} was not seen on\n{self.text}"
            time.sleep(0.03)

    def see(self, wanted: str) -> None:
        self.wait(lambda: wanted in self.text, wanted)

    def see_screen(self, name: str) -> None:
        """Wait until the title line names the screen: only then do keys go to it."""
        self.wait(
            lambda: bool(re.match(rf" *Quorum  .* {name}(   |$)", self.text.partition("\n")[0].rstrip())),
            name,
        )

    def see_end(self) -> None:
        """Wait until the app has ended."""
        self.wait(lambda: self("display-message", "-p", "#{pane_dead}").strip() == "1", "the end of the app")

    def press(self, *keys: str) -> None:
        self("send-keys", *keys)


@pytest.fixture
def kill_server(tmp_path: Path) -> Iterator[None]:
    yield
    subprocess.run(["tmux", "-S", str(tmp_path / "socket"), "kill-server"], check=False, capture_output=True)


def walk(
    folder: Path, tasks: Sequence[Task], names: Sequence[str], note_of_run: str
) -> tuple[set[bytes], str]:
    """Show a project on every screen; return the commands that were sent to the terminal, and its title."""
    project = folder / "x.db"
    fill(project, tasks, state="stopped", names=names)
    with Project.open(project) as opened:
        run = opened.read(lambda c: runs.get(c))
        opened.write_now(lambda c: runs.set_state(c, run.id, "failed", note_of_run))
    tmux = Tmux(folder, sys.executable, "-m", "app", "open", project, "--reviewer", "ann")
    tmux("select-pane", "-T", "title of mine")
    tmux.see_screen("Home")
    tmux.see("review ")
    for key, name in (("j", "Judge"), ("E", "Export"), ("m", "Models"), ("n", "New run")):
        tmux.press(key)
        tmux.see_screen(name)
        tmux.press("Escape")
        tmux.see_screen("Home")
    tmux.press("r")
    tmux.see_screen("Review")
    for press in "vooog":
        tmux.press(press)
    for number in range(1, len(tasks) + 1):
        tmux.see(f" {number} of {len(tasks)}")
        tmux.press("n")
    tmux.see("end of")
    assert not tmux("list-buffers").strip(), "the clipboard was set"
    title = tmux("display-message", "-p", "#{pane_title}").strip()
    tmux.press("q")
    tmux.see_end()
    tmux("kill-server")
    with Project.open(project, read_only=True) as opened:
        decided = opened.read(lambda c: c.execute("SELECT COUNT(*) FROM events").fetchone()[0])
    assert not decided, "a key was pressed that nobody pressed"
    written = tmux.written.read_bytes()
    assert not re.search(rb"\xc2[\x80-\x9f]", written), "an eight-bit command was sent"
    single = {bytes([byte]) for byte in written if byte < 0x20 or byte == 0x7F}
    return {kind(found) for found in KNOWN.finditer(written)} | single, title


def kind(found: re.Match[bytes]) -> bytes:
    """Return a command without its numbers, but with the words of what is no cursor or colour."""
    return b"CSI " + found[1] if found[1] in (b"m", b"H", b"f", b"C", b"A", b"B", b"D", b"G") else found[0]


@pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")
@pytest.mark.usefixtures("kill_server")
def test_hostile_strings_send_nothing_that_inert_ones_do_not(tmp_path: Path) -> None:
    draw = random.Random(1)
    bad = [
        Task(
            hostile(draw) + hostile(draw),
            "\n".join(hostile(draw) for _ in range(9)),
            tuple("\n".join(hostile(draw) for _ in range(3)) for _ in range(3)),
        )
        for _ in range(SCREENS)
    ]
    plain = [Task(f"a {n}", "b\nc\nd", ("e\nf", "g", "h")) for n in range(3)]
    for name in ("hostile", "inert"):
        (tmp_path / name).mkdir()
    names = (HOSTILE["escape"], HOSTILE["clipboard"], HOSTILE["query"])
    inert, title = walk(tmp_path / "inert", plain, ("one", "two", "three"), "a note")
    sent, other_title = walk(tmp_path / "hostile", bad, names, HOSTILE["clipboard"])
    assert sent <= inert, sorted(sent - inert)[:20]
    assert title == other_title
    note("hostile strings on a terminal", strings=PER_SCREEN * SCREENS, screens=SCREENS, sent=0, keys=0)
