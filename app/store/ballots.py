"""Who stands in a vote: the candidates of every kept instance, with the vote that stands for it now.

A candidate takes part unless it is dropped, if its model takes part in the instance's run and it answers the
task as it reads now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from app.store import votes
from app.store.connection import Connection
from app.store.rows import Role, VoteRow

AT_ONCE = 5_000
"""Instances read together: few enough for any memory, enough for one query to be worth it."""


class Standing(NamedTuple):
    """A candidate that takes part in a vote; `name` is its model's, foreign as `output` is."""

    id: str
    role: Role
    model: str
    name: str
    output: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """The candidates of a kept instance in order of position, and the vote that stands for it.

    `waiting` says that none stands and a model of the run has yet to answer.
    """

    instance_id: str
    number: int
    run_id: str
    waiting: bool
    vote: VoteRow | None
    candidates: tuple[Standing, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The candidates' ids in order."""
        return tuple(one.id for one in self.candidates)

    @property
    def up_to_date(self) -> bool:
        """Whether the vote that stands is about just these candidates."""
        return self.vote is not None and self.vote.candidates == self.ids


_INSTANCES = f"""
    SELECT i.number, i.id, i.run_id, v.id IS NULL AND EXISTS
           (SELECT 1 FROM run_models r JOIN models m ON m.fingerprint = r.model
            WHERE r.run_id = i.run_id AND r.role = 'answerer' AND m.path <> '' AND NOT EXISTS
            (SELECT 1 FROM candidates x
             WHERE x.instance_id = i.id AND x.role = 'answerer' AND x.model = r.model)),
           {", ".join(f"v.{name.strip()}" for name in votes.COLUMNS.split(","))}
    FROM instances i LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
    WHERE i.status = 'kept' AND i.run_id = COALESCE(?, i.run_id) AND i.number > ?
    ORDER BY i.number LIMIT ?"""
_CANDIDATES = """
    SELECT i.number, c.id, c.role, c.model, m.name, c.output
    FROM instances i JOIN candidates c ON c.instance_id = i.id
    JOIN run_models r ON r.run_id = i.run_id AND r.role = c.role AND r.model = c.model
    JOIN models m ON m.fingerprint = c.model
    LEFT JOIN review_state s ON s.instance_id = i.id
    WHERE i.status = 'kept' AND i.run_id = COALESCE(?, i.run_id) AND i.number > ? AND i.number <= ?
          AND c.reason = '' AND c.task = COALESCE(s.task, '')
    ORDER BY i.number, c.position"""


def in_chunks(c: Connection, run_id: str | None = None) -> Iterator[list[Ballot]]:
    """Yield the ballots of a run, or of the project, in order of number, some thousand at a time.

    Votes may be stored between two chunks.
    """
    last = 0
    while chunk := _chunk(c, run_id, last):
        yield chunk
        last = chunk[-1].number


def _chunk(c: Connection, run_id: str | None, after: int) -> list[Ballot]:
    heads = c.tuples(_INSTANCES, (run_id, after, AT_ONCE)).fetchall()
    if not heads:
        return []
    rows = c.tuples(_CANDIDATES, (run_id, after, heads[-1][0]))
    standing = {
        number: tuple([Standing(*row[1:]) for row in group])
        for number, group in groupby(rows, key=itemgetter(0))
    }
    return [
        Ballot(
            instance_id=head[1],
            number=head[0],
            run_id=head[2],
            waiting=bool(head[3]),
            vote=None if head[4] is None else votes.from_columns(head[4:]),
            candidates=standing.get(head[0], ()),
        )
        for head in heads
    ]
