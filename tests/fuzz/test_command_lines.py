"""Any words, bytes included, with any locale and any descriptor closed or full: one clear answer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path

import pytest

from tests.cli.commands import environment
from tests.faults.figures import LONG, note
from tests.tui.filled_projects import fill

ROOT = Path(__file__).resolve().parents[2]
LINES, PARTS = (1_000, 10) if LONG else (150, 1)


@pytest.mark.parametrize("seed", range(PARTS))
def test_any_words_are_done_or_refused_in_a_line_or_two(tmp_path: Path, seed: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.type_command_lines", str(seed), str(LINES), str(tmp_path)],
        cwd=ROOT,
        env=environment() | {"OPENBLAS_NUM_THREADS": "1"},  # a process with threads must not be forked
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["ends"].keys() == {"0", "1", "2"}
    note("command lines", tried=LINES, commands=told["commands"], done=told["ends"]["0"], tracebacks=0)


LOCALES = ("C", "POSIX", "xx_YY.UTF-8", "C.UTF-8")
SHELLS = ("<&-", ">&-", "2>&-", ">/dev/full", "2>/dev/full", "<&- >&- 2>&-", ">/dev/full 2>/dev/full", "")
COMMANDS: tuple[tuple[bytes, ...], ...] = (
    (b"status", b"x.db"),
    (b"status", b"x\xff\xfe.db"),
    (b"vote", b"x.db", b"--why", b"1"),
    (b"export", b"x.db", b"-", b"--include", b"all"),
    (b"export", b"x.db", b"rows\xff.jsonl", b"--include", b"all"),
    (b"import", b"seeds", b"y.db", b"\xf0\x9f\x99"),
    (b"\x1b[2J", b"\xe9"),
    (b"help", b"\xc3"),
)


def cases() -> Iterator[tuple[str, str, tuple[bytes, ...]]]:
    """Return every locale with every command and way to close, or each of them once."""
    if LONG:
        yield from product(LOCALES, SHELLS, COMMANDS)
    else:
        yield from zip(cycle(LOCALES), SHELLS, COMMANDS, strict=False)


def test_any_locale_and_any_closed_descriptor_end_in_one_clear_answer(tmp_path: Path) -> None:
    fill(tmp_path / "x.db")
    tried = 0
    for locale, shell, words in cases():
        # Without these two, Python would choose UTF-8 itself where the locale says nothing.
        variables = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        line = [b"sh", b"-c", f'exec "$@" {shell}'.encode(), b"sh"]
        done = subprocess.run(
            [*line, os.fsencode(sys.executable), b"-m", b"app", *words],
            cwd=tmp_path,
            env=environment() | {"XDG_STATE_HOME": str(tmp_path / "state")} | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        what = (locale, shell, words, done.stderr)
        assert done.returncode in (0, 1, 2), what
        assert b"Traceback" not in done.stderr and b"Unexpected" not in done.stderr, what
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", done.stderr + done.stdout), what
        assert not (done.returncode == 0 and ">/dev/full" in shell.split() and not shell.startswith("2")), (
            what
        )
        tried += 1
    note("locales and closed or full descriptors", tried=tried, tracebacks=0)
