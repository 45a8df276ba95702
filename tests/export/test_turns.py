"""Turns before a task go out in every form that can carry them; the others say how many rows lost theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.export.formats import FORMS
from app.export.request import request
from app.export.write import export
from app.intake.given import GoodLine
from app.method.turns import Turn, to_json
from app.run.import_candidates import import_candidates
from app.store import decisions, review
from app.store.imported import GivenCandidates, GivenOutput
from app.store.project import Project
from app.store.review_state import ItemDecision

TURNS = (Turn("system", "A pirate."), Turn("user", "Hi"), Turn("assistant", "Ahoy"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    opened = Project.open(tmp_path_factory.mktemp("turns") / "p.db", create=True)
    outputs = (GivenOutput("a", "Arr sea"), GivenOutput("b", "A sea"), GivenOutput("c", "The sea"))
    lines = [
        GoodLine(1, GivenCandidates("Name it.", "sea", outputs, to_json(TURNS))),
        GoodLine(2, GivenCandidates("Name it.", "sea", outputs)),
        GoodLine(3, GivenCandidates("Name it.", "sea", outputs, to_json(TURNS[:1]))),
        GoodLine(4, GivenCandidates("Name it.", "sea", outputs, to_json(TURNS[1:2]))),
    ]
    assert import_candidates(opened, "x", lines).new == 4

    def decide(c: Any) -> None:
        for number in range(1, 5):
            item = review.item(c, review.id_of(c, number))
            choice = ItemDecision(item.instance_id, item.candidates[2].id)
            decisions.decide(c, "ann", "choose", [choice])

    opened.write_now(decide)
    return opened


def exported(project: Project, path: Path, format: str, **how: Any) -> tuple[list[dict[str, Any]], int]:
    report = export(project, path, request(format, **how), force=True)
    text = path.read_text("utf-8")
    rows = json.loads(text) if format == "alpaca" else [json.loads(line) for line in text.splitlines()]
    return rows, report.turns_lost


CARRIED = [
    {"role": "system", "content": "A pirate."},
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": "Ahoy"},
]


def test_chat_forms_carry_all_turns(project: Project, tmp_path: Path) -> None:
    rows, lost = exported(project, tmp_path / "x", "messages", system="Be brief.")
    assert lost == 0
    assert rows[0]["messages"][:3] == CARRIED, "a task's own system message goes before the one asked for"
    assert [row["messages"][0]["content"] for row in rows] == [
        "A pirate.",
        "Be brief.",
        "A pirate.",
        "Be brief.",
    ]
    rows, lost = exported(project, tmp_path / "x", "sharegpt")
    assert [turn["from"] for turn in rows[0]["conversations"]] == ["system", "human", "gpt", "human", "gpt"]
    rows, lost = exported(project, tmp_path / "x", "dpo")
    assert rows[0]["prompt"][:3] == CARRIED and lost == 0


def test_llama_factory_gets_system_and_history(project: Project, tmp_path: Path) -> None:
    for format in ("alpaca", "alpaca-jsonl", "dpo-llama-factory"):
        rows, lost = exported(project, tmp_path / "x", format)
        assert (rows[0]["system"], rows[0]["history"]) == ("A pirate.", [["Hi", "Ahoy"]])
        assert "history" not in rows[1] and "history" not in rows[2]
        assert lost == 1, "a lone user turn is no pair"


def test_plain_text_says_who_speaks(project: Project, tmp_path: Path) -> None:
    rows, lost = exported(project, tmp_path / "x", "self-instruct")
    assert rows[0]["prompt"].startswith("System: A pirate.\n\nUser: Hi\n\nAssistant: Ahoy\n\nName it.\n\nsea")
    assert lost == 0


@pytest.mark.parametrize(
    ("format", "how", "lost"),
    [
        ("lamini", {}, 3),
        ("ensemble-instruct", {}, 3),
        ("ranked", {}, 3),
        ("dpo-axolotl", {}, 2),
        ("csv", {}, 3),
        ("csv", {"rows": "self-instruct"}, 0),
    ],
)
def test_forms_without_a_place_say_how_many_rows_lost_turns(
    project: Project, tmp_path: Path, format: str, how: dict[str, str], lost: int
) -> None:
    report = export(project, tmp_path / "x", request(format, **how))  # type: ignore[arg-type]
    assert (report.rows, report.turns_lost) == (4, lost)


def test_every_form_says_which_turns_it_carries() -> None:
    assert {form.earlier for form in FORMS.values()} == {"all", "pairs", "system", "none"}
