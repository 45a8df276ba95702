"""The command as a person runs it: another process, real files."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUORUM = (sys.executable, "-m", "app")

_SERVING = threading.Lock()


def environment() -> dict[str, str]:
    """Make the checkout importable wherever the command runs."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}


def quorum(
    *arguments: str | Path, cwd: Path | None = None, check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `quorum` without a terminal; a traceback is always a failure, an exit code unless allowed."""
    words = list(map(str, arguments))
    run = _started if "PYTHONPATH" in variables else _forked
    done = run(words, cwd or Path.cwd(), environment() | variables)
    assert "Traceback" not in done.stderr, done.stderr
    assert not check or done.returncode == 0, done.stderr
    return done


def _started(words: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command in an interpreter of its own, which finds modules elsewhere."""
    return subprocess.run(
        [*QUORUM, *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        env=variables,
    )


def _forked(words: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command in a copy of a process that has loaded it."""
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        asked = {
            "arguments": words,
            "folder": str(folder),
            "environment": variables,
            "out": out.name,
            "err": err.name,
        }
        with _SERVING:
            server = _server()
            assert server.stdin and server.stdout
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            status = int(server.stdout.readline())
        return subprocess.CompletedProcess(words, status, out.read().decode(), err.read().decode())


@cache
def _server() -> subprocess.Popen[str]:
    """Start the process that all commands are forked from."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.command_server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment() | {"OPENBLAS_NUM_THREADS": "1"},  # a process with threads must not be forked
    )
    atexit.register(server.kill)
    return server
