"""`quorum learn`: what was judged is learned, told and voted by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.bench import worlds
from tests.cli.commands import quorum
from tests.run.judged_projects import judge, made

TASKS = worlds.siblings(80, 3)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A project of 80 items of which 50 were judged, as bytes to begin each test with."""
    path = tmp_path_factory.mktemp("judged") / "answers.db"
    with made(path, TASKS) as project:
        project.write_now(lambda c: judge(c, TASKS, 50))
    return path.read_bytes()


@pytest.fixture
def project(judged: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "answers.db"
    path.write_bytes(judged)
    return path


def test_before_and_after_are_printed_with_intervals_and_what_counts(project: Path) -> None:
    text = quorum("learn", project).stdout
    assert "fit 1, from 50 judged items" in text
    assert "all 50 judged" in text and "difference" in text and "95% intervals" in text
    assert "The gain is clear." in text and "best model alone" in text
    assert "answered by w (writer)" in text and "(assumed: no example)" in text
    assert "No vote was changed: --apply votes by it" in text
    assert "rule learned" not in quorum("vote", project, "--dry-run").stdout


def test_apply_votes_by_it_and_vote_says_why_an_answer_won(project: Path) -> None:
    assert "voted on again: 80 items, kept from a probability of 0.6" in (
        quorum("learn", project, "--apply", "--threshold", "0.6").stdout
    )
    assert "rule learned, threshold 0.6, fit 1" in quorum("vote", project, "--dry-run").stdout
    text = quorum("vote", project, "--why", "1").stdout
    assert text.startswith("#0001: right with ") and "rule learned" in text
    assert "│" in text and "×" in text and "w (writer)" in text
    stronger = json.loads(quorum("vote", project, "--rule", "learned", "--threshold", "0.9", "--json").stdout)
    assert stronger["reasons"] == {"improbable": stronger["dropped"]} and stronger["dropped"] > 0


def test_json_holds_the_figures_and_a_second_project_can_take_the_weights(
    project: Path, tmp_path: Path
) -> None:
    found = json.loads(quorum("learn", project, "--json").stdout)
    assert (found["fit"], found["judged"], found["clear"], found["voted"]) == (1, 50, True, None)
    assert found["all"]["gain"]["low"] <= found["all"]["gain"]["value"] <= found["all"]["gain"]["high"]
    other = tmp_path / "other.db"
    made(other, worlds.siblings(12, 5)).close()
    text = quorum("learn", other, "--from", project, "--apply").stdout
    assert "50 judged items of answers.db" in text and "voted on again: 12 items" in text
    assert "No judged item tells whether learning gains anything." in text


def test_status_says_what_was_judged_since(project: Path) -> None:
    assert "since fit" not in quorum("status", project).stdout
    quorum("learn", project)
    assert "since fit" not in quorum("status", project).stdout


def test_bad_use_is_told_in_a_line(project: Path, tmp_path: Path) -> None:
    assert (
        "--threshold goes with --apply" in quorum("learn", project, "--threshold", "0.5", check=False).stderr
    )
    empty = tmp_path / "empty.db"
    made(empty, TASKS[:3]).close()
    refused = quorum("learn", empty, check=False)
    assert refused.returncode == 1 and "Too few items were judged to learn from: 0." in refused.stderr
    assert "Nothing was learned" in quorum("vote", empty, "--rule", "learned", check=False).stderr
    assert "--why stands alone" in quorum("vote", empty, "--why", "1", "--dry-run", check=False).stderr
    assert "There is no item #0099" in quorum("vote", empty, "--why", "99", check=False).stderr


def test_a_project_to_learn_from_that_cannot_be_reached_is_not_called_missing(project: Path) -> None:
    loop = project.with_name("loop.db")
    loop.symlink_to(loop)
    refused = quorum("learn", project, "--from", loop, check=False)
    assert refused.returncode == 1 and "does not exist" not in refused.stderr and "loop" in refused.stderr
