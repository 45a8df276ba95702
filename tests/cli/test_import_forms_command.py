"""Files of every kind as people bring them: what is taken, what is named, and how the command ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.method.turns import Turn
from app.run.plan import imported_tasks
from app.store import review
from app.store.project import Project
from tests.cli.commands import quorum

SEA = "Name a sea."


def write(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def seeds_of(path: Path) -> list[tuple[str, str, str]]:
    with Project.open(path, read_only=True) as opened:
        return [(task.instruction, task.input, task.output) for task in imported_tasks(opened)]


def test_seeds_say_what_was_read_and_what_was_not(tmp_path: Path) -> None:
    row = {"instruction": SEA, "context": "cold", "response": "The Baltic.", "category": "qa"}
    file = write(tmp_path / "dolly.jsonl", row, {**row, "context": "warm"}, row, {"question": "x"})
    told = quorum("import", "seeds", tmp_path / "p.db", file).stderr
    assert (
        "read as Dolly: instruction, context → input, response → output; not taken over: category (3); "
        "1 repeats an earlier line (first: 3)"
    ) in told
    assert "line 4: it has no known form; its fields: question" in told
    assert "2 new seed tasks in run 1" in told and "1 set aside" in told
    assert seeds_of(tmp_path / "p.db") == [(SEA, "cold", "The Baltic."), (SEA, "warm", "The Baltic.")]


def test_a_table_names_the_columns_it_leaves_and_finds_its_separator(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text('"Question (short, clear)";Answer;Note\nName a sea;Baltic;checked\n', "utf-8")
    columns = ("--column", "instruction=question (short, clear)", "--column", "output=Answer")
    told = quorum("import", "seeds", tmp_path / "p.db", file, *columns).stderr
    assert "not taken over: Note (1)" in told
    assert seeds_of(tmp_path / "p.db") == [("Name a sea", "", "Baltic")]
    file.write_text("instruction^Output\na,b;c^d\n", "utf-8")
    quorum("import", "seeds", tmp_path / "q.db", file, "--delimiter", "^")
    assert seeds_of(tmp_path / "q.db") == [("a,b;c", "", "d")]


def test_turns_before_the_task_are_kept(tmp_path: Path) -> None:
    record = {"instruction": SEA, "output": "Arr", "system": "A pirate.", "history": [["Hi", "Ahoy"]]}
    quorum("import", "seeds", tmp_path / "p.db", write(tmp_path / "x.jsonl", record))
    with Project.open(tmp_path / "p.db", read_only=True) as opened:
        [task] = imported_tasks(opened)
    assert task.turns == (Turn("system", "A pirate."), Turn("user", "Hi"), Turn("assistant", "Ahoy"))
    again = quorum("import", "seeds", tmp_path / "p.db", tmp_path / "x.jsonl").stderr
    assert "0 new seed tasks, 1 already existed" in again


def test_references_stand_beside_candidates_and_are_shown_after_the_decision(tmp_path: Path) -> None:
    project = tmp_path / "p.db"
    outputs = [
        {"model": "a", "output": "Lima"},
        {"model": "b", "output": "lima"},
        {"model": "c", "output": "X"},
    ]
    record = {"instruction": "Name the capital.", "input": "Peru", "outputs": outputs}
    told = quorum("import", "candidates", project, write(tmp_path / "x.jsonl", record)).stderr
    assert "read as candidates: instruction, input, outputs" in told
    known = {"instruction": "Name the capital.", "input": "Peru", "reference": ["Lima"]}
    other = {"instruction": "Name the capital.", "input": "Chile", "reference": ["Santiago"]}
    told = quorum("import", "candidates", project, write(tmp_path / "y.jsonl", known, other)).stderr
    assert "1 reference answer kept" in told and "line 2: It has no outputs" in told

    def shown() -> tuple[str, ...]:
        with Project.open(project, read_only=True) as opened:
            return opened.read(lambda c: review.item(c, review.id_of(c, 1))).references

    assert shown() == ()
    (tmp_path / "d.csv").write_text('item,decision,tags,flag,by\n#1,accept,"b, a",yes,ann\n', "utf-8")
    told = quorum("import", "decisions", project, tmp_path / "d.csv").stderr
    assert "read as decisions: item, decision, tags, flag; not taken over: by (1)" in told
    assert "1 line applied" in told
    assert shown() == ("Lima",)
    report = quorum("report", project).stdout
    assert "run 1: 1 item with reference answers" in report
    assert "  model c: 0 of 1 exact (0%), ROUGE-L 0.00" in report
    assert "  rule released: 1 of 1 exact (100%), ROUGE-L 1.00" in report
    assert "  equal answers 2 of 3: 1 of 1 exact (100%)" in report
    data = json.loads(quorum("report", project, "--json").stdout)[0]["references"]
    assert data["items"] == 1 and {score["name"] for score in data["model"]} == {"a", "b", "c"}
    written = quorum("export", project, tmp_path / "out.jsonl", "--what", "candidates").stderr
    assert written.startswith("1 task with answers: ")
    told = quorum("import", "candidates", tmp_path / "again.db", tmp_path / "out.jsonl").stderr
    assert "1 reference answer kept" in told


def test_every_import_takes_nul_and_half_surrogates_as_they_are(tmp_path: Path) -> None:
    project, text = tmp_path / "p.db", "a\0b\ud800c"
    answers = [{"model": text, "output": text}, {"model": "b", "output": text}]
    seeds = write(tmp_path / "s.jsonl", {"instruction": text, "input": text, "output": text})
    given = write(tmp_path / "c.jsonl", {"instruction": text, "input": text, "outputs": answers})
    task = {"instruction": text, "input": text}
    noted = write(tmp_path / "d.jsonl", {**task, "note": text, "decision": "choose", "output": text})
    right = [{"model": text, "right": True}, {"model": "b", "output": text, "right": True}]
    judged = write(tmp_path / "j.jsonl", {**task, "task": True, "outputs": right})
    files = {"seeds": seeds, "candidates": given, "decisions": noted, "judgements": judged}
    for command, file in files.items():
        told = quorum("import", command, project, file).stderr
        assert "set aside" not in told and "not in the project" not in told
        assert "already" in quorum("import", command, project, file).stderr


@pytest.mark.parametrize("command", ["seeds", "candidates", "decisions"])
def test_an_import_that_applies_nothing_ends_with_status_1(tmp_path: Path, command: str) -> None:
    project = tmp_path / "p.db"
    quorum("import", "seeds", project, write(tmp_path / "x.jsonl", {"instruction": SEA}))
    file = write(tmp_path / "y.jsonl", {"item": 999, "decision": "accept"})
    done = quorum("import", command, project, file, check=False)
    assert done.returncode == 1 and "line 1" in done.stderr


@pytest.mark.parametrize("command", ["seeds", "candidates", "decisions"])
def test_a_workbook_is_named_and_makes_no_project(tmp_path: Path, command: str) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 [Content_Types].xml")
    done = quorum("import", command, tmp_path / "p.db", tmp_path / "x.xlsx", check=False)
    assert done.returncode == 1 and "is an Excel workbook" in done.stderr and "CSV" in done.stderr
    assert not (tmp_path / "p.db").exists()


def test_human_written_rows_come_from_any_form_and_repeats_are_counted(tmp_path: Path) -> None:
    project, answers = tmp_path / "p.db", [{"model": "a", "output": "x"}, {"model": "b", "output": "x"}]
    quorum(
        "import", "candidates", project, write(tmp_path / "x.jsonl", {"instruction": SEA, "outputs": answers})
    )
    row = {"instruction": "Name a lake.", "response": "Como", "topic": "t"}
    human = write(tmp_path / "human.jsonl", row, row)
    done = quorum("export", project, tmp_path / "out.jsonl", "--with-human", human)
    assert (
        "read as LaMini: instruction, response → output; not taken over: topic (2); 1 repeats" in done.stderr
    )
    assert "2 rows (1 human-written)" in done.stderr


def test_references_alone_leave_no_project_behind(tmp_path: Path) -> None:
    file = write(tmp_path / "x.jsonl", {"instruction": SEA, "reference": ["The Baltic."]})
    done = quorum("import", "candidates", tmp_path / "new.db", file, check=False)
    assert done.returncode == 1 and "line 1: It has no outputs" in done.stderr
    assert not list(tmp_path.glob("new.db*"))


def test_every_model_of_imported_answers_is_counted(tmp_path: Path) -> None:
    outputs = [{"model": name, "output": "Rhine"} for name in ("ann", "bob")]
    quorum(
        "import",
        "candidates",
        tmp_path / "p.db",
        write(tmp_path / "x.jsonl", {"instruction": SEA, "outputs": outputs}),
    )
    told = quorum("status", tmp_path / "p.db").stdout
    assert [line.split()[-1] for line in told.splitlines() if line.startswith("  answers")] == ["ann", "bob"]
