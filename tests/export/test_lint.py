"""Each check finds what it is for and leaves good rows alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from app.errors import ExportError
from app.export.lint import CHECKS, Lint
from app.export.request import request
from app.export.write import export, lint
from app.method.terms import FAULTS
from app.store import decisions, review
from app.store.connection import Connection
from app.store.filters import parse
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.views import ExportRow
from tests.store.material import add_item, start_run


def row(
    output: str, input: str = "", instruction: str = "Do it.", cut: bool = False, number: int = 1
) -> ExportRow:
    return ExportRow("id", number, 1, "A", instruction, input, output, "accepted", "m", cut)


def test_tasks_are_compared_with_each_other() -> None:
    checks = Lint()
    checks.see(row("a b", "x", "Name the capital of this country now.", number=1))
    checks.see(row("c d", " X", "name the capital  of this country now.", number=2))
    checks.see(row("e f", "y", "Name the capital of that country now.", number=3))
    checks.see(row("g h", "z", "Something else.", number=4))
    report = checks.report()
    assert report.counts == {"duplicate": 1, "near-duplicate": 2}
    assert list(report.by_check["duplicate"]) == [2]
    assert report.numbers == [2, 3]


@pytest.mark.parametrize(
    ("instruction", "other", "count"),
    [
        ("What is 18 + 3?", "What is 18 - 3?", 0),
        ("What is F++ good for?", "What is F# good for?", 0),
        ("写一首有7行的诗。", "计算边长为7的正方形。", 0),
        ("列出秋天的水果。", "列出秋天的水果", 1),
    ],
)
def test_nearly_the_same_words_are_no_near_duplicate_if_they_ask_for_something_else(
    instruction: str, other: str, count: int
) -> None:
    checks = Lint()
    for number, text in enumerate((instruction, other), start=1):
        checks.see(row("fine", instruction=text, number=number))
    assert checks.report().counts.get("near-duplicate", 0) == count


def test_too_many_instructions_are_said_not_to_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.export.lint.NEAR_LIMIT", 2)
    checks = Lint()
    for number in range(4):
        checks.see(row("fine", f"{number}", f"Same words here {number}.", number=number))
    assert checks.report().unchecked == ("near-duplicate",)


def test_a_check_that_is_turned_off_says_nothing(project: Project, tmp_path: Path) -> None:
    def change(c: Connection) -> None:
        run = start_run(c)
        add_item(c, run, "Empty.", outputs=(" ",))
        add_item(c, run, "Refuses.", outputs=("I cannot do that.",))

    project.write_now(change)
    report = export(project, tmp_path / "out", request("messages"))
    assert report.lint.counts == {"short": 1, "refusal": 1}
    assert lint(project, request("messages")).numbers == [1, 2]
    quiet = export(project, tmp_path / "two", request("messages", no_lint=["refusal"]))
    assert quiet.lint.counts == {"short": 1}
    assert lint(project, request("messages", no_lint=["all"])).counts == {}
    with pytest.raises(ExportError, match="not a known check"):
        request("messages", no_lint=["spelling"])


def test_the_filter_of_a_check_finds_what_an_export_warns_about(project: Project) -> None:
    def change(c: Connection) -> None:
        run = start_run(c)
        add_item(c, run, "Say what a pond is.", "", outputs=("Say what a pond is.",))
        add_item(c, run, "Say it.", outputs=("fine", "this pond is here " * 8), winner=1)
        add_item(c, run, "say what a  pond is.", "", outputs=("Ich kann das leider nicht tun.",))
        add_item(c, run, "Give JSON.", outputs=('{"a": 1',))
        edited = add_item(c, run, "Answer.", outputs=("I cannot do that.",))
        decisions.decide(c, "ann", "edit", [ItemDecision(edited.id, None, "Write to a@mill.example now.")])
        add_item(c, run, "Silent.", outputs=("", ""), winner=None)
        add_item(c, run, "Fine.", outputs=("All is well.",))

    project.write_now(change)
    report = lint(project, request("messages", include="all"))
    assert report.counts == {
        **{"short": 1, "echo": 1, "loop": 1, "unclosed": 1, "refusal": 1, "email": 1},
        **{"duplicate": 1, "near-duplicate": 1},
    }
    for name, numbers in report.by_check.items():
        if name in FAULTS:
            wanted = parse(f"lint:{name}")
            assert project.read(partial(review.numbers, order="number", wanted=wanted)) == numbers, name


def test_every_check_says_in_words_what_it_finds() -> None:
    assert set(Lint().report().by_check) == set(CHECKS)
