"""The world the bundled models learn: large enough, right by construction, said as the product says it."""

from __future__ import annotations

import json
import random
import re
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest

from app.intake.seeds import bundled_seed_tasks
from app.method.prompts import Demonstration, block_prompt, list_prompt
from app.method.recipe import load
from models.training import documents, world
from models.training.world import data

HERE = Path(__file__).parent
# What the bundled models were trained on. A change of the world changes it, and asks for new models.
LEARNT_CORPUS = "0eb400400115aca02a0e55236a9d7d6442ef568804ac7a05ed87db4393d176a1"
ARTICLE = re.compile(r"\ba [aeio]\w+|\ban [bcdfgjklmnpqrstvwyz]\w+", re.IGNORECASE)
FITS = re.compile(r"\ba (one|once|uni|use|euro|a|or|i)|\ban (hour|honest|or)", re.IGNORECASE)


def test_the_world_is_as_large_as_promised() -> None:
    needs_input, output_only = world.families("A"), world.families("B")
    assert len(needs_input) >= 60
    assert len(output_only) >= 40
    assert sum(family.hard for family in needs_input) <= 12
    assert all(len(family.phrasings) >= 15 for family in world.FAMILIES)
    assert {family.kind for family in world.OUTSIDE} == {"A", "B"}


@pytest.mark.parametrize("family", world.FAMILIES, ids=lambda family: family.name)
def test_items_are_whole_and_clean(family: world.Family) -> None:
    rng = random.Random(f"items of {family.name}")
    for _ in range(60):
        item = world.draw_item(family, rng)
        assert item.output and item.instruction
        assert bool(item.input) == (family.kind == "A")
        for text in (item.instruction, item.input, item.output):
            assert "\n" not in text and not re.search(r"[{}<>]", text)
            assert text == text.strip() and "  " not in text
        if family.name != "article":
            assert not [found for found in ARTICLE.finditer(item.instruction) if not FITS.match(found[0])]


@pytest.mark.parametrize("family", world.families("A"), ids=lambda family: family.name)
def test_an_input_has_one_answer(family: world.Family) -> None:
    rng = random.Random(f"answers of {family.name}")
    answers: dict[str, str] = {}
    for _ in range(400):
        drawn = family.draw(rng)
        assert answers.setdefault(drawn.input, drawn.output) == drawn.output


def test_training_never_sees_what_evaluation_draws() -> None:
    rng = random.Random(5)
    items = [documents.conversation(rng) for _ in range(3_000)]
    assert not [item for item in items if world.held_out(item)]
    drawn = [world.draw(rng, "A") for _ in range(3_000)]
    share = sum(world.held_out(item) for item in drawn) / len(drawn)
    assert 0.01 < share < 0.035


def test_the_corpus_is_the_one_the_bundled_models_learnt() -> None:
    digest = sha256()
    for family in (*world.FAMILIES, *world.OUTSIDE):
        ways_to_ask = (*family.phrasings, *family.everyday)
        rng = random.Random(family.name)
        items = [world.draw(rng, family.kind, True, True, family) for _ in range(10)]
        digest.update(repr((family.name, family.kind, family.hard, ways_to_ask)).encode())
        digest.update("".join(map(documents.block, items)).encode())
    rng = random.Random(1)
    for _ in range(3_000):
        digest.update(documents.content(item := documents.conversation(rng)).encode())
        digest.update(item.output.encode())
    for parts in islice(documents.writer_documents(rng), 200):
        digest.update(repr([(part.text, part.use) for part in parts]).encode())
    assert digest.hexdigest() == LEARNT_CORPUS


def test_every_section_of_the_task_data_is_used() -> None:
    names = {family.name for family in world.FAMILIES}
    assert set(data.sections()) - names == {"translation"}


def test_training_documents_are_the_products_prompts_byte_for_byte() -> None:
    recipe, rng = load("ensemble-instruct"), random.Random(3)
    for kind in ("A", "B"):
        items = [world.draw(rng, kind) for _ in range(4)]
        texts = [item.instruction for item in items]
        form = recipe.instructions.a if kind == "A" else recipe.instructions.b
        assert documents.list_prompt(kind, texts) == list_prompt(form, texts).text
        shown = [Demonstration(item.instruction, item.input, item.output) for item in items[:3]]
        target = items[3]
        instances = recipe.instances.a if kind == "A" else recipe.instances.b
        expected = documents.block_prompt(kind, items[:3], target.instruction)
        assert block_prompt(instances, shown, target.instruction, None).text == expected
    answers = recipe.answers.few_shot_a
    expected = documents.block_prompt("A", [], "Do it.", "x")
    assert block_prompt(answers, [], "Do it.", "x").text == expected


def test_the_seed_tasks_come_from_the_world_and_differ() -> None:
    tasks = bundled_seed_tasks()
    kinds = [task.kind for task in tasks]
    assert len(tasks) >= 40
    assert min(kinds.count("A"), kinds.count("B")) >= 15
    names = {family.name for family in world.FAMILIES}
    assert {task.name for task in tasks} <= names
    assert len({task.name for task in tasks}) == len(tasks)


@pytest.mark.parametrize("name", ["paraphrases", "rewordings"])
def test_hand_written_requests_are_apart_from_the_grammar(name: str) -> None:
    lines = [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) >= 150
    assert len({line["instruction"] for line in lines}) == len(lines)
    assert all(line["input"] and line["outputs"] for line in lines)
    rng = random.Random(7)
    made = {
        world.draw(rng, "A", family=family, everyday=talk).instruction.lower()
        for family in world.families("A")
        for talk in (False, True)
        for _ in range(300)
    }
    same = [line["instruction"] for line in lines if line["instruction"].lower() in made]
    assert len(same) <= len(lines) // 20, same
