"""Which preferences a decision teaches, and which it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.export.request import request
from app.export.write import ExportReport, export
from app.store import decisions, votes
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import Action, ItemDecision, task_text
from app.store.rows import RunRow
from tests.store.material import Item, add_item, ballot, start_run

Fill = Callable[[Callable[[Connection, RunRow], object]], None]

# The supports are 2.2, 1.5 and 1.7: the second answer is the least supported.
MATRIX = ((1.0, 0.5, 0.7), (0.5, 1.0, 0.0), (0.7, 0.0, 1.0))


@pytest.fixture
def fill(project: Project) -> Fill:
    return lambda change: project.write_now(lambda c: change(c, start_run(c)))  # type: ignore[return-value]


def decide(c: Connection, item: Item, action: Action, at: int | None = None, text: str | None = None) -> None:
    candidate = None if at is None else item.candidates[at]
    decisions.decide(c, "ann", action, [ItemDecision(item.id, candidate, text)])


def written(project: Project, path: Path, format: str = "dpo-axolotl") -> tuple[ExportReport, list[Any]]:
    report = export(project, path, request(format, "all"), force=True)
    return report, [json.loads(one) for one in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("action", "at", "text", "chosen", "rejected"),
    [
        ("accept", None, None, "one", "two"),
        ("choose", 2, None, "three", "one"),
        ("choose", 0, None, "one", "two"),
        ("edit", 1, "mine", "mine", "one"),
        ("edit", 0, "mine", "mine", "one"),
    ],
)
def test_a_pair_sets_what_was_taken_against_what_was_passed_over(
    project: Project,
    fill: Fill,
    tmp_path: Path,
    action: Action,
    at: int | None,
    text: str | None,
    chosen: str,
    rejected: str,
) -> None:
    fill(lambda c, run: decide(c, add_item(c, run, "Do.", matrix=MATRIX), action, at, text))
    _, [row] = written(project, tmp_path / "out")
    assert (row["chosen"], row["rejected"]) == (chosen, rejected)


def test_a_later_vote_does_not_make_an_accepted_answer_the_rejected_one(
    project: Project, fill: Fill, tmp_path: Path
) -> None:
    def change(c: Connection, run: RunRow) -> None:
        made = add_item(c, run, "Do.", matrix=MATRIX)
        decide(c, made, "accept")
        votes.save_vote(c, made.id, ballot(made.candidates, matrix=MATRIX, winner=2))

    fill(change)
    _, [row] = written(project, tmp_path / "out")
    assert (row["chosen"], row["rejected"]) == ("one", "two")


def test_pairs_that_teach_nothing_are_left_out_and_counted(
    project: Project, fill: Fill, tmp_path: Path
) -> None:
    def change(c: Connection, run: RunRow) -> None:
        add_item(c, run, "Nobody decided.")
        decide(c, add_item(c, run, "No good."), "reject")
        decide(c, add_item(c, run, "Alone.", outputs=("only",)), "accept")
        decide(c, add_item(c, run, "All alike.", outputs=("Yes.", "Yes. ", "\nＹｅｓ．")), "accept")
        decide(c, add_item(c, run, "A space.", outputs=("well done", "x")), "edit", 0, "well  done")
        decide(c, add_item(c, run, "Empty winner.", outputs=(" ", "b")), "choose", 1)
        decide(c, add_item(c, run, "Taken though empty.", outputs=("", "b")), "accept")

    fill(change)
    report, rows = written(project, tmp_path / "out")
    assert rows == []
    assert report.left_out == {"undecided": 1, "rejected": 1, "no-other": 1, "same": 2}
    assert report.empty_skipped == 2


def test_an_empty_least_answer_makes_room_for_the_next(project: Project, fill: Fill, tmp_path: Path) -> None:
    fill(lambda c, run: decide(c, add_item(c, run, "Do.", outputs=("one", "", "three")), "accept"))
    _, [row] = written(project, tmp_path / "out")
    assert row["rejected"] == "three"


@pytest.mark.parametrize(
    ("winner", "correction"),
    [("35", "3.5"), ("5", "-5"), ("x > 3", "x < 3"), ("paris", "Paris"), ("x2", "x²")],
)
def test_a_correction_of_one_character_is_a_pair(
    project: Project, fill: Fill, tmp_path: Path, winner: str, correction: str
) -> None:
    def change(c: Connection, run: RunRow) -> None:
        decide(c, add_item(c, run, "Choose.", outputs=(winner, correction, "other")), "choose", 1)
        decide(c, add_item(c, run, "Write.", outputs=(winner, "other")), "edit", 0, correction)

    fill(change)
    _, rows = written(project, tmp_path / "out")
    assert [(row["chosen"], row["rejected"]) for row in rows] == [(correction, winner)] * 2


def test_answers_without_letters_are_compared_as_they_are(
    project: Project, fill: Fill, tmp_path: Path
) -> None:
    fill(lambda c, run: decide(c, add_item(c, run, "Draw.", outputs=(":-)", ":-(")), "accept"))
    _, [row] = written(project, tmp_path / "out")
    assert (row["chosen"], row["rejected"]) == (":-)", ":-(")


def test_kto_takes_both_verdicts_whatever_else_goes_in(project: Project, fill: Fill, tmp_path: Path) -> None:
    def change(c: Connection, run: RunRow) -> None:
        decide(c, add_item(c, run, "Accepted."), "accept")
        decide(c, add_item(c, run, "Rejected."), "reject")
        decide(c, add_item(c, run, "Edited."), "edit", 0, "mine")
        decide(c, add_item(c, run, "Put off."), "later")
        decide(c, add_item(c, run, "One too many."), "reject", text="duplicate")
        decide(c, add_item(c, run, "What?"), "reject", text="unclear")
        decide(c, add_item(c, run, "Wrong."), "reject", text="wrong")
        add_item(c, run, "Undecided.")

    fill(change)
    report = export(project, tmp_path / "out", request("kto-text", "accepted"))
    assert report.left_out["task"] == 2
    rows = [json.loads(one) for one in (tmp_path / "out").read_text().splitlines()]
    assert [(row["completion"], row["label"]) for row in rows] == [
        (" one", True),
        (" one", False),
        (" mine", True),
        (" one", False),
    ]


def test_a_ranking_begins_with_the_decision_and_goes_on_by_support(
    project: Project, fill: Fill, tmp_path: Path
) -> None:
    def change(c: Connection, run: RunRow) -> None:
        add_item(c, run, "The vote's order.", matrix=MATRIX)
        decide(c, add_item(c, run, "Edited.", matrix=MATRIX), "edit", 0, "mine")
        decide(c, add_item(c, run, "Rejected."), "reject")
        add_item(c, run, "All alike.", outputs=("yes", "yes ", "ｙｅｓ"))
        add_item(c, run, "Two alike.", outputs=("yes", "\nyes", "no"))

    fill(change)
    report, rows = written(project, tmp_path / "out", "ranked")
    found = [[(one["answer"], one["rank"]) for one in row["answers"]] for row in rows]
    assert found == [
        [("one", 1), ("three", 2), ("two", 3)],
        [("mine", 1), ("one", 2), ("three", 3), ("two", 4)],
        [("yes", 1), ("no", 2)],
    ]
    assert report.left_out == {"rejected": 1, "same": 1}


def test_an_answer_that_did_not_vote_comes_last_and_supports_nobody(
    project: Project, fill: Fill, tmp_path: Path
) -> None:
    # By all pairs the echo would come before plum.
    matrix = ((1.0, 0.2, 0.0), (0.2, 1.0, 0.9), (0.0, 0.9, 1.0))

    def change(c: Connection, run: RunRow) -> None:
        outputs = ("plum", "cherry", "Name a fruit.")
        barred = ("", "", "output_equals_instruction")
        decide(
            c, add_item(c, run, "Name a fruit.", outputs=outputs, matrix=matrix, barred=barred), "choose", 1
        )

    fill(change)
    _, [row] = written(project, tmp_path / "out", "ranked")
    assert [one["answer"] for one in row["answers"]] == ["cherry", "plum", "Name a fruit."]


def test_the_answer_that_did_not_vote_is_the_rejected_one(
    project: Project, fill: Fill, tmp_path: Path
) -> None:
    matrix = ((1.0, 0.5, 0.1), (0.5, 1.0, 0.9), (0.1, 0.9, 1.0))

    def change(c: Connection, run: RunRow) -> None:
        item = add_item(
            c, run, "Do.", outputs=("one", "echo", "three"), matrix=matrix, barred=("", "refusal", "")
        )
        decide(c, item, "accept")

    fill(change)
    _, [row] = written(project, tmp_path / "out")
    assert (row["chosen"], row["rejected"]) == ("one", "echo")


def test_a_changed_task_makes_no_pair_of_answers_to_the_earlier_text(
    project: Project, fill: Fill, tmp_path: Path
) -> None:
    def change(c: Connection, run: RunRow) -> None:
        taken, edited = add_item(c, run, "Old text."), add_item(c, run, "Old text too.")
        for item in (taken, edited):
            decisions.decide(c, "ann", "task", [ItemDecision(item.id, None, task_text("New text.", "input"))])
        decide(c, taken, "accept")
        decide(c, edited, "edit", 0, "mine")

    fill(change)
    report, rows = written(project, tmp_path / "out")
    assert rows == [] and report.left_out == {"earlier": 2}
    _, rows = written(project, tmp_path / "out", "ranked")
    assert rows == []
