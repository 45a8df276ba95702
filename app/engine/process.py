"""One worker process: start it, talk to it, notice when it dies or falls silent, and say why. App side."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.engine.protocol import Frame, ProtocolError, encode, receive
from app.engine.request import LONGEST_REASON
from app.errors import ModelError

LOG_LIMIT = 8 * 2**20
LAST_WORDS = 16_384
LOGGED_LINES = 30
GRACE = 1.0

_LOG = logging.getLogger(__name__)
_TELLING = ("ggml_assert", "ggml_abort", "error", "failed", "exception", "what():", "worker:")
_BUILD_PLACE = re.compile(r"\S*/vendor/llama\.cpp/")


class WorkerDied(Exception):
    """The worker is gone; the text says how, with its last words (foreign).

    `signal` is the number of the signal that ended it, 0 if none did or we sent it.
    """

    def __init__(self, words: str, signal: int = 0) -> None:
        super().__init__(words)
        self.signal = signal


def default_command() -> list[str]:
    """Return the command that starts our own worker.

    `-P` keeps the current folder off the import path: a folder named `app` there must not be taken for ours.
    """
    return [sys.executable, "-P", "-m", "app.engine.worker"]


def environment() -> dict[str, str]:
    """Return the worker's environment.

    GOMP_SPINCOUNT limits how long OpenMP's threads burn their cores waiting for each other, which costs
    nothing on an idle machine and half as much speed on a busy one. GGML_NO_BACKTRACE keeps an abort from
    starting a debugger.
    """
    values = {**os.environ, "GOMP_SPINCOUNT": "1000", "GGML_NO_BACKTRACE": "1"}
    root = Path(__file__).resolve().parents[2]
    if root.name not in ("site-packages", "dist-packages"):  # a checkout need not be installed
        values["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    return values


class WorkerProcess:
    """A running worker. Use one event loop; `end` must be called."""

    def __init__(self, process: asyncio.subprocess.Process, log_path: Path, log_start: int) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._log_path = log_path
        self._log_start = log_start
        self._alarm: asyncio.TimerHandle | None = None
        self._silence = 0.0
        self._heard_at = 0.0
        self._verdict = ""

    @classmethod
    async def spawn(cls, command: Sequence[str], log_path: Path) -> WorkerProcess:
        """Start a worker; its standard error is appended to `log_path`. WorkerDied if it cannot start."""
        try:
            with log_path.open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=environment(),
                    start_new_session=True,  # Ctrl+C in the terminal is the app's to handle
                )
                _LOG.info("worker %d started", process.pid)
                return cls(process, log_path, log.tell())
        except OSError as error:
            raise WorkerDied(f"it cannot be started: {error.strerror or error}") from None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, kind: str, **values: Any) -> None:
        """Queue a message; to a worker that is gone it is lost, which `receive` will tell."""
        if not self._stdin.is_closing():
            self._stdin.write(encode({"type": kind, **values}))

    async def receive(self) -> Frame:
        """Return the worker's next message; WorkerDied at its end or at anything that is not a message."""
        try:
            frame = await receive(self._stdout)
        except ProtocolError as error:
            raise await self._died(f"it sent something that is not a message ({error})") from None
        if frame is None:
            raise await self._died("")
        if self._alarm is not None:
            self.expect_news(self._silence)
        return frame

    def expect_news(self, seconds: float | None) -> None:
        """Kill the worker if it is silent for that long from now; None stops watching."""
        self._heard_at = time.monotonic()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if seconds is not None:
            self._silence = seconds
            # In two steps: after this process itself was stopped, news may be waiting in the pipe.
            self._alarm = asyncio.get_running_loop().call_later(seconds, self._suspect)

    @property
    def silent(self) -> float:
        """For how many seconds news have been expected of it in vain."""
        return time.monotonic() - self._heard_at if self._alarm is not None else 0.0

    def _suspect(self) -> None:
        self._alarm = asyncio.get_running_loop().call_later(min(GRACE, self._silence), self._give_up)

    def _give_up(self) -> None:
        self._verdict = f"it was silent for {self._silence:.0f} seconds and was ended"
        self._kill()

    def _kill(self) -> None:
        # Not by the process's own method: that looks whether it is gone, which takes its status away from
        # asyncio, and a worker that died of a signal would seem to have ended with 255.
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def reject(self, reason: str) -> WorkerDied:
        """End a worker that broke the rules; return what to raise."""
        return await self._died(reason[:LONGEST_REASON])

    async def _died(self, reason: str) -> WorkerDied:
        """Make sure it is gone, and put together what is known about why."""
        self.expect_news(None)
        lingers = False
        if not reason:
            # Its output ended, so it is about to be gone; one that only closed it is not. On a busy machine
            # one that is gone may not be known to be: then its exit code tells.
            await self._leaves(GRACE)
            lingers = self._process.returncode is None
        self._kill()
        code = await self._process.wait()
        tail = _tail(self._log_path, self._log_start)
        words = last_words(tail)
        ours = self._verdict or reason
        closed = lingers and code == -signal.SIGKILL
        what = ours or ("it closed its output and was ended" if closed else describe_exit(code))
        lines = "\n".join(tail.splitlines()[-LOGGED_LINES:])
        _LOG.warning("worker %d died, %s; its last words:\n%s", self.pid, what, lines)
        return WorkerDied(f"{what}: {words}" if words else what, 0 if ours else max(-code, 0))

    def trim_log(self) -> None:
        """Empty the log if the worker's noise made it large; what matters is its end."""
        with suppress(OSError):
            if self._log_path.stat().st_size > LOG_LIMIT:
                os.truncate(self._log_path, 0)
                self._log_start = 0

    async def end(self, seconds: float) -> None:
        """Ask the worker to leave by closing its input; kill it when it has not left in time."""
        self.expect_news(None)
        with suppress(OSError):
            self._stdin.close()
        await self._leaves(seconds)
        self._kill()
        await self._process.wait()

    async def _leaves(self, seconds: float) -> None:
        """Wait for its end, but not for ever; unlike `wait_for`, a timeout never swallows a cancellation."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._process.wait()


def describe_exit(code: int) -> str:
    """Say what an exit code means: negative ones are signals."""
    meanings: Mapping[int, str] = {
        -signal.SIGABRT: "llama.cpp gave up (SIGABRT)",
        -signal.SIGSEGV: "it crashed (SIGSEGV)",
        -signal.SIGBUS: "it lost its model file, which has changed or is damaged (SIGBUS)",
        -signal.SIGILL: "llama.cpp was built for another processor (SIGILL)",
        -signal.SIGKILL: "it was killed (SIGKILL), often for lack of memory",
        -signal.SIGTERM: "it was asked to end (SIGTERM)",
    }
    if code in meanings:
        return meanings[code]
    if code >= 0:
        return f"it ended with code {code}"
    with suppress(ValueError):
        return f"it was ended by a signal ({signal.Signals(-code).name})"
    return f"it was ended by signal {-code}"


def refused(frame: Frame) -> ModelError:
    """Return why a worker refuses a model, in its own words (foreign), which may quote the file at length."""
    message, hint = str(frame.get("message")), str(frame.get("hint", ""))
    return ModelError(message[:LONGEST_REASON], hint[:LONGEST_REASON])


def last_words(text: str) -> str:
    """Return the last line of a worker's standard error that gives a reason: 300 characters, foreign."""
    telling = [line for line in text.splitlines() if any(word in line.lower() for word in _TELLING)]
    return _BUILD_PLACE.sub("", telling[-1].strip())[:300] if telling else ""


def _tail(log_path: Path, start: int) -> str:
    """Return the end of what a worker wrote after byte `start` of its log; foreign."""
    try:
        with log_path.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(start if start <= size else 0, size - LAST_WORDS))
            return log.read(LAST_WORDS).decode("utf-8", "replace")
    except OSError:
        return ""
