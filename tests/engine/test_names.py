from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.engine.names import meant, model_path, told_apart
from app.errors import ModelError
from tests.engine.tiny_gguf import build, changed, write

DIGEST = "ab" * 32
LAYER = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{DIGEST}"}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two models in ./models and one of Ollama's; the current folder is it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    models = tmp_path / "models"
    models.mkdir()
    write(models / "small-Q8_0.gguf", build(changed(general__name="Gemma 3 270m")))
    write(
        models / "large-Q4_K_M.gguf",
        build(changed(general__name="Phi 4 mini", general__architecture="llama")),
    )
    manifest = tmp_path / ".ollama/models/manifests/registry.ollama.ai/library/llama3.2/latest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"layers": [LAYER]}))
    blobs = tmp_path / ".ollama/models/blobs"
    blobs.mkdir()
    write(blobs / f"sha256-{DIGEST}", build(changed(general__name="Meta Llama")))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "file"),
    [
        ("gemma", "models/small-Q8_0.gguf"),
        ("Gemma 3 270m", "models/small-Q8_0.gguf"),
        ("small", "models/small-Q8_0.gguf"),
        ("phi-4", "models/large-Q4_K_M.gguf"),
        ("llama3.2", f".ollama/models/blobs/sha256-{DIGEST}"),
        ("llama3.2:latest", f".ollama/models/blobs/sha256-{DIGEST}"),
        ("models/small-Q8_0.gguf", "models/small-Q8_0.gguf"),
        ("not/there.gguf", "not/there.gguf"),
    ],
)
def test_a_model_is_meant_by_its_name_or_how_that_begins_or_by_its_path(
    places: Path, typed: str, file: str
) -> None:
    assert (places / model_path(typed)).resolve() == places / file


def test_a_bundled_model_is_meant_by_its_name(places: Path) -> None:
    assert model_path("quorum-chat").name == "quorum-chat.q8_0.gguf"


def test_a_name_of_several_models_lists_them_and_one_of_none_asks_what_was_meant(places: Path) -> None:
    write(places / "models/gemma-3-27b.gguf", build(changed(general__name="Gemma 3 27b")))
    with pytest.raises(ModelError) as several:
        model_path("gemma")
    assert several.value.message == "gemma is the name of 2 models."
    assert "Gemma 3 27b" in several.value.hint and "small-Q8_0.gguf" in several.value.hint
    with pytest.raises(ModelError, match="Did you mean small-Q8_0"):
        model_path("smal-Q8_0")
    with pytest.raises(ModelError, match="`quorum models` lists them"):
        model_path("???")


def test_an_exact_name_wins_over_one_that_only_begins_so() -> None:
    assert meant("phi", [(1, ["phi-4"]), (2, ["phi"])]) == [2]
    assert meant("PHI", [(1, ["phi-4"]), (2, ["phi"])]) == [1, 2]


def test_models_of_one_name_are_called_by_their_files_and_those_of_one_file_by_their_fingerprints_too() -> (
    None
):
    files = {
        "1" * 64: ("Gemma", "a/base.gguf"),
        "2" * 64: ("Gemma", "b/mine.gguf"),
        "3" * 64: ("Phi", "mine.gguf"),
    }
    known = {key: (name, Path(file)) for key, (name, file) in files.items()}
    assert list(told_apart(known).values()) == ["base.gguf", "mine.gguf", "Phi"]
    known["4" * 64] = ("Gemma", Path("b/mine.gguf"))
    assert list(told_apart(known).values()) == [
        "base.gguf",
        "mine.gguf 22222222",
        "Phi",
        "mine.gguf 44444444",
    ]
