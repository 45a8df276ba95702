"""No worker outlives its app, however the app ends and whatever the worker is doing."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.engine.catalog import BundledModels
from app.engine.gguf import read_header
from app.engine.process import default_command, environment
from app.engine.protocol import encode, receive
from app.engine.request import Request, Sampling, request_to_json
from app.engine.settings import default_settings
from tests.engine.tiny_gguf import COMPLETE, COMPLETE_TENSORS, build, write

SIGNALS = ["SIGKILL", "SIGTERM", "SIGSEGV", "SIGINT", "SIGHUP"]
PHASES = ["loading", "idle", "working"]
LOOP = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
ENDLESS = Sampling(min_new_tokens=10**6, max_new_tokens=10**6)
APP = """
import asyncio, sys
from pathlib import Path
from app.engine.request import Request, Sampling
from app.engine.supervisor import Engine

phase, path = sys.argv[1], Path(sys.argv[2])
endless = Sampling(min_new_tokens=10**6, max_new_tokens=10**6)

async def main():
    engine = Engine(path)
    starting = asyncio.create_task(engine.start())
    if phase == "loading":
        while engine.state.note != "trying the chat template":
            await asyncio.sleep(0.01)
    else:
        await starting
    asked = [Request(str(n), tail="a", sampling=endless) for n in range(1000 if phase == "working" else 0)]
    tasks = [asyncio.create_task(engine.complete(request)) for request in asked]
    while phase == "working" and not engine.state.live:
        await asyncio.sleep(0.01)
    print(engine.worker_pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def model(bundled_models: BundledModels, tmp_path: Path, phase: str) -> Path:
    """A real model, or for loading one whose chat template takes its time."""
    if phase != "loading":
        return bundled_models.writer
    looping = COMPLETE | {"tokenizer.chat_template": LOOP}
    return write(tmp_path / "looping.gguf", build(looping, COMPLETE_TENSORS))


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waiting for a stranger's end needs Linux")
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", SIGNALS)
def test_the_worker_is_gone_when_a_signal_has_ended_the_app(model: Path, phase: str, name: str) -> None:
    app = subprocess.Popen(
        [sys.executable, "-c", APP, phase, str(model)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )
    assert app.stdout is not None
    with app, app.stdout:
        pid = int(app.stdout.readline())
        watch = os.pidfd_open(pid)
        if phase == "loading":
            os.kill(pid, signal.SIGSTOP)  # it would end by itself soon; stopped, nothing but a kill ends it
        app.send_signal(signal.Signals[name])
    try:
        assert select.select([watch], [], [], 30)[0], "the worker outlived the app"
    finally:
        os.close(watch)


async def frames_until(worker: asyncio.subprocess.Process, **wanted: Any) -> list[dict[str, Any]]:
    """Read frames up to the first that has these values, or to the end."""
    assert worker.stdout is not None
    frames = []
    while (frame := await receive(worker.stdout)) is not None:
        frames.append(frame)
        if wanted and wanted.items() <= frame.items():
            break
    return frames


@pytest.mark.parametrize("phase", PHASES)
async def test_a_worker_leaves_when_its_input_ends_whatever_it_is_doing(model: Path, phase: str) -> None:
    # All there is where the system sends no signal at a parent's death.
    worker = await asyncio.create_subprocess_exec(
        *default_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment(),
    )  # fmt: skip
    assert worker.stdin is not None
    settings = default_settings(read_header(model), headless=False).to_json()
    worker.stdin.write(encode({"type": "load", "path": str(model), "settings": settings, "prefixes": ""}))
    if phase == "loading":
        await frames_until(worker, step="template")
    else:
        await frames_until(worker, type="ready")
    if phase == "working":
        request = request_to_json(Request("1", tail="a", sampling=ENDLESS))
        worker.stdin.write(encode({"type": "complete", "id": "1", "request": request}))
        await frames_until(worker, type="working")
    worker.stdin.close()
    rest = await frames_until(worker)
    assert await worker.wait() == 0
    assert not [frame for frame in rest if frame["type"] in ("refused", "done")]
