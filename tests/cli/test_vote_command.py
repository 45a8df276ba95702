from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.store import counted
from app.store import votes as stored_votes
from app.store.project import Project
from tests.cli.commands import quorum
from tests.tui.filled_projects import fill


def line(instruction: str, *outputs: str, **more: Any) -> str:
    given = [{"model": f"m{at}", "output": text} for at, text in enumerate(outputs)]
    return json.dumps({"instruction": instruction, "outputs": given, **more})


LINES = (
    line("Name the capital.", "Lima", "lima", "Cusco", input="Peru"),
    line("Say hi.", "hi there", "hello there", "hello there you"),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(LINES) + "\n", "utf-8")
    return path


def test_import_makes_a_project_and_the_same_file_again_adds_nothing(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "given.db"
    done = quorum("import", "candidates", project, file)
    assert done.stdout == "" and "2 new tasks in run 1" in done.stderr
    assert "6 candidates stored, 2 items voted on" in done.stderr
    assert "2 already existed" in quorum("import", "candidates", project, file).stderr
    [run] = json.loads(quorum("status", project, "--json").stdout)["runs"]
    assert (run["state"], run["target"]) == ("imported", 2)
    out = tmp_path / "rows.jsonl"
    quorum("export", project, out)
    assert [json.loads(row)["output"] for row in out.read_text("utf-8").splitlines()] == [
        "Lima",
        "hello there",
    ]


def test_bad_lines_are_named_harmlessly_and_the_others_taken(tmp_path: Path, file: Path) -> None:
    hostile = line("Say it.", "a", "b", **{"\x1b[31mfield": 1})
    file.write_text("\n".join([LINES[0], "oops", hostile, '{"instruction": "x"}']), "utf-8")
    done = quorum("import", "candidates", tmp_path / "given.db", file)
    assert "line 2: this is not JSON" in done.stderr
    assert "line 4: it has no outputs" in done.stderr
    assert "2 new tasks in run 1, 2 lines set aside" in done.stderr
    assert "field" in done.stderr and "\x1b" not in done.stderr


def test_a_file_without_a_task_makes_no_project(tmp_path: Path, file: Path) -> None:
    for text in ("", "\n\n", "broken\n", "[]\n"):
        file.write_text(text)
        done = quorum("import", "candidates", tmp_path / "given.db", file, check=False)
        assert done.returncode == 1 and done.stderr.startswith("quorum: ")
    assert quorum("import", "candidates", tmp_path / "g.db", tmp_path / "no", check=False).returncode == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.jsonl"]


def test_vote_prints_what_it_says_and_what_flips(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "given.db"
    quorum("import", "candidates", project, file)
    told = quorum("vote", project, "--threshold", "0.9").stdout
    assert told.splitlines()[0] == "rule released 2, threshold 0.9"
    assert "equal answers 1" in told and "answers do not agree 1" in told
    assert "before: kept 2, dropped 0" in told
    assert "changed: 1 item, 1 dropped now" in told and "#0002  kept, m1 → dropped" in told
    data = json.loads(quorum("vote", project, "--rule", "quorum", "--threshold", "0.1", "--json").stdout)
    assert (data["items"], data["kept"], data["dropped"]) == (2, 2, 0)
    assert data["runs"] == [
        {"run": 1, "rule": "quorum", "version": 3, "threshold": 0.1, "at_least": "half", "voters": "sound"}
        | {"containment": False, "items": 2}
    ]
    assert data["winners"] == {"m0": 1, "m1": 1} and data["differing"] == []
    [flip] = data["flips"]
    assert flip["number"] == 2 and flip["after"] == {"keep": True, "winner": "m1", "reason": ""}
    again = quorum("vote", project).stdout
    assert again.splitlines()[0] == "rule quorum 3, threshold 0.1, more than half equal"
    assert "changed: none" in again


def test_a_dry_run_shows_the_same_and_changes_nothing(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "given.db"
    quorum("import", "candidates", project, file)
    before = project.read_bytes()
    how = ("--threshold", "0.9", "--at-least", "3", "--rule", "quorum")
    would = quorum("vote", project, *how, "--dry-run").stdout.splitlines()
    assert project.read_bytes() == before
    assert would[:2] == ["dry run: nothing is stored", "rule quorum 3, threshold 0.9, at least 3 equal"]
    assert quorum("vote", project, *how).stdout.splitlines() == would[1:]
    for wrong in (("--at-least", "1"), ("--at-least", "all"), ("--at-least", "half", "--rule", "paper")):
        assert quorum("vote", project, *wrong, check=False).returncode != 0


def test_answers_that_only_the_rule_takes_as_the_same_are_counted(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "given.db"
    file.write_text(
        "\n".join((line("2 - 7?", "-5", "5", "5"), line("Go?", "You can't.", "You cant", "No"))), "utf-8"
    )
    quorum("import", "candidates", project, file)
    told = quorum("vote", project).stdout
    assert "equal but for a sign, number or symbol: 1 item" in told
    assert "equal but for punctuation: 1 item" in told
    report = quorum("report", project).stdout
    assert "same but for a symbol 1 " in " ".join(report.split())


def test_votes_of_an_earlier_version_are_told_and_stay(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "given.db"
    quorum("import", "candidates", project, file)
    quorum("vote", project, "--rule", "quorum")
    assert "earlier version" not in quorum("status", project).stdout
    with Project.open(project) as opened:
        opened.write_now(
            lambda c: c.execute("UPDATE votes SET rule_version = 1, at_least = NULL, barred = NULL")
        )
        opened.write_now(counted.recount)
    offer = "votes under an earlier version of rule quorum: 2; quorum vote FILE --rule quorum --dry-run"
    assert offer in quorum("status", project).stdout
    assert offer in quorum("vote", project).stdout
    assert "under an earlier version" not in quorum("vote", project, "--rule", "quorum").stdout


def test_a_vote_of_all_answers_that_somebody_chose_is_of_no_earlier_version(
    tmp_path: Path, file: Path
) -> None:
    project = tmp_path / "given.db"
    quorum("import", "candidates", project, file)
    quorum("vote", project, "--rule", "quorum")
    for options in (["--voters", "all"], []):
        assert "earlier version" not in quorum("vote", project, *options).stdout
        assert "earlier version" not in quorum("status", project).stdout


def test_vote_takes_the_recipes_rule_of_every_run(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "thesis.db"
    fill(project)
    quorum("import", "candidates", project, file)
    data = json.loads(quorum("vote", project, "--json").stdout)
    assert [one["rule"] for one in data["runs"]] == ["released", "released"] and data["items"] == 7
    assert json.loads(quorum("vote", project, "--run", "2", "--json").stdout)["items"] == 2
    assert quorum("vote", project, "--run", "3", check=False).returncode == 1


def test_voting_and_importing_wait_for_whoever_writes(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "thesis.db"
    fill(project)
    with Project.open(project):
        for command in (("vote", project), ("import", "candidates", project, file)):
            done = quorum(*command, check=False)
            assert done.returncode == 1
            assert "is open for writing" in done.stderr and "Wait until its run is over" in done.stderr


def test_a_project_without_votes_says_so(tmp_path: Path) -> None:
    with Project.open(tmp_path / "new.db", create=True):
        pass
    assert "Nothing to vote on" in quorum("vote", tmp_path / "new.db").stdout
    assert quorum("vote", tmp_path / "none.db", check=False).returncode == 1


def test_sweep_says_what_other_thresholds_and_ensembles_keep(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "given.db"
    quorum("import", "candidates", project, file)
    before = project.read_bytes()
    told = quorum("sweep", project).stdout
    assert "kept 2 of 2 items" in told and "without" in told
    data = json.loads(quorum("sweep", project, "--rule", "paper", "--json").stdout)
    assert [(run["rule"], run["threshold"], run["items"]) for run in data["runs"]] == [("paper", 0.01, 2)]
    by = {row["threshold"]: row["kept"] for row in data["by_threshold"]}
    assert (by[0.0], by[0.9]) == (1, 0), "Lima and Cusco share nothing; no pair is alike enough"
    assert [row["models"] for row in data["by_models"]] == [1, 2, 3]
    assert {row["model"] for row in data["without"]} == {"m0", "m1", "m2"}
    assert project.read_bytes() == before


def test_sweep_stores_scores_that_are_missing_unless_somebody_writes(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "given.db"
    quorum("import", "candidates", project, file)

    def votes() -> int:
        with Project.open(project, read_only=True) as opened:
            sql = "SELECT COUNT(*) FROM votes WHERE current = 1"
            return int(opened.read(lambda c: c.execute(sql).fetchone()[0]))

    with Project.open(project) as opened:
        [key] = opened.read(
            lambda c: c.tuples("SELECT instance_id FROM votes WHERE decided_by = 'exact'").fetchone()
        )
        opened.write_now(lambda c: stored_votes.forget(c, [key]))
        told = quorum("sweep", project)
        assert "of 2 items" in told.stdout and "could not be stored" in told.stderr
    assert votes() == 1
    assert quorum("sweep", project).stdout == told.stdout
    assert votes() == 2


def test_a_threshold_is_a_number_from_0_to_1(tmp_path: Path, file: Path) -> None:
    project = tmp_path / "given.db"
    quorum("import", "candidates", project, file)
    for command in ("vote", "sweep"):
        for wrong in ("nan", "1.5", "much"):
            refused = quorum(command, project, "--threshold", wrong, check=False)
            assert refused.returncode == 2 and "--threshold" in refused.stderr
