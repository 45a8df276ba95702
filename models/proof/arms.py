"""The rows that students are trained on: four ways to come by as many rows for tasks of the same world."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.method.consensus import Vote
from models.training.world import Item

from .rules import RULES, learned_votes, votes_of
from .tasks import Answered

ROWS = 480
JUDGED, AUDITED = 100, 100
"""Tasks whose answers are judged, and rows of what would go out that are looked at."""
SEED = 5


@dataclass(frozen=True, slots=True)
class Arm:
    """Rows to learn from, and how many of them are right."""

    name: str
    title: str
    rows: tuple[Item, ...]
    right: int


def arms(tasks: Sequence[Answered]) -> Mapping[str, Arm]:
    """Return the four arms by name, with `ROWS` rows each."""
    rng = random.Random(SEED)
    order = rng.sample(tasks, len(tasks))
    held = {
        "writer": [(task, task.answers[0]) for task in order],
        "consensus": _consensus(order),
        "certified": _certified(order, rng),
        "human": [(task, task.output) for task in order],
    }
    titles = {
        "writer": "the writer's outputs, unfiltered",
        "consensus": "consensus",
        "certified": "consensus, judged, learned and audited",
        "human": "human-written (true) answers",
    }
    return {name: _arm(name, titles[name], rows[:ROWS]) for name, rows in held.items()}


Rows = list[tuple[Answered, str]]


def _arm(name: str, title: str, rows: Rows) -> Arm:
    right = sum(task.says(text) for task, text in rows)
    return Arm(name, title, tuple(task.item(text) for task, text in rows), right)


def _consensus(tasks: Sequence[Answered]) -> Rows:
    """Keep what the default vote keeps, with its winner."""
    return _kept(tasks, votes_of(tasks, RULES["quorum"]))


def _kept(tasks: Sequence[Answered], votes: Sequence[Vote]) -> Rows:
    return [
        (task, task.answers[vote.winner])
        for task, vote in zip(tasks, votes, strict=True)
        if vote.keep and vote.winner is not None
    ]


def _certified(tasks: Sequence[Answered], rng: random.Random) -> Rows:
    """Judge some tasks, vote by what that teaches, and leave out what an audit finds wrong.

    Of the judged tasks a right answer goes out, if there is one; nobody writes one.
    """
    voted = list(zip(tasks, votes_of(tasks, RULES["quorum"]), strict=True))
    judged, rest = voted[:JUDGED], voted[JUDGED:]
    rows: Rows = [(task, task.answers[task.right.index(True)]) for task, _ in judged if any(task.right)]
    out = _kept(tasks[JUDGED:], learned_votes(judged, rest))
    looked_at = set(rng.sample(range(len(out)), min(AUDITED, len(out))))
    rows += [row for at, row in enumerate(out) if at not in looked_at or row[0].says(row[1])]
    return rng.sample(rows, len(rows))
