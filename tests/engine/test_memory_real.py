"""The memory plan against what llama.cpp says it allocates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine import memory
from app.engine.catalog import BundledModels
from app.engine.gguf import read_header
from app.engine.settings import default_settings
from app.engine.worker.loading import load
from tests.engine import tiny_architectures

_BUFFER = re.compile(r"^\S+: +CPU +(?:output|KV|RS|compute) buffer size = +([\d.]+) MiB", re.MULTILINE)


def compare(path: Path, capfd: pytest.CaptureFixture[str], *, flash_attention: bool) -> tuple[float, float]:
    """Return the MiB of the buffers llama.cpp makes, and of those that were planned for."""
    header = read_header(path)
    settings = default_settings(header, headless=True)
    settings = replace(settings, flash_attention=flash_attention, gpu_layers=0, repack=False)
    capfd.readouterr()
    load(path, settings, lambda _step, _fraction: None).close()
    made = [float(size) for size in _BUFFER.findall(capfd.readouterr().err)]
    assert len(made) >= 3
    tables = memory.SCRATCH + memory.TOKEN_TABLES * header.vocab_size
    return sum(made), (memory.footprint(header, settings).private - tables) / 2**20


@pytest.mark.parametrize("flash_attention", [False, True])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_the_buffers_of_the_bundled_models_are_planned_closely(
    bundled_models: BundledModels, capfd: pytest.CaptureFixture[str], which: int, flash_attention: bool
) -> None:
    path = (bundled_models.writer, *bundled_models.answerers)[which]
    made, planned = compare(path, capfd, flash_attention=flash_attention)
    assert 0.9 < planned / made < 1.2


@pytest.mark.parametrize(
    "family", [tiny_architectures.recurrent, tiny_architectures.hybrid, tiny_architectures.sliding_window]
)
def test_memories_that_are_no_plain_cache_are_planned_for(
    family: Callable[[Path], Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made, planned = compare(family(tmp_path / "tiny.gguf"), capfd, flash_attention=False)
    assert made - 10 < planned < made + 10
