"""A project with an evaluation of two models, written without asking any."""

from __future__ import annotations

from pathlib import Path

from app.store import evaluations
from app.store.connection import Connection
from app.store.evaluations import EvaluationAnswer, EvaluationTask
from app.store.project import Project
from app.store.rows import ModelRow

ANSWERS = {
    "alpha": ("Bern", "a long answer", "4", "blue"),
    "beta": ("Zurich", "short", "four", "Blue."),
}
"""By model; the last two say the same."""


def evaluate(path: Path) -> Path:
    """Make the project: four tasks, whose inputs are their numbers."""

    def fill(c: Connection) -> None:
        tasks = [EvaluationTask("A", "Answer it.", f"task {at}", "", "", ("Bern",)) for at in range(4)]
        evaluation = evaluations.begin(c, "key", "tasks.jsonl", "distill", 0, 64, tasks)
        for name, outputs in ANSWERS.items():
            model = ModelRow(name, f"{name} model", f"/models/{name}.gguf", 1, "llama", "Q8_0")
            answers = [
                EvaluationAnswer(at, "chat", text, text, "end", "", 3, 0.1) for at, text in enumerate(outputs)
            ]
            evaluations.save_answers(c, evaluation.id, model, answers)

    with Project.open(path, create=True) as project:
        project.write_now(fill)
    return path


def begin_another(c: Connection) -> None:
    """Begin another evaluation, which no model answers."""
    task = EvaluationTask("B", "Name a river.", "", "", "", ("The Rhine",))
    evaluations.begin(c, "another", "other.jsonl", "distill", 0, 64, [task])
