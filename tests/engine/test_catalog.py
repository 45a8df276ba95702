from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.engine import catalog
from app.engine.catalog import BundledModels
from app.engine.gguf import read_header
from tests.engine.tiny_gguf import GOOD, build, write

SOURCES = ("bundled", "QUORUM_MODELS", "folder", "given")


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
    write(here / "models" / "local.gguf", build(GOOD | {"general.description": "another one"}))
    write(here / "models" / "copy.gguf", build())
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
    assert "does not exist" in problems["missing.gguf"]
    assert len(found) == 3 + 3 + 1
    [deep] = [f for f in found if f.path.name == "deep.gguf"]
    assert [path.name for path in deep.copies] == ["copy.gguf"], "one model with two paths"
