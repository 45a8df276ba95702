from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import IntakeError
from app.intake.given import GoodLine, read_candidates
from app.intake.lines import BadLine
from app.intake.reader import opened
from app.intake.record import MOST_OUTPUTS
from tests.hostile import HOSTILE

GOOD = {"instruction": "Say hi.", "input": "", "outputs": [{"model": "a", "output": "hi"}]}


def read(path: Path, *lines: object, model: str = "") -> list[GoodLine | BadLine]:
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(texts))
    with opened(path) as reading:
        return list(read_candidates(reading, model))


def test_a_line_gives_its_task_with_the_outputs_in_order(tmp_path: Path) -> None:
    outputs = [{"model": "a", "output": " x\n"}, {"model": "b", "output": ""}]
    [line] = read(tmp_path / "x", {"instruction": " Do it. ", "input": "this", "outputs": outputs})
    assert isinstance(line, GoodLine)
    assert (line.task.instruction, line.task.input) == (" Do it. ", "this")
    assert [(one.model, one.output) for one in line.task.outputs] == [("a", " x\n"), ("b", "")]


def test_one_output_needs_the_name_of_its_model(tmp_path: Path) -> None:
    dolly = {"instruction": "Say hi.", "context": "", "response": "hi"}
    [bad] = read(tmp_path / "x", dolly)
    assert isinstance(bad, BadLine) and "which model" in bad.what
    [line] = read(tmp_path / "x", dolly, model="m")
    assert isinstance(line, GoodLine) and line.task.outputs[0].model == "m"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_texts_come_as_they_are(tmp_path: Path, text: str) -> None:
    task = {"instruction": f"Say {text}", "outputs": [{"model": f"m{text}", "output": text}]}
    [line] = read(tmp_path / "x", task)
    text = json.loads(json.dumps(text))  # JSON joins the halves of a surrogate pair
    assert isinstance(line, GoodLine)
    assert line.task.instruction == f"Say {text}" and line.task.input == ""
    assert [(one.model, one.output) for one in line.task.outputs] == [(f"m{text}", text)]


BAD: dict[str, tuple[Any, str]] = {
    "no JSON": (b"{", "not JSON"),
    "a list": ([GOOD], "not a JSON object"),
    "no instruction": ({"outputs": GOOD["outputs"]}, "no known form; its fields: outputs"),
    "an input that is no text": (GOOD | {"input": ["x"]}, "'input' must be text"),
    "no outputs": ({"instruction": "Say hi."}, "it has no outputs"),
    "empty outputs": (GOOD | {"outputs": []}, "it has no outputs"),
    "one output, no list": (GOOD | {"outputs": {"model": "a", "output": "hi"}}, "it has no outputs"),
    "a bare text": (GOOD | {"outputs": ["hi"]}, "output 1 is not a JSON object"),
    "no model": (GOOD | {"outputs": [{"output": "hi"}]}, "output 1: 'model' is missing"),
    "a nameless model": (GOOD | {"outputs": [{"model": " ", "output": "hi"}]}, "empty model name"),
    "no text": (GOOD | {"outputs": [{"model": "a", "output": None}]}, "output 1: 'output' is missing"),
    "a model twice": (GOOD | {"outputs": [{"model": "a", "output": "x"}] * 2}, "answers twice"),
    "too many": (
        GOOD | {"outputs": [{"model": str(n), "output": ""} for n in range(MOST_OUTPUTS + 1)]},
        f"at most {MOST_OUTPUTS}",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_named_with_its_number_and_the_others_stay(tmp_path: Path, name: str) -> None:
    line, says = BAD[name]
    found = read(tmp_path / "x", GOOD, b"", line, b"   ", GOOD | {"input": "2"})
    assert [type(one) for one in found] == [GoodLine, BadLine, GoodLine]
    bad = found[1]
    assert isinstance(bad, BadLine)
    assert bad.line == 3 and says in f"{bad.what}. {bad.hint}".replace("At most", "at most")


def test_an_overlong_line_is_one_bad_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.intake.lines.LONGEST_LINE", 200)
    long = GOOD | {"input": "x" * 1000}
    found = read(tmp_path / "x", GOOD, long, GOOD | {"input": "2"})
    assert [one.line for one in found] == [1, 2, 3]
    assert [type(one) for one in found] == [GoodLine, BadLine, GoodLine]


def test_a_file_that_cannot_be_read_at_all_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(IntakeError, match="cannot be read"), opened(path):
            pass
