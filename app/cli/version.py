"""`quorum --version`: one line; with `--verbose` all that a report of a fault needs."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar

import click
import platformdirs

from app import __version__
from app.engine.devices import Report, ask_llama
from app.engine.machine import physical_cores, processor_model
from app.errors import QuorumError
from app.logs import log_path
from app.store.connection import SQLITE_VERSION
from app.visible import visible_line
from app.words import size

F = TypeVar("F", bound=Callable[..., Any])


def version_option(command: F) -> F:
    """Give a command the options --version and --verbose."""
    # --verbose is eager, so that it is known whichever of the two comes first.
    verbose = click.option(
        "--verbose",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_note,
        help="With --version: also print versions, hardware and folders, for a report of a fault.",
    )
    shown = click.option(
        "--version", is_flag=True, expose_value=False, callback=_show, help="Show the version and exit."
    )
    return shown(verbose(command))


def _note(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta[__name__] = value


def _show(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    verbose = ctx.meta[__name__]
    if verbose and not value:
        raise click.UsageError("--verbose goes with --version.", ctx)
    if not value or ctx.resilient_parsing:
        return
    click.echo(f"quorum, version {__version__}")
    for name, text in _facts() if verbose else ():
        click.echo(f"{name:<18}{visible_line(text)}")
    ctx.exit()


def _facts() -> Iterator[tuple[str, str]]:
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
