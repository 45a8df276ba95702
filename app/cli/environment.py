"""What a report of a fault needs to know of the program, the machine and the folders."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import platformdirs

from app.engine.devices import Report, ask_llama
from app.engine.machine import physical_cores, processor_model
from app.errors import QuorumError
from app.logs import log_path
from app.store.connection import SQLITE_VERSION
from app.words import size


def facts() -> Iterator[tuple[str, str]]:
    """Yield the name of each fact with the fact, which may be foreign text; asks a worker for some."""
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "Textual", _installed("textual")
    yield "llama-cpp-python", _installed("llama-cpp-python")
    try:
        yield from _llama(asyncio.run(ask_llama()))
    except QuorumError as error:
        yield "llama.cpp", error.message
    yield "SQLite", SQLITE_VERSION
    yield "system", platform.platform()
    yield "processor", f"{processor_model()}, {physical_cores()} cores for models"
    yield "log", str(log_path())
    yield "state", str(platformdirs.user_state_path("quorum"))
    yield "cache", str(platformdirs.user_cache_path("quorum"))
    yield "settings", str(platformdirs.user_config_path("quorum"))


def _llama(report: Report) -> Iterator[tuple[str, str]]:
    yield "llama.cpp", f"{report.commit or 'unknown'} (ggml {report.ggml_version or 'unknown'})"
    yield "CPU features", " ".join(report.features) or "none"
    if not report.devices.built_for_gpus:
        yield "GPU", "none: this llama.cpp is built for the processor alone"
        return
    gpus = [f"{gpu.name}, {size(gpu.free)} of {size(gpu.total)} free" for gpu in report.devices.gpus]
    yield "GPU", "; ".join(gpus) or "none found"


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
