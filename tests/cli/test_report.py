"""Runs side by side: what each recipe brought."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.commands import quorum
from tests.run.looking import rows


def test_recipes_stand_side_by_side_with_what_they_brought(tmp_path: Path, bundled_models: Any) -> None:
    project, other = tmp_path / "one.db", tmp_path / "two.db"
    quorum("run", project, "--instructions", "8")
    quorum("run", project, "--recipe", "distill")
    quorum("run", other, "--recipe", "ensemble-instruct-released", "--instructions", "4")
    told = quorum("report", project, other).stdout.splitlines()
    columns = [line.split() for line in told[:2]]
    assert columns == [
        ["run", "one.db", "1", "one.db", "2", "two.db", "1"],
        ["recipe", "ensemble-instruct", "distill", "ensemble-instruct-released"],
    ]
    first, second, third = json.loads(quorum("report", project, other, "--json").stdout)
    assert [one["recipe"] for one in (first, second, third)] == columns[1][1:]
    for path, one in ((project, first), (project, second), (other, third)):
        run = one["run"]
        out = tmp_path / "rows.jsonl"
        quorum("export", path, out, "--run", str(run), "--force")
        exported = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        assert one["rows"] == len(exported)
        assert one["output_words"] == sum(len(row["output"].split()) for row in exported) / len(exported)
        assert one["with_input"] == sum(bool(row["input"]) for row in exported) / len(exported)
        [(made,)] = rows(path, f"SELECT COUNT(*) FROM instructions WHERE run_id = 'run-{run}'")
        assert one["instructions"]["made"] == made
        assert made == one["instructions"]["kept"] + sum(one["instructions"]["dropped"].values())
    assert first["nearest"] is not None and second["nearest"] is None
    assert second["requests"] == second["votes"]["made"] * 2  # two answerers and nothing else


def test_a_project_without_a_run_has_nothing_to_report(tmp_path: Path) -> None:
    project = tmp_path / "empty.db"
    quorum("import", "candidates", project, _nothing(tmp_path), check=False)
    refused = quorum("report", project, check=False)
    assert refused.returncode == 1 and "empty.db" in refused.stderr


def _nothing(folder: Path) -> Path:
    path = folder / "nothing.jsonl"
    path.write_text("")
    return path
