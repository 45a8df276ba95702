"""Measure which settings are fastest for a model, in workers that may die of it. App side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from app.engine.calibration.record import Calibration
from app.engine.calibration.search import NothingMeasured, Options, Speed, Tuning, options_for
from app.engine.gguf import ModelHeader
from app.engine.machine import SMALL_MODEL, physical_cores
from app.engine.memory import footprint
from app.engine.process import WorkerDied, WorkerProcess, default_command
from app.engine.protocol import Frame
from app.engine.request import LONGEST_REASON
from app.engine.settings import Settings
from app.engine.stderr_log import WorkerLog
from app.errors import ModelError

LONGEST = 60.0
SHORTEST = 8.0
FULL_SIZE = 500 * 10**6
"""Bytes from which on a model gets all the time; smaller ones, being faster, get their share."""
SHARES = 40
"""Measurements a calibration takes at most, by experience."""
SILENCE = 25.0
BUSY = 0.7
"""Under this share of the time that its threads asked for, a calibration is repeated once."""
NONE = Speed(0, 0)


class NotMeasured(ModelError):
    """A model has no figure with any settings; the message says why."""


def worth_calibrating(header: ModelHeader) -> bool:
    """Whether a calibration can gain more than it costs; tiny models are done before it is."""
    return header.size >= SMALL_MODEL


def calibration_seconds(header: ModelHeader) -> float:
    """Return how long a calibration of this model takes at most."""
    return min(max(LONGEST * header.size / FULL_SIZE, SHORTEST), LONGEST)


async def calibrate(
    header: ModelHeader,
    start: Settings,
    *,
    free: int,
    tell: Callable[[str], None],
    command: Sequence[str] | None = None,
    seconds: float | None = None,
) -> Calibration:
    """Look for the fastest settings, beginning with `start`, which has all cores.

    `free` is the memory that may be used, `tell` gets what is being measured, `seconds` is when to stop
    (default: by the size of the model). Where other programs took much of the time it is done once more, and
    all that was measured decides. Settings that a worker dies of, or is silent at for too long, are ruled
    out; NotMeasured with the reason if nothing worked. Cancelling it ends the worker.
    """
    seconds = calibration_seconds(header) if seconds is None else seconds
    bench = _Bench(header, list(command or default_command()), seconds / SHARES, free, tell)
    tuning = Tuning(bench.speed, start)
    options = options_for(header, start, physical_cores())
    try:
        await _search(tuning, options, seconds)
        if not start.gpu_layers and 0 < tuning.share() < BUSY:  # a GPU's work is not the processor's
            tell("once more, since other programs took much of the time")
            tuning.best = start
            await _search(tuning, options, seconds)
    finally:
        await bench.close()
    best = tuning.settle(start)
    if not tuning.speed(best).wall:
        reason = next(iter(bench.ruled_out.values()), f"it gave no figure within {seconds:.0f} s")
        raise NotMeasured(f"{header.name} could not be measured: {reason.rstrip('.')}.")
    return Calibration(
        parallel=best.parallel,
        flash_attention=best.flash_attention,
        repack=best.repack,
        threads=best.threads,
        beside_threads=tuning.fewer_threads(max(1, physical_cores() - 1)),
        speed=tuning.speed(best).wall,
        gain=tuning.gain(start),
        ruled_out=tuple(bench.ruled_out.values()),
    )


async def _search(tuning: Tuning, options: Options, seconds: float) -> None:
    """Search until the time is over, or nothing works."""
    with suppress(TimeoutError, NothingMeasured):
        async with asyncio.timeout(seconds):
            await tuning.run(options)


@dataclass(slots=True)
class _Loaded:
    """A worker that has the model in one layout of its weights."""

    process: WorkerProcess
    repack: bool
    measured: bool = False


class _Bench:
    """Measures settings, each layout of the weights in a worker of its own."""

    def __init__(
        self,
        header: ModelHeader,
        command: Sequence[str],
        seconds: float,
        free: int,
        tell: Callable[[str], None],
    ) -> None:
        self.ruled_out: dict[str, str] = {}
        self._header = header
        self._command = command
        self._seconds = seconds
        self._free = free
        self._tell = tell
        self._worker: _Loaded | None = None
        self._prefix = 0
        self._log = WorkerLog()

    async def speed(self, settings: Settings) -> Speed:
        """Measure; the speed is 0 for settings that are ruled out, or are now."""
        words = describe(settings)
        if words in self.ruled_out or _layout(settings) in self.ruled_out:
            return NONE
        if footprint(self._header, settings).main > self._free:
            self.ruled_out[words] = f"{words}: does not fit into memory"
            return NONE
        self._tell(words)
        try:
            speed = await self._measured(settings)
        except (WorkerDied, ValueError) as death:
            await self._bury(settings, str(death))
            return NONE
        return speed

    async def close(self) -> None:
        """End the worker."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.process.end(1.0)
        self._log.close()

    async def _measured(self, settings: Settings) -> Speed:
        worker = await self._with_layout(settings)
        worker.process.send("measure", settings=settings.to_json(), seconds=self._seconds)
        frame = await _news(worker.process, "measured")
        try:
            speed = Speed(float(frame["speed"]), float(frame["work_speed"]))
            self._prefix = int(frame["prefix"])
        except (KeyError, TypeError, ValueError):
            raise ValueError("it sent a figure that makes no sense") from None
        worker.measured = True
        return speed

    async def _with_layout(self, settings: Settings) -> _Loaded:
        if self._worker is not None and self._worker.repack == settings.repack:
            return self._worker
        if self._worker is not None:
            await self._worker.process.end(1.0)
            self._worker = None
        process = await WorkerProcess.spawn(self._command, self._log.path)
        self._worker = _Loaded(process, settings.repack)
        process.expect_news(SILENCE)
        process.send(
            "calibrate", path=str(self._header.path), settings=settings.to_json(), prefix=self._prefix
        )
        await _news(process, "loaded")
        return self._worker

    async def _bury(self, settings: Settings, reason: str) -> None:
        """Rule out what the worker died of: the whole layout if it never worked, else these settings."""
        worker, self._worker = self._worker, None
        what = describe(settings) if worker is not None and worker.measured else _layout(settings)
        self.ruled_out[what] = f"{what}: {reason}"
        if worker is not None:
            await worker.process.end(1.0)


def describe(settings: Settings) -> str:
    """Say the measured settings in a few words."""
    threads = f"{settings.threads} thread" + ("s" if settings.threads != 1 else "")
    attention = "on" if settings.flash_attention else "off"
    return f"{settings.parallel} at once, {threads}, flash attention {attention}, {_layout(settings)}"


def full_speed(settings: Settings) -> Settings:
    """Return the settings to start a calibration from: all cores at work."""
    return replace(settings, threads=physical_cores())


def _layout(settings: Settings) -> str:
    return "weights repacked" if settings.repack else "weights as they are"


async def _news(process: WorkerProcess, wanted: str) -> Frame:
    """Return the next message that is not progress; ValueError if it is not the one that is wanted."""
    while (frame := await process.receive())["type"] == "loading":
        pass
    if frame["type"] != wanted:
        raise ValueError(str(frame.get("message") or f"it said {frame['type']!r}")[:LONGEST_REASON])
    return frame
