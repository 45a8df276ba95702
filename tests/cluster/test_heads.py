"""A run whose head is killed resumes over a new head, at the same address and at another one."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.cluster.conftest import SETTINGS, family, send
from tests.cluster.test_runs import check_whole, rows, run, stored
from tests.run.scripted import use_scripted_worker

TARGET = 48
RAY = Path(sys.executable).with_name("ray")


def free_port() -> int:
    """Return a port of loopback that nobody has."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def listens(port: int) -> bool:
    """Say whether somebody takes connections at a port of loopback."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def head(port: int) -> Iterator[int]:
    """Start a head, as the manual says, whose client server listens at a port; in the end kill all of it."""
    small = ["--num-cpus", "2", "--object-store-memory", str(80 * 2**20), "--include-dashboard", "false"]
    ports = ["--port", str(free_port()), "--ray-client-server-port", str(port)]
    with TemporaryDirectory(prefix="ray") as folder:  # names of sockets must be short
        where = ["--node-ip-address", "127.0.0.1", "--temp-dir", folder]
        said = Path(folder) / "said"
        with said.open("wb") as out:
            words = [RAY, "start", "--head", "--block", *ports, *where, *small]
            started = subprocess.Popen(words, stdout=out, stderr=out)
        try:
            until = time.monotonic() + 90
            while not listens(port):
                assert started.poll() is None and time.monotonic() < until, said.read_text()
                time.sleep(0.1)
            yield started.pid
        finally:
            send(signal.SIGKILL, family(started.pid))
            started.wait()


def run_over(port: int, path: Path, until: int | None, head: int) -> dict[str, Any]:
    """Run the plan over a head, which is killed when so many completions are stored; return the run's end."""
    words = ["tests.cluster.watched_run", f"ray://127.0.0.1:{port}", path, str(TARGET), path.parent]
    with subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.PIPE, text=True) as driver:
        while until is not None and driver.poll() is None and stored(path) < until:
            time.sleep(0.02)
        if until is not None:
            send(signal.SIGKILL, family(head))
        said, _ = driver.communicate(timeout=300)
    return next(seen for line in said.splitlines() if "end" in (seen := json.loads(line)))


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a project holds, stage 1 as it was admitted for each kind.

    Which kind comes first changes where a run was stopped in the middle of a wave, with or without Ray.
    """
    found = rows(path)
    found["instructions"].sort(key=lambda row: row[1])
    found["instances"] = sorted(row[1:] for row in found["instances"])
    return found


def test_a_run_resumes_over_a_new_head_at_the_same_address_and_at_another(
    own_cache: None, own_home: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    asyncio.run(run(tmp_path / "here.db", None, TARGET))
    path, port, other = tmp_path / "there.db", free_port(), free_port()
    for at, until in ((port, 30), (port, 90), (other, None)):
        before = stored(path)
        with head(at) as pid:
            end = run_over(at, path, until, pid)
        if until is None:
            assert end["end"] == "done" and not end["error"]
        else:
            assert f"Ray at ray://127.0.0.1:{at} is gone" in end["error"], end
            assert until <= stored(path) < 180 and stored(path) > before
    assert content(path) == content(tmp_path / "here.db")
    check_whole(path, TARGET)
