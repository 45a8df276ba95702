from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.errors import IntakeError
from app.intake.dedup import DedupReport, NearLine, Ways, dedup
from app.intake.lines import BadLine

FRENCH = "Put the sentence into French."


@dataclass
class Done:
    """What came of a file: its bytes, what was near and set aside, and the report."""

    written: bytes = b""
    near: list[NearLine] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    report: DedupReport | None = None

    @property
    def kept(self) -> list[Any]:
        return [json.loads(line) for line in self.written.splitlines()]


def deduped(
    data: bytes, *fields: str, name: str = "data.jsonl", against: Sequence[Path] = (), **ways: Any
) -> Done:
    done, out = Done(), io.BytesIO()
    done.report = dedup(
        *(io.BytesIO(data), name, out, Ways(fields, **ways)),
        against=against,
        near=done.near.append,
        aside=lambda bad, _raw: done.bad.append(bad),
    )
    done.written = out.getvalue()
    assert done.report.lines - done.report.kept == sum(not line.kept for line in done.near)
    assert done.report.twins == sum(line.kept for line in done.near)
    return done


def jsonl(*records: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def instructions(*texts: str) -> bytes:
    return jsonl(*({"instruction": text} for text in texts))


def test_tasks_of_one_instruction_are_told_apart_by_their_inputs() -> None:
    inputs = ["The dog sleeps.", "It snows today.", "We are late.", "it snows today"]
    done = deduped(jsonl(*({"instruction": FRENCH, "input": input} for input in inputs)))
    assert [record["input"] for record in done.kept] == inputs[:3]
    [dropped] = done.near
    assert (dropped.line, dropped.nearest_line, dropped.score) == (4, 2, 1.0)
    assert dropped.text == f"{FRENCH}\nit snows today"


@pytest.mark.parametrize(
    ("texts", "kept", "tokeniser"),
    [
        (
            ["写一首有7行的诗。", "计算边长为7的正方形。", "列出秋天的水果。", "列出秋天的水果。"],
            3,
            "unicode",
        ),
        (["Назови столицу Чили.", "Назови столицу Чили."], 1, "unicode"),
        (["Name a sea.", "Name a sea!", "Name a lake in the north."], 2, "rouge-score"),
    ],
)
def test_each_text_is_compared_in_its_script(texts: list[str], kept: int, tokeniser: str) -> None:
    done = deduped(instructions(*texts))
    assert len(done.kept) == kept
    assert done.report and done.report.tokenisers == {tokeniser: len(texts)}


def test_the_tokeniser_and_the_threshold_can_be_named() -> None:
    data = instructions("写一首有7行的诗。", "计算边长为7的正方形。", "a b c d", "a b c e")
    assert [line.line for line in deduped(data, tokeniser="rouge-score").near] == [2, 4]
    assert deduped(data, threshold=0.8).near == []


def test_twins_of_another_sign_number_or_symbol_are_kept_and_told() -> None:
    data = instructions("What is 18 + 3?", "What is 18 - 3?", "What is F++?", "What is F#?", "What is F?")
    done = deduped(data)
    assert done.written == data
    told = [(line.line, line.nearest_line, line.differs, line.kept) for line in done.near]
    assert told == [(2, 1, True, True), (4, 3, True, True), (5, 3, True, True)]
    aggressive = deduped(data, aggressive=True)
    assert aggressive.written == b"".join(data.splitlines(keepends=True)[::2][:2])
    assert all(line.differs and not line.kept for line in aggressive.near)


def test_kept_lines_are_unchanged_to_the_last_byte() -> None:
    data = (
        b'\xef\xbb\xbf{"instruction":  "one two", "x": "\\u00e9", "y": 1e2}\r\n\n  {"instruction": "three"}'
    )
    assert deduped(data).written == data.replace(b"\n\n", b"\n")


TURNS = [{"role": "user", "content": "Name a sea."}, {"role": "assistant", "content": "The Baltic."}]
EARLIER = [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Yes?"}]


@pytest.mark.parametrize(
    ("records", "kept"),
    [
        ([{"messages": TURNS}, {"messages": EARLIER + TURNS}, {"messages": TURNS, "id": 3}], [0, 1]),
        ([{"conversations": [{"from": "human", "value": "Name a sea."}]}] * 2, [0]),
        (
            [{"instruction": FRENCH, "context": text, "response": "?"} for text in ("Hi.", "Bye.", "Hi")],
            [0, 1],
        ),
        ([{"prompt": "Name a sea.", "completion": text} for text in ("The Baltic.", "The Aral.")], [0]),
        (
            [
                {"instruction": FRENCH, "instances": [{"input": text, "output": ""} for text in inputs]}
                for inputs in (["Hi.", "Bye."], ["Hi."], ["hi.", "Bye"])
            ],
            [0, 1],
        ),
        ([{"instruction": "Name a sea.", "system": text} for text in ("You are a cook.", "", "")], [0, 1]),
        ([{"instruction": "Name a sea.", "turns": turns} for turns in ([], EARLIER, EARLIER)], [0, 1]),
        ([{"instruction": "Name a sea.", "outputs": "odd", "is_classification": "odd"}] * 2, [0]),
    ],
)
def test_every_form_is_compared_by_its_task(records: list[dict[str, Any]], kept: list[int]) -> None:
    assert deduped(jsonl(*records)).kept == [records[place] for place in kept]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            "rows.json",
            b'[\n {"instruction": "Hum", "x": 1.50},\n {"instruction": "hum"},\n {"instruction": "Sing."}\n]',
            b'[\n {"instruction": "Hum", "x": 1.50},\n {"instruction": "Sing."}\n]\n',
        ),
        (
            "rows.json",
            b'[{"instruction": "Sing."}, {"instruction": "Sing."}]',
            b'[{"instruction": "Sing."}]\n',
        ),
        ("rows.json", b"[]", b"[]\n"),
        (
            "rows.csv",
            b'\xef\xbb\xbfsep=;\r\nid;Instruction;note\r\n1;"Hum\r\nit.";"x;y"\r\n2;hum it;\r\n3;Sing.;z',
            b'\xef\xbb\xbfsep=;\r\nid;Instruction;note\r\n1;"Hum\r\nit.";"x;y"\r\n3;Sing.;z',
        ),
        ("rows.tsv", b"instruction\tinput\nSing.\t\nSing.\t\n", b"instruction\tinput\nSing.\t\n"),
        ("rows.txt", b"Name a sea.\r\n\nName a sea!\nSing.", b"Name a sea.\r\nSing."),
        (
            "objects.json",
            b'{\n  "instruction": "Sing."\n}\n{\n  "instruction": "sing"\n}\n',
            b'{\n  "instruction": "Sing."\n}\n',
        ),
    ],
)
def test_what_is_kept_has_the_form_of_the_file(name: str, data: bytes, expected: bytes) -> None:
    assert deduped(data, name=name).written == expected


