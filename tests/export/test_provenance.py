"""The sidecar tells of every row where it came from; the card tells facts and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import DatasetCard

from app.errors import ExportError
from app.export.request import request
from app.export.write import export
from app.run.revoting import vote_where_missing
from app.store import decisions, generated
from app.store.connection import Connection
from app.store.imported import GivenCandidates, GivenOutput, Import
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.rows import NewCandidate, NewInstance, NewInstruction, NewSeed
from app.visible import hidden_count
from tests.hostile import HOSTILE
from tests.store.material import FIRST, WRITER, add_item, completion, start_run


@pytest.fixture
def storied(project: Project) -> Project:
    """An item made by completions, one chosen against the vote, one edited and undone, one seed."""

    def change(c: Connection) -> None:
        run = start_run(c, seeds=(NewSeed("A", "s", "A seed's task.", "its input", "its answer"),))
        first = generated.save_completion(c, completion(run, "0"))
        task = generated.save_instructions(
            c, [NewInstruction(run.id, "A", "Generated.", "kept", completion_id=first)]
        )[0]
        second = generated.save_completion(c, completion(run, task, "instances"))
        made = generated.save_instances(c, [NewInstance(run.id, task, "made", "kept", completion_id=second)])[
            0
        ]
        generated.save_candidate(
            c, NewCandidate(made.id, WRITER, "writer", 0, "out", "stop", completion_id=second)
        )
        chosen = add_item(c, run, "Chosen.", outputs=("one", "two"))
        undone = add_item(c, run, "Edited and undone.")
        decisions.decide(c, "ann", "choose", [ItemDecision(chosen.id, chosen.candidates[1])], "better")
        decisions.decide(c, "bob", "edit", [ItemDecision(undone.id, None, "mine")])
        decisions.undo(c, "bob")

    project.write_now(change)
    return project


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_row_has_a_line_with_all_that_led_to_it(storied: Project, tmp_path: Path) -> None:
    export(storied, tmp_path / "out.jsonl", request("messages", "all", provenance=True))
    rows, story = lines_of(tmp_path / "out.jsonl"), lines_of(tmp_path / "out.provenance.jsonl")
    assert [one["row"] for one in story] == [1, 2, 3] and len(rows) == 3
    for row, one in zip(rows, story, strict=True):
        assert row["messages"][0]["content"] == f"{one['instruction']}\n{one['input']}"
    made, chosen, undone = story
    assert made["run"] == {
        "number": 1,
        "seed": 7,
        "recipe": "ensemble-instruct",
        "recipe_version": 0,
        "recipe_hash": "hash",
    }
    assert made["sampler_seeds"] == {"instruction": 1, "instance": 1, made["candidates"][0]["id"]: 1}
    assert made["vote"] is None and made["decisions"] == []
    assert [one["sha256"] for one in chosen["candidates"]] == [WRITER, FIRST]
    assert [one["support"] for one in chosen["candidates"]] == [1.5, 1.5]
    assert chosen["output"] == {
        "status": "chosen",
        "by": "model",
        "model": "first",
        "candidate": chosen["candidates"][1]["id"],
    }
    assert (chosen["vote"]["rule"], chosen["vote"]["winner"]) == ("released", chosen["candidates"][0]["id"])
    [decision] = chosen["decisions"]
    assert (decision["reviewer"], decision["action"], decision["note"]) == ("ann", "choose", "better")
    [decision] = undone["decisions"]
    assert (decision["text"], decision["stands"]) == ("mine", False)


def test_the_sidecar_follows_split_shuffle_and_human_rows(storied: Project, tmp_path: Path) -> None:
    wanted = request("alpaca-jsonl", "all", provenance=True, seed=2, split="50/50", with_seeds=True)
    report = export(storied, tmp_path / "out.jsonl", wanted)
    human = 0
    for file in report.files:
        rows, story = lines_of(file.path), lines_of(tmp_path / f"out.{file.part}.provenance.jsonl")
        assert [(one["row"], one["instruction"], one["input"]) for one in story] == [
            (place, row["instruction"], row["input"]) for place, row in enumerate(rows, start=1)
        ]
        for one in story:
            if one["origin"] == "human":
                human += 1
                assert one["from"] == "seed"
    assert human == report.human == 1


def test_a_pair_names_the_candidate_that_was_passed_over(storied: Project, tmp_path: Path) -> None:
    export(storied, tmp_path / "out.jsonl", request("dpo", "all", provenance=True))
    [one] = lines_of(tmp_path / "out.provenance.jsonl")
    assert one["rejected"] == {"candidate": one["candidates"][0]["id"], "why": "overridden"}


def test_the_sidecar_says_which_cells_of_a_table_were_changed(project: Project, tmp_path: Path) -> None:
    project.write_now(lambda c: add_item(c, start_run(c), "Sum.", "1 and 2", outputs=("=1+2",)))
    report = export(project, tmp_path / "out.csv", request("csv", provenance=True))
    assert report.escaped == 1
    assert lines_of(tmp_path / "out.provenance.jsonl")[0]["escaped"] == ["output"]


def folder(project: Project, path: Path, **wanted: Any) -> tuple[str, dict[str, Any]]:
    export(project, path, request("datasets", "all", **wanted))
    text = (path / "README.md").read_text("utf-8")
    return text, yaml.safe_load(text.split("---\n")[1])


def test_the_card_states_what_is_known_and_calls_the_rest_unknown(storied: Project, tmp_path: Path) -> None:
    text, head = folder(storied, tmp_path / "set", licence="cc-by-4.0", language="en")
    assert head == {
        "language": "en",
        "license": "cc-by-4.0",
        "pretty_name": "set",
        "tags": ["synthetic", "instruction-tuning"],
        "annotations_creators": ["machine-generated"],
        "task_categories": ["text-generation"],
        "size_categories": ["n<1K"],
        "source_datasets": ["original"],
        "configs": [
            {"config_name": "default", "data_files": [{"split": "train", "path": "data/train.jsonl"}]}
        ],
    }
    assert "3 rows for instruction tuning" in text
    assert "recipe ensemble-instruct, seed 7" in text and "Rule released version 1, threshold 0.01" in text
    assert "1 of 3 (33.3%) were decided by a person (chosen 1)" in text
    assert "1 of 1 (100.0%) of them the person departed from the vote" in text
    assert "| writer | llama | Q8\\_0 | writer | unknown |" in text
    assert "| instruction | 1 | 1 | 3 | 3 |" in text
    assert "2 of 3 rows were seen by no person" in text
    assert DatasetCard(text).data.to_dict() == head


def test_the_card_of_imported_answers_never_says_that_models_ran_here(
    project: Project, tmp_path: Path
) -> None:
    def change(c: Connection) -> None:
        outputs = tuple(GivenOutput(name, "Blue.") for name in ("elsewhere-1", "elsewhere-2"))
        into = Import(c, "candidates.jsonl")
        into.add([GivenCandidates("Name a colour.", "", outputs)])
        into.finish()
        vote_where_missing(c)

    project.write_now(change)
    text, _ = folder(project, tmp_path / "set")
    assert "1 row for instruction tuning, with answers of 2 models imported into Quorum" in text
    assert "local model" not in text and "No such" not in text
    assert "| elsewhere-1 |  | unknown | imported | unknown |" in text
    assert "- Run 1: imported (candidates); no model ran." in text
    assert "their model did not run here" in text


def test_the_card_says_how_far_reviewers_agree_and_names_none(storied: Project, tmp_path: Path) -> None:
    text, _ = folder(storied, tmp_path / "none")
    assert "shown again unmarked: not measured." in text and "Krippendorff's alpha: not measured." in text

    def change(c: Connection) -> None:
        again = [row[0] for row in c.execute("SELECT id FROM instances ORDER BY number LIMIT 2 OFFSET 1")]
        for item in again:
            decisions.decide(c, "ann", "accept", [ItemDecision(item)])
            decisions.decide(c, "bob", "accept", [ItemDecision(item)])
        decisions.decide(c, "ann", "accept", [ItemDecision(again[0])], how="again")
        decisions.decide(c, "ann", "reject", [ItemDecision(again[1])], how="again")

    storied.write_now(change)
    text, _ = folder(storied, tmp_path / "set")
    assert "shown again unmarked: 2 items, 50% the same, kappa" in text
    assert "Krippendorff's alpha: 1.00 over 2 items." in text
    assert not re.search(r"\b(ann|bob)\b", text)


def test_two_models_of_one_name_are_counted_apart(storied: Project, tmp_path: Path) -> None:
    storied.write_now(lambda c: c.execute("UPDATE models SET name = 'twin'"))
    text, _ = folder(storied, tmp_path / "set")
    rows = re.findall(r"^\| twin \|.*\| (\d+) \| `(\w+)", text, re.MULTILINE)
    assert sorted(rows) == [("0", "second"), ("1", "first"), ("2", "writer")]


def test_the_card_of_one_run_speaks_of_that_run(storied: Project, tmp_path: Path) -> None:
    text, _ = folder(storied, tmp_path / "set", run=1)
    assert "Decided in run 1: 1 item by 1 reviewer;" in text and "whole project" not in text


@pytest.mark.parametrize(
    ("barred", "words"),
    [
        (("", "refusal", ""), " 1 answer did not vote, as it repeats the task, refuses, loops or was cut."),
        (
            ("repeats", "refusal", ""),
            " 2 answers did not vote, as they repeat the task, refuse, loop or were cut.",
        ),
        (("", "", ""), "1 votes.\n"),
    ],
)
def test_the_card_says_how_many_answers_did_not_vote(
    project: Project, tmp_path: Path, barred: tuple[str, ...], words: str
) -> None:
    project.write_now(lambda c: add_item(c, start_run(c), "Do.", winner=2, barred=barred))
    text, _ = folder(project, tmp_path / "set")
    assert words in text and ("did not vote" in text) == any(barred)


def test_the_card_chooses_no_licence_and_no_language_by_itself(storied: Project, tmp_path: Path) -> None:
    text, head = folder(storied, tmp_path / "set")
    assert "license" not in head and "language" not in head
    assert "None was chosen yet." in text


def test_hostile_names_make_no_markup_and_no_keys_in_the_card(tmp_path: Path, storied: Project) -> None:
    for number, name in enumerate(HOSTILE.values()):
        storied.write_now(
            lambda c, n=name: c.execute(
                "UPDATE models SET name = ?, license = ? WHERE fingerprint = ?", (n, n, WRITER)
            )
        )
        text, head = folder(storied, tmp_path / f"set{number}", licence='x"\nkey: [', language="]\n- a")
        assert head["license"] == 'x"\nkey: [' and head["language"] == "]\n- a"
        assert "key" not in head and hidden_count(text.replace("\n", "")) == 0
        table = [line for line in text.splitlines() if line.startswith("|") and "SHA" not in line]
        models = [line for line in table if f"`{WRITER}`" in line]
        assert len(models) == 1 and re.sub(r"\\.", "", models[0]).count("|") == 8


def test_a_folder_that_is_not_ours_is_never_replaced(storied: Project, tmp_path: Path) -> None:
    wanted = request("datasets", "all", split="50/50", provenance=True)
    target = tmp_path / "set"
    export(storied, target, wanted)
    with pytest.raises(ExportError, match="already exists"):
        export(storied, target, wanted)
    export(storied, target, request("datasets", "all"), force=True)
    assert sorted(path.relative_to(target).as_posix() for path in target.rglob("*")) == [
        "README.md",
        "data",
        "data/train.jsonl",
    ]
    (target / "thesis.tex").write_text("precious")
    with pytest.raises(ExportError, match=r"thesis\.tex"):
        export(storied, target, wanted, force=True)
    assert (target / "thesis.tex").read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_cannot_be_finished_leaves_nothing(storied: Project, tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        export(storied, tmp_path / "set", request("datasets", "all", where="kind:B", split="90/10"))
    assert not (tmp_path / "set").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".set")] == []
