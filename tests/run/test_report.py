"""Runs side by side: what each recipe brought."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

from app.export.formats import form_named
from app.export.lint import CHECKS
from app.export.request import ExportRequest
from app.export.write import export
from app.method.recipe import load
from app.store.exportable import Selection
from app.store.project import Project
from tests.cli.commands import quorum


async def test_recipes_stand_side_by_side_with_what_they_brought(scripted: Any, tmp_path: Path) -> None:
    one = scripted("self-instruct", target=12)
    await one.run()
    await one.run(recipe=load("distill"))
    other = replace(one, path=tmp_path / "two.db")
    await other.run(recipe=load("alpaca"), target=6)
    told = quorum("report", one.path, other.path).stdout.splitlines()
    assert [line.split() for line in told[:2]] == [
        ["run", "run.db", "1", "run.db", "2", "two.db", "1"],
        ["recipe", "self-instruct", "distill", "alpaca"],
    ]
    assert any("word a text model cannot serve" in line for line in told)
    found = json.loads(quorum("report", one.path, other.path, "--json").stdout)
    for path, figures in zip((one.path, one.path, other.path), found, strict=True):
        rows = exported(path, figures["run"], tmp_path / "rows.jsonl")
        assert figures["rows"] == len(rows)
        assert figures["distinct"] == len({row["instruction"] for row in rows})
        assert figures["output_words"] == fmean(len(row["output"].split()) for row in rows)
        assert figures["with_input"] == fmean(bool(row["input"]) for row in rows)
        made = figures["instructions"]
        assert made["made"] == made["kept"] + sum(made["dropped"].values())
    first, second, third = found
    assert first["instructions"]["dropped"]["too_short"] > 0
    assert third["instructions"]["dropped"]["banned_word"] > 0
    assert 0 <= first["nearest"] <= 0.7 and second["nearest"] is None  # given ones are compared with nothing
    assert second["requests"] == second["votes"]["made"] * 2  # two answerers and nothing else


def exported(path: Path, run: int, out: Path) -> list[dict[str, str]]:
    """Return the rows of a run as an export by consensus writes them."""
    request = ExportRequest(
        form_named("alpaca-jsonl"), "lines", Selection("consensus", run), no_lint=frozenset(CHECKS)
    )
    with Project.open(path, read_only=True) as project:
        export(project, out, request, force=True)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_what_is_no_project_is_named(tmp_path: Path) -> None:
    refused = quorum("report", tmp_path / "none.db", check=False)
    assert refused.returncode == 1 and "none.db" in refused.stderr
