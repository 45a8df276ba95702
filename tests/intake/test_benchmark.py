"""Files of tasks whose right answers are known, as `quorum eval` reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import IntakeError
from app.intake.benchmark import read_benchmark
from app.method.prompts import Demonstration

SUPERNI: dict[str, Any] = {
    "Contributors": ["ann"],
    "Source": ["made up"],
    "Categories": ["Question Answering", "Geography"],
    "Definition": ["Name the country of the city."],
    "Positive Examples": [
        {"input": "Rome", "output": "Italy", "explanation": "It is its capital."},
        {"input": "Oslo", "output": "Norway", "explanation": ""},
    ],
    "Negative Examples": [{"input": "Rome", "output": "Rome", "explanation": "That is a city."}],
    "Instances": [
        {"id": "t1-a", "input": "Bern", "output": ["Switzerland", "Swiss Confederation"]},
        {"id": "t1-b", "input": "Rome", "output": ["Italy"]},
        {"id": "t1-c", "input": "Bern", "output": ["Switzerland", "Swiss Confederation"]},
    ],
}
USER_TASK = {
    "id": "user_oriented_task_7",
    "motivation_app": "Gmail",
    "instruction": "Say thanks.",
    "instances": [{"input": "", "output": "Thank you!"}],
}


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_a_task_of_superni_gives_every_instance_with_all_its_right_answers(tmp_path: Path) -> None:
    path = tmp_path / "task001_country.json"
    path.write_text(json.dumps(SUPERNI, indent=2))
    read = read_benchmark(path)
    assert [task.input for task in read.tasks] == ["Bern", "Rome", "Bern"], "a repeated one counts twice"
    first, second, _ = read.tasks
    assert first.expected == ("Switzerland", "Swiss Confederation")
    assert (first.kind, first.instruction, first.category) == (
        *("A", "Name the country of the city."),
        "Question Answering",
    )
    assert [shown.output for shown in first.examples] == ["Italy", "Norway"]
    assert second.examples == (Demonstration(first.instruction, "Oslo", "Norway"),), "never the task itself"


def test_other_forms_have_right_answers_too(tmp_path: Path) -> None:
    rows = [
        {"instruction": "Double it.", "input": "4", "reference": ["8", "eight"], "category": "sums"},
        {"instruction": "Say hello.", "input": "", "output": "Hello."},
        {"instruction": "Say bye.", "output": "Bye.", "model": "gpt"},
        {"instruction": "Say no.", "output": " "},
    ]
    read = read_benchmark(written(tmp_path / "rows.jsonl", *rows))
    assert [(task.expected, task.category, task.kind) for task in read.tasks] == [
        (("8", "eight"), "sums", "A"),
        (("Hello.",), "", "B"),
    ]
    assert read.without == 2, "what a model said is not known to be right"
    [task] = read_benchmark(written(tmp_path / "user.jsonl", USER_TASK)).tasks
    assert (task.category, task.kind, task.expected) == ("Gmail", "B", ("Thank you!",))


def test_a_folder_is_read_file_by_file_and_of_each_task_only_so_many(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(SUPERNI))
    written(tmp_path / "a.jsonl", USER_TASK)
    (tmp_path / "notes.txt").write_text("no tasks")
    read = read_benchmark(tmp_path, per_task=2)
    assert [task.category for task in read.tasks] == ["Gmail", "Question Answering", "Question Answering"]
    assert list(read.accounts) == ["a.jsonl", "b.json"]


@pytest.mark.parametrize("name", ["rows.jsonl", "folder"])
def test_what_says_nothing_about_right_answers_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    written(tmp_path / "rows.jsonl", {"instruction": "Say bye.", "output": "Bye.", "model": "gpt"})
    with pytest.raises(IntakeError, match=r"has no (task with an answer|file of tasks)"):
        read_benchmark(tmp_path / name)
