"""Do something in a child process whose system calls are counted, written down, refused, or its last.

strace is attached to a child that was forked with everything loaded, so that a point costs a few hundredths
of a second. Where there is no strace, or tracing is denied, a child is killed at a random moment instead.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.errors import QuorumError
from app.store import project

CHANGING = "pwrite64,write,fdatasync,fsync,ftruncate,rename,link,unlink"
"""The calls that change or sync a file: between two of them a kill finds the same files."""
REFUSED = 3
"""The exit status of a child that was told why it could not do its work."""
Ack = Callable[[str], None]
Work = Callable[[Ack], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: exit status or minus the signal, what it had acknowledged, what it said."""

    status: int
    acknowledged: tuple[str, ...]


class Inline(Executor):
    """Does everything at once in the thread that asks: calls are counted for each thread."""

    def __init__(self, *_: object) -> None:
        super().__init__()

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Do it and return what is done."""
        done: Future[Any] = Future()
        try:
            done.set_result(work(*arguments, **named))
        except BaseException as error:
            done.set_exception(error)
        return done


@cache
def can_trace() -> bool:
    """Whether a system call of a child can be its last here."""
    if not shutil.which("strace"):
        return False
    return _run(lambda ack: os.fsync(os.open("/tmp", os.O_RDONLY)), inject("fsync", 1)).status == -9


def inject(calls: str, number: int, error: str = "", *, lasting: bool = False) -> list[str]:
    """Return what makes the call of that number the child's last, or refuses it (and all later ones)."""
    what = f"error={error}" if error else "signal=KILL"
    when = f"{number}+" if lasting else str(number)
    return ["-e", f"trace={calls}", "-e", f"inject={calls}:{what}:when={when}", "-o", "/dev/null"]


def run(work: Work, injected: list[str] | None = None) -> Ended:
    """Do `work` in a child, with what is injected into its calls."""
    return _run(work, injected)


def killed_sometime(work: Work, seconds: float) -> Ended:
    """Do `work` in a child that is killed at a random moment of as many seconds."""
    return _run(work, None, random.uniform(0, seconds))


def calls_of(work: Work, calls: str = CHANGING) -> list[str]:
    """Return the calls that `work` makes, in order, as strace writes them."""
    with tempfile.NamedTemporaryFile("r", encoding="ascii") as log:
        ended = _run(work, ["-y", "-xx", "-s", "10000000", "-e", f"trace={calls}", "-o", log.name])
        assert ended.status == 0, ended
        lines = log.read().splitlines()
    # A call that another thread of the child interrupts is written in two parts; there is one thread.
    return [line for line in lines if re.match(r"\w+\(", line) and not line.endswith("<unfinished ...>")]


def _run(work: Work, injected: list[str] | None, killed_after: float | None = None) -> Ended:
    near, far = socket.socketpair()
    child = os.fork()
    if not child:
        near.close()
        _be_child(work, far)
    far.close()
    tracer = _attached(child, injected) if injected is not None else None
    near.send(b"go")
    if killed_after is not None:
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
    said = b"".join(iter(lambda: near.recv(65536), b"")).decode()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if tracer:
        tracer.wait()
    near.close()
    return Ended(status, tuple(said.splitlines()))


def _be_child(work: Work, out: socket.socket) -> None:
    """Wait until the tracer is there, work, and end with a status that says how it went."""
    status = 1
    try:
        project.ThreadPoolExecutor = Inline  # type: ignore[misc, assignment]
        out.recv(2)
        work(lambda what: out.sendall(f"{what}\n".encode()))
        status = 0
    except QuorumError as error:
        out.sendall(f"refused: {error}\n".encode())
        status = REFUSED
    except BaseException as error:
        out.sendall(f"failed: {error!r}\n".encode())
    finally:
        os._exit(status)


def _attached(child: int, options: list[str]) -> subprocess.Popen[bytes]:
    tracer = subprocess.Popen(
        ["strace", "-qq", "-p", str(child), *options], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    status = Path(f"/proc/{child}/status")
    for _ in range(5000):
        if "TracerPid:\t0\n" not in status.read_text() or tracer.poll() is not None:
            break
        time.sleep(0.001)
    return tracer
