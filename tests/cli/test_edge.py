"""Whatever goes wrong in a command is told in a line or two, with a status that says so."""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import streams
from app.cli.main import answer, quorum
from app.engine import json_cache
from app.errors import QuorumError
from app.store import health
from app.store.project import Project
from tests.cli.commands import QUORUM, environment
from tests.store.material import add_item, start_run


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("edge") / "a.db"
    with Project.open(made, create=True) as project:
        run = project.write_now(start_run)
        project.write_now(lambda c: add_item(c, run, "Wie heißt 你 🙂?", outputs=("é🙂", "é🙂", "x")))
    return made


def started(*words: str | Path, shell: str = "", **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a shell does, with what comes behind it there."""
    line = f'exec "$@" {shell}'
    command = ["bash", "-c", line, "bash", *QUORUM, *map(str, words)]
    return subprocess.run(command, capture_output=True, env=environment() | variables, check=False)


@pytest.mark.parametrize("shell", [">&-", ">/dev/full"])
def test_output_that_cannot_be_written_is_no_success(path: Path, shell: str) -> None:
    done = started("status", path, "--json", shell=shell)
    assert done.returncode == 1
    assert done.stderr.startswith(b"quorum: ") and b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_a_command_without_any_stream_does_its_work_and_spoils_no_file(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    done = started("export", path, out, "--include", "all", shell="<&- >&- 2>&-")
    assert done.returncode == 0
    assert json.loads(out.read_bytes())["output"] == "é🙂"
    with Project.open(path, read_only=True) as project:
        assert project.read(health.every_fault) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_never_fails_for_its_encoding(path: Path, encoding: str) -> None:
    done = started("export", path, "-", "--include", "all", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr  # rows are bytes: UTF-8 wherever they go
    assert json.loads(done.stdout)["output"] == "é🙂"
    shown = started("vote", path, "--why", "1", PYTHONIOENCODING=encoding, LC_ALL="C", PYTHONUTF8="0")
    assert shown.returncode == 0 and b"Traceback" not in shown.stderr, shown.stderr


def test_what_an_encoding_lacks_is_escaped_as_json_escapes_it() -> None:
    streams.prepare()
    text = json.dumps("é🙂\ud800", ensure_ascii=False)
    written = text.encode("ascii", "quorum-escape")
    assert json.loads(written) == "é🙂\ud800"
    assert text[:-2].encode("latin-1", "quorum-escape") == b'"\xe9\\ud83d\\ude42'
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "quorum-escape")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["status", "PATH", "--run", "9223372036854775808"], 2),
        (["vote", "PATH", "--why", "9" * 40], 2),
        (["log", "PATH", "--item", "9" * 40], 1),
        (["export", "PATH", "OUT", "--where", " ".join(["word"] * 5000)], 1),
        (["export", "PATH", "OUT", "--where", "run:" + "9" * 40], 1),
        (["export", "PATH", "OUT", "--where", " ".join(f"-length>{n}" for n in range(5000))], 1),
        (["export", "PATH", "OUT", "--cap", "9" * 40], 2),
        (["run", "PATH", "--instructions", "9" * 40], 2),
        (["run", "PATH", "--seed", "9" * 40], 2),
    ],
)
def test_numbers_and_filters_have_bounds_that_are_said(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int
) -> None:
    named = {"PATH": str(path), "OUT": str(tmp_path / "out")}
    assert answer([named.get(word, word) for word in words]) == status
    told = capsys.readouterr().err
    assert told.startswith("quorum: ") and "Unexpected" not in told, told[:500]
    assert len(told.splitlines()) <= 2


ERRORS = (
    AttributeError("gone"),
    json.JSONDecodeError("no", "{", 0),
    RecursionError("deep"),
    MemoryError(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    OverflowError("large"),
    OSError(5, "Input/output error", "x.db"),
)


@pytest.mark.parametrize("command", ["backup", "rescue"])
def test_a_copy_is_never_the_project_and_no_hint_names_an_option_that_is_not_there(
    path: Path, tmp_path: Path, command: str
) -> None:
    itself = CliRunner().invoke(quorum, [command, str(path), str(path)], standalone_mode=False).exception
    assert isinstance(itself, QuorumError) and "is the project itself" in itself.message
    there = tmp_path / "there.db"
    there.write_text("notes")
    taken = CliRunner().invoke(quorum, [command, str(path), str(there)], standalone_mode=False).exception
    assert isinstance(taken, QuorumError) and "already exists" in taken.message
    assert ("--force" in (taken.hint or "")) == (command == "backup") and there.read_text() == "notes"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_ends_at_one_edge_with_the_log_named(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(quorum, "main", fail)
    assert answer(["status"]) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told and 1 <= len(told.splitlines()) <= 2
    assert isinstance(error, OSError) or "quorum.log" in told


def test_an_error_that_cannot_be_told_ends_with_its_status_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)
    assert answer(["status", "/nowhere/at/all.db"]) == 1


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 50_000, "", "\0", "null", "[1]"])
def test_a_cache_that_nobody_can_read_is_no_cache(tmp_path: Path, content: str) -> None:
    file = tmp_path / "cache.json"
    file.write_text(content)
    assert json_cache.recall(file, "key") is None
    file.unlink()
    os.mkfifo(file)  # opening it would wait for a writer
    assert json_cache.recall(file, "key") is None
    json_cache.remember(file, "key", 1)
    assert json_cache.recall(file, "key") == 1


@pytest.fixture(autouse=True)
def own_descriptors() -> Iterator[None]:
    """Give standard output back, which a command that fails may have let go of."""
    kept = os.dup(1)
    yield
    os.dup2(kept, 1)
    os.close(kept)
