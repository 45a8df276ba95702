from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.engine import settings
from app.engine.gguf import ModelHeader, read_header
from app.engine.settings import ALL_LAYERS, DEFAULT_CONTEXT, Settings, default_settings, usable_context
from tests.engine.tiny_gguf import build, write


@pytest.fixture
def header(tmp_path: Path) -> ModelHeader:
    return read_header(write(tmp_path / "tiny.gguf", build()))


def test_the_context_never_exceeds_what_the_model_was_trained_for(header: ModelHeader) -> None:
    assert usable_context(header) == 64
    assert usable_context(header, 1_000_000) == 64
    assert usable_context(header, 10) == 10
    assert usable_context(replace(header, context_length=131_072)) == DEFAULT_CONTEXT


def test_settings_survive_the_trip_to_the_worker(header: ModelHeader) -> None:
    for given in (
        default_settings(header, headless=True),
        Settings(100, 3, 2, flash_attention=True, repack=True, gpu_layers=7),
    ):
        assert Settings.from_json(given.to_json()) == given
    assert given.gpu_layers != ALL_LAYERS
    with pytest.raises(KeyError):
        Settings.from_json({"context": 1})


@pytest.mark.parametrize(("quantisation", "repack"), [("Q4_0", True), ("IQ4_NL", True), ("Q8_0", False)])
def test_only_weights_that_gain_by_another_layout_get_it(
    header: ModelHeader, quantisation: str, repack: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "has_amx", lambda: True)
    assert not default_settings(replace(header, quantisation=quantisation), headless=True).repack
    monkeypatch.setattr(settings, "has_amx", lambda: False)
    assert default_settings(replace(header, quantisation=quantisation), headless=True).repack is repack
