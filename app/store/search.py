"""Full-text search over tasks and answers: an FTS5 index that holds no text of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.store.connection import Connection
from app.store.text import storable

SLOTS = 4096
"""Places per instance in the text index: 0 for its task, then one per candidate."""
_ADD_ANSWER = f"INSERT INTO texts (rowid, body) SELECT number * {SLOTS} + ?, ? FROM instances WHERE id = ?"


_ADD = "INSERT INTO texts (rowid, body) VALUES (?, ?)"


def add_task(c: Connection, number: int, instruction: str, input: str) -> None:
    """Make the task of an instance findable."""
    add_tasks(c, [(number, instruction, input)])


def add_tasks(c: Connection, tasks: Iterable[tuple[int, str, str]]) -> None:
    """Make the tasks of instances findable: number, instruction, input."""
    rows = [
        (number * SLOTS, storable(f"{instruction}\n{input}"))
        for number, instruction, input in tasks
        if instruction.strip() or input.strip()
    ]
    c.executemany_own(_ADD, rows)


def add_answer(c: Connection, instance_id: str, position: int, output: str) -> None:
    """Make a candidate findable."""
    if output.strip():
        c.execute(_ADD_ANSWER, (min(1 + position, SLOTS - 1), storable(output), instance_id))


def add_answers(c: Connection, answers: Iterable[tuple[int, int, str]]) -> None:
    """Make candidates findable: number of the instance, position, output."""
    rows = [
        (number * SLOTS + min(1 + position, SLOTS - 1), storable(output))
        for number, position, output in answers
        if output.strip()
    ]
    c.executemany_own(_ADD, rows)


def match(words: Sequence[str], *, open_end: bool) -> str:
    """Return the FTS5 query for a text that has all of these words and phrases.

    With `open_end` the last one may be the beginning of a word. Empty where nothing is to be found by words.
    """
    # FTS5 would end at a NUL, inside the quotes.
    parts = [
        '"' + word.replace("\0", " ").replace('"', '""') + '"'
        for word in words
        if any(letter.isalnum() for letter in word)
    ]
    if parts and open_end:
        parts[-1] += "*"
    return " ".join(parts)


def nearest(c: Connection, text: str, limit: int = 500) -> list[int]:
    """Return the numbers of the instances whose tasks share the telling words of `text`, best first."""
    words = sorted(set(_WORD.findall(text.lower())), key=lambda word: (-len(word), word))
    if not words:
        return []
    asked = " OR ".join(f'"{word}"' for word in words[:TELLING])
    rows = c.execute(
        f"""SELECT rowid / {SLOTS} FROM texts WHERE texts MATCH ? AND rowid % {SLOTS} = 0
            ORDER BY rank LIMIT ?""",
        (storable(asked), limit),
    )
    return [row[0] for row in rows]


TELLING = 12
"""The longest words of a text, as many as it takes to find its likes."""
_WORD = re.compile(r"\w+")

NUMBERS = f"SELECT DISTINCT rowid / {SLOTS} FROM texts WHERE texts MATCH ?"
"""The numbers of the instances that a query of `match` finds."""
