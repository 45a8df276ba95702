"""Which models are suggested for a machine, and which are siblings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.catalog import ModelFile
from app.engine.gguf import read_header
from app.engine.memory import Gpu
from app.engine.suggest import family, family_of, missing, sibling_lines, suggestions
from tests.engine.tiny_gguf import build, write

GB = 10**9


@pytest.mark.parametrize("chosen", suggestions().sets, ids=lambda chosen: chosen.name)
def test_every_set_has_one_writer_and_answerers_of_families_that_differ(chosen: object) -> None:
    [writer] = [model for model in chosen.models if model.role == "writer"]  # type: ignore[attr-defined]
    models = chosen.models  # type: ignore[attr-defined]
    assert models[0] == writer and 2 <= len(models) - 1 <= 3
    assert len({model.family for model in models}) == len(models)
    for model in models:
        assert model.file.endswith(".gguf") and model.repository.count("/") == 1 and model.licence
        assert family_of(model.file) == model.family, "what the list says is what would be seen on the file"


@pytest.mark.parametrize(
    ("memory", "gpu", "name"),
    [
        (3 * GB, 0, "8 GB"),
        (7.8 * GB, 0, "8 GB"),
        (16.4 * GB, 0, "16 GB"),
        (31 * GB, 0, "32 GB"),
        (128 * GB, 0, "32 GB"),
        (16 * GB, 25.3 * GB, "24 GB GPU"),
        (16 * GB, 8 * GB, "16 GB"),
    ],
)
def test_the_largest_set_that_the_memory_is_meant_for_is_suggested(
    memory: float, gpu: float, name: str
) -> None:
    gpus = [Gpu("A card", int(gpu), int(gpu))] if gpu else []
    assert suggestions().for_machine(int(memory), gpus).name == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("16 GB", "16 GB"),
        ("16GB", "16 GB"),
        ("16", "16 GB"),
        (" 16  gb ", "16 GB"),
        ("24gb gpu", "24 GB GPU"),
        ("16 gb gpu", None),
        ("6", None),
        ("gb", None),
        ("", None),
    ],
)
def test_a_set_is_found_in_any_case_and_spacing(typed: str, name: str | None) -> None:
    found = suggestions().named(typed)
    assert (found and found.name) == name


def test_a_gpu_that_uses_the_main_memory_adds_none() -> None:
    shared = [Gpu("Built in", 32 * GB, 32 * GB, shared=True)]
    assert suggestions().for_machine(16 * GB, shared).name == "16 GB"


def test_what_is_suggested_and_here_already_is_not_missing() -> None:
    chosen = suggestions().sets[0]
    assert missing(chosen.models, [chosen.models[1].file]) == [chosen.models[0], *chosen.models[2:]]


@pytest.mark.parametrize(
    ("name", "architecture", "expected"),
    [
        ("Smollm2 135M 8k", "llama", "SmolLM"),
        ("Mistral Nemo Instruct", "llama", "Mistral"),
        ("Gemma 3 270m", "gemma3", "Gemma"),
        ("A finetune", "qwen2", "Qwen"),
        ("A finetune", "llama", ""),
        ("sapphire", "gpt2", ""),
    ],
)
def test_a_family_is_told_by_the_name_and_else_by_an_architecture_of_its_own(
    name: str, architecture: str, expected: str, tmp_path: Path
) -> None:
    header = read_header(write(tmp_path / "model.gguf", build()))
    assert family(replace(header, name=name, architecture=architecture)) == expected


def test_siblings_are_said_among_suggested_models_and_those_that_are_here(tmp_path: Path) -> None:
    header = read_header(write(tmp_path / "mine.gguf", build()))
    mine = ModelFile(header.path, "folder", replace(header, name="My Gemma\x1b", architecture="gemma3"))
    chosen = suggestions().sets[0]
    assert sibling_lines(chosen.models, []) == []
    assert sibling_lines(chosen.models, [mine]) == [
        "gemma-2-2b-it-Q4_K_M.gguf and My Gemma\x1b are siblings (family Gemma): where they agree says less."
    ]
    bundled = replace(mine, source="bundled")
    assert sibling_lines(chosen.models, [bundled]) == []
