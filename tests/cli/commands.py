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
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        asked = {
            "arguments": words,
            "folder": str(cwd or Path.cwd()),
            "environment": environment() | variables,
            "out": out.name,
            "err": err.name,
        }
        with _SERVING:
            server = _server()
            assert server.stdin and server.stdout
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            status = int(server.stdout.readline())
        done = subprocess.CompletedProcess(words, status, out.read().decode(), err.read().decode())
    assert "Traceback" not in done.stderr, done.stderr
    assert not check or done.returncode == 0, done.stderr
    return done


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
