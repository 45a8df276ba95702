"""`quorum report` with a file to write, and `quorum compare`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.compare import compare
from app.cli.report import report
from app.cli.status import status
from app.errors import ExportError
from app.store import runs
from app.store.project import Project
from tests.tui.filled_projects import TASKS, fill


@pytest.fixture
def project(tmp_path: Path) -> Path:
    fill(tmp_path / "thesis.db")
    return tmp_path / "thesis.db"


def test_a_report_is_one_file_and_replaces_another_only_when_asked(project: Path) -> None:
    out = project.with_name("thesis.html")
    arguments = [str(project), str(out)]
    assert CliRunner().invoke(report, arguments).output == f"Wrote {out}\n"
    page = out.read_text("utf-8")
    assert page.startswith("<!doctype html>") and "3 became rows that the vote keeps" in page
    refused = CliRunner().invoke(report, arguments)
    assert isinstance(refused.exception, ExportError) and out.read_text("utf-8") == page
    assert CliRunner().invoke(report, [*arguments, "--force"]).exit_code == 0
    alone = CliRunner().invoke(report, [str(out)])
    assert alone.exit_code == 2 and "Name a project, then OUT" in alone.output


def test_projects_stand_side_by_side_in_the_report_and_on_the_terminal(project: Path) -> None:
    other = project.with_name("other.db")
    fill(other, TASKS[:2])
    said = CliRunner().invoke(compare, [str(project), str(other)]).output
    assert "thesis.db      other.db" in said and "3 of 5 (60%)" in said and "none judged" in said
    facts = json.loads(CliRunner().invoke(compare, [str(project), str(other), "--json"]).output)
    assert [list(column) for column in facts["columns"]] == [["thesis.db"], ["other.db"]]
    out = project.with_name("both.md")
    CliRunner().invoke(report, [str(project), str(other), str(out)])
    assert "## Projects side by side" in out.read_text("utf-8")


def test_a_hidden_run_is_called_hidden_and_has_no_column(project: Path) -> None:
    assert CliRunner().invoke(report, [str(project)]).output.startswith("run ")
    with Project.open(project) as opened:
        opened.write_now(lambda c: runs.hide(c, runs.get(c).number, hidden=True))
    assert "No run that is not hidden." in CliRunner().invoke(report, [str(project)]).output
    assert CliRunner().invoke(status, [str(project)]).output.splitlines()[0].endswith("  hidden")
