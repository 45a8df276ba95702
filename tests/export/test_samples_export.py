"""Samples in exports: a model's voice stands for it, and the provenance says how many samples say so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.export.request import request
from app.export.stages import export_stage
from app.export.write import export
from app.method.consensus import RuleChoice
from app.store import decisions, provenance
from app.store.project import Project
from app.store.review_state import Action, ItemDecision
from tests.tui.filled_projects import Task, fill

QUORUM = RuleChoice("quorum", 0.2, at_least="half")
TASK = Task(
    "Name the capital of the country.",
    "Portugal",
    ("Lisbon!", "Lisbon", "Porto"),
    samples=(("Lisbon.", "lisbon", "Braga"), ("Porto.", "Porto", "Faro")),
)
ALONE = Task("Name a colour.", "", (), samples=(("blue", "Blue.", "green"),))


ALL = {"lisbon", "porto", "braga", "faro"}


def filled(path: Path, task: Task, action: Action = "accept", candidate: int | None = None) -> Project:
    [key] = fill(path, [task], voted_by=QUORUM)
    project = Project.open(path)

    def decide(c: Any) -> None:
        ids = [row[0] for row in c.execute("SELECT id FROM candidates ORDER BY position")]
        chosen = None if candidate is None else ids[candidate]
        decisions.decide(c, "ann", action, [ItemDecision(key, chosen)])

    project.write_now(decide)
    return project


def written(project: Project, path: Path, format: str) -> list[Any]:
    export(project, path, request(format, "all"), force=True)
    return [json.loads(one) for one in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("task", "action", "candidate", "chosen", "rejected"),
    [
        (TASK, "accept", None, "Lisbon", "Porto"),
        (TASK, "choose", 5, "Braga", "Lisbon"),
        (ALONE, "accept", None, "blue", "green"),
        (ALONE, "choose", 2, "green", "blue"),
    ],
)
def test_a_pair_sets_voices_against_each_other_and_samples_where_there_is_nothing_else(
    tmp_path: Path, task: Task, action: Action, candidate: int | None, chosen: str, rejected: str
) -> None:
    with filled(tmp_path / "a.db", task, action, candidate) as project:
        [row] = written(project, tmp_path / "out", "dpo-axolotl")
    assert (row["chosen"].strip("!"), row["rejected"].strip("!")) == (chosen, rejected)


def test_samples_that_only_repeat_make_no_pair(tmp_path: Path) -> None:
    same = Task("Name a colour.", "", (), samples=(("blue", "Blue.", "blue!"),))
    with filled(tmp_path / "a.db", same) as project:
        assert written(project, tmp_path / "out", "dpo-axolotl") == []


def test_a_ranking_holds_what_no_voice_says_last_and_once(tmp_path: Path) -> None:
    with filled(tmp_path / "a.db", TASK) as project:
        [row] = written(project, tmp_path / "out", "ranked")
    answers = [text for text in json.dumps(row).split('"') if text.strip(".!").lower() in ALL]
    assert [text.strip(".!").lower() for text in answers][-2:] == ["braga", "faro"]
    assert len([text for text in answers if "orto" in text]) == 1


def test_the_candidates_go_out_with_one_answer_of_each_model(tmp_path: Path) -> None:
    with filled(tmp_path / "a.db", TASK) as project:
        export_stage(project, tmp_path / "out.jsonl", "candidates")
    [row] = [json.loads(one) for one in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [(one["model"], one["output"]) for one in row["outputs"]] == [
        ("mistral-7b", "Lisbon!"),
        ("qwen2.5-7b", "Lisbon"),
        ("flan-t5-xl", "Porto"),
    ]


def test_the_sidecar_tells_samples_and_how_many_say_the_same(tmp_path: Path) -> None:
    with filled(tmp_path / "a.db", TASK) as project:
        export(project, tmp_path / "rows.jsonl", request("alpaca-jsonl", "all", provenance=True))
        [rule] = project.read(provenance.facts).rules
    [line] = map(json.loads, (tmp_path / "rows.provenance.jsonl").read_text("utf-8").splitlines())
    told = [(one.get("sample"), one.get("samples")) for one in line["candidates"]]
    assert told[:3] == [(None, None), (None, {"equal": 2, "of": 3}), (None, {"equal": 2, "of": 3})]
    assert [number for number, _ in told[3:]] == [1, 2, 3, 1, 2, 3]
    assert rule.barred == 0, "a model that votes by another answer is not barred"


def test_the_card_names_the_models_that_gave_samples(tmp_path: Path) -> None:
    with filled(tmp_path / "a.db", TASK) as project:
        project.write_now(
            lambda c: c.execute(
                "UPDATE runs SET recipe_json = json_set(recipe_json, '$.answers', json('{\"samples\": 5}'))"
            )
        )
        samples = project.read(lambda c: {one.name: one.samples for one in provenance.facts(c).models})
        export(project, tmp_path / "out", request("datasets", "all"), force=True)
    assert set(samples.values()) == {0, 5}
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert card.count("gave 5 samples beside its own answer") == sum(map(bool, samples.values()))
