from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.engine import memory
from app.engine.gguf import ModelHeader, read_header
from app.engine.settings import default_settings
from tests.engine.tiny_gguf import build, write


@pytest.fixture
def header(tmp_path: Path) -> ModelHeader:
    return read_header(write(tmp_path / "tiny.gguf", build()))


@pytest.mark.parametrize("context", [1, 100, 4096])
@pytest.mark.parametrize("parallel", [1, 8, 64])
@pytest.mark.parametrize("kv_heads", [2, 256, 100_000])
def test_the_cache_holds_one_full_sequence_and_is_a_multiple_of_256(
    header: ModelHeader, context: int, parallel: int, kv_heads: int
) -> None:
    settings = replace(default_settings(header, headless=True), context=context, parallel=parallel)
    cells = memory.kv_cells(replace(header, kv_heads=kv_heads), settings)
    assert cells % 256 == 0
    assert context <= cells <= max(parallel * context, context) + 256


def test_the_memory_estimate_of_a_7b_model_is_weights_plus_a_bounded_cache(header: ModelHeader) -> None:
    big = replace(
        header,
        size=4_900_000_000,
        context_length=131_072,
        vocab_size=128_256,
        embedding_length=4096,
        kv_heads=32 * 8,
        key_length=128,
        value_length=128,
        quantisation="Q4_K_M",
    )
    assert memory.kv_cell_bytes(big) == 128 * 1024
    settings = default_settings(big, headless=True)
    assert (settings.context, settings.parallel) == (4096, 8)
    needed = memory.memory_needed(big, settings)
    assert 5_400_000_000 < needed < 6_800_000_000
    assert memory.memory_needed(big, replace(settings, context=8192)) >= needed
    assert memory.memory_needed(big, replace(settings, repack=True)) >= needed + big.size
