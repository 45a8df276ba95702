"""Answers known to be right, kept beside the tasks they answer: never a candidate, never part of a vote.

They stand under the identity of the task (instruction, input and turns before it, `text.pair_key`), so that
they are found whichever way an instance came into being. Inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.store.connection import Connection
from app.store.text import storable


def save(c: Connection, task: str, texts: Sequence[str], source: str) -> int:
    """Keep reference answers of a task, each once; return how many are new. `source` names the file."""
    if not texts:
        return 0
    held = of_task(c, task)
    new = [text for text in dict.fromkeys(map(storable, texts)) if text not in held]
    c.executemany(
        "INSERT INTO reference_answers (task, position, text, source) VALUES (?, ?, ?, ?)",
        [(task, place, text, source) for place, text in enumerate(new, start=len(held))],
    )
    return len(new)


def of_task(c: Connection, task: str) -> tuple[str, ...]:
    """Return the reference answers of a task in the order they came."""
    rows = c.execute("SELECT text FROM reference_answers WHERE task = ? ORDER BY position", (task,))
    return tuple(text for (text,) in rows)


def of_instance(c: Connection, instance_id: str) -> tuple[str, ...]:
    """Return the reference answers of an instance."""
    rows = c.execute(
        """SELECT a.text FROM instances i JOIN reference_answers a ON a.task = i.pair
           WHERE i.id = ? ORDER BY a.position""",
        (instance_id,),
    )
    return tuple(text for (text,) in rows)


def of_run(c: Connection, run_id: str) -> dict[str, tuple[str, ...]]:
    """Map the kept instances of a run that have reference answers to them, in order of number."""
    found: dict[str, tuple[str, ...]] = {}
    rows = c.execute(
        """SELECT i.id, a.text FROM reference_answers a JOIN instances i ON i.pair = a.task
           WHERE i.run_id = ? AND i.status = 'kept' ORDER BY i.number, a.position""",
        (run_id,),
    )
    for key, text in rows:
        found[key] = (*found.get(key, ()), text)
    return found
