"""What goes in: conditions, cap, order, and rows that people wrote."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.errors import ExportError, ProjectError
from app.export.human import HumanRow
from app.export.request import request
from app.export.write import ExportReport, export
from app.store import decisions, generated, votes
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision, Rating, rating_text, tags_text
from app.store.rows import NewInstance, NewSeed
from tests.store.material import SECOND, add_instruction, add_item, ballot, start_run

SEED = NewSeed("A", "s", "A seed's task.", "its input", "its answer", source="museum")


@pytest.fixture
def varied(project: Project) -> Project:
    """Six items of every kind that a condition can tell apart, and two seeds."""

    def change(c: Connection) -> None:
        run = start_run(c, seeds=(SEED, NewSeed("B", "t", "Without input.", "", "its own")))
        add_item(c, run, "Low.", "1", mean=0.2)
        add_item(c, run, "High.", "2", mean=0.9, decided_by="exact")
        add_item(c, run, "Without input.", "", kind="B", mean=0.5)
        rejected = add_item(c, run, "Rejected.", "4")
        flagged = add_item(c, run, "Flagged.", "5")
        other = add_item(c, run, "Another won.", "6", winner=2)
        decisions.decide(c, "ann", "reject", [ItemDecision(rejected.id)])
        decisions.decide(c, "ann", "flag", [ItemDecision(flagged.id)])
        decisions.decide(c, "ann", "choose", [ItemDecision(other.id, other.candidates[1])])

    project.write_now(change)
    return project


def rows_of(report: ExportReport) -> list[dict[str, Any]]:
    return [json.loads(line) for file in report.files for line in file.path.read_text("utf-8").splitlines()]


def instructions(project: Project, path: Path, **wanted: Any) -> list[str]:
    report = export(project, path, request("alpaca-jsonl", "all", **wanted), force=True)
    return [row["instruction"] for row in rows_of(report)]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("kind:B", ["Without input."]),
        ("score>=0.5 score<0.9", ["Without input.", "Rejected.", "Flagged.", "Another won."]),
        ("score>0.5", ["High."]),
        ("score<=0.2", ["Low."]),
        ("status:rejected", ["Rejected."]),
        ("status:rejected,chosen", ["Rejected.", "Another won."]),
        ("flagged:yes", ["Flagged."]),
        ("by:exact", ["High."]),
        ("won:second", ["Another won."]),
        ("lost:writer", ["Another won."]),
        ('model:"first"', ["Another won."]),
        ("recipe:ensemble-instruct kind:B", ["Without input."]),
        ("recipe:other", []),
        ("source:nowhere", []),
        ("-kind:A", ["Without input."]),
        ("-score>=0.5", ["Low."]),
        ("run:1 won:second,first -status:chosen", []),
        ('-"another won" status:chosen', []),
        ("view:flagged,decided", ["Rejected.", "Flagged.", "Another won."]),
    ],
)
def test_a_condition_takes_the_rows_it_names(
    varied: Project, tmp_path: Path, where: str, expected: list[str]
) -> None:
    assert instructions(varied, tmp_path / "out", where=where) == expected


@pytest.mark.parametrize(
    "where", ["kind:C", "colour:red", "status:", "score>=2", "score>=x", "score>=", "view:new", "run>=x"]
)
def test_a_condition_that_is_none_is_refused_with_what_is_allowed(where: str) -> None:
    with pytest.raises(ProjectError):
        request("messages", where=where)


def test_quotes_in_a_condition_are_text_and_never_sql(varied: Project, tmp_path: Path) -> None:
    assert instructions(varied, tmp_path / "out", where='source:"\' OR 1=1 --"') == []


def test_an_instruction_gives_at_most_as_many_rows_as_the_cap(project: Project, tmp_path: Path) -> None:
    def change(c: Connection) -> None:
        run = start_run(c)
        task = add_instruction(c, run, "Many inputs.")
        for number in range(5):
            made = generated.save_instances(c, [NewInstance(run.id, task, f"{number}", "kept")])[0]
            key = generated.save_candidate(
                c, generated.NewCandidate(made.id, SECOND, "answerer", 0, "x" * (number > 0), "stop")
            )
            votes.save_vote(c, made.id, ballot([key]))
        add_item(c, run, "One input.")

    project.write_now(change)
    report = export(project, tmp_path / "out", request("alpaca-jsonl", cap=2))
    assert [row["input"] for row in rows_of(report)] == ["1", "2", "input"]
    assert (report.rows, report.empty_skipped, report.left_out) == (3, 1, {"cap": 2})


def test_a_seed_shuffles_the_same_way_every_time(varied: Project, tmp_path: Path) -> None:
    plain = instructions(varied, tmp_path / "out")
    orders = [instructions(varied, tmp_path / "out", seed=seed) for seed in (1, 1, 2, 3, 4)]
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in (plain, *orders)}) > 2
    assert all(sorted(order) == sorted(plain) for order in orders)


def test_seeds_of_the_project_are_mixed_in_and_known_tasks_are_not_repeated(
    varied: Project, tmp_path: Path
) -> None:
    report = export(varied, tmp_path / "out", request("lamini", "all", with_seeds=True))
    assert (report.rows, report.human) == (7, 1)
    assert rows_of(report)[-1] == {
        "instruction": "A seed's task.\nits input",
        "response": "its answer",
        "instruction_source": "museum",
    }


def test_a_share_draws_as_many_human_rows_as_it_says(varied: Project, tmp_path: Path) -> None:
    human = tuple(HumanRow(f"Human {n}.", "", "yes", "", "file") for n in range(20))
    human = (*human, HumanRow("human  0.", " ", "again", "", "file"), HumanRow("Empty.", "", " ", "", "file"))
    wanted = request("alpaca-jsonl", "all", human=human, share=25, seed=3)
    report = export(varied, tmp_path / "out", wanted)
    assert (report.rows, report.human) == (8, 2)
    counts = Counter(row["instruction"].startswith("Human") for row in rows_of(report))
    assert counts == {False: 6, True: 2}
    everything = export(varied, tmp_path / "all", request("alpaca-jsonl", "all", human=human))
    assert everything.human == 20


@pytest.mark.parametrize(
    ("format", "wanted"),
    [
        ("dpo", {"with_seeds": True}),
        ("messages", {"share": 10}),
        ("messages", {"with_seeds": True, "share": 100}),
    ],
)
def test_human_rows_that_cannot_go_in_are_refused(format: str, wanted: dict[str, Any]) -> None:
    with pytest.raises(ExportError):
        request(format, **wanted)


def test_a_dry_run_counts_the_same_and_writes_nothing(varied: Project, tmp_path: Path) -> None:
    wanted = request("messages", "all", with_seeds=True, seed=1, split="50/50")
    before = sorted(tmp_path.iterdir())
    dry = export(varied, tmp_path / "out.jsonl", wanted, dry_run=True)
    assert sorted(tmp_path.iterdir()) == before
    assert export(varied, tmp_path / "out.jsonl", wanted) == dry


def test_items_whose_reviewers_differ_stay_out_and_are_counted(project: Project, tmp_path: Path) -> None:
    def change(c: Connection) -> None:
        run = start_run(c)
        add_item(c, run, "Agreed.")
        torn = add_item(c, run, "Torn.")
        decisions.decide(c, "ann", "accept", [ItemDecision(torn.id)])
        decisions.decide(c, "bob", "reject", [ItemDecision(torn.id)])

    project.write_now(change)
    report = export(project, tmp_path / "out", request("alpaca-jsonl", "all"))
    assert [row["instruction"] for row in rows_of(report)] == ["Agreed."]
    assert report.left_out == {"conflict": 1}


def test_tags_grades_and_reasons_for_rejecting_are_conditions_too(project: Project, tmp_path: Path) -> None:
    def change(c: Connection) -> None:
        run = start_run(c)
        tagged, graded, unsafe = (add_item(c, run, text).id for text in ("Tagged.", "Graded.", "Unsafe."))
        decisions.decide(c, "ann", "tags", [ItemDecision(tagged, None, tags_text(["maths", "poem"]))])
        decisions.decide(c, "ann", "rate", [ItemDecision(graded, None, rating_text(Rating("B")))])
        decisions.decide(c, "ann", "reject", [ItemDecision(unsafe, None, "unsafe")])

    project.write_now(change)
    assert instructions(project, tmp_path / "out", where="tag:poem") == ["Tagged."]
    assert instructions(project, tmp_path / "out", where="grade:A,B") == ["Graded."]
    assert instructions(project, tmp_path / "out", where="reason:unsafe") == ["Unsafe."]
