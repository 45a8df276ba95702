"""Seed files: read to the last character, or refused with line and remedy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import IntakeError
from app.intake.seeds import SeedTask, bundled_seed_tasks, read_seed_tasks

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


def refusal(path: Path) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        read_seed_tasks(path)
    assert str(path) in caught.value.message
    return caught.value


def test_a_task_is_read_with_all_its_fields(write: Write) -> None:
    task = {
        "id": "seed_1",
        "name": "halve",
        "instruction": "Halve it.",
        "instances": [{"input": "8", "output": "4"}, {"input": "", "output": "?"}],
        "is_classification": True,
        "source": "me",
        "motivation_app": "ignored",
    }
    assert read_seed_tasks(write(json.dumps(task).encode())) == [
        SeedTask("seed_1", "halve", "Halve it.", (("8", "4"), ("", "?")), True, "me")
    ]


def test_the_kind_is_that_of_the_first_input(write: Write) -> None:
    tasks = read_seed_tasks(
        write(
            line(instruction="a")
            + line(instruction="b", instances=[{"input": " \n", "output": "x"}])
            + line(instruction="c", instances=[{"output": "x"}, {"input": "later", "output": "y"}])
        )
    )
    assert [task.kind for task in tasks] == ["A", "B", "B"]
    assert (tasks[0].input, tasks[0].output) == ("8", "4")


def test_what_is_left_out_has_a_default(write: Write) -> None:
    (first, second) = read_seed_tasks(
        write(b"\n" + line(name=None, source=None, id=None) + b"\r\n" + line(instruction="b", id=7))
    )
    assert first == SeedTask("line-2", "", "Halve it.", (("8", "4"),), False, "")
    assert second.id == "7"


def test_a_json_array_and_rows_of_their_own_are_read_too(write: Write) -> None:
    rows = [{"instruction": "Halve it.", "input": "8", "output": "4"}, GOOD | {"instruction": "Again."}]
    tasks = read_seed_tasks(write(b" \n" + json.dumps(rows, indent=2).encode()))
    assert [(task.id, task.instances) for task in tasks] == [
        ("task-1", (("8", "4"),)),
        ("task-2", (("8", "4"),)),
    ]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text(), st.text(), st.booleans())
def test_text_is_kept_to_the_last_character(
    write: Write, instruction: str, input: str, output: str, escaped: bool
) -> None:
    if "\0" in instruction + input + output or not instruction.strip() or not output.strip():
        return
    record = {"instruction": instruction, "instances": [{"input": input, "output": output}]}
    data = json.dumps(record, ensure_ascii=escaped).encode()
    (task,) = read_seed_tasks(write(data))
    assert (task.instruction, task.input, task.output) == (instruction, input, output)


def test_only_a_line_feed_ends_a_line(write: Write) -> None:
    text = "one\u2028two\u2029three\u0085four"
    data = json.dumps({**GOOD, "instruction": text}, ensure_ascii=False).encode()
    tasks = read_seed_tasks(write(data.replace(b", ", b",\r ") + b"\r\n" + line()))
    assert [task.id for task in tasks] == ["line-1", "line-2"]
    assert tasks[0].instruction == text


def test_a_byte_order_mark_at_the_start_is_no_text(write: Write) -> None:
    assert read_seed_tasks(write(b"\xef\xbb\xbf" + line()))[0].instruction == "Halve it."
    assert read_seed_tasks(write(b"\xef\xbb\xbf[" + line() + b"]"))[0].instruction == "Halve it."


OTHER = line(instruction="Other.")


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b"{", "this is not JSON"),
        (b'{"instruction": "a", "instances"', "this is not JSON"),
        (b"\xef\xbb\xbf" + line(), "this is not JSON"),
        (b'{"instruction": "a\xff"}', "is not UTF-8"),
        (b'{"instruction": "a\0"}', "this is not JSON"),
        (line(instruction="a\0b"), "'instruction' holds a NUL character"),
        (line(instruction="a\ud800b"), "'instruction' holds half of a surrogate pair"),
        (line(instances=[{"input": "\udc00", "output": "x"}]), "'input' holds half of a surrogate pair"),
        (b'{"instruction": "a", "instruction": "b"}', "the key 'instruction' appears twice"),
        (
            b'{"instruction": "a", "instances": [{"output": "a", "output": "b"}]}',
            "the key 'output' appears twice",
        ),
        (
            b"{" + b", ".join(b'"k%d": 1' % n for n in range(40_000)) + b', "k7": 1}',
            "the key 'k7' appears twice",
        ),
        (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"x": ' + b"1" * 5000 + b"}", "not usable JSON"),
        (b'{"x": NaN}', "NaN is not JSON"),
        (b'{"x": "' + b"a" * (1 << 20) + b'"}', "longer than 1 MiB"),
        (b"7", "this is not a JSON object"),
        (b'"text"', "this is not a JSON object"),
        (b"{}", "'instruction' is missing"),
        (line(instruction=" "), "the instruction is empty"),
        (line(instruction=["a"]), "'instruction' must be text, not list"),
        (line(id=True), "'id' must be text, not bool"),
        (line(is_classification="no"), "is_classification must be true or false"),
        (line(instances=[]), "it has no instances"),
        (line(instances={}), "it has no instances"),
        (b'{"instruction": "a"}', "it has no instances"),
        (line(instances=["x"]), "an instance is not a JSON object"),
        (line(instances=[{"input": "x"}]), "'output' is missing"),
        (line(instances=[{"input": 3, "output": "x"}]), "'input' must be text, not int"),
        (line(instances=[{"input": "x", "output": " "}]), "an instance has an empty output"),
        (OTHER, "this task repeats line 1"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(write: Write, bad: bytes, told: str) -> None:
    error = refusal(write(OTHER + b"\n" + bad.rstrip(b"\n") + b"\n"))
    assert f", line 3: {told}" in error.message or (", line 3: " in error.message and told in error.message)
    assert len(error.message) < 400


def test_an_id_given_twice_names_both_lines(write: Write) -> None:
    error = refusal(write(line(id="x") + line(id="x", instruction="Other.")))
    assert "line 2: this task has the id of line 1" in error.message and error.hint


def test_a_fault_in_an_array_names_the_task_or_the_place(write: Write) -> None:
    assert "task 2: 'instruction' is missing" in refusal(write(b"[" + line() + b", {}]")).message
    assert "line 2, column" in refusal(write(b"[" + line() + b", {]")).message
    assert "JSON array" in refusal(write(b"[" + line())).hint
    assert "nested too deeply" in refusal(write(b"[" * 100_000)).message


@pytest.mark.parametrize("data", [b"", b"\n \n", b"[]", b"\xef\xbb\xbf"])
def test_a_file_without_a_task_is_refused(write: Write, data: bytes) -> None:
    assert "holds no seed task" in refusal(write(data)).message


def test_a_file_in_another_encoding_says_what_to_do(write: Write) -> None:
    assert "Save it as UTF-8" in refusal(write(line().decode().encode("utf-16"))).hint
    latin = json.dumps({**GOOD, "instruction": "né"}, ensure_ascii=False).encode("latin-1")
    assert "Save the file as UTF-8" in refusal(write(latin)).hint


def test_a_file_that_cannot_be_read_is_one_error(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "none.jsonl").message
    assert "irectory" in refusal(tmp_path).message
    with pytest.raises(IntakeError, match="cannot be read"):
        read_seed_tasks("a\0b")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(),
        st.text().map(str.encode),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["instruction", "instances", "input", "output", "id"]), inner
                )
            ),
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_any_bytes_are_read_or_refused_in_words(write: Write, data: bytes) -> None:
    try:
        tasks = read_seed_tasks(write(data))
    except IntakeError as error:
        assert str(error)
    else:
        assert tasks


def test_the_bundled_seeds_cover_both_kinds_well() -> None:
    tasks = bundled_seed_tasks()
    assert len(tasks) >= 40
    assert min(sum(task.kind == kind for task in tasks) for kind in "AB") >= 10
