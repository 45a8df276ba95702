"""The bundled models: what their files promise, and that they know their world through the engine."""

from __future__ import annotations

import json
import random
from hashlib import sha256
from pathlib import Path

import pytest

from app.engine.catalog import BundledModels, default_style
from app.engine.gguf import read_header
from models.training import accuracy, world
from models.training.asking import answer_all

HERE = Path(__file__).parent
CARD = Path(__file__).resolve().parents[2] / "models" / "README.md"

# Well under what the model card states, so that another processor's rounding does not matter, and well
# over what a model gets that has lost a family, its template or its tokenizer.
FLOORS = {"writer": 65.0, "chat": 85.0, "t5": 85.0}
WORDING_FLOOR = 65.0


def test_the_files_are_small_and_say_what_they_are(bundled_models: BundledModels) -> None:
    writer, chat, t5 = (read_header(path) for path in (bundled_models.writer, *bundled_models.answerers))
    assert all(header.size <= 10_000_000 for header in (writer, chat, t5))
    assert {header.quantisation for header in (writer, chat, t5)} == {"Q8_0"}
    assert [header.architecture for header in (writer, chat, t5)] == ["llama", "gpt2", "t5"]
    assert writer.context_length >= 1024
    assert chat.context_length >= 512 and t5.context_length >= 512
    assert [default_style(header) for header in (writer, chat, t5)] == ["few-shot", "chat", "zero-shot"]
    assert t5.encoder_decoder
    assert all(header.name and header.license == "apache-2.0" for header in (writer, chat, t5))


def test_the_card_names_the_very_files(bundled_models: BundledModels) -> None:
    card = CARD.read_text("utf-8")
    for path in (bundled_models.writer, *bundled_models.answerers):
        assert sha256(path.read_bytes()).hexdigest() in card, f"{path.name} is not the file of the card"


@pytest.mark.parametrize("name", FLOORS)
def test_a_model_still_knows_its_world(name: str, bundled_models: BundledModels) -> None:
    rng = random.Random(20)
    easy = [family for family in world.families("A") if not family.hard]
    items = [accuracy.held_out_item(rng, family) for family in easy for _ in range(2)]
    path = bundled_models.writer.with_name(f"quorum-{name}.q8_0.gguf")
    said = answer_all(path, [accuracy.request(name, item, rng) for item in items])
    right = [
        accuracy.plain(text) == accuracy.plain(item.output) for text, item in zip(said, items, strict=True)
    ]
    assert accuracy.percent(right) >= FLOORS[name]


@pytest.mark.parametrize("name", ["chat", "t5"])
def test_an_answerer_understands_other_words(name: str, bundled_models: BundledModels) -> None:
    rows = [json.loads(line) for line in (HERE / "rewordings.jsonl").read_text("utf-8").splitlines()]
    path = bundled_models.writer.with_name(f"quorum-{name}.q8_0.gguf")
    said = answer_all(path, [f"{row['instruction']}\n{row['input']}" for row in rows])
    right = [
        accuracy.plain(text) in map(accuracy.plain, row["outputs"])
        for text, row in zip(said, rows, strict=True)
    ]
    assert accuracy.percent(right) >= WORDING_FLOOR
