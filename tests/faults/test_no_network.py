"""Nothing but `models pull` and `publish` opens a socket to the network: strace watches the commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import environment
from tests.faults.figures import note
from tests.tui.filled_projects import fill

ROOT = Path(__file__).resolve().parents[2]
INTERNET = re.compile(r"\bAF_INET6?\b|sa_family=AF_INET")
STRACE = ("strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=socket,socketpair,connect", "-o")
"""The filter lets all other calls go at full speed."""
COMMANDS = [
    ["run", "new.db", "--instructions", "2", "--no-calibration", "--no-audition"],
    ["status", "x.db"],
    ["export", "x.db", "rows.jsonl"],
    ["export", "x.db", "rows.parquet", "--format", "parquet"],
    ["vote", "x.db"],
    ["card", "x.db"],
    ["report", "x.db"],
    ["models"],
    ["models", "suggest"],
    ["dedup", "seeds.jsonl"],
    ["import", "seeds", "x.db", "seeds.jsonl"],
    ["recipes"],
    ["help", "trust"],
    ["--version", "--verbose"],
]


def traceable() -> bool:
    """Whether strace is there and may watch."""
    if not shutil.which("strace"):
        return False
    return not subprocess.run(
        ["strace", "-o", os.devnull, "true"], capture_output=True, check=False
    ).returncode


@pytest.mark.skipif(not traceable(), reason="strace is not there or ptrace is denied")
def test_no_command_that_works_alone_opens_a_socket_to_the_network(tmp_path: Path) -> None:
    fill(tmp_path / "x.db")
    (tmp_path / "seeds.jsonl").write_text('{"instruction": "Name a colour.", "output": "red"}\n')
    trace = tmp_path / "trace"
    with subprocess.Popen(
        [*STRACE, str(trace), sys.executable, "-m", "tests.cli.command_server"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin and server.stdout
        for words in COMMANDS:
            told = {name: str(tmp_path / name) for name in ("out", "err")}
            for file in told.values():
                Path(file).write_bytes(b"")
            asked = {"arguments": words, "folder": str(tmp_path), "environment": environment(), **told}
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            assert server.stdout.readline() == "0\n", (words, (tmp_path / "err").read_text())
            opened = [
                line for line in trace.read_text("utf-8", "replace").splitlines() if INTERNET.search(line)
            ]
            assert not opened, (words, opened)
    assert "AF_UNIX" in trace.read_text("utf-8", "replace"), "nothing was watched"
    note("commands watched for sockets to the network", commands=len(COMMANDS), sockets=0)


LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')


@pytest.mark.skipif(not traceable(), reason="strace is not there or ptrace is denied")
def test_a_cluster_of_this_machine_alone_never_leaves_loopback(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    strace = (*STRACE[:4], "-e", "trace=connect,bind,sendto,sendmsg", "-o", str(trace))
    done = subprocess.run(
        [*strace, sys.executable, "-m", "app", "cluster", "ray", "--json"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert len(json.loads(done.stdout)["nodes"]) == 1, done.stderr
    assert done.stderr == "starting Ray on this machine alone (127.0.0.1)\n", "what Ray says stays in the log"
    found = {one or other for one, other in ADDRESS.findall(trace.read_text("utf-8", "replace"))}
    assert found and found <= LOOPBACK, found
