"""Evaluations: tasks whose right answers are known, asked of models to measure them; never a run's data.

Nothing of an evaluation is an instruction, an instance or a candidate, so nothing of it is voted on, reviewed
or exported. Inside the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from app.method.terms import Ended, Kind, Style
from app.store.connection import Connection
from app.store.rows import ModelRow, build_all, first
from app.store.runs import add_model
from app.store.text import digest, now

_COLUMNS = """e.id AS id, e.number AS number, e.at AS at, e.source AS source, e.recipe AS recipe,
    e.shots AS shots, e.max_tokens AS max_tokens,
    (SELECT COUNT(*) FROM evaluation_tasks t WHERE t.evaluation = e.id) AS size"""

_TASK = "SELECT kind, instruction, input, context, category, expected FROM evaluation_tasks"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`size` tasks of a file (`source`, foreign), and how they are asked: by which recipe's prompts, after
    how many worked examples, with how many tokens for an answer at most."""

    id: str
    number: int
    at: str
    source: str
    recipe: str
    shots: int
    max_tokens: int
    size: int


class EvaluationTask(NamedTuple):
    """A task of an evaluation (foreign): `expected` are the answers known to be right, at least one.

    `context` are the turns before it as `app.method.turns` writes them.
    """

    kind: Kind
    instruction: str
    input: str
    context: str
    category: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvaluationAnswer:
    """What a model answered to the task at a position: `output` is what was read of `raw` (both foreign)."""

    position: int
    style: Style
    raw: str
    output: str
    ended: Ended
    error: str
    tokens: int
    seconds: float


def begin(
    c: Connection,
    key: str,
    source: str,
    recipe: str,
    shots: int,
    max_tokens: int,
    tasks: Sequence[EvaluationTask],
) -> Evaluation:
    """Store an evaluation, or return the one that is stored: `key` tells its tasks and how they are asked."""
    identity = digest("evaluation", key)
    if known := one(c, identity):
        return known
    [(number,)] = c.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM evaluations")
    c.execute(
        """INSERT INTO evaluations (id, number, at, source, recipe, shots, max_tokens)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (identity, number, now(), source, recipe, shots, max_tokens),
    )
    c.executemany(
        """INSERT INTO evaluation_tasks
               (evaluation, position, kind, instruction, input, context, category, expected)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (identity, position, *task[:-1], json.dumps(task.expected, ensure_ascii=False))
            for position, task in enumerate(tasks)
        ],
    )
    stored = one(c, identity)
    assert stored is not None
    return stored


def one(c: Connection, identity: str) -> Evaluation | None:
    """Return an evaluation, None where there is none of this id."""
    return first(Evaluation, c.execute(f"SELECT {_COLUMNS} FROM evaluations e WHERE e.id = ?", (identity,)))


def every(c: Connection) -> list[Evaluation]:
    """Return the evaluations of the project, the newest first."""
    rows = c.execute(f"SELECT {_COLUMNS} FROM evaluations e ORDER BY e.number DESC")
    return list(build_all(Evaluation, rows))


def tasks_of(c: Connection, evaluation: str) -> list[EvaluationTask]:
    """Return the tasks of an evaluation in the order of the file."""
    return [_task(row) for row in c.tuples(f"{_TASK} WHERE evaluation = ? ORDER BY position", (evaluation,))]


def _task(row: tuple[Any, ...]) -> EvaluationTask:
    kind, instruction, given, context, category, expected = row
    return EvaluationTask(kind, instruction, given, context, category, tuple(json.loads(expected)))


def task_at(c: Connection, evaluation: str, position: int) -> EvaluationTask:
    """Return one task, which there is."""
    row = c.tuples(f"{_TASK} WHERE evaluation = ? AND position = ?", (evaluation, position)).fetchone()
    return _task(row)


def missing(c: Connection, evaluation: str, model: str) -> list[int]:
    """Return the positions of the tasks that a model (its fingerprint) has not been asked."""
    rows = c.tuples(
        """SELECT t.position FROM evaluation_tasks t WHERE t.evaluation = ?1 AND NOT EXISTS
               (SELECT 1 FROM evaluation_answers a
                WHERE a.evaluation = ?1 AND a.model = ?2 AND a.position = t.position)
           ORDER BY t.position""",
        (evaluation, model),
    )
    return [position for (position,) in rows]


def save_answers(
    c: Connection, evaluation: str, model: ModelRow, answers: Sequence[EvaluationAnswer]
) -> None:
    """Store what a model answered; an answer that is stored already stays."""
    add_model(c, model)
    c.executemany(
        """INSERT OR IGNORE INTO evaluation_answers
               (evaluation, model, position, style, raw, output, ended, error, tokens, seconds, at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                *(evaluation, model.fingerprint, one.position, one.style, one.raw, one.output, one.ended),
                *(one.error, one.tokens, one.seconds, now()),
            )
            for one in answers
        ],
    )


def style_of(c: Connection, evaluation: str, model: str) -> Style | None:
    """Return the style in which a model was asked so far, None where it was not."""
    row = c.tuples(
        "SELECT style FROM evaluation_answers WHERE evaluation = ? AND model = ? LIMIT 1", (evaluation, model)
    ).fetchone()
    return None if row is None else row[0]


def answers_of(c: Connection, evaluation: str, model: str) -> list[EvaluationAnswer]:
    """Return what a model answered, in the order of the tasks."""
    rows = c.execute(
        """SELECT position, style, raw, output, ended, error, tokens, seconds FROM evaluation_answers
           WHERE evaluation = ? AND model = ? ORDER BY position""",
        (evaluation, model),
    )
    return list(build_all(EvaluationAnswer, rows))


def outputs_at(c: Connection, evaluation: str, position: int) -> dict[str, str]:
    """Return what each model (its fingerprint) answered to one task."""
    rows = c.tuples(
        "SELECT model, output FROM evaluation_answers WHERE evaluation = ? AND position = ?",
        (evaluation, position),
    )
    return dict(rows)


def models_of(c: Connection, evaluation: str) -> dict[str, tuple[str, Path]]:
    """Map the models that answered every task (fingerprint) to their names and files (foreign)."""
    rows = c.tuples(
        """SELECT m.fingerprint, m.name, m.path FROM models m WHERE
               (SELECT COUNT(*) FROM evaluation_answers a WHERE a.evaluation = ?1 AND a.model = m.fingerprint)
               = (SELECT COUNT(*) FROM evaluation_tasks t WHERE t.evaluation = ?1)
           ORDER BY m.name, m.fingerprint""",
        (evaluation,),
    )
    return {fingerprint: (name, Path(path)) for fingerprint, name, path in rows}
