"""Seed tasks out of any file: one for each task, repeats left out, what is missing left empty."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import IntakeError
from app.intake.reader import Account, opened
from app.intake.seeds import SeedTask, bundled_seed_tasks, read_seed_tasks, seed_rows, seed_tasks
from app.method.turns import Turn, to_json

Write = Callable[[bytes], Path]
GOOD = {"instruction": "Halve it.", "instances": [{"input": "8", "output": "4"}]}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(data: bytes) -> Path:
        path = tmp_path / "seeds.jsonl"
        path.write_bytes(data)
        return path

    return to_file


def line(**changes: Any) -> bytes:
    return json.dumps({**GOOD, **changes}).encode() + b"\n"


def test_a_task_is_read_with_all_its_fields(write: Write) -> None:
    task = {
        "id": "seed_1",
        "name": "halve",
        "instruction": "Halve it.",
        "instances": [{"input": "8", "output": "4"}, {"input": "", "output": "?"}],
        "is_classification": True,
        "source": "me",
    }
    assert read_seed_tasks(write(json.dumps(task).encode())) == [
        SeedTask("seed_1", "halve", "Halve it.", (("8", "4"), ("", "?")), True, "me")
    ]


def test_the_kind_is_that_of_the_first_input_unless_it_is_said(write: Write) -> None:
    path = write(
        line(instruction="a")
        + line(instruction="b", instances=[{"input": " \n", "output": "x"}])
        + line(instruction="c", instances=[{"output": "x"}, {"input": "later", "output": "y"}])
        + line(instruction="d", kind="B")
    )
    assert [task.kind for task in read_seed_tasks(path)] == ["A", "B", "B", "B"]
    with opened(path) as reading:
        assert {task.kind for task in seed_tasks(reading, "A")} == {"A"}


def test_what_is_left_out_has_a_default(write: Write) -> None:
    first, second, bare = read_seed_tasks(
        write(
            b"\n"
            + line(name=None, source=None, id=None)
            + b"\r\n"
            + line(instruction="b", id=7)
            + b'{"instruction": "c"}'
        )
    )
    assert first == SeedTask("line-2", "", "Halve it.", (("8", "4"),), False, "")
    assert second.id == "7"
    assert bare.instances == (("", ""),)


def test_an_array_names_its_items(write: Write) -> None:
    rows = [{"instruction": "Halve it.", "input": "8", "output": "4"}, GOOD | {"instruction": "Again."}]
    tasks = read_seed_tasks(write(b" \n" + json.dumps(rows, indent=2).encode()))
    assert [(task.id, task.instances) for task in tasks] == [
        ("item-1", (("8", "4"),)),
        ("item-2", (("8", "4"),)),
    ]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text(), st.text(), st.booleans())
def test_text_is_kept_to_the_last_character(
    write: Write, instruction: str, input: str, output: str, escaped: bool
) -> None:
    if not instruction.strip():
        return
    record = {"instruction": instruction, "instances": [{"input": input, "output": output}]}
    data = json.dumps(record, ensure_ascii=escaped).encode()
    (task,) = read_seed_tasks(write(data))
    assert (task.instruction, task.input, task.output) == (instruction, input, output)


def test_a_repeat_is_counted_and_another_output_is_a_task_of_its_own(write: Write) -> None:
    accounts: list[Account] = []
    other = line(instances=[{"input": "8", "output": "four"}])
    several = line(instances=[{"input": "8", "output": "4"}, {"input": "9", "output": "4.5"}])
    tasks = read_seed_tasks(write(line() + line(id="again") + other + several), told=accounts.append)
    assert [task.instances for task in tasks] == [(("8", "4"),), (("8", "four"),), (("9", "4.5"),)]
    [account] = accounts
    assert (account.repeats.count, account.repeats.first) == (2, 2)
    assert (account.again.count, account.again.first) == (1, 3)


def test_a_seed_has_one_output_and_further_ones_are_counted(write: Write) -> None:
    accounts: list[Account] = []
    record = {"instruction": "a", "generations": ["x", "y", "z"], "model_names": ["a", "b", "c"]}
    [task] = read_seed_tasks(write(json.dumps(record).encode()), told=accounts.append)
    assert task.output == "x"
    assert accounts[0].left == {"further outputs": 2}


def test_turns_and_references_go_with_every_instance(write: Write) -> None:
    record = {
        "instruction": "Halve it.",
        "instances": [{"input": "8", "output": "4"}, {"input": "9", "output": ""}],
        "motivation_app": "Sums",
        "system": "Be brief.",
    }
    tasks = read_seed_tasks(write(json.dumps(record).encode()))
    rows = seed_rows(tasks)
    context = to_json([Turn("system", "Be brief.")])
    assert [(row.input, row.output, row.references, row.context) for row in rows] == [
        ("8", "", ("4",), context),
        ("9", "", (), context),
    ]


def test_bad_lines_are_set_aside_with_their_number(write: Write) -> None:
    accounts: list[Account] = []
    path = write(line() + b"broken\n" + line(instruction="b", instances=["x"]) + line(instruction="c"))
    assert len(read_seed_tasks(path, told=accounts.append)) == 2
    assert [bad.line for bad in accounts[0].first_bad] == [2, 3]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "holds no seed task"),
        (b"\n \n", "holds no seed task"),
        (b"[]", "holds no seed task"),
        (b"\xef\xbb\xbf", "holds no seed task"),
        (b"{\n", "holds no seed task: line 1: this is not JSON"),
        (b'{"question": "a"}', "holds no seed task: line 1: it has no known form; its fields: question"),
        (b'{"instruction": "a\xff"}', "holds no seed task: line 1: byte 19 is not UTF-8"),
        (b"[" + line() + b", {]", "line 2"),
        (b"[" + line(), "expected"),
        ("{}".encode("utf-16"), "is UTF-16 text"),
    ],
)
def test_a_file_without_a_task_is_refused(write: Write, data: bytes, says: str) -> None:
    with pytest.raises(IntakeError, match=says) as refused:
        read_seed_tasks(write(data))
    assert refused.value.hint and len(refused.value.message) < 400


def test_a_file_that_cannot_be_read_is_one_error(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "none.jsonl", "No such file"), (tmp_path, "irectory")):
        with pytest.raises(IntakeError, match=says):
            read_seed_tasks(path)
    with pytest.raises(IntakeError, match="cannot be read"):
        read_seed_tasks("a\0b")


def test_the_bundled_seeds_cover_both_kinds_well() -> None:
    tasks = bundled_seed_tasks()
    assert len(tasks) >= 40
    assert min(sum(task.kind == kind for task in tasks) for kind in "AB") >= 10
