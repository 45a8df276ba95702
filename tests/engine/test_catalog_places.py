"""Where other tools keep models, as small trees of the same shape."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.engine import catalog
from app.engine.catalog import ModelFile, Walk, is_model_name, other_tools
from tests.engine.tiny_gguf import GOOD, build, changed, write

DIGEST = "sha256:" + "ab" * 32


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and an empty current folder in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(catalog.sys, "platform", "linux")
    return tmp_path


def model(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write(path, build(GOOD | {"general.description": str(path)}))  # no two are the same


def snapshot(cache: Path, repository: str, name: str, revision: str = "abc") -> Path:
    """Put a file into a Hugging Face cache as the hub's client does: a link to a blob."""
    folder = cache / f"models--{repository.replace('/', '--')}"
    blob = model(folder / "blobs" / f"blob-of-{name.replace('/', '-')}")
    link = folder / "snapshots" / revision / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(os.path.relpath(blob, link.parent))
    return link


def pulled(models: Path, *where: str, digest: str = DIGEST) -> Path:
    """Put a model into Ollama's folder: a manifest that names blobs."""
    layers = [
        {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:" + "00" * 32},
        {"mediaType": "application/vnd.ollama.image.model", "digest": digest},
        {"mediaType": "application/vnd.ollama.image.projector", "digest": "sha256:" + "11" * 32},
    ]
    manifest = models.joinpath("manifests", *where)
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({"layers": layers}))
    return model(models / "blobs" / digest.replace(":", "-"))


def others() -> dict[str, ModelFile]:
    """Return what is found but the bundled models, by name of the file or its label."""
    found = [one for one in catalog.find_models() if one.source != "bundled"]
    named = {one.label or one.path.name: one for one in found}
    assert len(named) == len(found)
    return named


def test_the_places_of_other_tools_are_searched(home: Path) -> None:
    snapshot(home / ".cache/huggingface/hub", "org/Model-GGUF", "q4/model.gguf")
    model(home / ".lmstudio/models/publisher/name/studio.gguf")
    model(home / ".cache/lm-studio/models/publisher/name/old-studio.gguf")
    model(home / ".cache/llama.cpp/org_name_file.gguf")
    pulled(home / ".ollama/models", "registry.ollama.ai", "library", "llama3", "8b")
    assert {name: one.source for name, one in others().items()} == {
        "model.gguf": "Hugging Face",
        "studio.gguf": "LM Studio",
        "old-studio.gguf": "LM Studio",
        "org_name_file.gguf": "llama.cpp",
        "llama3:8b": "Ollama",
    }
    assert all(one.header for one in others().values())


@pytest.mark.parametrize(
    ("variable", "below"),
    [
        ("HF_HUB_CACHE", ""),
        ("HF_HOME", "hub"),
        ("XDG_CACHE_HOME", "huggingface/hub"),
        ("LLAMA_CACHE", ""),
        ("XDG_CACHE_HOME", "llama.cpp"),
        ("OLLAMA_MODELS", ""),
    ],
)
def test_the_variables_of_other_tools_move_their_places(
    home: Path, monkeypatch: pytest.MonkeyPatch, variable: str, below: str
) -> None:
    moved = home / "moved" / below
    if variable == "OLLAMA_MODELS":
        pulled(moved, "registry.ollama.ai", "library", "tiny", "latest")
    elif "llama" in f"{variable}{below}".lower():
        model(moved / "tiny.gguf")
    else:
        snapshot(moved, "org/tiny", "tiny.gguf")
    assert others() == {}
    monkeypatch.setenv(variable, "~/moved")
    assert len(others()) == 1


