"""Projects of any size whose content means nothing, to measure screens and queries with.

Written by a handful of statements over a million rows; the rows are what the store's own functions write.
"""

from __future__ import annotations

from app.store import counted, desk, runs
from app.store.connection import Connection
from app.store.rows import ModelRow, NewRun, NewRunModel
from app.store.search import SLOTS
from app.store.text import pair_key

WORDS = (
    "river",
    "stone",
    "paper",
    "window",
    "garden",
    "letter",
    "summer",
    "engine",
    "forest",
    "market",
    "bridge",
)
_ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :items)"
# Multiplication by an odd constant spreads the scores; every instance has another one.
_SPREAD = "((i * 2654435761) % 4294967296) / 4294967296.0"


def task_text(number: int) -> str:
    """Return the beginning of the task of item `number`."""
    return f"Item {number} asks"


def fill(c: Connection, items: int) -> None:
    """Fill an empty project with one run of `items` voted instances of two candidates each.

    Most disagreement first gives them in order of their numbers.
    """
    for name in ("writer", "answerer"):
        runs.add_model(c, ModelRow(name, f"synthetic-{name}", "", 0, "", ""))
    parts = (NewRunModel("writer", "writer", "few-shot", 0), NewRunModel("answerer", "answerer", "chat", 1))
    run = runs.create(c, NewRun("synthetic", "{}", "", 0, items, parts, state=runs.IMPORTED))
    values = {"items": items, "run": run.id}
    c.create_function("pair_key", 2, pair_key, deterministic=True)
    for statement in _STATEMENTS:
        c.execute(statement, {name: values[name] for name in values if f":{name}" in statement})
    desk.refill(c)
    counted.recount(c)


def _word(shift: int) -> str:
    choices = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(WORDS))
    return f"CASE (i * {shift}) % {len(WORDS)} {choices} END"


_TASK = f"'Item ' || i || ' asks: what has the ' || {_word(7)} || ' to do with the ' || {_word(5)} || '?'"
_OUTPUT = f"'The ' || {_word(3)} || ' and the ' || {_word(8)} || ' meet at the ' || {_word(9)} || '.'"
_STATEMENTS = (
    # Dropped, so that a run in the same project does not compare its own with a million others.
    f"""{_ROWS} INSERT INTO instructions (id, run_id, kind, text, status, reason, position)
        SELECT printf('t%031x', i), :run, 'A', {_TASK}, 'dropped', 'synthetic', 0 FROM n""",
    f"""{_ROWS} INSERT INTO instances
            (id, number, run_id, instruction_id, position, input, pair, status, reason)
        SELECT printf('i%031x', i), i, :run, printf('t%031x', i), 0, 'the ' || {_word(4)},
               pair_key({_TASK}, 'the ' || {_word(4)}), 'kept', '' FROM n""",
    *(
        f"""{_ROWS} INSERT INTO candidates (id, instance_id, model, role, position, output, ended, error)
            SELECT printf('{role[0]}%031x', i), printf('i%031x', i), '{role}', '{role}', {position},
                   {_OUTPUT} || '{" Indeed." * position}', 'end', '' FROM n"""
        for position, role in enumerate(("writer", "answerer"))
    ),
    f"""{_ROWS} INSERT INTO votes SELECT printf('v%031x', i), printf('i%031x', i), 'released', 1, 0.01,
            json_array(printf('w%031x', i), printf('a%031x', i)), '[[1.0, 0.5], [0.5, 1.0]]', 'rouge',
            printf('w%031x', i), {_SPREAD}, {_SPREAD}, 0, 0, 1, '', 1.0 - i / 1.0e9, '', 1,
            {_SPREAD}, 1, 'rouge-score', NULL, 1, 0, NULL, 0, 0, NULL, NULL FROM n""",
    f"""{_ROWS} INSERT INTO texts (rowid, body) SELECT i * {SLOTS}, {_TASK} FROM n""",
)
