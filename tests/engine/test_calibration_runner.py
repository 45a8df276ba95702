"""Calibrations by the real worker, and by scripted ones that die, hang and lie."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.calibration import record, runner
from app.engine.calibration.record import Calibration, chosen_settings, store, stored
from app.engine.calibration.runner import (
    NotMeasured,
    calibrate,
    calibration_seconds,
    full_speed,
    worth_calibrating,
)
from app.engine.catalog import BundledModels
from app.engine.gguf import ModelHeader, read_header
from app.engine.machine import physical_cores
from app.engine.settings import Settings, default_settings
from tests.engine.tiny_gguf import build, write

WORKER = """
import os, signal, sys, time
from app.engine.protocol import encode, receive_blocking

mode = sys.argv[1]
source = os.fdopen(os.dup(0), "rb", buffering=0)

def send(kind, **values):
    os.write(1, encode({"type": kind, **values}))

order = receive_blocking(source)
with open(sys.argv[2], "a") as starts:
    starts.write("repacked\\n" if order["settings"]["repack"] else "plain\\n")
if mode == "refuses":
    send("refused", message="No such tensor.", hint="")
    sys.exit()
send("loading", step="weights", fraction=0.5)
send("loaded")
while (frame := receive_blocking(source)) is not None:
    settings = frame["settings"]
    if settings["repack"] and mode == "dies repacked":
        os.write(2, b"GGML_ASSERT(tiles) failed\\n")
        os.kill(os.getpid(), signal.SIGSEGV)
    if settings["flash_attention"] and mode == "hangs at attention":
        time.sleep(60)
    if mode == "lies":
        send("measured", speed="fast")
    speed = float(settings["parallel"])
    send("measured", speed=speed, work_speed=speed * (2 if mode == "busy" else 1), prefix=100)
