from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import IntakeError
from app.intake.seeds import BadTask, SeedTask, read_seed_tasks, read_seeds

Read = list[SeedTask | BadTask]


def read(path: Path, content: str | bytes, *how: Any) -> Read:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return list(read_seeds(path, *how))


def texts(found: Read) -> list[tuple[str, str, str, str]]:
    assert all(isinstance(one, SeedTask) for one in found), found
    return [(one.kind, one.instruction, one.input, one.output) for one in found if isinstance(one, SeedTask)]


SELF_INSTRUCT = {"id": "s", "instruction": "Halve it.", "instances": [{"input": "8", "output": "4"}]}
ALPACA = {"instruction": "Say hi.", "input": "", "output": "hi"}


def test_the_public_forms_are_read_as_the_strict_reader_reads_them(tmp_path: Path) -> None:
    lines = tmp_path / "x.jsonl"
    found = read(lines, json.dumps(SELF_INSTRUCT) + "\n" + json.dumps(ALPACA))
    assert texts(found) == [("A", "Halve it.", "8", "4"), ("B", "Say hi.", "", "hi")]
    assert found == read_seed_tasks(lines)
    assert texts(read(tmp_path / "x.json", json.dumps([SELF_INSTRUCT, ALPACA]))) == texts(found)


def test_instructions_only_and_instances_without_outputs_are_tasks_too(tmp_path: Path) -> None:
    lines = '{"instruction": "Say hi."}\n{"instruction": "Halve it.", "input": "8"}'
    assert texts(read(tmp_path / "x.jsonl", lines)) == [
        ("B", "Say hi.", "", ""),
        ("A", "Halve it.", "8", ""),
    ]
    assert texts(read(tmp_path / "x.txt", "Say hi.\r\n\n  Count.  \n")) == [
        ("B", "Say hi.", "", ""),
        ("B", "Count.", "", ""),
    ]


def test_csv_is_read_by_its_header_or_by_a_mapping(tmp_path: Path) -> None:
    table = 'instruction,input,output\n"Halve it, please.",8,"four\n4"\nSay hi.,,hi\n\n'
    expected = [("A", "Halve it, please.", "8", "four\n4"), ("B", "Say hi.", "", "hi")]
    assert texts(read(tmp_path / "x.csv", table)) == expected
    other = '\ufeffAufgabe;Eingabe;Antwort\n"Halve it, please.";8;"four\n4"\nSay hi.;;hi\n'
    mapping = {"instruction": "Aufgabe", "input": "Eingabe", "output": "Antwort"}
    assert texts(read(tmp_path / "x.txt", other, mapping)) == expected
    tabs = "instruction\tis_classification\tsource\nSpam or not?\tYes\tme\n"
    [task] = read(tmp_path / "x.tsv", tabs)
    assert isinstance(task, SeedTask) and task.is_classification and task.source == "me"


def test_a_separator_inside_a_text_is_no_new_row(tmp_path: Path) -> None:
    assert texts(read(tmp_path / "x.csv", "instruction,output\nSay\u2028hi.,a\x0bb\n")) == [
        ("B", "Say\u2028hi.", "", "a\x0bb")
    ]


def test_the_kind_can_be_said(tmp_path: Path) -> None:
    for kind in ("A", "B"):
        found = read(tmp_path / "x.json", json.dumps([SELF_INSTRUCT, ALPACA]), {}, kind)
        assert {one.kind for one in found if isinstance(one, SeedTask)} == {kind}


BAD = {
    "x.jsonl": (
        '{"instruction": "a"}\nbroken\n\n{"instruction": 3}\n{"instruction": "b"}',
        ["line 2", "line 4"],
    ),
    "x.json": ('[{"instruction": "a"}, 7, {"output": "x"}, {"instruction": "b"}]', ["task 2", "task 3"]),
    "x.csv": (
        "instruction,is_classification\na,\nb,maybe\nc,no,more\n ,yes\nd,no\n",
        ["line 3", "line 4", "line 5"],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_ones_are_named_and_the_others_stay(tmp_path: Path, name: str) -> None:
    content, places = BAD[name]
    found = read(tmp_path / name, content)
    assert [one.place for one in found if isinstance(one, BadTask)] == places
    assert len([one for one in found if isinstance(one, SeedTask)]) == 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"question,answer\na,b\n", "no column for the instruction.*question, answer"),
        ("x.csv", b"", "no column for the instruction"),
        ("x.csv", b"instruction\n\xff\n", "not UTF-8"),
        ("x.csv", b'instruction\n"a"b\n', "line 2: this is not CSV"),
        ("x.json", b"[{", "not JSON"),
        ("x.txt", b"\xff", "UTF-8"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(IntakeError) as refused:
        read(tmp_path / name, content)
    assert refused.match(f"(?s){says}")


def test_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="no column 'Frage'"):
        read(tmp_path / "x.csv", "instruction\na\n", {"instruction": "Frage"})
