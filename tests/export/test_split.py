"""Splits: nothing leaks, shares are met, the report tells the truth."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExportError
from app.export.human import HumanRow
from app.export.request import request
from app.export.split import shares, split
from app.export.write import export
from app.method.rouge import rouge_l_f1
from app.store.connection import Connection
from app.store.project import Project
from tests.store.material import add_item, start_run

WORDS = ["red", "green", "blue", "round", "square", "tall", "small", "old"]
TASK = st.tuples(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), st.sampled_from("xyz ")
)


def test_shares_are_read_as_people_write_them() -> None:
    assert shares("90/5/5") == {"train": 0.9, "validation": 0.05, "test": 0.05}
    assert shares("8/2") == {"train": 0.8, "validation": 0.2}


@pytest.mark.parametrize("typed", ["90", "a/b", "1/2/3/4", "90/-5/15", "0/1", "1/nan", "/"])
def test_shares_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(ExportError):
        shares(typed)


@settings(max_examples=60, deadline=None)
@given(tasks=st.lists(TASK, min_size=1, max_size=40), seed=st.integers(0, 5))
def test_near_tasks_and_equal_inputs_stay_on_one_side(tasks: list[tuple[str, str]], seed: int) -> None:
    sides, report = split(tasks, shares("80/10/10"), seed)
    highest = 0.0
    for at, (one, its_input) in enumerate(tasks):
        for other_at in range(at):
            if sides[at] != sides[other_at]:
                other, other_input = tasks[other_at]
                highest = max(highest, rouge_l_f1(one, other))
                assert not (its_input.strip() and its_input.strip() == other_input.strip())
    assert highest <= 0.7
    assert report.highest == pytest.approx(highest)
    assert rouge_l_f1(*report.nearest) == report.highest
    assert sum(report.sizes.values()) == len(tasks)
    assert split(tasks, shares("80/10/10"), seed) == (sides, report)


def test_shares_are_met_where_tasks_have_nothing_in_common() -> None:
    tasks = [(f"w{n} x{n} y{n}", "") for n in range(200)]
    _, report = split(tasks, shares("90/5/5"), 0)
    assert report.sizes == {"train": 180, "validation": 10, "test": 10}
    assert (report.groups, report.highest) == (200, 0.0)


def test_scripts_that_rouge_score_does_not_see_are_compared_too() -> None:
    tasks = [("Назови столицу этой страны сейчас", ""), ("Назови столицу этой страны", "")]
    sides, report = split(tasks, shares("50/50"), 0)
    assert sides[0] == sides[1] and report.groups == 1


def test_each_part_gets_a_file_and_human_rows_go_with_their_neighbours(
    project: Project, tmp_path: Path
) -> None:
    random = Random(1)

    def change(c: Connection) -> None:
        run = start_run(c)
        for number in range(30):
            add_item(c, run, f"task {number} {' '.join(random.choices(WORDS, k=5))}", f"input {number}")

    project.write_now(change)
    human = tuple(HumanRow(f"quite other words {n}", f"input {n}", "yes", "", "file") for n in range(30))
    report = export(project, tmp_path / "data.jsonl", request("alpaca-jsonl", split="60/20/20", human=human))
    assert [file.path.name for file in report.files] == [
        "data.train.jsonl",
        "data.validation.jsonl",
        "data.test.jsonl",
    ]
    assert not (tmp_path / "data.jsonl").exists()
    parts = [[json.loads(line) for line in file.path.read_text().splitlines()] for file in report.files]
    assert [len(part) for part in parts] == [file.rows for file in report.files]
    assert sum(map(len, parts)) == report.rows == 60
    inputs = [{row["input"] for row in part} for part in parts]
    assert not (inputs[0] & inputs[1] or inputs[0] & inputs[2] or inputs[1] & inputs[2])


def test_a_split_of_nothing_is_refused_and_leaves_no_file(project: Project, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ExportError, match="nothing to split"):
        export(project, tmp_path / "data.jsonl", request("messages", split="90/10"))
    assert sorted(tmp_path.iterdir()) == before


def test_a_part_that_is_there_already_is_kept(project: Project, tmp_path: Path) -> None:
    project.write_now(lambda c: add_item(c, start_run(c), "One."))
    (tmp_path / "data.test.jsonl").write_text("precious")
    with pytest.raises(ExportError, match="already exists"):
        export(project, tmp_path / "data.jsonl", request("messages", split="90/5/5"))
    assert (tmp_path / "data.test.jsonl").read_text() == "precious"
    assert not (tmp_path / "data.train.jsonl").exists()
