"""Two processes on one project, and a project that is taken away while it is used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.errors import ProjectError
from app.export.request import request
from app.export.write import export
from app.run.plan import default_plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store import decisions, health
from app.store.decisions import ItemDecision
from app.store.project import Project, ProjectLocked
from tests.faults.figures import LONG, note
from tests.faults.operations import filled
from tests.run.scripted import use_scripted_worker

ROOT = Path(__file__).resolve().parents[2]
WRITES = 10_000 if LONG else 300
DECIDE = """
import sys, time
from app.store import decisions
from app.store.decisions import ItemDecision
from app.store.project import Project, ProjectLocked

path, who, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
made = refused = 0
while made < wanted:
    try:
        with Project.open(path) as opened:
            items = opened.read(lambda c: [key for (key,) in c.execute("SELECT id FROM instances")])
            for at in range(min(10, wanted - made)):
                opened.write_now(lambda c: decisions.decide(c, who, "accept", [ItemDecision(items[at % 8])]))
                made += 1
    except ProjectLocked:
        refused += 1
        time.sleep(0.02)
print(made, refused)
"""


def test_of_two_that_write_one_waits_and_no_update_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(filled())
    command = [sys.executable, "-c", DECIDE, str(path)]
    writers = [
        subprocess.Popen(
            [*command, who, str(WRITES // 2)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for who in ("ann", "bob")
    ]
    exports = 0
    while any(writer.poll() is None for writer in writers):
        with Project.open(path, read_only=True) as reader:
            report = export(reader, tmp_path / "out.jsonl", request("alpaca-jsonl", "all"), force=True)
            assert report.rows == 8
        exports += 1
        time.sleep(0.05)
    told = [writer.communicate() for writer in writers]
    assert [error for _, error in told] == ["", ""]
    refused = sum(int(out.split()[1]) for out, _ in told)
    with Project.open(path) as opened:
        assert opened.read(health.every_fault) == []
        assert opened.read(lambda c: c.execute("SELECT COUNT(*) FROM events").fetchone()[0]) == WRITES
        with pytest.raises(ProjectLocked):
            Project.open(path)
    note("two processes write", writes=WRITES, refused_openings=refused, exports=exports, lost=0)


WAYS = ("project removed", "project replaced", "folder removed", "folder moved")


def take_away(way: str, folder: Path) -> None:
    if way == "project removed":
        (folder / "a.db").unlink()
    elif way == "project replaced":
        (folder / "other.db").write_bytes(filled())
        os.replace(folder / "other.db", folder / "a.db")  # noqa: PTH105
    elif way == "folder removed":
        shutil.rmtree(folder)
    else:
        folder.rename(folder.with_name("moved"))


@pytest.mark.parametrize("way", WAYS)
def test_decisions_and_exports_of_a_project_that_is_gone_are_no_success(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.db").write_bytes(filled())
    with Project.open(folder / "a.db") as opened:
        [item, *_] = opened.read(lambda c: [key for (key,) in c.execute("SELECT id FROM instances")])
        take_away(way, folder)
        with pytest.raises(ProjectError, match="removed or replaced"):
            opened.write_now(lambda c: decisions.decide(c, "ann", "accept", [ItemDecision(item)]))
        with pytest.raises(ProjectError, match="removed or replaced"):
            export(opened, tmp_path / "out.jsonl", request("alpaca-jsonl", "all"))
        assert not (tmp_path / "out.jsonl").exists()
    note("project taken away", cases=1, false_successes=0)


@pytest.mark.parametrize("way", WAYS)
async def test_a_run_whose_project_is_gone_fails_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any, way: str
) -> None:
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    with Project.open(folder / "a.db", create=True) as opened:
        write, stored = opened.write, 0

        async def counting(change: Any) -> Any:
            nonlocal stored
            stored += 1
            if stored == 6:
                take_away(way, folder)
            return await write(change)

        monkeypatch.setattr(opened, "write", counting)
        last = await RunSession(opened, default_plan(4), headless=True).run()
        assert last.state is RunState.FAILED
        assert "removed or replaced" in last.error
    note("project taken away", cases=1, false_successes=0)
