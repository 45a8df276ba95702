"""What llama.cpp says about GPUs: the real worker here, scripted ones for machines that have some."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import llama_cpp
import pytest

from app.engine import devices
from app.engine.devices import Devices, ask_llama, find_devices
from app.engine.memory import Gpu
from app.engine.worker import hardware
from app.errors import ModelError

CARD = {"name": "NVIDIA Something", "free": 20_000_000_000, "total": 24_000_000_000, "shared": False}


def scripted(answer: dict[str, Any]) -> list[str]:
    """A worker that answers the one question with these words."""
    words = json.dumps(answer)
    return [
        sys.executable,
        "-c",
        f"import os, sys; data = {words!r}.encode(); sys.stdin.buffer.read(4);"
        "os.write(1, len(data).to_bytes(4, 'big') + data); sys.stdin.buffer.read()",
    ]


def ask(command: list[str] | None, cache: Path) -> Devices:
    return asyncio.run(find_devices(command, cache))


def test_the_worker_says_what_llama_cpp_here_was_built_for_and_that_is_remembered(tmp_path: Path) -> None:
    cache = tmp_path / "devices.json"
    found = ask(None, cache)
    assert found.built_for_gpus == llama_cpp.llama_supports_gpu_offload()
    if not found.built_for_gpus:
        assert "built for the processor alone" in found.without_gpu()
        assert ask(["/no/such/worker"], cache) == found


def test_the_processor_is_listed_among_the_devices_and_is_no_gpu() -> None:
    described = [hardware._describe(device) for device in hardware._devices()]
    assert 0 in [kind for kind, _ in described]  # GGML_BACKEND_DEVICE_TYPE_CPU
    for _, device in described:
        assert device["name"] and 0 < device["free"] <= device["total"]


def test_gpus_are_asked_for_again_each_time_because_their_free_memory_changes(tmp_path: Path) -> None:
    cache = tmp_path / "devices.json"
    first = ask(scripted({"type": "devices", "built_for_gpus": True, "gpus": [CARD]}), cache)
    assert first.gpus == (Gpu("NVIDIA Something", 20_000_000_000, 24_000_000_000),)
    assert first.without_gpu() == ""
    later = ask(scripted({"type": "devices", "built_for_gpus": True, "gpus": [CARD | {"free": 1}]}), cache)
    assert later.gpus[0].free == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"type": "song"},
        {"type": "devices"},
        {"type": "devices", "built_for_gpus": True, "gpus": [{"name": 1}]},
    ],
)
def test_a_worker_that_makes_no_sense_has_no_gpus_to_offer(answer: dict[str, Any], tmp_path: Path) -> None:
    found = ask(scripted(answer), tmp_path / "devices.json")
    assert found == Devices(built_for_gpus=True)
    assert "finds no GPU here" in found.without_gpu()


def test_another_build_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "devices.json"
    ask(scripted({"type": "devices", "built_for_gpus": False, "gpus": []}), cache)
    monkeypatch.setattr(devices, "build_id", lambda: "another")
    assert ask(scripted({"type": "devices", "built_for_gpus": True, "gpus": [CARD]}), cache).gpus


def test_llama_cpp_tells_its_version_and_the_features_of_the_processor() -> None:
    report = asyncio.run(ask_llama())
    said = llama_cpp.llama_print_system_info().decode()
    assert report.features and all(f"{name} = 1" in said for name in report.features)
    assert report.ggml_version[:1].isdigit()
    assert report.devices.built_for_gpus == llama_cpp.llama_supports_gpu_offload()


def test_a_worker_that_cannot_tell_is_one_clear_error() -> None:
    for command in (["/no/such/worker"], scripted({"type": "devices", "built_for_gpus": False, "gpus": []})):
        with pytest.raises(ModelError, match=r"llama\.cpp does not answer"):
            asyncio.run(ask_llama(command))
