"""Ask llama.cpp which GPUs it can use, in a worker that lives for this one question. App side."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.engine.json_cache import recall, remember
from app.engine.memory import Gpu
from app.engine.process import WorkerDied, WorkerProcess, default_command
from app.engine.protocol import Frame
from app.engine.stderr_log import WorkerLog
from app.errors import ModelError

ANSWER_SECONDS = 60.0  # a driver that wakes up takes its time


@dataclass(frozen=True, slots=True)
class Devices:
    """The GPUs there are, and whether this llama.cpp was built to use any."""

    built_for_gpus: bool
    gpus: tuple[Gpu, ...] = ()

    def without_gpu(self) -> str:
        """Say why GPU layers have no effect here; "" when they have one."""
        if not self.built_for_gpus:
            return (
                "GPU layers have no effect: this llama.cpp is built for the processor alone. "
                "The README says how to build it for a GPU."
            )
        return "" if self.gpus else "GPU layers have no effect: llama.cpp finds no GPU here."


@dataclass(frozen=True, slots=True)
class Report:
    """What llama.cpp says about itself and the machine; `features` are those of the processor it uses.

    Versions are "" where it does not tell. All texts are foreign.
    """

    ggml_version: str
    commit: str
    features: tuple[str, ...]
    devices: Devices


async def ask_llama(command: Sequence[str] | None = None) -> Report:
    """Ask llama.cpp about itself, in a worker that loads no model. Raises ModelError when it cannot tell."""
    try:
        answer = await _ask(list(command or default_command()))
        build = answer["build"]
        features = re.findall(r"(\w+) = 1\b", str(build["features"]))
        return Report(str(build["ggml_version"]), str(build["ggml_commit"]), tuple(features), _read(answer))
    except (WorkerDied, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"llama.cpp does not answer: {error}") from None


async def find_devices(command: Sequence[str] | None = None, cache: Path | None = None) -> Devices:
    """Return the GPUs llama.cpp can use here and the memory they have free now.

    That a build knows no GPUs is remembered in `cache` (default: in the user's cache folder); otherwise it
    takes a worker about half a second. A worker that dies of the question has no GPUs to offer.
    """
    cache = cache or platformdirs.user_cache_path("quorum") / "devices.json"
    build = build_id()
    if recall(cache, build) is False:
        return Devices(built_for_gpus=False)
    try:
        answer = await _ask(list(command or default_command()))
        devices = _read(answer)
    except (WorkerDied, KeyError, TypeError, ValueError):
        return Devices(built_for_gpus=True)
    if not devices.built_for_gpus:
        remember(cache, build, False)
    return devices


def build_id() -> str:
    """Return what distinguishes this build of llama.cpp from others, without loading it."""
    spec = importlib.util.find_spec("llama_cpp")
    folder = Path(spec.origin).parent / "lib" if spec is not None and spec.origin else Path()
    files = sorted(path for path in folder.glob("*") if path.is_file() and not path.is_symlink())
    facts = [(path.name, path.stat()) for path in files]
    return "|".join(f"{name}:{fact.st_size}:{fact.st_mtime_ns}" for name, fact in facts)


async def _ask(command: Sequence[str]) -> Frame:
    with WorkerLog() as log:
        worker = await WorkerProcess.spawn(command, log.path)
        try:
            worker.expect_news(ANSWER_SECONDS)
            worker.send("devices")
            return await worker.receive()
        finally:
            await worker.end(1.0)


def _read(answer: Frame) -> Devices:
    """Understand the worker's answer; KeyError, TypeError or ValueError if it is none."""
    if answer["type"] != "devices":
        raise ValueError(answer["type"])
    gpus = tuple(
        Gpu(str(gpu["name"]), int(gpu["free"]), int(gpu["total"]), bool(gpu["shared"]))
        for gpu in answer["gpus"]
    )
    return Devices(bool(answer["built_for_gpus"]), gpus)
