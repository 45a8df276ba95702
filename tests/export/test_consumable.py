"""Every format, loaded by the libraries that trainers load with; what they give back is what was decided."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
import yaml
from datasets import Dataset, DatasetDict, load_dataset

from app.errors import ExportError
from app.export.formats import FORMS
from app.export.request import CONTAINERS, FORMATS, request
from app.export.write import export
from app.store import decisions
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.text import storable
from tests.hostile import HOSTILE
from tests.store.material import add_item, start_run

# CSV's own readers take NUL for the end of a text.
TEXTS = [storable(text) for name, text in HOSTILE.items() if text.strip() and name not in ("nul", "long")]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep caches of `datasets` out of the home folder and the network out of the tests."""
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)


@pytest.fixture
def judged(project: Project) -> Project:
    """An accepted row for each hostile text, one without input, one rejected."""

    def change(c: Connection) -> None:
        run = start_run(c)
        for text in TEXTS:
            item = add_item(c, run, text, text, outputs=(text, "another"))
            decisions.decide(c, "ann", "accept", [ItemDecision(item.id)])
        plain = add_item(c, run, "No input.", "", outputs=("yes", "no"), kind="B")
        decisions.decide(c, "ann", "accept", [ItemDecision(plain.id)])
        bad = add_item(c, run, "Rejected.", "x", outputs=("bad", "worse"))
        decisions.decide(c, "ann", "reject", [ItemDecision(bad.id)])

    project.write_now(change)
    return project


