"""The one reader: which form a file has, what is taken of it, and what it says of the rest."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import IntakeError
from app.intake.forms import BY, FORMS, WORDS
from app.intake.reader import Entry, Reading, opened, reading
from app.intake.record import Output, Record
from app.method.turns import Turn
from tests.hostile import HOSTILE


def read(data: bytes | str, name: str = "x.jsonl", **how: Any) -> tuple[Reading, list[Entry]]:
    source = reading(io.BytesIO(data.encode() if isinstance(data, str) else data), name, **how)
    return source, list(source)


def rows(*records: Any) -> str:
    return "\n".join(map(json.dumps, records))


def only(entries: list[Entry]) -> Record:
    [entry] = entries
    assert entry.fault is None, entry.fault.what
    [record] = entry.records
    return record


SEA = "Name a sea."
PIRATE = Turn("system", "Talk like a pirate.")
FILES: dict[str, tuple[dict[str, Any], Record, str]] = {
    "Self-Instruct": (
        {"id": 7, "name": "sea", "instruction": SEA, "instances": [{"input": "", "output": "Baltic"}]},
        Record(SEA, outputs=(Output("", "Baltic"),), id="7", name="sea"),
        "instruction, instances → input, output, name, id",
    ),
    "Alpaca": (
        {"instruction": SEA, "input": "cold", "output": "Baltic", "Generator": "m", "text": "whole"},
        Record(SEA, "cold", (Output("m", "Baltic"),), kind="A"),
        "instruction, input, output, Generator → model; not taken over: text (1)",
    ),
    "Dolly": (
        {"instruction": SEA, "context": "cold", "response": "Baltic", "category": "qa"},
        Record(SEA, "cold", (Output("", "Baltic"),), kind="A"),
        "instruction, context → input, response → output; not taken over: category (1)",
    ),
    "LaMini": (
        {"instruction": SEA, "response": "Baltic", "instruction_source": "alpaca"},
        Record(SEA, outputs=(Output("", "Baltic"),), source="alpaca"),
        "instruction, response → output, instruction_source → source",
    ),
    "LLaMA-Factory": (
        {
            "instruction": SEA,
            "input": "",
            "output": "Baltic",
            "system": PIRATE.text,
            "history": [["Hi", "Ahoy"]],
        },
        Record(
            SEA,
            outputs=(Output("", "Baltic"),),
            turns=(PIRATE, Turn("user", "Hi"), Turn("assistant", "Ahoy")),
        ),
        "instruction, input, output, system, history → earlier turns",
    ),
    "messages": (
        {
            "messages": [
                {"role": "system", "content": PIRATE.text},
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Ahoy", "name": "bot"},
                {"role": "user", "content": [{"type": "text", "text": SEA}]},
            ]
        },
        Record(SEA, turns=(PIRATE, Turn("user", "Hi"), Turn("assistant", "Ahoy"))),
        "messages → turns, instruction, output; not taken over: messages.name (1)",
    ),
    "ShareGPT": (
        {
            "system": PIRATE.text,
            "conversations": [{"from": "human", "value": SEA}, {"from": "gpt", "value": "Baltic"}],
        },
        Record(SEA, outputs=(Output("", "Baltic"),), turns=(PIRATE,)),
        "conversations → turns, instruction, output, system",
    ),
    "prompt and completion": (
        {"prompt": [{"role": "user", "content": SEA}], "completion": [{"role": "assistant", "content": "B"}]},
        Record(SEA, outputs=(Output("", "B"),)),
        "prompt → instruction, completion → output",
    ),
    "prompts": (
        {"prompt": SEA, "chosen": "Baltic", "rejected": "Como", "margin": None},
        Record(SEA),
        "prompt → instruction; not taken over: chosen (1), rejected (1)",
    ),
    "distilabel": (
        {"instruction": SEA, "generations": ["Baltic", "The Baltic.", "B"], "model_names": ["a", "b", "a"]},
        Record(SEA, outputs=(Output("a", "Baltic"), Output("b", "The Baltic."), Output("a#2", "B"))),
        "instruction, generations → outputs, model_names → model",
    ),
    "candidates": (
        {
            "instruction": SEA,
            "outputs": [{"model": "a", "output": "Baltic", "score": 3}],
            "reference": "Baltic",
            "model": "x",
        },
        Record(SEA, outputs=(Output("a", "Baltic"),), references=("Baltic",)),
        "instruction, outputs, reference; not taken over: outputs.score (1), model (1)",
    ),
    "Ensemble-Instruct": (
        {"instruction": SEA, "raw_instances": "input: …", "request_idx": 3},
        Record(SEA),
        "instruction; not taken over: raw_instances (1), request_idx (1)",
    ),
    "Super-NaturalInstructions": (
        {
            "Definition": ["Name", "one."],
            "Positive Examples": [{"input": "x"}],
            "Negative Examples": [],
            "Instances": [{"id": "t-1", "input": "a sea", "output": ["Baltic", "the Baltic"]}],
        },
        Record("Name\none.", "a sea", references=("Baltic", "the Baltic"), kind="A", id="t-1"),
        "Definition → instruction, Instances → input, reference; not taken over: Positive Examples (1)",
    ),
    "user-oriented tasks": (
        {
            "id": "u0",
            "motivation_app": "Atlas",
            "instruction": SEA,
            "instances": [{"input": "", "output": "Baltic"}],
        },
        Record(SEA, references=("Baltic",), name="Atlas", id="u0"),
        "instruction, instances → input, reference, motivation_app → name, id",
    ),
    "instructions": (
        {"instruction": SEA, "kind": "A", "source": {"a": 1}},
        Record(SEA, kind="A"),
        "instruction, kind, source; not taken over: source (1)",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_form_is_recognised_and_what_it_leaves_is_named(name: str) -> None:
    fields, record, says = FILES[name]
    source, entries = read(rows(fields))
    assert only(entries) == record
    assert str(source.account) == f"read as {name}: {says}"


def test_every_form_of_the_table_is_tried() -> None:
    assert {form.name for form in FORMS} == FILES.keys()


MANUAL = Path(__file__).resolve().parents[2] / "app" / "manual" / "import.md"
FORM_ROWS = [
    [cell.strip() for cell in line.strip("| \n").split(" | ")]
    for line in MANUAL.read_text("utf-8").split("## The forms")[1].split("##")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| form |")
]


def test_the_manual_lists_every_form_with_what_tells_it_and_what_is_taken() -> None:
    def written(field: str, meaning: str) -> str:
        word = WORDS.get(meaning, meaning)
        return f"`{field}`" if field == word else f"`{field}` → {word}"

    expected = [
        [
            form.name,
            ", ".join(" or ".join(f"`{name}`" for name in need.split("|")) for need in form.needs),
            ", ".join(written(*taken) for taken in form.takes.items() if taken[0] not in BY),
        ]
        for form in FORMS
    ]
    assert [row[:3] for row in FORM_ROWS] == expected


@pytest.mark.parametrize("row", FORM_ROWS, ids=lambda row: row[0])
def test_what_the_manual_says_is_named_is_named(row: list[str]) -> None:
    fields = re.findall("`(.*?)`", row[3]) if len(row) > 3 else []
    source, [entry] = read(rows({**FILES[row[0]][0], **dict.fromkeys(fields, "x")}))
    assert entry.records
    assert {*fields} <= source.account.left.keys()


def test_containers_are_told_by_their_content() -> None:
    record = {"instruction": SEA, "output": "Baltic"}
    for data, name, what in (
        (rows(record, record), "x", "JSONL"),
        (json.dumps([record]), "x.jsonl", "JSON"),
        (json.dumps([record], indent=1), "x", "JSON"),
        (json.dumps(record, indent=1), "x.json", "JSON"),
        (json.dumps(record, indent=1) * 2, "x.txt", "JSON"),
        (rows(record), "x.txt", "JSONL"),
        ('{"instruction": "half\n' + rows(record, record), "x.jsonl", "JSONL"),
        ("instruction,output\nName a sea.,Baltic\n", "x", "CSV"),
        ("sep=;\ninstruction;output\nName a sea.;Baltic\n", "x.txt", "CSV"),
        (SEA, "x.txt", "text"),
        ("[a] Name, the sea.\n{b} Name it.", "x.txt", "text"),
    ):
        for mark in (b"", b"\xef\xbb\xbf"):
            source, entries = read(mark + data.encode(), name)
            assert source.what == what, data
            assert [entry.records[0].instruction for entry in entries if entry.records]


def test_repeats_are_counted_and_the_first_is_named() -> None:
    same = {"instruction": SEA, "output": "Baltic"}
    source, entries = read(rows(same, {"instruction": SEA, "output": "Red Sea"}, same, same))
    assert [len(entry.fresh) for entry in entries] == [1, 1, 0, 0]
    assert [len(entry.records) for entry in entries] == [1, 1, 1, 1]
    assert str(source.account).endswith(
        "; 2 repeat an earlier line (first: 3); "
        "1 repeats the task of an earlier line with another answer (first: 2)"
    )


def test_repeats_in_an_array_are_items_of_it_and_in_a_text_lines() -> None:
    rows_of_array = [{"instruction": text, "output": "x"} for text in (SEA, "Name a lake.", SEA)]
    source, entries = read(json.dumps(rows_of_array), "x.json")
    assert [len(entry.fresh) for entry in entries] == [1, 1, 0]
    assert str(source.account).endswith("; 1 repeats an earlier item (first: 3)")
    source, _ = read(f"{SEA}\nName a lake.\n{SEA}\n", "x.txt")
    assert (
        str(source.account) == "read as plain text: line → instruction; 1 repeats an earlier line (first: 3)"
    )


def test_fields_are_named_by_hand_in_every_form_and_inside_others() -> None:
    fields = {"q": SEA, "answer": {"text": "Baltic", "by": "ann", "more": {"a": 1, "b": None}}, "n": 0.5}
    columns = {"instruction": "Q", "output": "answer.text", "source": "answer.more.a"}
    source, entries = read(rows(fields), columns=columns)
    assert only(entries) == Record(SEA, outputs=(Output("", "Baltic"),), source="1")
    assert str(source.account) == (
        "read as named columns: q → instruction, answer.text → output, answer.more.a → source; "
        "not taken over: answer.by (1), n (1)"
    )
    dolly = {"instruction": SEA, "context": "", "response": "Baltic", "category": "qa"}
    source, entries = read(json.dumps([dolly]), columns={"source": "category"})
    assert only(entries).source == "qa" and only(entries).output == "Baltic"
    with pytest.raises(IntakeError, match="no field 'anwser'") as refused:
        read(rows(dolly), columns={"output": "anwser"})
    assert "instruction, context" in refused.value.hint


def test_a_model_that_failed_to_answer_takes_no_answers_of_others_with_it() -> None:
    names = {"generations": ["x", None, "y"], "model_names": ["a", "b", "a"]}
    _, entries = read(rows({"instruction": SEA, **names}))
    assert only(entries).outputs == (Output("a", "x"), Output("a#2", "y"))


def test_several_forms_in_one_file_are_told_apart() -> None:
    source, entries = read(
        rows({"instruction": SEA}, {"instruction": "b", "output": "c"}, {"instruction": "d"})
    )
    assert str(source.account) == "read as instructions (2): instruction; Alpaca (1): instruction, output"
    assert len(entries) == 3


BAD: dict[str, tuple[Any, str]] = {
    "no form": ({"question": SEA, "answer": "x"}, "no known form; its fields: question, answer"),
    "no fields": ({}, "no known form; its fields: none"),
    "empty": ({"instruction": " \n"}, "the instruction is empty"),
    "null": ({"instruction": None, "output": "x"}, "'instruction' is missing"),
    "a number": ({"instruction": 3}, "'instruction' must be text, not a number"),
    "a list": ({"instruction": SEA, "response": ["x"]}, "'response' must be text, not a list"),
    "an unclear truth": ({"instruction": SEA, "is_classification": "maybe"}, "must be true or false"),
    "no instances": ({"instruction": SEA, "instances": []}, "it has no instances"),
    "a bare instance": ({"instruction": SEA, "instances": ["x"]}, "an instance is not a JSON object"),
    "no turns": ({"messages": []}, "it has no messages"),
    "nobody asks": ({"messages": [{"role": "assistant", "content": "x"}]}, "no turn of it is the user's"),
    "a tool": ({"messages": [{"role": "tool", "content": "x"}]}, "a turn is by 'tool'"),
    "a picture": ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "more than text"),
    "two answers": (
        {"messages": [{"role": role, "content": "x"} for role in ("user", "assistant", "assistant")]},
        "several turns follow the user's last one",
    ),
    "a broken history": ({"instruction": SEA, "history": [["x"]]}, "pairs of texts"),
    "lists that do not fit": (
        {"instruction": SEA, "generations": ["a", "b"], "model_names": ["m"]},
        "2 texts in 'generations', and the number of models is 1",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_sets_itself_aside_and_the_others_stay(name: str) -> None:
    bad, what = BAD[name]
    good = {"instruction": "Halve it."}
    source, entries = read(rows(good, bad) + "\n\n" + rows(good))
    assert [entry.fault is None for entry in entries] == [True, False, True]
    assert source.account.bad == 1
    [aside] = source.account.first_bad
    assert str(aside).startswith("line 2: ") and what in aside.what


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_texts_come_as_they_are(text: str) -> None:
    _, entries = read(rows({"instruction": f"Say {text}", "input": text, "output": f"x{text}"}))
    text = json.loads(json.dumps(text))  # JSON joins the halves of a surrogate pair
    record = only(entries)
    assert (record.instruction, record.input, record.output) == (f"Say {text}", text, f"x{text}")


def test_every_entry_keeps_its_bytes() -> None:
    records = [{"instruction": f"a{n}", "x": "é" * n} for n in range(3)]
    lines = [
        json.dumps(record, ensure_ascii=n % 2 == 0).encode() + b" \r\n" for n, record in enumerate(records)
    ]
    _, entries = read(b"".join(lines))
    assert [entry.raw for entry in entries] == lines
    array = b"\xef\xbb\xbf[ " + b" ,\n".join(line.strip() for line in lines) + b"]"
    _, entries = read(array)
    assert [entry.raw for entry in entries] == [line.strip() for line in lines]
    assert entries[-1].end == len(array) - 1
    table = b'\xef\xbb\xbfinstruction,x\r\n"a\r\nb",1\r\nc,"2"'
    source, entries = read(table, "x.csv")
    assert source.head + b"".join(entry.raw for entry in entries) == table
    assert entries[-1].end == len(table)


FOREIGN = {
    b"PK\x03\x04....[Content_Types].xml": "x.bin is an Excel workbook",
    b"PK\x03\x04": "a ZIP archive",
    b"GGUF\3": "a GGUF model",
    b"%PDF-1.7": "a PDF",
    b"SQLite format 3\0": "an SQLite database",
    b"\x1f\x8b\x08": "a gzip archive",
    b"<!doctype HTML>": "a web page",
}


@pytest.mark.parametrize("head", FOREIGN)
def test_known_types_are_named_with_what_to_do(head: bytes) -> None:
    with pytest.raises(IntakeError, match=FOREIGN[head]) as refused:
        read(head, "x.bin")
    assert refused.value.hint


def test_other_languages_for_data_are_not_taken_for_lines_of_text() -> None:
    with pytest.raises(IntakeError, match=r"x\.YML is a YAML file"):
        read(b"- instruction: Name a sea.\n  output: The Baltic.\n", "x.YML")


def test_parquet_is_read_by_rows_and_asks_for_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import Table
    from pyarrow.parquet import write_table

    path = tmp_path / "x.parquet"
    turns = [{"role": "user", "content": SEA}, {"role": "assistant", "content": "Baltic"}]
    write_table(
        Table.from_pylist([{"messages": turns, "topic": "sea"}, {"messages": None, "topic": None}]), path
    )
    with opened(path) as source:
        first, second = source
    assert first.records == (Record(SEA, outputs=(Output("", "Baltic"),)),)
    assert (second.number, second.unit) == (2, "row") and second.fault
    write_table(Table.from_pylist([{"instruction": b"x"}]), tmp_path / "bytes.parquet")
    with opened(tmp_path / "bytes.parquet") as other:
        assert [read.fault.what for read in other if read.fault] == ["'instruction' must be text, not bytes"]
    assert source.account.left == {"topic": 1}
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(IntakeError, match="needs pyarrow") as refused, opened(path) as source:
        list(source)
    assert "quorum-instruct[parquet]" in refused.value.hint


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=100).map(str.encode),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=5),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*FILES, "instruction"]), inner),
            max_leaves=10,
        ).map(lambda value: json.dumps(value).encode()),
    ),
    st.sampled_from(["x.jsonl", "x.json", "x.csv", "x.txt", "x"]),
)
def test_any_bytes_are_read_or_refused_in_words(data: bytes, name: str) -> None:
    try:
        source, entries = read(data, name)
    except IntakeError as error:
        assert str(error)
    else:
        assert all(entry.records or entry.fault for entry in entries)
        assert isinstance(str(source.account), str)


FIELDS = st.sampled_from(sorted({field for form in FORMS for field in form.takes} | {"history", "system"}))
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "input", "output", "model"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(FIELDS, VALUES))
def test_any_value_of_a_known_field_is_taken_named_or_a_fault(fields: dict[str, Any]) -> None:
    _, [entry] = read(rows(fields))
    assert entry.records or entry.fault