def test_a_parquet_file_keeps_its_columns_types_and_metadata(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    table = pa.table(
        {
            "instruction": pa.array(["Name a sea.", "Sing.", "Name a sea!"]),
            "odd": pa.array([[1], None, [2, 3]], pa.list_(pa.int16())),
        }
    ).replace_schema_metadata({"maker": "somebody"})
    given = io.BytesIO()
    pq.write_table(table, given, compression="ZSTD")
    done = deduped(given.getvalue(), name="rows.parquet")
    written = pq.ParquetFile(io.BytesIO(done.written))
    assert written.read().equals(pq.read_table(given).slice(0, 2), check_metadata=True)
    assert written.metadata.row_group(0).column(0).compression == "ZSTD"
    assert [line.line for line in done.near] == [3] and done.report and done.report.account.unit == "row"


def test_fields_are_named_by_dots_and_compared_together() -> None:
    rows = [
        {"q": {"text": "Name a sea."}, "lang": "en", "n": 1},
        {"q": {"text": "Name a sea."}, "lang": "de", "n": 2},
        {"q": {"text": "Name a sea!"}, "lang": "EN", "n": 3},
    ]
    assert [row["n"] for row in deduped(jsonl(*rows), "q.text", "lang").kept] == [1, 2]
    assert [row["n"] for row in deduped(jsonl(*rows), "q.text").kept] == [1]
    assert [row["n"] for row in deduped(jsonl(*rows), "N").kept] == [1, 2, 3]


def test_instruction_alone_can_be_compared_in_every_form() -> None:
    rows = jsonl({"messages": TURNS}, {"messages": EARLIER + TURNS}, {"messages": EARLIER})
    assert [line.line for line in deduped(rows, "instruction").near] == [2]
    assert deduped(rows, "messages.0", "instruction").near == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{oops", "this is not JSON"),
        (b"\xff\xfe", "byte 1 is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1]", "not a JSON object"),
        (b'{"instruction": 3}', "must be text"),
        (b'{"instruction": "x", "instruction": "y"}', "appears twice"),
        (b'{"text": "x"}', "no known form; its fields: text"),
        (b'{"messages": [{"role": "tool", "content": "x"}]}', "'tool'"),
    ],
)
def test_a_bad_line_sets_itself_aside_with_its_number(line: bytes, told: str) -> None:
    data = instructions("Sing.") + b"\n" + line + b"\n" + instructions("Name a sea.")
    done = deduped(data)
    assert [record["instruction"] for record in done.kept] == ["Sing.", "Name a sea."]
    [bad] = done.bad
    assert bad.line == 3 and told in bad.what
    assert done.report and done.report.account.first_bad == [bad]