"""


@pytest.fixture
def header(tmp_path: Path) -> ModelHeader:
    return replace(read_header(write(tmp_path / "tiny.gguf", build())), quantisation="Q4_K_M")


def start_of(header: ModelHeader) -> Settings:
    return replace(full_speed(default_settings(header, headless=True)), repack=False, gpu_layers=0)


def scripted(mode: str, folder: Path) -> list[str]:
    return [sys.executable, "-c", WORKER, mode, str(folder / "starts")]


def calibrated(header: ModelHeader, mode: str, folder: Path, free: int = 10**12) -> Calibration:
    command = scripted(mode, folder)
    told: list[str] = []
    found = asyncio.run(calibrate(header, start_of(header), free=free, tell=told.append, command=command))
    assert any("8 at once" in words for words in told)
    assert any("once more" in words for words in told) == (mode == "busy")
    return found


def starts(folder: Path) -> list[str]:
    return (folder / "starts").read_text().split()


def test_each_layout_of_the_weights_is_loaded_in_a_worker_of_its_own(
    header: ModelHeader, tmp_path: Path
) -> None:
    found = calibrated(header, "well", tmp_path)
    assert not found.ruled_out
    assert (found.parallel, found.repack, found.flash_attention) == (32, False, False)
    assert found.gain == 4.0 and found.speed == 32.0
    assert starts(tmp_path) == ["repacked", "plain"]


def test_a_layout_the_worker_dies_of_is_ruled_out_with_its_last_words(
    header: ModelHeader, tmp_path: Path
) -> None:
    found = calibrated(header, "dies repacked", tmp_path)
    assert not found.repack and found.parallel == 32
    assert len(found.ruled_out) == 1
    assert "weights repacked: it crashed (SIGSEGV)" in found.ruled_out[0]
    assert "GGML_ASSERT(tiles) failed" in found.ruled_out[0]
    assert starts(tmp_path) == ["repacked", "plain"]


def test_settings_the_worker_falls_silent_at_are_ruled_out(
    header: ModelHeader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SILENCE", 2.0)
    found = calibrated(header, "hangs at attention", tmp_path)
    assert not found.flash_attention and found.parallel == 32
    assert all("flash attention on" in reason and "silent" in reason for reason in found.ruled_out)
    assert starts(tmp_path)[:3] == ["repacked", "plain", "plain"]


@pytest.mark.parametrize(
    ("mode", "reason"), [("refuses", "No such tensor."), ("lies", "a figure that makes no sense")]
)
def test_a_model_that_cannot_be_measured_says_why(
    header: ModelHeader, tmp_path: Path, mode: str, reason: str
) -> None:
    with pytest.raises(NotMeasured, match="could not be measured") as refused:
        calibrated(header, mode, tmp_path)
    assert reason in refused.value.message


def test_a_model_that_gives_no_figure_in_time_says_so(header: ModelHeader, tmp_path: Path) -> None:
    command = scripted("well", tmp_path)
    search = calibrate(
        header, start_of(header), free=10**12, tell=lambda _: None, command=command, seconds=0.001
    )
    with pytest.raises(NotMeasured, match=r"it gave no figure within 0 s\.$"):
        asyncio.run(search)


def test_a_calibration_beside_other_programs_is_done_once_more(header: ModelHeader, tmp_path: Path) -> None:
    assert calibrated(header, "busy", tmp_path).parallel == 32
    assert starts(tmp_path) == ["repacked", "plain"] * 2


def test_settings_that_do_not_fit_are_not_tried(header: ModelHeader, tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match="does not fit into memory"):
        calibrated(header, "well", tmp_path, free=1000)
    assert not (tmp_path / "starts").exists()


def test_a_cancelled_calibration_leaves_no_worker(header: ModelHeader, tmp_path: Path) -> None:
    command = scripted("hangs at attention", tmp_path)
    pids: list[int] = []

    async def cancel() -> None:
        spawn = runner.WorkerProcess.spawn

        async def watched(*given: object) -> runner.WorkerProcess:
            worker = await spawn(*given)  # type: ignore[arg-type]
            pids.append(worker.pid)
            return worker

        runner.WorkerProcess.spawn = watched  # type: ignore[method-assign,assignment]
        try:
            told: asyncio.Queue[str] = asyncio.Queue()
            task = asyncio.create_task(
                calibrate(header, start_of(header), free=10**12, tell=told.put_nowait, command=command)
            )
            while "flash attention on" not in await told.get():
                pass
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        finally:
            runner.WorkerProcess.spawn = spawn  # type: ignore[method-assign]

    asyncio.run(cancel())
    assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("which", ["writer", "t5"])
def test_the_real_worker_measures_the_bundled_models(bundled_models: BundledModels, which: str) -> None:
    header = read_header(bundled_models.writer if which == "writer" else bundled_models.answerers[1])
    start = start_of(header)
    found = asyncio.run(calibrate(header, start, free=10**12, tell=lambda _words: None, seconds=12.0))
    assert found is not None
    assert found.speed > 0 and found.gain >= 1.0
    assert 1 <= found.beside_threads <= found.threads <= physical_cores()
    assert found.parallel in (4, 8, 16, 32)


FOUND = Calibration(16, True, False, 4, 3, 80.0, 1.37, ("weights repacked: it crashed",))


def test_a_calibration_is_remembered_for_this_version_of_the_file_on_this_machine(
    header: ModelHeader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache" / "calibrations.json"
    assert stored(header, cache=cache) is None
    store(header, FOUND, cache=cache)
    assert stored(header, cache=cache) == FOUND
    assert stored(header, gpu=True, cache=cache) is None
    monkeypatch.setattr(record, "processor_name", lambda: "another processor")
    assert stored(header, cache=cache) is None
    monkeypatch.undo()
    os.utime(header.path, (1, 1))
    assert stored(header, cache=cache) is None
    cache.write_text("{ this is no JSON")
    assert stored(header, cache=cache) is None


def test_what_was_measured_is_used_in_place_of_the_defaults(
    header: ModelHeader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "_cache", lambda: tmp_path / "calibrations.json")
    assert chosen_settings(header, headless=True) == default_settings(header, headless=True)
    store(header, FOUND)
    headless, beside = chosen_settings(header, headless=True), chosen_settings(header, headless=False)
    assert (headless.parallel, headless.flash_attention, headless.repack) == (16, True, False)
    assert (headless.threads, beside.threads) == (4, 3)
    assert headless.context == default_settings(header, headless=True).context


def test_a_calibration_is_said_in_one_line() -> None:
    assert FOUND.line() == (
        "16 at once, 4 threads (3 with a screen), flash attention on, repacked weights off: "
        "1.37 times as fast as the defaults"
    )
    assert replace(FOUND, gain=1.0).line().endswith(": the defaults are best")
    assert replace(FOUND, gain=0.0, threads=1, beside_threads=1).line().startswith("16 at once, 1 thread, ")


def test_small_models_are_not_calibrated_and_large_ones_within_a_minute(header: ModelHeader) -> None:
    assert not worth_calibrating(replace(header, size=7_400_000))
    assert worth_calibrating(replace(header, size=80_000_000))
    times = [calibration_seconds(replace(header, size=size)) for size in (80 * 10**6, 350 * 10**6, 5 * 10**9)]
    assert times == sorted(times) and times[0] < 12 and times[-1] == 60
