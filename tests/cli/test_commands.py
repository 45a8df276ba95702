from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.models import HEADINGS, _lines
from app.engine.catalog import BundledModels, find_models
from tests.cli.commands import environment, quorum
from tests.engine.tiny_gguf import COMPLETE, COMPLETE_TENSORS, build, write
from tests.hostile import HOSTILE
from tests.tui.filled_projects import fill


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "thesis.db"
    fill(path)
    return path


def test_status_counts_for_people_and_for_programs(project: Path) -> None:
    words = quorum("status", project).stdout
    assert words.startswith("run 1")
    data = json.loads(quorum("status", project, "--json").stdout)
    [run] = data["runs"]
    votes = sum(cell["count"] for cell in run["counts"] if cell["stage"] == "votes")
    assert votes > 0 and "votes" in words


def test_status_of_a_run_that_is_not_there_says_so(project: Path) -> None:
    done = quorum("status", project, "--run", "7", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("quorum: ") and "7" in done.stderr


def test_export_writes_rows_to_the_file_and_the_story_to_stderr(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    done = quorum("export", project, out, "--format", "messages", "--include", "all")
    assert done.stdout == "" and str(out) in done.stderr
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert rows and all([turn["role"] for turn in row["messages"]] == ["user", "assistant"] for row in rows)


def test_export_does_not_overwrite_unless_told(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    out.write_text("precious")
    refused = quorum("export", project, out, check=False)
    assert refused.returncode == 1 and "exists" in refused.stderr
    assert out.read_text() == "precious"
    quorum("export", project, out, "--force")
    assert json.loads(out.read_text("utf-8").splitlines()[0])["instruction"]


def test_export_never_writes_over_the_project(project: Path) -> None:
    before = project.read_bytes()
    done = quorum("export", project, project, "--force", check=False)
    assert done.returncode == 1
    assert project.read_bytes() == before


def test_models_lists_the_bundled_ones_and_says_what_is_wrong_with_others(tmp_path: Path) -> None:
    broken = tmp_path / "evil\x1b[2J.gguf"
    broken.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    listed = quorum("models", tmp_path).stdout
    assert sum(listed.count(style) for style in ("few-shot", "zero-shot")) >= 2
    assert "LFS" in listed
    assert "\x1b" not in listed


def test_models_keep_one_line_each_in_a_pipe_and_all_facts_in_json(
    tmp_path: Path, bundled_models: BundledModels
) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"<html>")
    lines = quorum("models", tmp_path, cwd=tmp_path).stdout.splitlines()
    assert lines[0].split() == [*HEADINGS, "file"]
    assert len(lines) == 1 + 3 + 1
    assert lines[2].split()[:2] == ["Quorum", "Chat"] and lines[2].endswith(str(bundled_models.answerers[0]))
    assert lines[4].startswith("✗ broken.gguf") and "web page" in lines[4]
    known = json.loads(quorum("models", "--json", tmp_path, cwd=tmp_path).stdout)
    assert [one["roles"] for one in known[:3]] == [
        ["writer", "answerer (few-shot)"],
        ["writer", "answerer (chat)"],
        ["answerer (zero-shot)"],
    ]
    chat = known[1]
    assert (chat["architecture"], chat["quantisation"], chat["chat_template"]) == ("gpt2", "Q8_0", True)
    assert chat["bytes"] == bundled_models.answerers[0].stat().st_size
    assert chat["bytes"] < chat["memory_needed"] < 10**9 and chat["problem"] is None
    assert known[3]["path"] == str(tmp_path / "broken.gguf") and "web page" in known[3]["problem"]


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_the_table_of_models_fits_a_terminal(width: int, bundled_models: BundledModels) -> None:
    lines = [line.partition("\n")[0] for line in _lines(find_models(), width)]
    assert len(lines) == 4 and max(map(len, lines)) <= max(width, 66)
    assert ("template" in lines[0]) == (width >= 80) and "roles" in lines[0]
    assert all(name in line for name, line in zip(("Writer", "Chat", "T5"), lines[1:], strict=True))


def test_check_tells_step_by_step_what_a_model_does(bundled_models: BundledModels) -> None:
    for path, words in (
        (bundled_models.writer, "no chat template: few-shot"),
        (bundled_models.answerers[0], "its own chat template renders"),
        (bundled_models.answerers[1], "none needed"),
    ):
        lines = quorum("models", "check", path).stdout.splitlines()
        steps = [line.split()[1] for line in lines if line.startswith("✓")]
        assert steps == ["header", "memory", "loading", "template", "answer", "This"]
        assert words in lines[3] and "tokens from a prompt of" in lines[4]
        assert len(lines[5].strip()) > 5, "what the model wrote"


def test_check_ends_with_the_reason_where_a_step_fails(tmp_path: Path) -> None:
    none = quorum("models", "check", tmp_path / "none.gguf", check=False)
    assert none.returncode == 1 and "does not exist" in none.stderr and none.stdout == ""
    # The header is plausible, the weights it needs are missing: only llama.cpp finds out.
    half = write(tmp_path / "half.gguf", build(COMPLETE, COMPLETE_TENSORS[:4]))
    failed = quorum("models", "check", half, check=False)
    assert failed.returncode == 1
    assert "✓ header" in failed.stdout and "loading" not in failed.stdout
    assert "half.gguf cannot be loaded: " in failed.stderr and "tensor" in failed.stderr
    broken = COMPLETE | {"tokenizer.chat_template": "{{ nothing.there.at.all }}"}
    template = quorum(
        "models", "check", write(tmp_path / "template.gguf", build(broken, COMPLETE_TENSORS)), check=False
    )
    assert template.returncode == 1 and "its chat template does not work" in template.stderr


def test_a_first_word_that_is_no_command_opens_a_project_and_needs_a_terminal(tmp_path: Path) -> None:
    for arguments in (("thesis.db",), ("open", "thesis.db")):
        done = quorum(*arguments, cwd=tmp_path, check=False)
        assert done.returncode == 1 and "There is no project thesis.db." in done.stderr
    assert not (tmp_path / "thesis.db").exists()
    (tmp_path / "thesis.db").touch()
    for arguments in ((), ("thesis.db",)):
        done = quorum(*arguments, cwd=tmp_path, check=False)
        assert done.returncode == 1 and "The screens need a terminal." in done.stderr


def test_a_file_that_is_no_project_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.db"
    other.write_bytes(b"my notes" * 500)
    for command in (("status", other), ("run", other), ("export", other, tmp_path / "x.jsonl")):
        done = quorum(*command, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("quorum: ")
    assert other.read_bytes() == b"my notes" * 500


@pytest.mark.parametrize("name", HOSTILE)
def test_foreign_words_in_arguments_come_back_harmless(name: str, tmp_path: Path) -> None:
    text = HOSTILE[name].replace("\0", "")[:120]
    if any(0xD800 <= ord(char) < 0xE000 for char in text):
        text = text.encode("utf-8", "replace").decode()
    done = quorum("status", tmp_path / f"x{text.replace('/', '_')}.db", check=False)
    assert done.returncode == 1
    assert not set(done.stderr) & {"\x1b", "\x07", "\u202e", "\x9b"}


_INTERRUPTED_WHILE_LOADING = """
import importlib.abc, os, signal, sys

class Interrupts(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "app.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupts())
from app.__main__ import main
main()
"""


def test_ctrl_c_ends_the_program_without_words_also_while_it_is_loaded() -> None:
    command = [sys.executable, "-c", _INTERRUPTED_WHILE_LOADING]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
