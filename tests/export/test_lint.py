"""Each check finds what it is for and leaves good rows alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import ExportError
from app.export.lint import CHECKS, Lint
from app.export.request import request
from app.export.write import export, lint
from app.intake.seeds import BUNDLED, read_seed_tasks
from app.store.connection import Connection
from app.store.project import Project
from app.store.views import ExportRow
from tests.store.material import add_item, start_run


def row(
    output: str, input: str = "", instruction: str = "Do it.", cut: bool = False, number: int = 1
) -> ExportRow:
    return ExportRow("id", number, 1, "A", instruction, input, output, "accepted", "m", cut)


@pytest.mark.parametrize(
    ("found", "bad"),
    [
        ("short", row("")),
        ("short", row(" 7 ")),
        ("echo", row("same \n", " same")),
        ("merged", row("It is 4.\n\nInstruction: Name a river.\nOutput: Rhine")),
        ("merged", row("4\n2. Task: next")),
        ("merged", row("4\n### Input:\n5")),
        ("merged", row("4\n**Question 2:** five")),
        ("leaked", row("4<|im_end|>")),
        ("leaked", row("[INST] Add.")),
        ("leaked", row("Well. </think> It is 4")),
        ("leaked", row("### Response: four")),
        ("leaked", row("Output: four")),
        ("leaked", row("Below is an instruction that describes a task.")),
        ("truncated", row("It was cut", cut=True)),
        ("truncated", row("First we add the flour, then the")),
        ("truncated", row("First we add,")),
        ("refusal", row("I'm sorry, but that is not possible.")),
        ("refusal", row("I’m unable to open this.")),
        ("refusal", row("As an AI language model, I have no body.")),
        ("missing", row("A cat.", "", "Describe the attached image.")),
        ("missing", row("It is news.", "https://example.org/a", "Summarise this web page.")),
        ("hidden", row("zero\u200bwidth")),
        ("hidden", row("fine", "bell\x07")),
        ("hidden", row("lost \ufffd letter")),
        ("long", row("x" * LONG)),
    ],
)
def test_a_check_finds_what_it_is_for(found: str, bad: ExportRow) -> None:
    assert found in faults(bad)


NOUNS = (
    *("image", "pictures", "photo", "photographs", "video", "audio", "screenshot", "attachments"),
    *("URL", "links", "website", "web page", "web sites"),
)
REFUSALS = (
    *("I'm sorry.", "I am unable to.", "I’m not able to.", "I cannot.", "I can't.", "I can not.", "I won’t."),
    *("As an AI, no.", "As a large language model.", "Sorry, no.", "Not able to help."),
)


@pytest.mark.parametrize("noun", NOUNS)
def test_whatever_is_asked_for_and_not_there_is_found(noun: str) -> None:
    assert faults(row("A cat.", "", f"Describe The Attached {noun}.")) == ["missing"]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_way_to_refuse_is_found(refusal: str) -> None:
    assert faults(row(refusal)) == ["refusal"]


@pytest.mark.parametrize(
    "good",
    [
        row("42", "6 x 7"),
        row("Yes"),
        row("Step 1: mix.\nStep 2: bake.\nThe result: bread."),
        row("def f(x):\n\treturn [x]"),
        row("naïve café — 日本語\r\nemoji 👩‍🚀 fine"),
        row("I can swim and I can run."),
        row("He was sorry to hear it."),
        row("As a rule, no."),
        row("What is it for?"),
        row("A <b>bold</b> word, and a < b."),
        row("A red bus.", "A photo of a bus, described: red, two floors.", "Say what this picture shows."),
    ],
)
def test_a_good_row_passes_every_check(good: ExportRow) -> None:
    assert faults(good) == []


def test_the_bundled_seed_tasks_raise_no_alarm_worth_the_name() -> None:
    tasks = read_seed_tasks(BUNDLED["general"])
    rows = [row(output, input, task.instruction) for task in tasks for input, output in task.instances]
    alarms = [name for one in rows for name in faults(one) if name not in ("short", "long")]
    assert len(alarms) <= len(rows) // 50, alarms


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


def test_every_check_says_in_words_what_it_finds() -> None:
    assert set(Lint().report().by_check) == set(CHECKS)
