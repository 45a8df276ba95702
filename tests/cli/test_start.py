"""How a command begins, and ends from outside: nothing empty, nothing left behind, nothing for others."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from app.store.lock import lock_path
from tests.cli.commands import QUORUM, ROOT, environment, quorum
from tests.tui.filled_projects import fill


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["run", "x.db", "--recipe", ""], "The value of --recipe is empty"),
        (["run", "x.db", "--recipe="], "The value of --recipe is empty"),
        (["run", "x.db", "--writer", ""], "The value of --writer is empty"),
        (["run", ""], "An argument is empty"),
        ([""], "An argument is empty"),
        (["export", "x.db", ""], "An argument is empty"),
        (["import", "seeds", "x.db", ""], "An argument is empty"),
    ],
    ids=" ".join,
)
def test_what_a_variable_that_is_not_set_leaves_is_refused(
    tmp_path: Path, words: list[str], what: str
) -> None:
    done = quorum(*words, cwd=tmp_path, check=False)
    assert done.returncode == 2 and f"{what}; perhaps a variable is not set." in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["run", "x.db", "--recipe", "NAME"],
        ["run", "x.db", "--seed-tasks", "NAME"],
        ["run", "x.db", "--writer", "NAME"],
        ["run", "x.db", "--topics", "NAME"],
        ["import", "seeds", "x.db", "NAME"],
        ["import", "candidates", "x.db", "NAME", "--model", "m"],
        ["import", "decisions", "x.db", "NAME"],
        ["import", "judgements", "x.db", "NAME"],
        ["dedup", "NAME"],
        ["status", "NAME"],
        ["models", "check", "NAME"],
        ["recipes", "check", "NAME"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_pipes_and_devices_are_refused_and_not_waited_for(
    tmp_path: Path, words: list[str], kind: str
) -> None:
    place = Path("/dev/tty") if kind == "device" else tmp_path / "pipe.toml"
    if kind == "pipe":
        os.mkfifo(place)
    fill(tmp_path / "x.db")
    began = time.monotonic()
    done = quorum(*[str(place) if word == "NAME" else word for word in words], cwd=tmp_path, check=False)
    assert done.returncode in (1, 2) and done.stderr
    assert time.monotonic() - began < 20


def test_new_files_are_for_their_owner_and_exports_for_those_that_the_umask_allows_if_it_is_asked(
    tmp_path: Path,
) -> None:
    variables = {name: str(tmp_path / name) for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME")}
    variables["PYTHONPATH"] = str(ROOT)  # a process of its own, which inherits the umask
    before = os.umask(0o027)
    try:
        (tmp_path / "seeds.txt").write_text("Name a colour.\nName a fruit.\n")
        quorum("import", "seeds", "made.db", "seeds.txt", cwd=tmp_path, **variables)
        fill(tmp_path / "x.db")
        quorum("export", "x.db", "own.jsonl", cwd=tmp_path, **variables)
        quorum("export", "x.db", "shared.jsonl", "--umask", cwd=tmp_path, **variables)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert (modes.pop("shared.jsonl"), modes.pop("seeds.txt"), modes.pop("x.db")) == (0o640,) * 3
    assert {"made.db", "own.jsonl", "quorum.log"} <= modes.keys()
    ours = {name: mode for name, mode in modes.items() if not name.startswith("x.db")}
    assert set(ours.values()) == {0o600}, ours


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT"])
def test_a_signal_leaves_neither_a_half_made_file_nor_a_lock(tmp_path: Path, name: str) -> None:
    project = tmp_path / "x.db"
    fill(project)
    pipe = tmp_path / "held"
    os.mkfifo(pipe)
    script = (
        "import sys, app.cli.main as m, app.atomic as a\n"
        "real = a.os.fsync\n"
        f"def held(fd): open({str(pipe)!r}, 'w').close(); real(fd)\n"
        "a.os.fsync = held\n"
        "sys.argv = ['quorum', 'export', 'x.db', 'out.jsonl']\n"
        "m.main()\n"
    )
    process = subprocess.Popen([QUORUM[0], "-c", script], cwd=tmp_path, env=environment())
    try:
        for _ in range(600):
            if list(tmp_path.glob(".out.jsonl.*")):
                break
            time.sleep(0.05)
        process.send_signal(signal.Signals[name])
        assert process.wait(30) in (128 + signal.Signals[name], 130)
    finally:
        process.kill()
    assert not list(tmp_path.glob(".out*")) and not lock_path(project).exists()
    assert not (tmp_path / "out.jsonl").exists()
