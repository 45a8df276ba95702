"""`quorum models suggest` against a server on this machine that speaks the Hub's protocol."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.engine.suggest import suggestions
from tests.cli.commands import quorum
from tests.engine.hub_downloads import Hub, serving
from tests.engine.tiny_gguf import build, write

SMALLEST = suggestions().sets[0]


def test_a_set_is_named_and_what_is_missing_is_downloaded(tmp_path: Path) -> None:
    first, *rest = SMALLEST.models
    (tmp_path / "models").mkdir()
    write(tmp_path / "models" / first.file, build())
    files = {f"{model.repository}/{model.file}": build() + bytes(1000) for model in rest}
    with serving(Hub(files)) as hub:
        named = quorum("models", "suggest", "--for", "8 GB", cwd=tmp_path, HF_ENDPOINT=hub.address)
        assert "already here" in named.stdout.splitlines()[1]
        assert "2 files to download, about 2.8 GB." in named.stdout and hub.requests == []
        pulled = quorum("models", "suggest", "--for", "8 GB", "--pull", cwd=tmp_path, HF_ENDPOINT=hub.address)
    assert "100% of" in pulled.stderr
    assert {path.name for path in (tmp_path / "models").iterdir()} == {m.file for m in SMALLEST.models}
    again = quorum("models", "suggest", "--for", "8 GB", "--pull", cwd=tmp_path)
    assert "All of them are here." in again.stdout


def test_this_machine_gets_one_of_the_sets_as_data(tmp_path: Path) -> None:
    data = json.loads(quorum("models", "suggest", "--json", cwd=tmp_path).stdout)
    assert data["name"] in [known.name for known in suggestions().sets]
    assert data["models"][0]["role"] == "writer" and data["checked"] == str(suggestions().checked)


@pytest.mark.parametrize("memory", ["64 GB", " ", "16 GB GPU"])
def test_a_memory_there_is_no_list_for_is_told_which_there_are(tmp_path: Path, memory: str) -> None:
    wrong = quorum("models", "suggest", "--for", memory, cwd=tmp_path, check=False)
    assert wrong.returncode == 2 and "8 GB, 16 GB, 32 GB, 24 GB GPU" in wrong.stderr


def test_a_memory_that_is_empty_is_told_as_an_unset_variable(tmp_path: Path) -> None:
    wrong = quorum("models", "suggest", "--for", "", cwd=tmp_path, check=False)
    assert wrong.returncode == 2 and "The value of --for is empty" in wrong.stderr