@pytest.mark.parametrize(
    ("data", "fields", "name", "told"),
    [
        (b"{oops\n{oops\n", (), "x.jsonl", "nothing to compare; line 1: this is not JSON"),
        (b'{"instruction": "x"}\n', ("task",), "x.jsonl", "no field 'task'"),
        (
            b"Question,Answer\na,b\n",
            (),
            "x.csv",
            "no column for the instruction; its columns: Question, Answer",
        ),
        (b"Question,Answer\na,b\n", ("Query",), "x.csv", "no field 'Query'"),
        (b"PK\x03\x04", (), "x.xlsx", "Excel"),
    ],
)
def test_a_file_with_nothing_to_compare_is_refused(
    data: bytes, fields: tuple[str, ...], name: str, told: str
) -> None:
    with pytest.raises(IntakeError, match=told):
        deduped(data, *fields, name=name)


def test_a_table_of_no_known_form_is_compared_by_the_columns_named() -> None:
    rows = [["Question", "Answer"], ["Name a sea.", "Baltic"], ["name a sea", "Aral"], ["Sing", "La"]]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    done = deduped(text.getvalue().encode(), "question", name="x.csv")
    assert done.written.decode() == "Question,Answer\nName a sea.,Baltic\nSing,La\n"


def test_files_of_known_tasks_may_have_another_form(tmp_path: Path) -> None:
    known, more = tmp_path / "known.csv", tmp_path / "more.txt"
    known.write_text("instruction,input\nName a colour of the sky.,\n", "utf-8")
    more.write_text("\nCount to ten.\n\udcff", "utf-8", "surrogateescape")
    done = deduped(instructions("Name a colour of the sea.", "Count to ten", "Sing."), against=[known, more])
    assert [record["instruction"] for record in done.kept] == ["Sing."]
    told = [(line.nearest_file, line.nearest_line, line.nearest) for line in done.near]
    assert told == [(str(known), 2, "Name a colour of the sky."), (str(more), 2, "Count to ten.")]
    assert done.report and done.report.known[str(more)].bad == 1
    with pytest.raises(IntakeError, match="nowhere"):
        deduped(instructions("x"), against=[tmp_path / "nowhere.jsonl"])
