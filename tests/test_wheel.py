"""The wheel is the whole product: installed into an empty environment it runs outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_brings_models_seeds_recipes_and_manual_and_runs_elsewhere(tmp_path: Path) -> None:
    built = tmp_path / "dist"
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", built, ROOT)
    [wheel] = built.glob("quorum_instruct-*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    _run(python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", wheel)
    # llama.cpp takes minutes to compile: the dependencies are borrowed from this environment. Python
    # reads no .pth files of a folder that a .pth file names, so the checkout itself is not borrowed.
    [packages] = (tmp_path / "env" / "lib").glob("python3*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")

    where = tmp_path / "elsewhere"
    where.mkdir()
    told = _run(python, "-c", "import app; print(app.__file__)", cwd=where)
    assert str(tmp_path / "env") in told
    quorum = tmp_path / "env" / "bin" / "quorum"
    _run(quorum, "run", "small.db", "--instructions", "4", cwd=where)
    _run(quorum, "export", "small.db", "small.jsonl", "--include", "all", cwd=where)
    rows = [json.loads(line) for line in (where / "small.jsonl").read_text("utf-8").splitlines()]
    assert rows and all(row["output"] for row in rows)
    listed = _run(quorum, "models", cwd=where)
    assert str(packages) in listed and listed.count(".gguf") >= 3
    assert _run(quorum, "help", "models", cwd=where) == (ROOT / "app/manual/models.md").read_text("utf-8")
    assert len(_run(quorum, "help", cwd=where).splitlines()) == len(list((ROOT / "app/manual").glob("*.md")))


def _run(*command: str | Path, cwd: Path | None = None) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=600, env=environment
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
