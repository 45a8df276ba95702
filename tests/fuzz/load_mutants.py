"""Try mutants of model files one after the other, each in a process forked from one that knows llama.cpp.

Run as `python -m tests.fuzz.load_mutants SEED COUNT FOLDER`: prints a line of JSON with the figures. What a
worker does with a file, the child does; that the preflight needs no process of its own, the parent holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import select
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from app.engine.gguf import read_header
from app.engine.request import LONGEST_REASON
from app.engine.settings import default_settings
from app.engine.worker.loading import load, prepare
from app.errors import ModelError
from app.visible import hidden_count, visible_line
from tests.fuzz.gguf_mutants import mutant, write_mutant

LONGEST = 15.0
"""Seconds for one file, its template's two included."""
MEMORY = 8 * 2**30
PREFLIGHT = 1.0


def main() -> None:
    """Try the files and print what became of them."""
    draw, count, path = random.Random(int(sys.argv[1])), int(sys.argv[2]), Path(sys.argv[3]) / "mutant.gguf"
    prepare()
    ends: Counter[str] = Counter()
    slowest = 0.0
    for _ in range(count):
        data = mutant(draw)
        write_mutant(path, data)
        began = time.monotonic()
        ends[tried(path)] += 1
        slowest = max(slowest, time.monotonic() - began)
        unchanged = path.read_bytes()[: len(data)] == data
        assert unchanged, "the file was changed"
    print(json.dumps({"ends": ends, "slowest": slowest}))


def tried(path: Path) -> str:
    """Return how a file ended: refused by the preflight, by the worker, by a signal, or not at all."""
    began = time.monotonic()
    try:
        read_header(path)
    except ModelError as error:
        clean(str(error))
        return "refused before"
    finally:
        assert time.monotonic() - began < PREFLIGHT, "the preflight took long"
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _load(path, writing)
    os.close(writing)
    ready = bool(select.select([reading], [], [], LONGEST)[0])
    if not ready:
        os.kill(child, signal.SIGKILL)
    said = os.read(reading, 10_000).decode("utf-8", "surrogatepass")
    os.close(reading)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ready, f"no end after {LONGEST} s: {keep(path)}"
    if status < 0:
        assert signal.Signals(-status) is not signal.SIGXCPU, f"too much work: {keep(path)}"
        return f"ended by {signal.Signals(-status).name}"
    assert status == 0 and said, f"neither loaded nor refused ({status}): {keep(path)}"
    if said == "loaded":
        return said
    clean(said)
    return "refused by the worker"


def clean(reason: str) -> None:
    """Hold that a reason is one that can be shown."""
    shown = visible_line(reason[: 2 * LONGEST_REASON])
    assert shown.strip() and not hidden_count(shown)


def keep(path: Path) -> Path:
    """Put a file aside that the app does not stand."""
    kept = path.with_name(hashlib.sha256(path.read_bytes()).hexdigest()[:12] + ".gguf")
    path.rename(kept)
    return kept


def _load(path: Path, answer: int) -> NoReturn:
    """Do what a worker does, within its limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(LONGEST), int(LONGEST)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    said = ""
    try:
        header = read_header(path)
        settings = default_settings(header, headless=True, context=64, parallel=1)
        load(path, replace(settings, threads=1), report=lambda _step, _fraction: None)
        said = "loaded"
    except ModelError as error:
        said = str(error)[: 2 * LONGEST_REASON]
    except BaseException as error:
        os.write(answer, f"{error!r}"[:300].encode("utf-8", "replace"))
        os._exit(9)
    os.write(answer, said.encode("utf-8", "surrogatepass"))
    os._exit(0)


if __name__ == "__main__":
    main()