def expected(project: Project, path: Path, form: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return the rows as the JSONL export has them, which other tests hold to the project."""
    lines = export(project, path, request(form, **wanted), force=True).path.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("format", FORMS)
def test_datasets_loads_every_form_as_json(judged: Project, tmp_path: Path, format: str) -> None:
    path = export(judged, tmp_path / "rows.json", request(format)).path
    loaded = load_dataset("json", data_files=str(path), split="train")
    assert isinstance(loaded, Dataset)
    text = path.read_text("utf-8")
    assert loaded.to_list() == (
        json.loads(text) if format == "alpaca" else [json.loads(line) for line in text.splitlines()]
    )


@pytest.mark.parametrize("form", FORMS)
def test_parquet_holds_every_form_with_its_types(judged: Project, tmp_path: Path, form: str) -> None:
    path = export(judged, tmp_path / "rows.parquet", request("parquet", rows=form)).path
    table = pyarrow.parquet.read_table(path)
    rows = table.to_pylist()
    if form != "alpaca":
        assert rows == expected(judged, tmp_path / "rows.jsonl", form)
    assert load_dataset("parquet", data_files=str(path), split="train").to_list() == rows
    assert not [field for field in table.schema if field.type == pyarrow.null()]


def test_parquet_of_nothing_still_has_its_columns(project: Project, tmp_path: Path) -> None:
    path = export(project, tmp_path / "none.parquet", request("parquet", rows="dpo")).path
    table = pyarrow.parquet.read_table(path)
    assert (table.num_rows, table.column_names) == (0, ["prompt", "chosen", "rejected"])


def test_parquet_is_written_in_groups(
    judged: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.export.sinks._ROW_GROUP", 5)
    path = export(judged, tmp_path / "rows.parquet", request("parquet")).path
    assert pyarrow.parquet.ParquetFile(path).num_row_groups == -(-(len(TEXTS) + 1) // 5)


def test_parquet_without_pyarrow_says_what_to_install(
    judged: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"quorum-instruct\[parquet\]"):
        export(judged, tmp_path / "rows.parquet", request("parquet"))
    assert not (tmp_path / "rows.parquet").exists()


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if form.flat and name != "alpaca"])
def test_a_table_gives_back_every_text_but_for_the_marked_ones(
    judged: Project, tmp_path: Path, form: str
) -> None:
    report = export(judged, tmp_path / "rows.csv", request("csv", rows=form))
    rows = expected(judged, tmp_path / "rows.jsonl", form)
    with report.path.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    changed = [
        (name, text)
        for row, own in zip(read, rows, strict=True)
        for name, text in row.items()
        if text != own[name]
    ]
    assert all(text[1:] in [row[name] for row in rows] and text[0] == "'" for name, text in changed)
    assert len(changed) == report.escaped
    loaded = load_dataset("csv", data_files=str(report.path), split="train", keep_default_na=False)
    assert loaded.num_rows == len(rows) and loaded.column_names == list(rows[0])


@pytest.mark.parametrize("start", ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1"])
def test_no_cell_of_a_table_is_run_by_a_spreadsheet(project: Project, tmp_path: Path, start: str) -> None:
    project.write_now(lambda c: add_item(c, start_run(c), "Compute.", "x", outputs=(start,)))
    report = export(project, tmp_path / "rows.csv", request("csv"))
    assert report.escaped == 1
    assert f'"\'{start}"' in report.path.read_bytes().decode()


def test_a_folder_loads_by_its_card_with_its_splits(judged: Project, tmp_path: Path) -> None:
    report = export(
        judged, tmp_path / "set", request("datasets", rows="alpaca-jsonl", split="60/20/20", provenance=True)
    )
    loaded = load_dataset(str(tmp_path / "set"))
    assert isinstance(loaded, DatasetDict)
    assert {name: part.num_rows for name, part in loaded.items()} == {
        file.part: file.rows for file in report.files if file.rows
    }
    everything = [row for part in loaded.values() for row in part.to_list()]
    rows = expected(judged, tmp_path / "rows.jsonl", "alpaca-jsonl")
    assert sorted(everything, key=json.dumps) == sorted(rows, key=json.dumps)


def test_a_part_that_got_no_row_keeps_nobody_from_loading_the_others(
    project: Project, tmp_path: Path
) -> None:
    project.write_now(lambda c: add_item(c, start_run(c), "Only one."))
    wanted = request("datasets", split="90/5/5", trainers=["llama-factory", "axolotl"])
    report = export(project, tmp_path / "set", wanted)
    assert [file.rows for file in report.files] == [1, 0, 0]
    loaded = load_dataset(str(tmp_path / "set"))
    assert isinstance(loaded, DatasetDict)
    assert {name: part.num_rows for name, part in loaded.items()} == {"train": 1}
    assert list(json.loads((tmp_path / "set/dataset_info.json").read_text())) == ["set_train"]
    assert "validation" not in (tmp_path / "set/axolotl.yaml").read_text()


# ---- what trainers are told ----------------------------------------------------------------------


def test_llama_factory_finds_each_part_and_its_columns(judged: Project, tmp_path: Path) -> None:
    wanted = request("dpo-llama-factory", split="70/30", trainers=["llama-factory"], system="Be brief.")
    report = export(judged, tmp_path / "pairs.jsonl", wanted)
    info = json.loads((tmp_path / "dataset_info.json").read_text())
    assert list(info) == ["pairs_train", "pairs_validation"]
    assert info["pairs_train"] == {
        "file_name": "pairs.train.jsonl",
        "ranking": True,
        "columns": {
            "prompt": "instruction",
            "query": "input",
            "chosen": "chosen",
            "rejected": "rejected",
            "system": "system",
        },
    }
    keys = set(json.loads(report.path.read_text().splitlines()[0]))
    assert set(info["pairs_train"]["columns"].values()) == keys


def test_a_dataset_info_that_is_there_keeps_what_it_says(judged: Project, tmp_path: Path) -> None:
    info = tmp_path / "dataset_info.json"
    info.write_text('{"mine": {"file_name": "mine.json"}}')
    wanted = request("sharegpt", trainers=["llama-factory"])
    export(judged, tmp_path / "chats.jsonl", wanted)
    assert json.loads(info.read_text()) == {
        "mine": {"file_name": "mine.json"},
        "chats": {
            "file_name": "chats.jsonl",
            "formatting": "sharegpt",
            "columns": {"messages": "conversations"},
        },
    }
    (tmp_path / "chats.jsonl").unlink()
    with pytest.raises(ExportError, match="already has a data set chats"):
        export(judged, tmp_path / "chats.jsonl", wanted)
    info.write_text("not json")
    with pytest.raises(ExportError, match="not a JSON object"):
        export(judged, tmp_path / "other.jsonl", wanted, force=True)
    assert info.read_text() == "not json"
    assert not (tmp_path / "other.jsonl").exists()


@pytest.mark.parametrize(
    ("format", "entry"),
    [
        ("messages", {"type": "chat_template", "field_messages": "messages"}),
        (
            "sharegpt",
            {
                "type": "chat_template",
                "field_messages": "conversations",
                "message_property_mappings": {"role": "from", "content": "value"},
            },
        ),
        ("alpaca-jsonl", {"type": "alpaca"}),
        ("dpo-axolotl", {"type": "chatml.intel"}),
        ("ranked", {"type": "zephyr.nectar"}),
    ],
)
def test_axolotl_is_told_type_and_files(
    judged: Project, tmp_path: Path, format: str, entry: dict[str, Any]
) -> None:
    export(judged, tmp_path / "a b.jsonl", request(format, split="80/10/10", trainers=["axolotl"]))
    config = yaml.safe_load((tmp_path / "a b.axolotl.yaml").read_text())
    train, validation = (f"a b.{part}.jsonl" for part in ("train", "validation"))
    assert config == {
        **({"rl": "dpo"} if format in ("dpo-axolotl", "ranked") else {}),
        "datasets": [{"path": train, "ds_type": "json", "split": "train", **entry}],
        "test_datasets": [{"path": validation, "ds_type": "json", "split": "train", **entry}],
    }


def test_a_form_that_a_trainer_does_not_read_is_refused() -> None:
    with pytest.raises(ExportError, match="axolotl does not read the form lamini"):
        request("lamini", trainers=["axolotl"])
    with pytest.raises(ExportError, match="LLaMA-Factory does not read the form ranked"):
        request("ranked", trainers=["llama-factory"])


def test_every_format_is_loaded_here() -> None:
    assert set(FORMATS) == {*FORMS, *CONTAINERS} == {*FORMS, "csv", "parquet", "datasets"}
