"""Thousands of texts of any characters: what is imported is what the export gives back, to every reader."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pyarrow.json
import pytest

from app.cli.main import answer
from app.intake.seeds import read_seed_tasks
from app.store.text import storable
from tests.faults.figures import LONG, note
from tests.hostile import HOSTILE

ROWS = 10_000 if LONG else 2_000
PLANES = (
    (0x20, 0x7F),
    (0, 0x20),
    (0x7F, 0xA0),
    (0xA0, 0x800),
    (0x800, 0xD800),
    (0xE000, 0x10000),
    (0x10000, 0x110000),
)


def text_of(draw: random.Random, number: int) -> str:
    """Return any text that has something to see in it."""
    length = draw.choice((1, 3, 10, 60))
    drawn = "".join(chr(draw.randrange(*draw.choice(PLANES))) for _ in range(length))
    return f"t{number} {drawn} e"


def test_what_is_imported_is_what_every_reader_gets_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    draw = random.Random(1)
    texts = [text_of(draw, number) for number in range(ROWS)]
    texts += [f"h{number} {text} e" for number, text in enumerate(HOSTILE.values()) if len(text) < 1000]
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    with Path("given.jsonl").open("w", encoding="utf-8") as file:
        for text in texts:
            outputs = [{"model": "m", "output": text}, {"model": "n", "output": text}]
            record = {"instruction": text, "input": text, "outputs": outputs}
            file.write(json.dumps(record, ensure_ascii=draw.random() < 0.5) + "\n")
    assert answer(["import", "candidates", "x.db", "given.jsonl"]) == 0
    assert answer(["export", "x.db", "rows.jsonl", "--include", "all"]) == 0
    with Path("rows.jsonl").open("rb") as file:
        rows = [json.loads(line) for line in file]
    wanted = {text: (text, text) for text in map(storable, texts)}
    assert {row["instruction"]: (row["input"], row["output"]) for row in rows} == wanted
    assert len(rows) == len(wanted)
    assert pyarrow.json.read_json("rows.jsonl").to_pylist() == rows
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)
    assert datasets.load_dataset("json", data_files="rows.jsonl", split="train").to_list() == rows
    again = read_seed_tasks(Path("rows.jsonl"))
    assert [task.instruction for task in again] == [row["instruction"] for row in rows]
    note("texts imported, exported and read back", rows=len(rows), readers=4, changed=0)
