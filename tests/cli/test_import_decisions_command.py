"""`quorum log`, `quorum import decisions` and `quorum agreement`, as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.store import decisions, review
from app.store.project import Project
from app.store.review_state import ReviewState
from tests.cli.commands import quorum
from tests.tui.filled_projects import Task, fill


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "made.db"
    fill(path)
    return path


def states(path: Path) -> list[ReviewState]:
    with Project.open(path, read_only=True) as opened:
        return opened.read(lambda c: [decisions.state_of(c, review.id_of(c, n)) for n in range(1, 6)])


LINES = (
    {"item": 1, "decision": "accept", "note": "fine"},
    {"item": 2, "decision": "choose", "output": "The capital is Porto."},
    {"instruction": "Suggest three names for a bookshop.", "decision": "edit", "output": "Zed"},
    {"item": 4, "decision": "reject", "reason": "duplicate", "tags": ["b", "a"], "flag": True, "grade": "D"},
    {"item": 99, "decision": "accept"},
    {"item": 2, "decision": "choose", "output": "nobody wrote this"},
    {"item": 5, "decision": "perhaps"},
    {"item": 5},
    {"decision": "accept"},
    {"item": True, "decision": "accept"},
    {"item": 5, "decision": "accept", "reason": "wrong"},
    {"item": 5, "tags": ["x,y"]},
    {"item": 5, "instruction": "A task of another project.", "decision": "accept"},
    {"item": 5, "decision": "accept", "output": "not what won"},
)


def test_decisions_from_a_file_are_applied_once_and_told_in_the_log(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES) + "\nno json\n", "utf-8")
    done = quorum("import", "decisions", project, file, "--reviewer", "bob")
    assert "4 lines applied, 11 lines set aside" in done.stderr
    for told in ("line 5: There is no item 99", "line 6: No candidate", "line 8: it decides nothing"):
        assert told in done.stderr
    one, two, three, four, five = states(project)
    assert (one.status, one.note) == ("accepted", "fine")
    assert (two.status, three.status, three.text) == ("chosen", "edited", "Zed")
    assert (four.status, four.reason, four.tags, four.flagged) == ("rejected", "duplicate", ("a", "b"), True)
    assert five == ReviewState()
    again = quorum("import", "decisions", project, file, "--reviewer", "bob")
    assert "0 lines applied, 4 already held, 11 lines set aside" in again.stderr

    with Project.open(project) as opened:
        opened.write_now(lambda c: decisions.undo(c, "bob"))
    told = quorum("log", project).stdout
    assert "bob  choose (from a file)" in told and "#0002  undecided  →  chosen" in told
    assert "undo of event" in told
    only = quorum("log", project, "--item", "#0003").stdout
    assert "“Zed”" in only and "#0002" not in only
    rows = [json.loads(line) for line in quorum("log", project, "--json").stdout.splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    last = rows[-1]
    assert (last["action"], last["changes"][0]["before"]["flagged"]) == ("undo", True)
    assert not last["changes"][0]["after"]["flagged"]


def test_items_are_named_as_review_shows_them_and_columns_that_are_not_there_are(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "d.jsonl").write_text(
        '{"item": "#0001", "decision": "accept"}\n{"item": "2", "decision": "accept"}\n'
        '{"item": "x", "decision": "accept"}\n'
    )
    told = quorum("import", "decisions", project, tmp_path / "d.jsonl").stderr
    assert "2 lines applied" in told and "line 3: 'item' must be the number of an item" in told
    (tmp_path / "d.csv").write_text("item,verdict\n1,reject\n")
    done = quorum(
        *("import", "decisions", project, tmp_path / "d.csv", "--column", "decision=verdct"), check=False
    )
    assert done.returncode == 1 and "has no column 'verdct'" in done.stderr
    assert "item, verdict" in done.stderr
    assert [state.status for state in states(project)[:2]] == ["accepted", "accepted"]


def test_a_choice_means_the_candidate_with_its_very_text_among_those_a_rule_takes_as_the_same(
    tmp_path: Path,
) -> None:
    path = tmp_path / "halves.db"
    fill(path, (Task("Halve 7.", "", ("35", "3.5", "7")), Task("Compare.", "", ("x > 3", "x < 3", "X < 3"))))
    lines = (
        {"item": 1, "decision": "choose", "output": "3.5"},
        {"item": 2, "decision": "choose", "output": "x < 3"},
    )
    (tmp_path / "d.jsonl").write_text("\n".join(map(json.dumps, lines)))
    quorum("import", "decisions", path, tmp_path / "d.jsonl")
    told = quorum("log", path).stdout
    assert "“3.5”" in told and "“x < 3”" in told
    pairs = [json.loads(line) for line in quorum("export", path, "-", "--format", "dpo").stdout.splitlines()]
    assert [(pair["chosen"][0]["content"], pair["rejected"][0]["content"]) for pair in pairs] == [
        ("3.5", "35"),
        ("x < 3", "x > 3"),
    ]


def test_the_log_of_nothing_and_of_no_such_item(project: Path) -> None:
    assert quorum("log", project).stdout == "No decision yet.\n"
    assert "There is no item 77" in quorum("log", project, "--item", "77", check=False).stderr


def test_agreement_is_told_in_words_and_as_data(project: Path, tmp_path: Path) -> None:
    assert "No item was decided by two" in quorum("agreement", project).stdout
    for who, decision in (("ann", "accept"), ("bob", "reject")):
        file = tmp_path / f"{who}.jsonl"
        file.write_text(
            json.dumps({"item": 1, "decision": "accept"})
            + "\n"
            + json.dumps({"item": 2, "decision": decision})
        )
        quorum("import", "decisions", project, file, "--reviewer", who)
    told = quorum("agreement", project).stdout
    assert "ann and bob: 2 items, 50% the same" in told and "alpha" in told
    data = json.loads(quorum("agreement", project, "--json").stdout)
    assert data["pairs"][0]["same"] == 0.5
