"""The seed tasks and topics that ship for real models."""

from __future__ import annotations

from pathlib import Path

from app.intake.seeds import bundled_seed_tasks, read_seed_tasks
from app.method.filters import instruction_drop
from app.method.novelty import Pool
from app.method.recipe import load
from app.method.recipe_forms import ListInstructions

SEEDS = Path(__file__).resolve().parents[2] / "app" / "seeds"


def test_the_general_seed_tasks_are_varied_and_pass_the_filters_they_feed() -> None:
    tasks = read_seed_tasks(SEEDS / "general_tasks.jsonl")
    assert len(tasks) == 175
    assert sum(task.kind == "A" for task in tasks) == 125
    assert sum(task.kind == "B" for task in tasks) == 50
    assert sum(task.is_classification for task in tasks) >= 25
    assert all(task.output.strip() for task in tasks)
    stage = load("ensemble-instruct").instructions
    assert isinstance(stage, ListInstructions)
    assert [t.id for t in tasks if instruction_drop(t.instruction, stage.filters, cut=False)] == []
    pool = Pool()
    pool.add([task.instruction for task in bundled_seed_tasks()])
    assert all(one.keep for one in pool.judge([task.instruction for task in tasks], threshold=0.6))


def test_the_topics_are_many_short_and_different() -> None:
    topics = (SEEDS / "topics.txt").read_text("utf-8").splitlines()
    assert len(topics) >= 400
    assert len({topic.casefold() for topic in topics}) == len(topics)
    assert all(topic == topic.strip() and 1 <= len(topic.split()) <= 3 for topic in topics)