def test_on_a_mac_llama_cpp_keeps_its_models_in_the_library(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(home / "Library/Caches/llama.cpp/mac.gguf")
    assert others() == {}
    monkeypatch.setattr(catalog.sys, "platform", "darwin")
    assert list(others()) == ["mac.gguf"]


def test_a_file_that_two_snapshots_and_a_folder_name_is_listed_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = home / ".cache/huggingface/hub"
    first = snapshot(cache, "org/m", "m.gguf", "one")
    snapshot(cache, "org/m", "m.gguf", "two")
    monkeypatch.setenv("QUORUM_MODELS", str(first))
    assert {name: one.source for name, one in others().items()} == {"m.gguf": "QUORUM_MODELS"}


def test_companions_and_later_parts_are_left_out_and_a_first_part_says_what_it_is(home: Path) -> None:
    folder = home / ".lmstudio/models/p/n"
    for name in ("mmproj-model-f16.gguf", "model.imatrix.gguf", "big-00002-of-00003.gguf", "notes.txt"):
        model(folder / name)
    write(folder / "big-00001-of-00003.gguf", build(changed(split__count=3)))
    [one] = others().values()
    assert one.header is None and "split over several files" in one.problem


@pytest.mark.parametrize(
    ("name", "model_like"),
    [
        ("a.gguf", True),
        ("A.GGUF", True),
        ("a-00001-of-00002.gguf", True),
        ("a-00002-of-00002.gguf", False),
        ("mmproj-a.gguf", False),
        ("a.gguf.part", False),
        ("a.bin", False),
    ],
)
def test_names(name: str, model_like: bool) -> None:
    assert is_model_name(name) is model_like


def test_a_broken_link_is_listed_with_its_problem(home: Path) -> None:
    link = snapshot(home / ".cache/huggingface/hub", "org/m", "gone.gguf")
    link.resolve().unlink()
    loop = link.with_name("loop.gguf")
    loop.symlink_to(loop)
    found = others()
    assert "link to a file that does not exist" in found["gone.gguf"].problem
    assert "cannot be read" in found["loop.gguf"].problem


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_read_says_so(home: Path) -> None:
    folder = home / ".lmstudio/models"
    folder.mkdir(parents=True)
    folder.chmod(0)
    try:
        [one] = others().values()
    finally:
        folder.chmod(0o700)
    assert one.path == folder and "Permission denied" in one.problem


def test_a_folder_the_system_refuses_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_place: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(catalog.os, "scandir", refuse)
    [one] = Walk().files("LM Studio", home)
    assert one.path == home and one.problem == "cannot be searched: Permission denied."


def test_depth_and_number_of_entries_are_limited_and_a_cut_search_says_so(home: Path) -> None:
    folder = home / "many"
    model(folder / "1/2/3/4/deep.gguf")
    model(folder / "1/2/3/4/5/too-deep.gguf")
    (folder / "again").symlink_to(folder)
    assert [place.path.name for place in Walk().files("folder", folder)] == ["deep.gguf"]
    for number in range(20):
        model(folder / f"{number:02}.gguf")
    cut = list(Walk(entries=10).files("folder", folder))
    assert len(cut) <= 11 and "only a part was searched" in cut[-1].problem
    late = list(Walk(until=0.0).files("folder", folder))
    assert [place.problem for place in late] == ["there is too much in it: only a part was searched."]


@pytest.mark.parametrize(
    "text",
    ["", "no json", "[]", "{}", '{"layers": 3}', '{"layers": [{"digest": 1}]}', "[" * 100_000, "\xff\x00"],
    ids=lambda text: text[:12],
)
def test_a_broken_manifest_of_ollama_is_listed_with_its_problem(home: Path, text: str) -> None:
    manifest = home / ".ollama/models/manifests/registry.ollama.ai/library/odd/latest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(text)
    found = others()
    assert "manifest cannot be read" in found["odd:latest"].problem


def test_a_manifest_names_blobs_only(home: Path) -> None:
    models = home / ".ollama/models"
    pulled(models, "registry.ollama.ai", "library", "out", "latest", digest="sha256:" + "cd" * 32)
    manifest = models / "manifests/registry.ollama.ai/library/out/latest"
    manifest.write_text(manifest.read_text().replace("sha256:" + "cd" * 32, "../../../etc/passwd"))
    assert "names no blob" in others()["out:latest"].problem
    manifest.write_text('{"layers": []}')  # a model that runs elsewhere
    assert others() == {}


def test_models_of_other_registries_keep_their_owner(home: Path) -> None:
    models = home / ".ollama/models"
    pulled(models, "hf.co", "org", "Model-GGUF", "Q4_K_M")
    assert [place.name for place in other_tools()] == ["org/Model-GGUF:Q4_K_M"]


def test_nothing_is_written_and_nothing_but_manifests_and_lists_opened(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot(home / ".cache/huggingface/hub", "org/m", "m.gguf")
    pulled(home / ".ollama/models", "registry.ollama.ai", "library", "m", "latest")
    before = {path: path.lstat().st_mtime_ns for path in home.rglob("*")}
    opened: list[Path] = []
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, *rest, **more: opened.append(self) or real(self, *rest, **more)
    )
    assert len(list(other_tools())) == 2
    assert [path.name for path in opened if path.name not in ("RECORD", "METADATA")] == ["latest"]
    assert {path: path.lstat().st_mtime_ns for path in home.rglob("*")} == before


def test_models_that_installed_python_packages_carry_are_found(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = home / "site"
    model(site / "tiny_model" / "Tiny.Q8_0.gguf")
    (site / "tiny_model" / "data").mkdir()
    (site / "tiny_model" / "data" / "larger.gguf.part00").write_bytes(b"a part")
    info = site / "tiny_model-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n")
    files = ["tiny_model/Tiny.Q8_0.gguf,sha256=x,9", "tiny_model/data/larger.gguf.part00,,6", "x.py,,", ""]
    (info / "RECORD").write_text("\n".join(files))
    (site / "plain-2.0.dist-info").mkdir()
    (site / "plain-2.0.dist-info" / "METADATA").write_text("Name: plain\nVersion: 2.0\n")  # no RECORD
    monkeypatch.syspath_prepend(str(site))
    found = others()
    assert {name: file.source for name, file in found.items()} == {"Tiny.Q8_0.gguf": "Python package"}
    assert found["Tiny.Q8_0.gguf"].header is not None
