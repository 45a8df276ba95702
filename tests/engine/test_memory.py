from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from app.engine import memory
from app.engine.gguf import ModelHeader, read_header
from app.engine.settings import default_settings
from tests.engine.tiny_gguf import build, in_blocks, write


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
        block_count=32,
        head_count=32,
        kv_heads=32 * 8,
        key_length=128,
        value_length=128,
        quantisation="Q4_K_M",
        feed_forward=14_336,
    )
    assert memory.kv_cell_bytes(big) == 128 * 1024
    settings = default_settings(big, headless=True)
    assert (settings.context, settings.parallel) == (4096, 8)
    needed = memory.memory_needed(big, settings)
    assert 5_400_000_000 < needed < 7_000_000_000
    assert memory.memory_needed(big, replace(settings, context=8192)) >= needed
    assert memory.memory_needed(big, replace(settings, repack=True)) >= needed + big.size


@pytest.fixture
def big(header: ModelHeader) -> ModelHeader:
    """A model of 30 blocks of 100 MB, 200 MB before and 300 MB after them."""
    return in_blocks(header, 3_500_000_000, 30, before=200_000_000, after=300_000_000)


def test_what_goes_to_the_gpu_leaves_the_main_memory(big: ModelHeader) -> None:
    settings = default_settings(big, headless=True)
    taken = [memory.footprint(big, replace(settings, gpu_layers=layers)) for layers in range(32)]
    assert taken[0].gpu == 0 and taken[0].mapped == big.size
    assert taken[1].mapped == big.size - 300_000_000, "the output goes first"
    assert taken[31].mapped == 200_000_000, "the input stays"
    assert taken[31] == memory.footprint(big, replace(settings, gpu_layers=-1))
    assert taken[31] == memory.footprint(big, replace(settings, gpu_layers=500))
    for before, after in pairwise(taken[1:]):
        assert after.gpu - before.gpu == pytest.approx(before.main - after.main, abs=4)
        assert after.gpu - before.gpu > 100_000_000, "a block moves with its share of the cache"


def test_an_output_that_shares_the_inputs_weights_is_there_twice(big: ModelHeader) -> None:
    tied = replace(big, tied_output=True, input_bytes=300_000_000)
    settings = replace(default_settings(tied, headless=True), gpu_layers=1)
    taken = memory.footprint(tied, settings)
    assert taken.mapped == tied.size
    assert taken.gpu > 300_000_000


def test_scores_of_every_head_are_only_kept_without_flash_attention(big: ModelHeader) -> None:
    settings = replace(default_settings(big, headless=True), gpu_layers=0)
    plain = memory.memory_needed(big, replace(settings, flash_attention=False))
    assert plain > memory.memory_needed(big, replace(settings, flash_attention=True))
    more_heads = memory.memory_needed(replace(big, head_count=64), replace(settings, flash_attention=False))
    assert more_heads - plain == 4 * 512 * memory.kv_cells(big, settings) * (64 - big.head_count)
