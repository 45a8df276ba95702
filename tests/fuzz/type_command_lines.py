"""Type any words as commands, each in a process forked from one that has loaded them all.

Run as `python -m tests.fuzz.type_command_lines SEED COUNT FOLDER`: prints a line of JSON with the figures.
Every command gets a folder of its own, any of its three descriptors may be closed or full, and output may
have any encoding. Nothing starts a process or opens a connection: that is refused as a system may refuse it.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from app.cli.main import main as quorum_main
from app.cli.main import quorum
from app.store import files, health
from app.store.connection import connect
from tests.hostile import HOSTILE
from tests.tui.filled_projects import fill

LONGEST, PATIENCE = 10, 120
"""Seconds of the processor for a command, and seconds."""
ENCODINGS = ("utf-8", "ascii", "latin-1", "cp037", "utf-16")
ENDS = ("file", "file", "file", "closed", "full")
"""What a descriptor leads to."""
VALUES = (
    *("0", "-1", "3", "9" * 40, "1e999", "nan", "0x10", "\u0661", " ", "-", "--", "-x", "%s%n", "~", "*"),
    *("a.db", "none.db", "given.jsonl", "out.jsonl", "folder", "folder/out", "/dev/full", "/dev/null", "/"),
    *("all", "jsonl", "human", "instructions", "length>3 -tag:x (", "run:1", "0.5", "1", "2", "a" * 5000),
    *(text for text in HOSTILE.values() if "\0" not in text and len(text) < 1000),
)
LIKELY = {"project": "a.db", "out": "out"} | dict.fromkeys(("file", "files", "source"), "given.jsonl")
"""What belongs into an argument of that name."""
BARE = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Return every command with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        yield (*path, name), command


def words(draw: random.Random, commands: list[tuple[tuple[str, ...], click.Command]]) -> list[str]:
    """Return a command line: a command with what belongs to it and what does not."""
    path, command = draw.choice(commands)
    line = list(path) if draw.random() < 0.95 else []
    if draw.random() < 0.7:
        line += [
            LIKELY.get(parameter.name or "", value(draw))
            for parameter in command.params
            if isinstance(parameter, click.Argument)
        ]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    for _ in range(draw.choice((0, 1, 1, 2, 4))):
        if options and draw.random() < 0.8:
            option = draw.choice(options)
            line.append(draw.choice((*option.opts, *option.secondary_opts)))
            if not option.is_flag or draw.random() < 0.05:
                line.append(value(draw))
        else:
            line.insert(draw.randint(0, len(line)), value(draw))
    return line


def value(draw: random.Random) -> str:
    """Return what may stand for a value: of the kind that is expected, of another one, or any bytes."""
    if draw.random() < 0.2:
        return os.fsdecode(bytes(draw.randrange(1, 256) for _ in range(draw.randrange(1, 9))))
    return draw.choice(VALUES).encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")


def main() -> None:
    """Type the commands and print what became of them."""
    draw, count, folder = random.Random(int(sys.argv[1])), int(sys.argv[2]), Path(sys.argv[3])
    os.environ |= {"XDG_STATE_HOME": str(folder / "state"), "XDG_CACHE_HOME": str(folder / "cache")}
    fill(folder / "a.db", state="stopped")
    sound = (folder / "a.db").read_bytes()
    commands = list(leaves(quorum))
    import_module("app.tui.app")
    ends: Counter[str] = Counter()
    slowest = 0.0
    for _ in range(count):
        line = words(draw, commands)
        place = folder / "place"
        shutil.rmtree(place, ignore_errors=True)
        (place / "folder").mkdir(parents=True)
        (place / "a.db").write_bytes(sound)
        (place / "given.jsonl").write_text('{"instruction": "Name it.", "input": "it", "output": "x"}\n')
        ways = {number: draw.choice(ENDS) for number in (0, 1, 2)}
        began = time.monotonic()
        status = typed(line, place, folder, ways, draw.choice(ENCODINGS))
        slowest = max(slowest, time.monotonic() - began)
        ends[str(status)] += 1
        assert status in (0, 1, 2), (status, line, ways, (folder / "2").read_bytes()[-3000:])
        check(line, place, folder, sound, status)
    print(json.dumps({"ends": ends, "commands": len(commands), "slowest": slowest}))


def typed(line: list[str], place: Path, folder: Path, ways: dict[int, str], encoding: str) -> int:
    """Run a command line in a child and return its exit status."""
    for number in (1, 2):
        (folder / str(number)).write_bytes(b"")
    child = os.fork()
    if not child:
        _be_command(line, place, folder, ways, encoding)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def check(line: list[str], place: Path, folder: Path, sound: bytes, status: int) -> None:
    """Hold that a command told what was wrong in few words that are safe to show, and spoiled nothing."""
    told = (folder / "2").read_bytes()
    assert b"Traceback" not in told and b"Unexpected" not in told, (line, told[-3000:])
    try:
        text = told.decode("utf-8").encode()
    except UnicodeDecodeError:
        text = b""
    assert not BARE.search(text), (line, text[-3000:])
    path = place / "a.db"
    if path.exists() and path.read_bytes() != sound:
        assert not files.has_unmerged_log(path), line
        with closing(connect(path, "ro")) as connection:
            assert not health.faults(connection), line


def _be_command(line: list[str], place: Path, folder: Path, ways: dict[int, str], encoding: str) -> NoReturn:
    """Become the process that a shell would have started."""
    signal.alarm(PATIENCE)
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir(place)
    for name in ("Popen", "run"):
        setattr(subprocess, name, _refuse)
    socket.socket.connect = _refuse  # type: ignore[method-assign]
    os.fork = _refuse
    for number, way in ways.items():
        os.close(number)
        if way != "closed":
            kept = "/dev/full" if way == "full" else os.devnull if number == 0 else str(folder / str(number))
            os.dup2(os.open(kept, os.O_RDWR), number)
    # As an interpreter finds them: none where the descriptor is closed.
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        raw = None if ways[number] == "closed" else open(number, "wb" if number else "rb", closefd=False)  # noqa: SIM115
        setattr(sys, name, raw and io.TextIOWrapper(raw, encoding, errors="surrogateescape"))
    sys.argv = ["quorum", *line]
    code = 1
    try:
        quorum_main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException as error:
        (folder / "2").write_text(f"Traceback: {error!r}", "utf-8", "backslashreplace")
    os._exit(code)


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise OSError(11, "Resource temporarily unavailable")


if __name__ == "__main__":
    main()
