"""Thousands of hostile strings on every screen of a real terminal (tmux): none is obeyed, none is a key."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.method.judging import Said
from app.method.terms import Kind
from app.store import decisions, drawings, judgements, runs
from app.store.connection import Connection
from app.store.instruction_decisions import HELD
from app.store.judgements import Verdict
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.rows import ModelRow, NewSeed
from tests.faults.figures import LONG, note
from tests.faults.test_no_network import INTERNET, STRACE, traceable
from tests.hostile import HOSTILE
from tests.tui.filled_projects import Task, fill

ROOT = Path(__file__).resolve().parents[2]
PER_SCREEN = 40
SCREENS = 250 if LONG else 25
LIMIT = 90.0
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


def told(draw: random.Random) -> Task:
    """Return a task of as many such strings as a screen shows; two of its three answers agree."""
    given, first, second = (
        "\n".join(hostile(draw) for _ in range(lines)) for lines in (PER_SCREEN - 18, 8, 8)
    )
    return Task(f"{hostile(draw)} {hostile(draw)}", given, (first, second, second))


class Tmux:
    """A terminal of its own with the app in it; all that the app writes to it goes into a file."""

    def __init__(self, folder: Path, *command: str | Path) -> None:
        self.folder, self.written = folder, folder / "written"
        self._base = ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        waits = f'while [ ! -e {folder}/go ]; do sleep 0.05; done; exec "$@"'
        words = ["sh", "-c", waits, "sh", *map(str, command)]
        size = ["-x", "150", "-y", "90"]
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

    def gone(self, what: str) -> None:
        self.wait(lambda: what not in self.text, f"the end of {what}")

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
    for left in tmp_path.rglob("socket"):
        subprocess.run(["tmux", "-S", str(left), "kill-server"], check=False, capture_output=True)


@dataclass(frozen=True)
class Stop:
    """A screen or window: the key that opens it, what shows that it is open, what is opened from it.

    What a window shows stands for it; a screen is known by its name in the title line.
    """

    key: str
    shows: str
    then: tuple[Stop, ...] = ()
    is_window: bool = True


def screen(key: str, name: str, *then: Stop) -> Stop:
    return Stop(key, name, then, is_window=False)


MENU = "1-9  Enter  take"
READ = Stop("z", "scroll     Esc  close")
TOUR = (
    Stop("?", "scroll     m  manual"),
    Stop("o", "Open a project"),
    Stop("i", "Import a file"),
    screen("m", "Models", Stop("a", "Esc"), Stop("s", "Models for")),
    screen("n", "New run"),
    screen("D", "Data"),
    screen("E", "Export", screen("A", "Audit")),
    Stop("L", "Learn from what was judged"),
    screen("j", "Judge", READ, Stop("n", "A note on"), Stop("k", "What counts as right in")),
    screen(
        "r",
        "Review",
        READ,
        *(Stop("v", MENU), Stop("o", MENU)),
        *(Stop("w", "The vote on"), Stop("e", "Edit #"), Stop("i", "The task of"), Stop("m", "A note on")),
        *(Stop("t", "Tags, separated"), Stop("r", "Rate this item"), Stop("X", "Reject because")),
        *(Stop("b", "Accept the winners where"), screen("T", "Threshold")),
    ),
    screen("g", "Run"),
)
"""Every screen there is, from Home on."""

JUDGED = (screen("R", "Card"), Stop("L", "Learn from what was judged"))
"""What there is once all that was drawn is judged."""


def tour(tmux: Tmux, stops: Sequence[Stop], home: str) -> int:
    """Open everything that there is from `home` on, and go back each time; return how many it were."""
    opened = 0
    for stop in stops:
        tmux.press(stop.key)
        if stop.is_window:
            tmux.see(stop.shows)
        else:
            tmux.see_screen(stop.shows)
        opened += 1 + tour(tmux, stop.then, stop.shows)
        tmux.press("Escape")
        if stop.is_window:
            tmux.gone(stop.shows)
        else:
            tmux.see_screen(home)
    return opened


def prepare(project: Path, tasks: Sequence[Task], names: Sequence[str], note_of_run: str) -> None:
    """Make a project with these texts in all that a project has, and a run that ends with them."""
    fill(project, tasks, state="stopped", names=names)

    def put_in(c: Connection) -> None:
        run = runs.get(c)
        runs.set_state(c, run.id, "failed", note_of_run)
        kinds: tuple[Kind, ...] = ("A", "B")
        seeds = [
            NewSeed(kind, note_of_run, task.instruction, task.input, task.outputs[0])
            for kind, task in zip(kinds, tasks, strict=False)
        ]
        runs.set_seeds(c, run.id, seeds)
        [first] = c.tuples("SELECT id FROM instances WHERE number = 1")
        decisions.decide(c, "ann", "reject", [ItemDecision(*first)])
        drawing = judgements.draw(c, "ann", len(tasks), seed=1)
        drawn = [item for item, _ in drawings.drawn(c, drawing.id)]
        for item, answers in judgements.outputs_of(c, drawn[:-1]).items():
            verdict = Verdict(True, True, dict.fromkeys(answers, Said(is_right=True)))
            judgements.judge(c, "ann", item, verdict, drawing.id)
        for at, name in enumerate(names):
            runs.add_model(c, ModelRow(f"hash-{at}", name, f"/models/{name}.gguf", 1, name, name))

    with Project.open(project) as opened:
        opened.write_now(put_in)


def walk(
    folder: Path, tasks: Sequence[Task], names: Sequence[str], note_of_run: str
) -> tuple[set[bytes], str]:
    """Show a project on every screen; return the commands that were sent to the terminal, and its title."""
    project = folder / "x.db"
    prepare(project, tasks, names, note_of_run)
    watched = (*STRACE, str(folder / "trace")) if traceable() else ()
    tmux = Tmux(folder, *watched, sys.executable, "-m", "app", "open", project, "--reviewer", "ann")
    tmux("select-pane", "-T", "title of mine")
    tmux.see_screen("Home")
    tmux.see("review ")
    screens = tour(tmux, TOUR, "Home")
    tmux.press("j")
    tmux.see_screen("Judge")
    tmux.press("0", "Enter")
    tmux.see("the report card")
    screens += tour(tmux, JUDGED, "Judge")
    tmux.press("Escape")
    tmux.see_screen("Home")
    tmux.press("r")
    tmux.see_screen("Review")
    for menu, choice in (("v", "2"), ("o", "4")):  # all, as generated
        tmux.press(menu)
        tmux.see(MENU)
        tmux.press(choice)
        tmux.gone(MENU)
    tmux.press("g")
    for number in range(1, len(tasks) + 1):
        tmux.see(f" {number} of {len(tasks)}")
        if number == len(tasks):  # what is decided comes last
            screens += tour(tmux, (Stop("S", "Items like this one"),), "Review")
        tmux.press("n")
    tmux.see("end of")
    assert not tmux("list-buffers").strip(), "the clipboard was set"
    title = tmux("display-message", "-p", "#{pane_title}").strip()
    tmux.press("?")
    tmux.see("scroll     m  manual")
    tmux.press("m")
    tmux.see_screen("Manual")
    tmux.press("Escape")
    tmux.gone("Manual")
    tmux.press("q")
    tmux.see_end()
    tmux("kill-server")
    with Project.open(project, read_only=True) as opened:
        decided = opened.read(lambda c: c.execute("SELECT COUNT(*) FROM events").fetchone()[0])
    assert decided == 1, "a key was pressed that nobody pressed"
    if watched:
        trace = (folder / "trace").read_text("utf-8", "replace")
        assert "AF_UNIX" in trace and not INTERNET.search(trace), "a screen opened a socket to the network"
        note("screens watched for sockets to the network", screens=screens, sockets=0)
    written = tmux.written.read_bytes() + walk_gate(folder, project, len(tasks))
    assert not re.search(rb"\xc2[\x80-\x9f]", written), "an eight-bit command was sent"
    single = {bytes([byte]) for byte in written if byte < 0x20 or byte == 0x7F}
    return {kind(found) for found in KNOWN.finditer(written)} | single, title


def walk_gate(folder: Path, project: Path, tasks: int) -> bytes:
    """Show the instructions of a run that waits for decisions on them; return what the terminal was sent."""
    with Project.open(project) as opened:
        opened.write_now(lambda c: runs.set_state(c, runs.get(c).id, "stopped", HELD))
    (folder / "gate").mkdir()
    tmux = Tmux(folder / "gate", sys.executable, "-m", "app", "open", project, "--reviewer", "ann")
    tmux.see_screen("Home")
    tmux.see("decide on the instructions")
    tmux.press("r")
    tmux.see_screen("Instructions")
    tmux.press(*["n"] * tasks)
    tmux.press("q")
    tmux.see_end()
    tmux("kill-server")
    return tmux.written.read_bytes()


def kind(found: re.Match[bytes]) -> bytes:
    """Return a command without its numbers, but with the words of what is no cursor or colour."""
    return b"CSI " + found[1] if found[1] in (b"m", b"H", b"f", b"C", b"A", b"B", b"D", b"G") else found[0]


@pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")
@pytest.mark.usefixtures("kill_server")
def test_hostile_strings_send_nothing_that_inert_ones_do_not(tmp_path: Path) -> None:
    draw = random.Random(1)
    bad = [told(draw) for _ in range(SCREENS)]
    plain = [Task(f"a {n}", "b\nc\nd", ("e\nf", "g", "g")) for n in range(3)]
    for tasks in (bad, plain):  # the last is like the first: they share a word that no other has
        alike = f"{tasks[0].instruction} nightingale"
        tasks[0] = replace(tasks[0], instruction=alike)
        tasks.append(replace(tasks[0], instruction=f"{alike}!"))
    for name in ("hostile", "inert"):
        (tmp_path / name).mkdir()
    names = (HOSTILE["escape"], HOSTILE["clipboard"], HOSTILE["query"])
    inert, title = walk(tmp_path / "inert", plain, ("one", "two", "three"), "a note")
    sent, other_title = walk(tmp_path / "hostile", bad, names, HOSTILE["clipboard"])
    assert sent <= inert, sorted(sent - inert)[:20]
    assert title == other_title
    note("hostile strings on a terminal", strings=PER_SCREEN * len(bad), screens=len(bad), sent=0, keys=0)
