"""`quorum export` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.store import decisions
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.rows import NewSeed
from tests.cli.commands import quorum
from tests.store.material import add_item, start_run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Twelve items: one chosen against the vote, one that refuses, one with an empty winner."""

    def change(c: Connection) -> None:
        run = start_run(c, seeds=(NewSeed("B", "s", "A seed's own task.", "", "its answer"),))
        outputs = [("one", "two", "three")] * 10 + [("I cannot do that.",) * 3, ("", "b", "c")]
        items = [
            add_item(c, run, f"task {n} in words of its own {n}", f"input {n}", one)
            for n, one in enumerate(outputs)
        ]
        decisions.decide(c, "ann", "choose", [ItemDecision(items[0].id, items[0].candidates[1])])

    with Project.open(tmp_path / "thesis.db", create=True) as made:
        made.write_now(change)
    return tmp_path / "thesis.db"


def test_a_split_with_story_and_settings_for_trainers_is_told_file_by_file(
    project: Path, tmp_path: Path
) -> None:
    done = quorum(
        *("export", project, tmp_path / "data.jsonl", "--format", "messages", "--split", "80/10/10"),
        *("--seed", "4", "--provenance", "--with-human", "seeds"),
        *("--for", "axolotl", "--for", "llama-factory"),
    )
    assert done.stdout == ""
    assert "12 rows (1 human-written), 1 with empty output left out" in done.stderr
    assert "groups kept whole; nearest across parts: ROUGE-L" in done.stderr
    assert "warning: output refuses (refusal): 1 (#0011)" in done.stderr
    parts = ("test", "train", "validation")
    assert sorted(path.name for path in tmp_path.glob("data*")) == sorted(
        [
            *("data.axolotl.yaml", "dataset_info.json"),
            *(f"data.{part}.jsonl" for part in parts),
            *(f"data.{part}.provenance.jsonl" for part in parts),
        ]
    )
    lines = [
        json.loads(line)
        for part in parts
        for line in (tmp_path / f"data.{part}.jsonl").read_text().splitlines()
    ]
    assert len(lines) == 12


def test_human_rows_come_from_a_file_and_their_share_is_met(project: Path, tmp_path: Path) -> None:
    human = tmp_path / "human.jsonl"
    human.write_text(
        "".join(
            json.dumps({"instruction": f"Human {n}.", "input": "", "output": "yes"}) + "\n" for n in range(9)
        )
    )
    done = quorum(
        *("export", project, tmp_path / "o.jsonl", "--with-human", human, "--share", "8.4", "--seed", "1")
    )
    assert "12 rows (1 human-written)" in done.stderr and "share" not in done.stderr
    assert "Human" in (tmp_path / "o.jsonl").read_text()


def test_a_share_that_cannot_be_met_is_said(project: Path, tmp_path: Path) -> None:
    done = quorum("export", project, tmp_path / "o.jsonl", "--with-human", "seeds", "--share", "50")
    assert "12 rows (1 human-written)" in done.stderr
    assert "the share is not met: 10 human-written rows too few" in done.stderr


def test_a_part_that_gets_nothing_is_named(project: Path, tmp_path: Path) -> None:
    done = quorum("export", project, tmp_path / "o.jsonl", "--split", "98/1/1")
    assert "nothing for validation and test: too few groups for such a share" in done.stderr


def test_a_choice_of_nothing_says_how_to_widen_it(project: Path, tmp_path: Path) -> None:
    done = quorum("export", project, tmp_path / "o.jsonl", "--where", "status:rejected")
    assert "0 rows: " in done.stderr and "--include all takes rejected ones too" in done.stderr


def test_a_file_that_is_there_is_kept_and_the_way_to_replace_it_said(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.jsonl"
    out.write_text("precious")
    done = quorum("export", project, out, check=False)
    assert done.returncode == 1 and "already exists" in done.stderr and "--force" in done.stderr
    assert out.read_text() == "precious"
    quorum("export", project, out, "--force")
    assert len(out.read_text().splitlines()) == 11


def test_pairs_say_what_made_none(project: Path, tmp_path: Path) -> None:
    done = quorum("export", project, tmp_path / "pairs.jsonl", "--format", "dpo")
    assert "1 row: " in done.stderr and "left out: 11 not decided by a person" in done.stderr


def test_a_dry_run_says_the_same_and_writes_nothing(project: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.glob("[!t]*"))
    done = quorum("export", project, tmp_path / "o.jsonl", "--dry-run", "--cap", "1", "--no-lint", "all")
    assert done.stderr == "11 rows, 1 with empty output left out: nothing written (dry run)\n"
    assert sorted(tmp_path.glob("[!t]*")) == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--where", "colour:red"), 1, "'colour' is not a key to filter by"),
        (("--split", "a/b"), 1, "is not a valid split"),
        (("--format", "lamini", "--system", "x"), 1, "no place for a system prompt"),
        (("--format", "csv", "--rows", "messages"), 1, "A table cannot hold"),
        (("--format", "messages", "--rows", "dpo"), 1, "only one form"),
        (("--share", "10"), 1, "A share needs human-written rows"),
        (("--no-lint", "spelling"), 2, "spelling"),
        (("--what", "candidates", "--dry-run"), 2, "--dry-run goes with"),
        (("--what", "instances", "--split", "90/10"), 2, "--split goes with"),
        (("--what", "instances", "--format", "dpo"), 2, "--format goes with"),
        (("--license", "mit"), 1, "--format datasets"),
    ],
)
def test_what_does_not_fit_together_is_one_message(
    project: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = quorum("export", project, tmp_path / "o.jsonl", *arguments, check=False)
    assert done.returncode == code and words in done.stderr
    assert not (tmp_path / "o.jsonl").exists()


def test_a_folder_gets_its_card_with_the_licence_that_was_chosen(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "set"
    quorum("export", project, target, "--format", "datasets", "--license", "mit", "--language", "en")
    card = (tmp_path / "set/README.md").read_text()
    assert 'license: "mit"' in card and 'language: "en"' in card


def test_rows_go_to_standard_output_and_nothing_else_does(project: Path, tmp_path: Path) -> None:
    piped = quorum("export", project, "-", cwd=tmp_path)
    assert len([json.loads(line) for line in piped.stdout.splitlines()]) == 11
    assert "11 rows, 1 with empty output left out: standard output" in piped.stderr
    assert "warning: output refuses" in piped.stderr
    assert not (tmp_path / "-").exists()


def test_what_hidden_runs_keep_back_is_told_with_the_way_to_take_it_in(project: Path, tmp_path: Path) -> None:
    quorum("run", project, "--hide", "1")
    told = "of hidden runs; `quorum run PROJECT --show RUN` shows a run again"
    done = quorum("export", project, tmp_path / "o.jsonl")
    assert f"left out: 12 items {told}" in done.stderr and done.stderr.startswith("0 rows: ")
    staged = quorum("export", project, "-", "--what", "candidates", cwd=tmp_path)
    assert staged.stdout == "" and f"left out: 12 instances {told}" in staged.stderr
