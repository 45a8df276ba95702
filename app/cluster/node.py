"""What a node does for a run, without Ray: say what it is, find a model, choose its settings."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs

from app import __version__
from app.engine.calibration.record import Calibration
from app.engine.catalog import find_models
from app.engine.devices import Devices, build_id, find_devices
from app.engine.gguf import ModelHeader, fingerprint
from app.engine.machine import (
    available_memory,
    physical_cores,
    processor_model,
    processor_name,
    total_memory,
)
from app.engine.memory import Gpu, plan_residency
from app.engine.settings import Settings, default_settings, exact
from app.errors import ModelError


async def look() -> dict[str, Any]:
    """Say what this machine is, in plain JSON values; `kind` is equal where calibrations hold for both."""
    devices = await find_devices()
    gpus = [{"name": gpu.name, "free": gpu.free, "total": gpu.total} for gpu in devices.gpus]
    facts = [processor_name(), physical_cores(), build_id_of_any_place(), [gpu["name"] for gpu in gpus]]
    return {
        "version": __version__,
        "pid": os.getpid(),
        "name": platform.node(),
        "processor": processor_model(),
        "kind": hashlib.sha256(repr(facts).encode()).hexdigest()[:16],
        "cores": physical_cores(),
        "memory": total_memory(),
        "free": available_memory(),
        "gpus": gpus,
    }


def build_id_of_any_place() -> str:
    """Return what distinguishes this build of llama.cpp, whenever it was installed."""
    return "|".join(":".join(part.split(":")[:2]) for part in build_id().split("|"))


def planned_settings(header: ModelHeader, context: int | None = None) -> Settings:
    """Return the settings that the memory of a replica is planned with; nodes choose their own."""
    return replace(default_settings(header, headless=True, context=context), gpu_layers=0)


def kept(model: str) -> Path:
    """Return where a model of this fingerprint is kept that was sent here."""
    return platformdirs.user_cache_path("quorum") / "models" / f"{model}.gguf"


def find(model: str, size: int, path: str) -> str:
    """Return where this machine has the model of that fingerprint, "" if it has not.

    First where it was sent to, then `path`, where the run's machine has it, then wherever models are found.
    """
    seen: set[Path] = set()
    for place in _places(model, Path(path)):
        if place in seen:
            continue
        seen.add(place)
        try:
            if place.stat().st_size == size and fingerprint(place) == model:
                return str(place)
        except (OSError, ModelError):
            continue
    return ""


def _places(model: str, path: Path) -> Iterator[Path]:
    yield kept(model)
    yield path
    for file in find_models():
        yield from file.paths


class Incoming:
    """A model that is being sent here, in pieces; nobody sees it before it is whole and the right one."""

    def __init__(self, model: str) -> None:
        """Begin a new file; OSError where it cannot be."""
        self._model = model
        self._target = kept(model)
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._half = self._target.with_name(f"{model}.{os.getpid()}.part")
        self._file = self._half.open("wb")
        self._hash = hashlib.sha256()

    def add(self, piece: bytes) -> None:
        """Write the next piece."""
        self._file.write(piece)
        self._hash.update(piece)

    def finish(self) -> str:
        """Return where the model is now; ModelError if what came is another file."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if self._hash.hexdigest() != self._model:
            self._half.unlink(missing_ok=True)
            raise ModelError("The model file changed while it was sent.", "Start again.")
        self._half.replace(self._target)
        return str(self._target)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._half.unlink(missing_ok=True)


def chosen(header: ModelHeader, order: Mapping[str, Any], devices: Devices) -> Settings:
    """Return the settings to load a model with here; ModelError if it does not fit.

    `order` holds the context, which is the same everywhere, the processors that Ray gave for it, the layers
    wanted on a GPU, whether texts are to depend on their own request alone, and what was measured to be
    fastest on this kind of machine.
    """
    usual = default_settings(header, headless=True, context=int(order["context"]))
    measured = order.get("calibration")
    tried = [usual]
    if measured is not None:
        tried.insert(0, Calibration.from_json(measured).applied_to(usual, headless=True))
    if order.get("exact"):
        tried = [exact(settings) for settings in tried]
    tried = [replace(one, threads=max(1, min(one.threads, round(order["cpus"])))) for one in tried]
    for settings in tried:
        try:
            return _fitting(header, settings, order.get("gpu_layers"), devices.gpus)
        except ModelError as error:
            refusal = error
    raise refusal


def _fitting(
    header: ModelHeader, settings: Settings, gpu_layers: int | None, gpus: tuple[Gpu, ...]
) -> Settings:
    free = available_memory()
    return plan_residency([(header, settings)], free=free, gpus=gpus, gpu_layers=gpu_layers).settings[0]
