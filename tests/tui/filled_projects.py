"""Projects filled through the store's own functions, for the screens to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.method.consensus import RuleChoice
from app.method.recipe import load
from app.method.terms import Ended
from app.run.voting import vote_row
from app.store import generated, runs, votes
from app.store.project import Connection, Project
from app.store.rows import ModelRow, NewCandidate, NewInstance, NewInstruction, NewRun, NewRunModel, RunRow

VOTED_BY = RuleChoice("released", 0.01)
MODELS = ("mistral-7b", "qwen2.5-7b", "flan-t5-xl", "phi-4", "gemma-3")


@dataclass(frozen=True)
class Task:
    """An item to be put into a project: its outputs are the writer's and the answerers' in order."""

    instruction: str
    input: str
    outputs: tuple[str, ...]
    ended: Ended = "stop"
    samples: tuple[tuple[str, ...], ...] = ()
    """What the answerers say in samples, in order."""


TASKS = (
    Task(
        "Rewrite the sentence in the passive voice.",
        "The committee approved the new budget on Monday.",
        (
            "The new budget was approved by the committee on Monday.",
            "The new budget was approved on Monday by the committee.",
            "The committee approved the new budget.",
        ),
    ),
    Task("Name the capital of the country.", "Portugal", ("Lisbon", "The capital is Porto.", "Lisbon")),
    Task(
        "Suggest three names for a bookshop.",
        "",
        (
            "The Quiet Page\nSecond Chapter\nInk & Leaf",
            "Booknook",
            "Bookworm’s Corner, Paper Trail",
        ),
    ),
    Task("Give the opposite of the word.", "warm", ("cold", "cold", "cold")),
    Task("Count the words.", "one two three", ("zebra", "umbrella", "quartz")),
)


def fill(
    path: Path,
    tasks: Sequence[Task] = TASKS,
    *,
    state: str = "done",
    names: Sequence[str] = MODELS,
    voted_by: RuleChoice = VOTED_BY,
) -> list[str]:
    """Make a project with one run of these tasks, all voted on; return the instance ids in order."""

    def put_in(c: Connection) -> list[str]:
        run = start_run(c, state, names)
        return [add_task(c, run, task, names, voted_by) for task in tasks]

    with Project.open(path, create=True) as project:
        return project.write_now(put_in)


def start_run(c: Connection, state: str = "done", names: Sequence[str] = MODELS, target: int = 24) -> RunRow:
    """Begin a run whose first model writes and whose others answer."""
    for at, name in enumerate(names):
        row = ModelRow(f"hash-{at}", name, f"/models/{at}.gguf", 4_100_000_000, "llama", "Q4_K_M")
        runs.add_model(c, row)
    parts = tuple(
        NewRunModel(f"hash-{at}", "writer" if at == 0 else "answerer", "few-shot" if at == 0 else "chat", at)
        for at in range(len(names))
    )
    recipe = load("ensemble-instruct")
    run = runs.create(c, NewRun(recipe.name, recipe.to_json(), "hash", 1, target, parts))
    runs.set_state(c, run.id, state)
    return run


def add_task(
    c: Connection, run: RunRow, task: Task, names: Sequence[str] = MODELS, voted_by: RuleChoice = VOTED_BY
) -> str:
    """Store a kept instruction, its instance, its candidates and the vote; return the instance's id."""
    kind: Literal["A", "B"] = "A" if task.input else "B"
    key = generated.save_instructions(c, [NewInstruction(run.id, kind, task.instruction, "kept")])[0]
    made = generated.save_instances(c, [NewInstance(run.id, key, task.input, "kept")])[0]
    for at, output in enumerate(task.outputs):
        role: Literal["writer", "answerer"] = "writer" if at == 0 else "answerer"
        generated.save_candidate(c, NewCandidate(made.id, f"hash-{at}", role, at, output, task.ended))
    place = len(task.outputs)
    for at, texts in enumerate(task.samples, start=1):
        for number, output in enumerate(texts, start=1):
            sample = NewCandidate(made.id, f"hash-{at}", "answerer", place, output, "stop", attempt=-number)
            generated.save_candidate(c, sample)
            place += 1
    row = vote_row(made, generated.candidates_of(c, made.id), voted_by)
    votes.save_vote(c, made.id, row)
    return made.id
