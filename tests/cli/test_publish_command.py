"""`quorum publish` against a server on this machine that speaks the Hub's protocol."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from app.store import decisions
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.cli.commands import QUORUM, environment, quorum
from tests.export.hub_uploads import Hub, serving
from tests.store.material import add_item, start_run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Ten items of which one was accepted."""

    def change(c: Connection) -> None:
        run = start_run(c)
        items = [add_item(c, run, f"task {n} with its own words {n}", f"input {n}") for n in range(10)]
        decisions.decide(c, "ann", "accept", [ItemDecision(items[0].id)])

    with Project.open(tmp_path / "thesis.db", create=True) as made:
        made.write_now(change)
    return tmp_path / "thesis.db"


def publish(hub: Hub, project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    given = {"HF_ENDPOINT": hub.address, "HF_TOKEN": "hf_secret", **variables}
    return quorum("publish", project, "ann/numbers", *arguments, cwd=project.parent, check=False, **given)


def test_rows_and_card_arrive_in_one_commit_and_private(project: Path) -> None:
    with serving(Hub()) as hub:
        done = publish(hub, project, "--yes", "--license", "cc0-1.0", "--split", "80/20", "--provenance")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"{hub.address}/datasets/ann/numbers"
    files = hub.sets["ann/numbers"]
    assert set(files) == {
        "README.md",
        *(f"{folder}/{part}.jsonl" for folder in ("data", "provenance") for part in ("train", "validation")),
    }
    data = [line for name in files if name.startswith("data/") for line in files[name].splitlines()]
    rows = [json.loads(line) for line in data]
    assert len(rows) == 10 and all(list(row) == ["messages"] for row in rows)
    head = yaml.safe_load(files["README.md"].decode().split("---\n")[1])
    assert head["license"] == "cc0-1.0" and head["pretty_name"] == "numbers"
    assert hub.private == {"ann/numbers": True}
    assert [path for _, path, _ in hub.requests if "/commit/" in path] == [
        "/api/datasets/ann/numbers/commit/main"
    ]
    assert {token for _, _, token in hub.requests} == {"Bearer hf_secret"}


def test_nothing_is_sent_without_a_yes(project: Path) -> None:
    with serving(Hub()) as hub:
        done = publish(hub, project)
    assert done.returncode == 1 and "nobody said yes" in done.stderr and "--yes" in done.stderr
    assert "10 rows: not published yet" in done.stderr and "licence: none chosen" in done.stderr
    assert hub.requests == []


def test_a_dry_run_prints_the_card_and_needs_no_network(project: Path) -> None:
    done = publish(Hub(), project, "--dry-run", HF_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert "10 rows: not published (dry run)" in done.stderr
    assert "files: README.md, data/train.jsonl" in done.stderr and "to: ann/numbers" in done.stderr
    assert done.stdout.startswith("---") and "pretty_name" in done.stdout


@pytest.mark.parametrize(("typed", "published"), [("yes", True), ("y", False), ("", False), ("no", False)])
def test_at_a_terminal_only_a_typed_yes_publishes(project: Path, typed: str, published: bool) -> None:
    keyboard, terminal = os.openpty()
    try:
        os.write(keyboard, f"{typed}\n".encode())
        with serving(Hub()) as hub:
            done = subprocess.run(
                [*QUORUM, "publish", str(project), "ann/numbers"],
                stdin=terminal,
                capture_output=True,
                text=True,
                timeout=120,
                env=environment() | {"HF_ENDPOINT": hub.address, "HF_TOKEN": "hf_secret"},
            )
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert "Type yes to publish to ann/numbers" in done.stderr and "Traceback" not in done.stderr
    assert (done.returncode == 0, "ann/numbers" in hub.sets) == (published, published)
    assert published or "Nothing was published" in done.stderr


def test_rows_of_before_are_replaced_and_other_files_stay(project: Path) -> None:
    old = {"data/test.jsonl": b"old", "data/train.jsonl": b"old"}
    before = {**old, "notes.txt": b"mine", "data/own.csv": b"1"}
    with serving(Hub({"ann/numbers": dict(before)})) as hub:
        done = publish(hub, project, "--yes", "--include", "accepted")
    assert done.returncode == 0, done.stderr
    files = hub.sets["ann/numbers"]
    assert set(files) == {"README.md", "data/train.jsonl", "notes.txt", "data/own.csv"}
    assert len(files["data/train.jsonl"].splitlines()) == 1 and files["notes.txt"] == b"mine"


@pytest.mark.parametrize(
    ("refuses", "words"), [(401, "hf auth login"), (403, "hf auth login"), (500, "Try again later")]
)
def test_a_refusal_is_one_message_that_says_what_to_do(project: Path, refuses: int, words: str) -> None:
    with serving(Hub(refuses=refuses)) as hub:
        done = publish(hub, project, "--yes")
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr
    assert "hf_secret" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (("--include", "accepted", "--where", "kind:B"), {}, "nothing to publish"),
        ((), {"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE"),
        ((), {"HF_ENDPOINT": "http://127.0.0.1:9"}, "connection"),
    ],
)
def test_what_cannot_be_published_is_said(
    project: Path, arguments: tuple[str, ...], variables: dict[str, str], words: str
) -> None:
    with serving(Hub()) as hub:
        done = publish(hub, project, "--yes", *arguments, **variables)
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr
    assert hub.sets == {}


def test_a_name_that_is_none_is_refused(project: Path) -> None:
    with serving(Hub()) as hub:
        done = quorum(
            *("publish", project, "a b/c d", "--yes"),
            cwd=project.parent,
            check=False,
            HF_ENDPOINT=hub.address,
        )
    assert done.returncode == 1 and "owner/name" in done.stderr
    assert hub.sets == {}
