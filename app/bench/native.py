"""llama.cpp's own programs as the other side: llama-server, and llama-batched-bench for what is possible."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.bench.process import Sample, program
from app.bench.workload import Workload
from app.engine.request import Request
from app.engine.settings import Settings
from app.errors import QuorumError

SLOTS = 8
SLOT_CONTEXT = 2048
PATIENCE = 120.0


class Server:
    """llama-server with its defaults, but for threads and slots; a context manager that ends it.

    With another number of slots than 8 it gets room for 2,048 tokens in each.
    """

    def __init__(
        self, folder: Path, model: Path, settings: Settings, warm_up: Sequence[Request], slots: int = SLOTS
    ) -> None:
        self._slots = slots
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._address = f"http://127.0.0.1:{port}"
        threads = str(settings.threads)
        command = [str(program(folder, "llama-server")), "-m", str(model), "--port", str(port)]
        command += ["-c", str(slots * SLOT_CONTEXT)] if slots != SLOTS else []
        command += ["-np", str(slots), "-t", threads, "-tb", threads, *_repack(settings)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._await_ready()
        self.round([*warm_up] * slots)

    def round(self, requests: Sequence[Request]) -> Sample:
        """Send the requests, as many at a time as there are slots."""
        cpu, wall = cpu_seconds(self._process.pid), time.perf_counter()
        with ThreadPoolExecutor(self._slots) as pool:
            tokens = sum(pool.map(self._complete, requests))
        return Sample(tokens, cpu_seconds(self._process.pid) - cpu, time.perf_counter() - wall)

    def _complete(self, request: Request) -> int:
        body = {
            "prompt": request.prefix + request.tail,
            "n_predict": request.sampling.max_new_tokens,
            "temperature": 0.0,
            "ignore_eos": request.sampling.min_new_tokens > 0,
            "stop": list(request.sampling.stop),
            "cache_prompt": True,
        }
        call = urllib.request.Request(f"{self._address}/completion", json.dumps(body).encode())
        call.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(call, timeout=600) as answer:
            return int(json.load(answer)["tokens_predicted"])

    def _await_ready(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self._address}/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self._process.kill()
        raise QuorumError(f"llama-server does not start (exit status {self._process.wait()}).")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What llama-batched-bench makes possible with the engine's own settings, at one thread."""

    folder: Path
    model: Path
    settings: Settings
    workload: Workload

    def round(self, requests: Sequence[Request]) -> Sample:
        """Tell in what time so many sequences at once could be written."""
        tokens = len(requests) * self.workload.written
        seconds = tokens / composite(self.workload, *self._rates(len(requests)))
        return Sample(tokens, cpu=seconds, wall=seconds)

    def _rates(self, sequences: int) -> tuple[float, float]:
        """Return prompt and generated tokens per CPU-second.

        The program tells seconds; the part of them it had the processor for is that of its whole life.
        """
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(self._command(sequences), capture_output=True, text=True, check=False)
        after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if not rows:
            raise QuorumError(f"llama-batched-bench gives no figures for {sequences} sequences.")
        return rows[0]["speed_pp"] * seconds / used, rows[0]["speed_tg"] * seconds / used

    def _command(self, sequences: int) -> list[str]:
        workload, threads = self.workload, str(self.settings.threads)
        cells = workload.prefix + sequences * (workload.tail + workload.written) + 256
        command = [str(program(self.folder, "llama-batched-bench")), "-m", str(self.model)]
        command += ["-c", str(cells), "-b", "2048", "-ub", "512", "-kvu", "-t", threads, "-tb", threads]
        command += ["-npp", str(workload.prefix or workload.tail), "-ntg", str(workload.written)]
        command += ["-npl", str(sequences), *(["-pps"] if workload.prefix else []), *_repack(self.settings)]
        return [*command, "-fa", "on" if self.settings.flash_attention else "off", "--output-format", "jsonl"]


def composite(workload: Workload, prompt: float, generated: float) -> float:
    """Put both speeds together for a workload, in tokens written a second: G / (U / PP + G / TG).

    U are the prompt tokens of a request that it does not share, G those it writes. The measured program never
    has the unshared ones in its cache, which makes the figure optimistic at many sequences.
    """
    return workload.written / (workload.tail / prompt + workload.written / generated)


def cpu_seconds(pid: int) -> float:
    """Return the CPU-seconds a process has used, all threads together; QuorumError where Linux is not."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        raise QuorumError("The CPU time of llama-server can be read on Linux only.") from None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _repack(settings: Settings) -> list[str]:
    """Switch the second weight layout off where the engine does: on some processors it crashes."""
    return [] if settings.repack else ["--no-repack"]
