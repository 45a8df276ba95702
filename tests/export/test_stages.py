"""The rows of a stage go out, and other commands read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import ProjectError
from app.export.stages import export_stage
from app.store import generated
from app.store.connection import Connection
from app.store.project import Project
from app.store.rows import NewInstruction
from tests.cli.commands import quorum
from tests.hostile import HOSTILE
from tests.store.material import add_item, start_run


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def project(tmp_path: Path) -> Any:
    def fill(c: Connection) -> None:
        run = start_run(c)
        for text in [text for text in HOSTILE.values() if text.strip()]:
            add_item(c, run, text, text, outputs=(text, "other"))
        row = NewInstruction(run.id, "B", "Too near.", "dropped", "too_similar", score=0.9, nearest="Near.")
        generated.save_instructions(c, [row])

    with Project.open(tmp_path / "stages.db", create=True) as opened:
        opened.write_now(fill)
        yield opened


def test_instructions_go_out_kept_or_all_with_what_decided(project: Project, tmp_path: Path) -> None:
    kept = read(export_stage(project, tmp_path / "kept.jsonl", "instructions").path)
    every = read(export_stage(project, tmp_path / "all.jsonl", "instructions", dropped=True).path)
    assert {row["status"] for row in kept} == {"kept"}
    [dropped] = [row for row in every if row not in kept]
    assert (dropped["instruction"], dropped["reason"]) == ("Too near.", "too_similar")
    assert (dropped["score"], dropped["nearest"], dropped["run"]) == (0.9, "Near.", 1)


def test_instances_are_rows_that_a_run_can_start_from(project: Project, tmp_path: Path) -> None:
    rows = read(export_stage(project, tmp_path / "out.jsonl", "instances").path)
    assert len(rows) == len([text for text in HOSTILE.values() if text.strip()])
    assert all(row["output"] == row["input"] == row["instruction"] for row in rows)
    assert [row["number"] for row in rows] == sorted(row["number"] for row in rows)


def test_candidates_are_in_the_form_that_an_import_reads(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "candidates.jsonl"
    quorum("export", project.path, out, "--what", "candidates")
    rows = read(out)
    assert all(set(row) == {"instruction", "input", "outputs"} for row in rows)
    assert all([one["output"] for one in row["outputs"]][1] == "other" for row in rows)
    copy = tmp_path / "copy.db"
    quorum("import", "candidates", copy, out)
    again = tmp_path / "again.jsonl"
    quorum("export", copy, again, "--what", "candidates")
    assert read(again) == rows


def test_a_run_that_is_not_there_leaves_no_file(project: Project, tmp_path: Path) -> None:
    for what in ("instructions", "instances", "candidates"):
        with pytest.raises(ProjectError, match="no run 9"):
            export_stage(project, tmp_path / "x.jsonl", what, run=9)  # type: ignore[arg-type]
    assert not (tmp_path / "x.jsonl").exists()
