"""The command as a person runs it: another process, real files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUORUM = (sys.executable, "-m", "app")


def environment() -> dict[str, str]:
    """Make the checkout importable wherever the command runs."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}


def quorum(
    *arguments: str | Path, cwd: Path | None = None, check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `quorum` without a terminal; a traceback is always a failure, an exit code unless allowed."""
    done = subprocess.run(
        [*QUORUM, *map(str, arguments)],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        env=environment() | variables,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert not check or done.returncode == 0, done.stderr
    return done
