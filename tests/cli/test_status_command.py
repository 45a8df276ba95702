"""`quorum status` and `quorum log` in this process: what they print of a project."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from app.cli.status import log_command, status
from app.store import decisions, runs
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.store.material import add_item, start_run


def printed(path: Path) -> str:
    """Return the first line of `quorum status`."""
    return CliRunner().invoke(status, [str(path)]).output.splitlines()[0]


def test_a_run_whose_process_is_gone_is_interrupted_and_one_in_progress_is_running(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    with Project.open(path, create=True) as project:
        project.write_now(start_run)
        assert "  running  " in printed(path)
    assert "  interrupted  " in printed(path)
    as_json = CliRunner().invoke(status, [str(path), "--json"]).output
    assert json.loads(as_json)["runs"][0]["state"] == "interrupted"
    with Project.open(path) as project:  # it could be resumed here, and is not
        assert "  interrupted  " in printed(path)
        assert project.read(lambda c: runs.get(c).state) == runs.INTERRUPTED


def test_votes_say_in_words_what_decided_and_how_answers_differ(tmp_path: Path) -> None:
    path = tmp_path / "voted.db"
    with Project.open(path, create=True) as project:

        def change(c: Connection) -> None:
            run = start_run(c)
            add_item(c, run, "Halve 7.", outputs=("35", "3.5"), decided_by="exact", difference=2)
            add_item(c, run, "Do I go?", outputs=("I can't", "I cant"), decided_by="exact", difference=1)

        project.write_now(change)
    shown = CliRunner().invoke(status, [str(path)]).output
    assert "2  equal answers" in shown and "exact" not in shown
    assert "  1  equal but for punctuation" in shown
    assert "  1  equal but for a sign, number or symbol" in shown


def test_the_log_names_models_and_texts_and_no_ids(tmp_path: Path) -> None:
    path = tmp_path / "decided.db"
    with Project.open(path, create=True) as project:
        item = project.write_now(
            lambda c: add_item(c, start_run(c), "Say hi.", outputs=("hi\nthere", "ho", "ha"))
        )
        first, second, _ = item.candidates
        for action, candidate, text in (("choose", first, None), ("edit", second, "ho ho")):
            decision = ItemDecision(item.id, candidate, text)
            project.write_now(lambda c, a=action, d=decision: decisions.decide(c, "ann", a, [d]))
        shown = CliRunner().invoke(log_command, [str(path)]).output
        lines = CliRunner().invoke(log_command, [str(path), "--json"]).output.splitlines()
    assert not any(key in shown for key in item.candidates)
    assert "undecided  →  chosen answer of writer “hi there”" in shown
    assert "→  edited answer of" in shown and "“ho ho”" in shown
    [change] = json.loads(lines[1])["changes"]
    assert change["answers"][change["after"]["candidate_id"]]["output"] == "ho"
