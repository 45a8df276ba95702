from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.context import AUTO, Context, ContextNeed, can_grow, context_for, context_line, grown, halved
from app.engine.gguf import ModelHeader, read_header
from app.engine.memory import footprint, kv_cells
from app.engine.settings import DEFAULT_CONTEXT, default_settings
from tests.engine.tiny_gguf import build, in_blocks, write

PLENTY = 10**12


@pytest.fixture
def header(tmp_path: Path) -> ModelHeader:
    """A model of 4 GB that was trained for 32,768 tokens."""
    tiny = replace(read_header(write(tmp_path / "long.gguf", build())), context_length=32_768, name="Long")
    return in_blocks(tiny, 4 * 10**9, 31, before=10**6, after=10**6)


@pytest.mark.parametrize(
    ("needed", "context"),
    [(0, 4096), (4096, 4096), (4097, 4352), (9000, 9216), (32_700, 32_768), (90_000, 32_768)],
)
def test_the_context_holds_what_is_needed_and_is_never_below_the_default(
    header: ModelHeader, needed: int, context: int
) -> None:
    assert context_for(header, needed) == context
    assert context_for(replace(header, context_length=2048), needed) == 2048


def test_only_a_model_that_was_trained_for_more_than_the_default_can_grow(header: ModelHeader) -> None:
    assert can_grow(header)
    assert not can_grow(replace(header, context_length=DEFAULT_CONTEXT))
    encoder = replace(header, context_length=512, encoder_decoder=True)
    assert not can_grow(encoder)


@pytest.mark.parametrize(
    ("wanted", "needed", "words"),
    [
        (AUTO, 0, "Long 4,096"),
        (AUTO, 9000, "Long 9,216 (the longest prompt takes 9,000 with its answer)"),
        (AUTO, 40_000, "Long 32,768, too little for the longest prompt: 40,000 with its answer"),
        (8000, 0, "Long 8,000"),
        (50_000, 0, "Long 32,768, which is all it was trained for"),
    ],
)
def test_the_plan_says_what_context_a_model_gets_and_whether_it_is_enough(
    header: ModelHeader, wanted: Context, needed: int, words: str
) -> None:
    need = ContextNeed(header, wanted, needed)
    assert context_line([need], [need.tokens]) == f"context in tokens: {words}"


def test_a_loaded_model_grows_as_far_as_memory_allows(header: ModelHeader) -> None:
    now = replace(default_settings(header, headless=True), gpu_layers=0)
    larger = grown(header, now, 9000, free=PLENTY, gpu_free=0)
    assert larger == replace(now, context=9216)
    assert grown(header, larger, 9000, free=PLENTY, gpu_free=0) == larger
    assert grown(header, now, 9000, free=0, gpu_free=0).context == kv_cells(header, now)
    extra = footprint(header, replace(now, context=12_288)).private - footprint(header, now).private
    assert grown(header, now, 32_000, free=extra, gpu_free=0).context == 12_288
    on_gpu = replace(now, gpu_layers=-1)
    assert grown(header, on_gpu, 32_000, free=PLENTY, gpu_free=0).context == kv_cells(header, on_gpu)


def test_half_a_context_is_never_below_the_default(header: ModelHeader) -> None:
    assert halved(header, 32_768) == 16_384
    assert halved(header, 5000) == DEFAULT_CONTEXT
    assert halved(header, DEFAULT_CONTEXT) == DEFAULT_CONTEXT
    assert halved(header, 1000) == 1000
