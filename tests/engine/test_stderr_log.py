"""Logs of workers vanish with their engine, or with the next process where that one was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from app.engine.process import environment
from app.engine.stderr_log import WorkerLog, sweep


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of its own, not swept yet."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sweep.cache_clear()
    return tmp_path


def aged(path: Path) -> Path:
    os.utime(path, (time.time() - 3600,) * 2)
    return path


def test_a_log_is_there_until_it_is_closed(place: Path) -> None:
    with WorkerLog() as log:
        assert list(place.iterdir()) == [log.path]
        log.path.write_text("words")
    assert not list(place.iterdir())
    log.close()


def test_the_logs_of_killed_processes_are_removed_and_no_others(place: Path) -> None:
    script = "import sys, signal; from app.engine.stderr_log import WorkerLog; log = WorkerLog(); "
    script += "print(log.path, flush=True); signal.pause()"
    variables = environment() | {"TMPDIR": str(place)}
    with (
        subprocess.Popen([sys.executable, "-c", script], stdout=-1, text=True, env=variables) as dead,
        subprocess.Popen([sys.executable, "-c", script], stdout=-1, text=True, env=variables) as alive,
    ):
        assert dead.stdout and alive.stdout
        left, used = (aged(Path(process.stdout.readline().strip())) for process in (dead, alive))
        dead.send_signal(signal.SIGKILL)
        dead.wait()
        (place / "notes.log").write_text("mine")
        other = aged(place / "notes.log")
        (place / "quorum-link.log").symlink_to(other)
        os.mkfifo(place / "quorum-pipe.log")
        young = place / "quorum-young.log"
        young.touch()
        with WorkerLog():
            there = set(place.iterdir())
        alive.kill()
    assert left not in there
    assert {used, other, young, place / "quorum-link.log", place / "quorum-pipe.log"} <= there
