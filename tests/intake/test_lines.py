"""The one reader of files: numbers as an editor shows them, and each bad line the same for every command."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import IntakeError
from app.intake import decided, lines, reader
from app.intake.dedup import Ways, dedup
from app.intake.lines import Fault
from app.intake.topics import read_topics


def records(data: bytes, longest: int = lines.LONGEST_LINE) -> list[lines.Line]:
    return list(lines.records(io.BytesIO(data), "x.jsonl", "{…}", longest))


def test_lines_are_numbered_as_an_editor_does_and_blank_ones_are_skipped() -> None:
    data = b'{"a": 1}\r\n\n  \t\n{"a": "x\\ny\xe2\x80\xa8z"}\n\x0c\n{"a": 3}'
    assert [(line.number, line.record) for line in records(data)] == [
        (1, {"a": 1}),
        (4, {"a": "x\ny\u2028z"}),
        (6, {"a": 3}),
    ]


def test_a_line_keeps_its_bytes_and_knows_where_it_ends() -> None:
    data = b'\xef\xbb\xbf{"a": 1}\r\n\n{"a":  2}'
    first, second = records(data)
    assert (first.record, second.record) == ({"a": 1}, {"a": 2})
    assert first.raw + b"\n" + second.raw == data
    assert (first.end, second.end) == (13, len(data))


BAD = {
    "broken": (b"{", "this is not JSON"),
    "a NUL": (b'{"a": "\0"}', "this is not JSON"),
    "only NULs": (b"\0\0\0", "this is not JSON"),
    "another encoding": (b'{"a": "\xe9"}', "byte 8 is not UTF-8"),
    "half a surrogate pair in bytes": (b'{"a": "\xed\xa0\x80"}', "byte 8 is not UTF-8"),
    "a mark in the middle": (b'\xef\xbb\xbf{"a": 1}', "this is not JSON"),
    "a list": (b"[1]", "this is not a JSON object"),
    "a key twice": (b'{"a": 1, "a": 2}', "the key 'a' appears twice"),
    "a number that is none": (b'{"a": NaN}', "NaN is not JSON"),
    "bottomless": (b"[" * 100_000, "it is nested too deeply"),
    "a huge number": (b'{"a": ' + b"1" * 5000 + b"}", "thousands of digits"),
    "too long": (b'{"a": "' + b"x" * (2 << 20) + b'"}', "it is longer than 1 MiB"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_one_fault_among_good_lines(name: str) -> None:
    bad, what = BAD[name]
    first, second, third = records(b'{"a": 1}\n' + bad + b'\n{"a": 3}\n', longest=1 << 20)
    assert (first.record, third.record, third.number) == ({"a": 1}, {"a": 3}, 3)
    assert isinstance(second.record, Fault) and what in second.record.what


@pytest.mark.parametrize("name", sorted(set(BAD) - {"too long"}))
def test_all_commands_say_the_same_of_a_bad_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"\n{}\n" + BAD[name][0] + b"\n")
    with reader.opened(path) as tasks, decided.opened(path) as decisions:
        list(tasks), list(decisions)
    [first], [second] = (
        [bad for bad in account.first_bad if bad.line == 3] for account in (tasks.account, decisions.account)
    )
    assert first.what == second.what
    with path.open("ab+") as file:
        file.write(b'{"instruction": "Sing."}')
        file.seek(0)
        report = dedup(file, str(path), io.BytesIO(), Ways())
    assert [bad.what for bad in report.account.first_bad if bad.line == 3] == [first.what]


@pytest.mark.parametrize("begins", [b"\xff\xfe{\0", b"\xfe\xff\0{", b"{\0 \0", b"\0{\0}"])
def test_utf_16_is_refused_as_a_whole_by_all(tmp_path: Path, begins: bytes) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(begins + b"}\0")
    readers: list[Callable[[Path], object]] = [
        lambda path: reader.opened(path).__enter__(),
        lambda path: decided.opened(path).__enter__(),
        lambda path: dedup(path.open("rb"), str(path), io.BytesIO(), Ways()),
        read_topics,
    ]
    for read in readers:
        with pytest.raises(IntakeError, match="is UTF-16 text"):
            read(path)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary().map(lambda data: data.replace(b"\n", b"")), max_size=6))
def test_any_bytes_give_one_line_each_and_never_another_error(parts: list[bytes]) -> None:
    data = b"\n".join(parts)
    try:
        found = records(data, longest=20)
    except IntakeError:
        assert data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:4].count(0) == 2
        return
    kept = [number for number, part in enumerate(parts, 1) if part[:21].removeprefix(b"\xef\xbb\xbf").strip()]
    assert [line.number for line in found] == (kept if parts else [])


def test_a_long_line_is_not_held_in_memory_and_neither_is_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        file.write(b'{"a": "' + b"x" * 30_000_000 + b'"}\n')
        for _ in range(50):
            file.write((json.dumps({"a": "y" * 100}).encode() + b"\n") * 2_000)
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            count = sum(1 for _ in lines.records(file, "x", "{…}", 1 << 20))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 100_001
    assert peak < 8_000_000


def test_texts_come_with_blank_lines_and_are_refused_by_number(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\n\ntwo")
    assert list(lines.texts(path, 100)) == [(1, "one\r\n"), (2, "\n"), (3, "two")]
    path.write_bytes(b"one\n\xff\n")
    with pytest.raises(IntakeError, match="line 2: byte 1 is not UTF-8"):
        list(lines.texts(path, 100))
    path.write_bytes(b"one\n" + b"x" * 101)
    with pytest.raises(IntakeError, match="line 2: it is longer than 100 bytes"):
        list(lines.texts(path, 100))


def test_a_key_that_comes_twice_is_found_among_very_many_in_a_moment() -> None:
    keys = ",".join(f'"k{number}": 1' for number in range(300_000))
    [line] = records(f'{{{keys}, "k299999": 2}}'.encode())
    assert isinstance(line.record, Fault)
    assert line.record.what == "the key 'k299999' appears twice"
