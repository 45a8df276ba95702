from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine import catalog, machine
from app.engine.catalog import BundledModels
from app.engine.gguf import ModelHeader, read_header
from tests.engine.tiny_gguf import build, write

SOURCES = ("bundled", "QUORUM_MODELS", "folder", "given")


@pytest.fixture
def header(tmp_path: Path) -> ModelHeader:
    return read_header(write(tmp_path / "tiny.gguf", build()))


def test_each_bundled_model_is_asked_in_its_own_way(bundled_models: BundledModels) -> None:
    paths = (bundled_models.writer, *bundled_models.answerers)
    styles = [catalog.default_style(read_header(path)) for path in paths]
    assert styles == ["few-shot", "chat", "zero-shot"]


def test_models_are_found_in_all_their_places_and_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: BundledModels
) -> None:
    here = tmp_path / "here"
    (here / "models").mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere" / "publisher" / "name"
    elsewhere.mkdir(parents=True)
    write(here / "models" / "local.gguf", build())
    write(elsewhere / "deep.gguf", build())
    write(elsewhere / "readme.txt", b"no model")
    single = write(tmp_path / "single.gguf", b"<html>")
    monkeypatch.chdir(here)
    monkeypatch.setenv("QUORUM_MODELS", os.pathsep.join([str(tmp_path / "elsewhere"), str(single), "/none"]))
    missing = tmp_path / "missing.gguf"
    found = catalog.find_models([missing, elsewhere / "deep.gguf"])
    by_source = {source: [f.path.name for f in found if f.source == source] for source in SOURCES}
    assert by_source == {
        "bundled": [path.name for path in (bundled_models.writer, *bundled_models.answerers)],
        "QUORUM_MODELS": ["deep.gguf", "single.gguf"],
        "folder": ["local.gguf"],
        "given": ["missing.gguf"],
    }
    problems = {f.path.name: f.problem for f in found if f.header is None}
    assert "web page" in problems["single.gguf"]
    assert "is not there" in problems["missing.gguf"]
    assert len(found) == 3 + 3 + 1


def test_the_context_never_exceeds_what_the_model_was_trained_for(header: ModelHeader) -> None:
    assert catalog.usable_context(header) == 64
    assert catalog.usable_context(header, 1_000_000) == 64
    assert catalog.usable_context(header, 10) == 10
    assert catalog.usable_context(replace(header, context_length=131_072)) == catalog.DEFAULT_CONTEXT


@pytest.mark.parametrize("context", [1, 100, 4096])
@pytest.mark.parametrize("parallel", [1, 8, 64])
@pytest.mark.parametrize("kv_heads", [2, 256, 100_000])
def test_the_cache_holds_one_full_sequence_and_is_a_multiple_of_256(
    header: ModelHeader, context: int, parallel: int, kv_heads: int
) -> None:
    cells = catalog.kv_cells(replace(header, kv_heads=kv_heads), context, parallel)
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
    assert catalog.kv_cell_bytes(big) == 128 * 1024
    needed = catalog.memory_needed(big, 4096, 8)
    assert 5_400_000_000 < needed < 6_800_000_000
    assert catalog.memory_needed(big, 8192, 8) >= needed


def test_a_small_model_gets_one_thread_and_a_large_one_leaves_a_core_to_the_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "physical_cores", lambda: 6)
    assert machine.threads_for(3_000_000, headless=True) == 1
    assert machine.threads_for(5_000_000_000, headless=True) == 6
    assert machine.threads_for(5_000_000_000, headless=False) == 5
    monkeypatch.setattr(machine, "physical_cores", lambda: 1)
    assert machine.threads_for(5_000_000_000, headless=False) == 1


def test_this_machine_has_a_core_and_some_memory() -> None:
    assert 1 <= machine.physical_cores() <= (os.cpu_count() or 1)
    assert machine.available_memory() > 0
