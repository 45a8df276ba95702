"""Small worlds of tasks and answers of which it is known which are right, to learn in. No model is asked.

An answer is a few words. A right one says what the task wants, perhaps in other words; a wrong one leaves
half of it out or says something else.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources

from app.method.consensus import Answers, RuleChoice, Vote, vote_on
from app.method.equality import content
from app.method.learned import Item
from app.method.learning import Known
from app.method.terms import Kind

_WORDS = [
    first + second
    for first in ("bar", "cor", "fen", "gol", "hum", "lin", "mar", "nor", "pel", "rud", "sil", "tam")
    for second in ("ado", "bin", "den", "fel", "gon", "kit", "lop", "mus", "nar", "pod", "rim", "vel")
]


@dataclass(frozen=True, slots=True)
class Task:
    """A task with its answers in the order of the models, and which of them are right."""

    kind: Kind
    models: tuple[str, ...]
    outputs: tuple[str, ...]
    right: tuple[bool, ...]
    number: int

    @property
    def instruction(self) -> str:
        """Words that no other task has."""
        return " ".join(random.Random(self.number).sample(_WORDS, 8))

    @property
    def answers(self) -> Answers:
        """The answers as a rule votes on them."""
        return Answers(self.outputs, key=str(self.number), kind=self.kind, models=self.models)

    def without_last(self) -> Task:
        """The task without its last model."""
        return replace(self, models=self.models[:-1], outputs=self.outputs[:-1], right=self.right[:-1])


def _right(rng: random.Random, wanted: str) -> str:
    """Say what is wanted: as it is, or with a word more."""
    words = wanted.split()
    if len(words) > 2 and rng.random() < 0.4:
        words.insert(rng.randrange(1, len(words)), rng.choice(("really", "also", "very")))
    return " ".join(words)


def _half(_rng: random.Random, wanted: str) -> str:
    """Leave half of it out."""
    words = wanted.split()
    return " ".join(words[: max(1, len(words) // 2)]) if len(words) > 1 else "nothing"


def _other(rng: random.Random, _wanted: str) -> str:
    """Say something else."""
    return " ".join(rng.choices(_WORDS, k=rng.randint(1, 6)))


def _wanted(rng: random.Random, kind: Kind) -> str:
    return " ".join(rng.sample(_WORDS, rng.randint(1, 3) if kind == "A" else rng.randint(4, 12)))


def siblings(size: int, seed: int) -> list[Task]:
    """A writer, and three siblings that share most of their mistakes: short answers, left half undone.

    The writer is better without an input (80% right, they 40%), the siblings a little with one (55 and 60).
    """
    rng = random.Random(seed)
    models = ("writer w", "answerer a", "answerer b", "answerer c")
    tasks = []
    for number in range(size):
        kind: Kind = rng.choice(("A", "B"))
        wanted = _wanted(rng, kind)
        shared = rng.random() < (0.6 if kind == "A" else 0.4)
        right = [rng.random() < (0.55 if kind == "A" else 0.8)]
        # Four times in five a sibling knows what the others know.
        right += [shared if rng.random() < 0.8 else rng.random() < 0.5 for _ in range(3)]
        outputs = [
            _right(rng, wanted) if good else _other(rng, wanted) if at == 0 else _half(rng, wanted)
            for at, good in enumerate(right)
        ]
        tasks.append(Task(kind, models, tuple(outputs), tuple(right), number))
    return tasks


def broken(size: int, seed: int) -> list[Task]:
    """Two models that are right in 85 and 92%, one that answers another task in 40%, and its copy."""
    rng = random.Random(seed)
    models = ("writer w", "answerer a", "answerer b", "answerer copy")
    kinds: list[Kind] = [rng.choice(("A", "B")) for _ in range(size)]
    wanted = [_wanted(rng, kind) for kind in kinds]
    tasks = []
    for number, (kind, text) in enumerate(zip(kinds, wanted, strict=True)):
        right = [rng.random() < share for share in (0.85, 0.92, 0.6)]
        others = [rng.choice((_half, _other)) for _ in range(2)]
        outputs = [
            _right(rng, text) if good else wrong(rng, text)
            for good, wrong in zip(right[:2], others, strict=True)
        ]
        outputs.append(_right(rng, text) if right[2] else wanted[number - 1])
        tasks.append(Task(kind, models, (*outputs, outputs[2]), (*right, right[2]), number))
    return tasks


@dataclass(frozen=True, slots=True)
class Recorded:
    """A task that the bundled models were not trained on, the one right `output`, and their answers: of
    writer, chat and T5."""

    instruction: str
    input: str
    output: str
    answers: tuple[str, str, str]

    @property
    def given(self) -> dict[str, str]:
        """The task as a file of seed tasks holds it."""
        return {"instruction": self.instruction, "input": self.input, "output": self.output}


def recorded() -> list[Recorded]:
    """Return the 480 tasks of `models.training.answers`."""
    stored = resources.files("app.bench").joinpath("bundled_answers.jsonl").read_text("utf-8")
    return [
        Recorded(**(fields | {"answers": tuple(fields["answers"])}))
        for fields in map(json.loads, stored.splitlines())
    ]


def bundled(size: int, seed: int) -> list[Task]:
    """Answers of the bundled models, whose T5 answers another task in 40% and takes part twice.

    An answer is right if it says what the right one says. There are no more tasks than are recorded.
    """
    rng = random.Random(seed)
    models = ("writer w", "answerer chat", "answerer t5", "answerer copy")
    held = recorded()
    tasks = []
    for number, task in enumerate(held[:size]):
        writer, chat, t5 = task.answers
        if rng.random() < 0.4:
            t5 = rng.choice(held).answers[2]
        outputs = (writer, chat, t5, t5)
        right = tuple(content(output) == content(task.output) for output in outputs)
        tasks.append(Task("A", models, outputs, right, number))
    return tasks


def voted(tasks: Sequence[Task], choice: RuleChoice) -> list[Vote]:
    """Vote on the answers to these tasks."""
    return vote_on([task.answers for task in tasks], choice)


def judged(tasks: Sequence[Task]) -> list[Known]:
    """Return what a reviewer knows who judges every answer to these tasks."""
    votes = voted(tasks, RuleChoice("quorum", 0.0, "rouge-score", "half"))
    return [
        Known(_item(task, vote), task.right, task.instruction)
        for task, vote in zip(tasks, votes, strict=True)
    ]


def _item(task: Task, vote: Vote) -> Item:
    said = list(map(content, task.outputs))
    return Item(task.kind, task.models, task.outputs, said, vote.matrix, ("",) * len(said), vote.voting)


def share_right(tasks: Sequence[Task], votes: Sequence[Vote]) -> float:
    """Return the share of the votes' winners that are right."""
    won = [
        vote.winner is not None and task.right[vote.winner] for task, vote in zip(tasks, votes, strict=True)
    ]
    return sum(won) / len(won)


def best_single(tasks: Sequence[Task]) -> float:
    """Return the share that the best model alone has right."""
    return float(
        max(sum(column) for column in zip(*(task.right for task in tasks), strict=True)) / len(tasks)
    )


def best_half(tasks: Sequence[Task], votes: Sequence[Vote]) -> tuple[list[Task], list[Vote]]:
    """Return the half of the tasks that the votes are surest of."""
    order = sorted(range(len(tasks)), key=lambda at: -(votes[at].score or 0.0))[: len(tasks) // 2]
    return [tasks[at] for at in order], [votes[at] for at in order]
