"""A project that grows step by step until every table has rows, and its file after each step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.method.judging import Said
from app.method.learned import TERMS, Weights
from app.store import (
    audits,
    decisions,
    evaluations,
    exportable,
    fits,
    generated,
    instruction_decisions,
    judgements,
    ratings,
    runs,
    votes,
)
from app.store.connection import Connection
from app.store.evaluations import EvaluationAnswer, EvaluationTask
from app.store.exportable import Selection
from app.store.fits import Fit
from app.store.judgements import Verdict
from app.store.project import Project
from app.store.ratings import Pair
from app.store.review_state import ItemDecision
from app.store.rows import ModelRow, NewSeed, RunRow
from tests.store.material import FIRST, add_instruction, add_item, ballot, completion, start_run

ITEMS = 12
"""Of every batch."""


def grow(path: Path) -> Iterator[Path]:
    """Make a project at `path`, and yield a copy of its file after every step."""
    for number, step in enumerate((*_STEPS, *_STEPS), start=1):
        with Project.open(path, create=True) as project:
            project.write_now(partial(step, number=number))
        copy = path.with_name(f"{path.stem}-{number:02d}.db")
        shutil.copyfile(path, copy)
        yield copy


def _run(c: Connection) -> RunRow:
    return next(run for run in runs.all_runs(c) if run.state != runs.IMPORTED)


def _items(c: Connection) -> list[str]:
    return [key for (key,) in c.tuples("SELECT id FROM instances ORDER BY number DESC LIMIT ?", (ITEMS,))]


def _begin(c: Connection, number: int) -> None:
    seeds = [NewSeed("A", f"seed {number}.{n}", f"Do {number}.{n}.", "x", "y") for n in range(3)]
    if runs.find(c):
        return
    start_run(c, seeds=seeds)


def _import_seeds(c: Connection, number: int) -> None:
    seeds = [
        NewSeed("A", f"s {number}.{n}", f"Imported {number}.{n}.", "x", "y", references=("y", f"z{n}"))
        for n in range(6)
    ]
    runs.import_seeds(c, seeds, "seeds.jsonl")


def _make_items(c: Connection, number: int) -> None:
    run = _run(c)
    for at in range(ITEMS):
        generated.save_completion(c, completion(run, f"{number}.{at}", raw="raw " * 10))
        name = f"Name task {number}.{at}, \ud800 of word{number}x{at}."
        add_item(c, run, name, "given " * 20, lowest=0.5, keep=at % 3 > 0)
    add_instruction(c, run, f"Unanswered {number}.")


def _decide(c: Connection, number: int) -> None:
    items = [ItemDecision(key) for key in _items(c)]
    for action, text, some in (
        ("accept", None, items[:4]),
        ("edit", f"better {number}", items[5:6]),
        ("reject", "wrong", items[6:8]),
        ("tags", '["good"]', items[:2]),
        ("note", "a note", items[2:4]),
        ("rate", '["A", true, null, false]', items[2:6]),
        ("task", f'["Another task {number}.", "given"]', items[9:10]),
    ):
        decisions.decide(c, "ann", action, [replace(one, text=text) for one in some])  # type: ignore[arg-type]


def _choose(c: Connection, number: int) -> None:
    key = _items(c)[8]
    decisions.decide(c, "ann", "choose", [ItemDecision(key, generated.candidates_of(c, key)[1].id)])


def _choose_another(c: Connection, number: int) -> None:
    # What is undone leaves its row to what comes after, which says as much of it but the candidate.
    decisions.undo(c, "ann")
    key = _items(c)[8]
    decisions.decide(c, "ann", "choose", [ItemDecision(key, generated.candidates_of(c, key)[2].id)])


def _undo(c: Connection, number: int) -> None:
    decisions.decide(c, "bob", "reject", [ItemDecision(key) for key in _items(c)[4:6]])
    decisions.undo(c, "bob")


def _decide_instructions(c: Connection, number: int) -> None:
    query = "SELECT id FROM instructions WHERE text LIKE 'Unanswered %' ORDER BY rowid DESC LIMIT 1"
    [(key,)] = c.tuples(query).fetchall()
    instruction_decisions.decide(c, "ann", "edit", key, f"Edited {number}.")


def _judge(c: Connection, number: int) -> None:
    judgements.save_guideline(c, "ann", f"Right is right, {number}.")
    drawing = judgements.draw(c, "ann", 6, seed=number)
    keys = [key for (key,) in c.tuples("SELECT instance_id FROM drawn WHERE drawing = ?", (drawing.id,))]
    for key, answers in judgements.outputs_of(c, keys).items():
        verdict = Verdict(True, True, {one: Said(is_right=text == "one") for one, text in answers.items()})
        judgements.judge(c, "ann", key, verdict, drawing.id)


def _audit(c: Connection, number: int) -> None:
    drawing = audits.draw(c, "ann", "", ITEMS, seed=number)
    keys = [audits.key_of(row) for row in exportable.rows(c, Selection())]
    for at, key in enumerate(keys[-3:]):
        audits.record(c, drawing, key, "wrong" if at else "right")


def _learn(c: Connection, number: int) -> None:
    weights = Weights(dict.fromkeys(TERMS, number / 10), {"writer writer-hash": (0.1, 0.2)})
    fits.save(c, Fit(weights, 6, 8, judgements.last_number(c), fits.last_event(c), {"auc": 0.7}))


def _evaluate(c: Connection, number: int) -> None:
    tasks = [EvaluationTask("A", "Answer it.", f"task {number}.{at}", "", "x", ("Bern",)) for at in range(6)]
    made = evaluations.begin(c, f"key {number}", f"tasks-{number}.jsonl", "distill", 0, 64, tasks)
    for name in ("alpha", "beta"):
        model = ModelRow(f"{name}-{number}", f"{name} model", f"/models/{name}.gguf", 1, "llama", "Q8_0")
        answers = [EvaluationAnswer(at, "chat", "Bern", "Bern", "end", "", 3, 0.1) for at in range(6)]
        evaluations.save_answers(c, made.id, model, answers)


def _rate(c: Connection, number: int) -> None:
    made = evaluations.every(c)[0]
    first, second = sorted(evaluations.models_of(c, made.id))
    for at in range(3):
        ratings.rate(c, Pair.of(made.id, first, second), "ann", at, "first")


def _vote_again(c: Connection, number: int) -> None:
    for key in _items(c)[:6]:
        ids = [one.id for one in generated.candidates_of(c, key)]
        votes.save_vote(c, key, ballot(ids, lowest=0.1 * (number % 9), winner=1, keep=number % 2 == 0))


def _end(c: Connection, number: int) -> None:
    runs.set_state(c, _run(c).id, "done", f"note {number}")


def _score_again(c: Connection, number: int) -> None:
    # The item stays where it is in the queue, and nothing but scores changes.
    key = _items(c)[10]
    ids = [one.id for one in generated.candidates_of(c, key)]
    votes.save_vote(c, key, ballot(ids, mean=0.5 + number / 100, lowest=0.5 + number / 100))


def _change_recipe(c: Connection, number: int) -> None:
    runs.set_recipe(c, _run(c).id, json.dumps({"changed": number}))


def _change_model(c: Connection, number: int) -> None:
    runs.add_model(c, ModelRow(FIRST, "first", f"/moved-{number}.gguf", 9, "llama", "Q8_0"))
    runs.set_style(c, _run(c).id, FIRST, "chat", "person" if number < len(_STEPS) else "audition")


def _hide(c: Connection, number: int) -> None:
    runs.hide(c, _run(c).number, hidden=number < len(_STEPS))


_STEPS = (
    *(_begin, _import_seeds, _make_items, _decide, _undo, _choose, _choose_another, _decide_instructions),
    *(
        _judge,
        _audit,
        _learn,
        _evaluate,
        _rate,
        _vote_again,
        _score_again,
        _score_again,
        _change_recipe,
        _change_model,
        _end,
        _hide,
    ),
)
