"""The counts that a project keeps, so that nobody has to count a million rows to say how many there are.

Whoever stores a row says what it counts as (`add`), or stores it inside `through`, which looks at the rows of
an instance before and after; in the same transaction, so that the two never differ. Triggers would do it by
themselves, and make every row three times as slow to store.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, NamedTuple

from app.method.voices import ONE_VOICE
from app.store.connection import Connection

Stage = Literal[
    "instructions", "instances", "answers", "votes", "differences", "barred", "versions", "decisions"
]


class Cell(NamedTuple):
    """What a row counts as; `model` is a fingerprint.

    Answers, votes, differences and barred answers count where their instance is kept. Of `versions`, `kind`
    is the rule, `status` its version, and `reason` says where every answer voted as somebody chose that.
    """

    run_id: str
    stage: Stage
    kind: str
    status: str
    reason: str = ""
    model: str = ""
    role: str = ""


_TASK = "JOIN instructions t ON t.id = i.instruction_id"
# The votes that stand are looked up once for all that they count as.
_VOTED = f"""WITH voted AS {{kept}} (
    SELECT i.run_id, i.status, t.kind, v.keep, v.decided_by, v.reason, v.difference, v.barred, v.candidates,
           v.rule, v.rule_version, v.asked
    {{instances}} {_TASK} JOIN votes v ON v.instance_id = i.id AND v.current = 1)"""
# What the rows of an instance i count as, by stage: kind, status, reason, model, role; and from where.
_OF_INSTANCES: dict[Stage, tuple[str, str]] = {
    "instances": ("t.kind, i.status, i.reason, '', ''", f"{{instances}} {_TASK}"),
    "answers": (
        "t.kind, CASE x.reason WHEN '' THEN x.ended ELSE 'dropped' END, x.reason, x.model, x.role",
        f"{{instances}} {_TASK} JOIN candidates x ON x.instance_id = i.id WHERE i.status = 'kept'",
    ),
    "votes": (
        """i.kind, CASE i.keep WHEN 1 THEN 'kept' ELSE 'dropped' END,
           CASE i.keep WHEN 1 THEN i.decided_by ELSE i.reason END, '', ''""",
        "FROM voted i WHERE i.status = 'kept'",
    ),
    "differences": (
        "i.kind, CASE i.difference WHEN 2 THEN 'symbols' ELSE 'punctuation' END, '', '', ''",
        "FROM voted i WHERE i.status = 'kept' AND i.difference > 0",
    ),
    "barred": (
        "i.kind, '', j.value, x.model, ''",
        f"""FROM voted i JOIN json_each(i.barred) j
            JOIN candidates x ON x.id = json_extract(i.candidates, j.fullkey)
            WHERE i.status = 'kept' AND i.barred GLOB '*[a-z]*' AND j.value NOT IN ('', '{ONE_VOICE}')""",
    ),
    "versions": (
        """i.rule, CAST(i.rule_version AS TEXT),
           CASE WHEN i.barred IS NULL AND i.asked > 0 THEN 'chosen' ELSE '' END, '', ''""",
        "FROM voted i",
    ),
    "decisions": (
        "t.kind, s.status, '', '', ''",
        f"""{{instances}} {_TASK} JOIN review_state s ON s.instance_id = i.id
            WHERE s.status <> 'undecided'""",
    ),
}
OF_INSTANCES: tuple[Stage, ...] = tuple(_OF_INSTANCES)
OF_VOTES: tuple[Stage, ...] = ("votes", "differences", "barred", "versions")
OF_DECISIONS: tuple[Stage, ...] = ("decisions",)
# CROSS JOIN keeps SQLite from walking another table than the few instances.
_THESE = "FROM json_each(:items) g CROSS JOIN instances i ON i.id = g.value"
_INSTRUCTIONS = """SELECT run_id, 'instructions', kind, status, reason, '', '', COUNT(*)
                   FROM instructions t {where} GROUP BY 1, 3, 4, 5"""
_GROUPED = "GROUP BY 1, 2, 3, 4, 5, 6, 7"


def add(c: Connection, cells: Mapping[Cell, int]) -> None:
    """Add these numbers to the counts that are kept."""
    c.executemany(
        """INSERT INTO counted VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET count = count + excluded.count""",
        [(*cell, count) for cell, count in cells.items() if count],
    )


@contextmanager
def through(
    c: Connection,
    instances: Collection[str],
    stages: Collection[Stage] = OF_INSTANCES,
    *,
    instruction: str | None = None,
) -> Iterator[None]:
    """Count again what these stages of instances, and an instruction, hold once they have been changed."""
    before = _found(c, instances, stages, instruction)
    yield
    after = _found(c, instances, stages, instruction)
    after.subtract(before)
    add(c, after)


def _found(
    c: Connection, instances: Collection[str], stages: Collection[Stage], instruction: str | None
) -> Counter[Cell]:
    """Count the rows of these instances, and of an instruction."""
    rows = c.tuples(
        _counting(stages, _THESE, "MATERIALIZED"), {"items": json.dumps(list(instances))}
    ).fetchall()
    if instruction is not None:
        rows += c.tuples(_INSTRUCTIONS.format(where="WHERE t.id = ?"), (instruction,)).fetchall()
    return Counter({Cell(*cell): count for *cell, count in rows})


def _counting(stages: Collection[Stage], instances: str, kept: str) -> str:
    """Return the query for how many rows of these stages there are; `kept` says whether votes are."""
    counts = " UNION ALL ".join(
        f"SELECT i.run_id, '{stage}', {cell}, COUNT(*) {rows} {_GROUPED}"
        for stage, (cell, rows) in _OF_INSTANCES.items()
        if stage in stages
    )
    return f"{_VOTED} {counts}".format(instances=instances, kept=kept)


_EVERY = f"""{_counting(OF_INSTANCES, "FROM instances i", "NOT MATERIALIZED")}
             UNION ALL {_INSTRUCTIONS.format(where="")}"""


def recount(c: Connection) -> None:
    """Count every row anew."""
    c.execute("DELETE FROM counted")
    c.execute(f"INSERT INTO counted {_EVERY}")


def lost(c: Connection) -> Iterator[str]:
    """Yield in words which runs have rows and no count of them: a page that is lost can look empty."""
    for stage in ("instructions", "instances"):
        sql = f"""SELECT r.number FROM runs r
                  WHERE EXISTS (SELECT 1 FROM {stage} x WHERE x.run_id = r.id) AND NOT EXISTS
                        (SELECT 1 FROM counted n WHERE n.run_id = r.id AND n.stage = ?)"""
        for (number,) in c.tuples(sql, (stage,)).fetchall():
            yield f"the counts of run {number} are lost"


def miscounted(c: Connection) -> Iterator[str]:
    """Yield in words where the count that is kept is not that of the rows."""
    kept = {Cell(*cell): count for *cell, count in c.tuples("SELECT * FROM counted WHERE count <> 0")}
    rows = {Cell(*cell): count for *cell, count in c.tuples(_EVERY)}
    for cell in sorted(kept.keys() | rows.keys()):
        if kept.get(cell, 0) != rows.get(cell, 0):
            what = " ".join(filter(None, (cell.stage, cell.kind, cell.status, cell.reason)))
            yield f"{cell.run_id} counts {kept.get(cell, 0):,} as {what}, and has {rows.get(cell, 0):,}"
