"""JSON arrays and objects of several lines, as a stream."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest

from app.errors import IntakeError
from app.intake.lines import Fault, Line
from app.intake.values import values


def read(text: str | bytes) -> list[Line]:
    data = text.encode() if isinstance(text, str) else text
    return list(values(io.BytesIO(data), "x.json", "{…}"))


def test_an_array_and_objects_that_follow_each_other_are_read() -> None:
    objects = [{"a": n, "b": ["é", {"c": None}]} for n in range(5)]
    for text in (
        json.dumps(objects),
        json.dumps(objects, indent=2, ensure_ascii=False),
        "\ufeff \n" + "\n".join(json.dumps(one, indent=1) for one in objects),
        "".join(map(json.dumps, objects)),
    ):
        assert [(line.number, line.record) for line in read(text)] == list(enumerate(objects, start=1))


def test_values_longer_than_a_piece_are_read_with_their_bytes() -> None:
    objects = [{"a": "é" * 400_000}, {"a": "x" * 700_000}, {"a": 1}]
    text = json.dumps(objects, ensure_ascii=False)
    found = read(text)
    assert [line.record for line in found] == objects
    assert [json.loads(line.raw) for line in found] == objects
    assert found[-1].end == len(text.encode()) - 1


@pytest.mark.parametrize(
    ("element", "says"),
    [
        ("7", "not a JSON object"),
        ('{"a": 1, "a": 2}', "the key 'a' appears twice"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"b": "' + "x" * 300_000 + '", "a": 1, "a": 2}', "twice"),
    ],
)
def test_an_element_that_cannot_be_used_is_one_of_many(element: str, says: str) -> None:
    first, bad, last = read(f'[{{"a": 1}}, {element}, {{"a": 3}}]')
    assert isinstance(bad.record, Fault) and says in bad.record.what
    assert (first.record, last.record, last.number) == ({"a": 1}, {"a": 3}, 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"a": 1},\n{"a"', "line 2, column 5"),
        ('[{"a": 1}', "']' is expected|',' is expected"),
        ('[{"a": 1} {"a": 2}]', "',' is expected"),
        ('[{"a": 1}] x', "follows the end"),
        ("[" * 100_000, "nested too deeply"),
        (b'[{"a": "\xff"}]', "byte 9 is not UTF-8"),
        ('{"a": ' + "1" * 5000 + "}", "thousands of digits"),
    ],
)
def test_a_file_that_stops_being_json_is_refused(text: str | bytes, says: str) -> None:
    with pytest.raises(IntakeError, match=says):
        read(text)


def test_an_empty_array_holds_nothing() -> None:
    assert read("[]") == read(" [ ] ") == read("") == []


def test_a_long_array_is_not_held_in_memory() -> None:
    data = b"[" + b",".join([b'{"a": "%s"}' % (b"x" * 1000)] * 20_000) + b"]"
    tracemalloc.start()
    try:
        assert sum(1 for _ in values(io.BytesIO(data), "x", "{…}")) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()
