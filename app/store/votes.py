"""Votes: what a rule said about an instance, and who takes part in the next one.

Every vote stays; the newest of an instance is current. A candidate takes part unless it is dropped, if its
model takes part in the instance's run and it answers the task as it reads now.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from app.method.terms import Role
from app.store import desk
from app.store.connection import Connection
from app.store.rows import VoteRow
from app.store.runs import ANSWERERS
from app.store.text import digest, now

_json = json.JSONEncoder(allow_nan=False).encode
"""Kept, because `json.dumps` makes a new encoder for every call that asks for anything."""

COLUMNS = """rule, rule_version, threshold, candidates, matrix, decided_by, winner, lowest, mean, tie,
             short, keep, reason, disagreement"""
_CANDIDATES = [name.strip() for name in COLUMNS.split(",")].index("candidates")


def save_vote(c: Connection, instance_id: str, vote: VoteRow) -> str:
    """Store a vote, make it the instance's current one and return its id. Decisions stay as they are."""
    return save_votes(c, [(instance_id, vote)])[0]


def save_votes(c: Connection, votes: Sequence[tuple[str, VoteRow]]) -> list[str]:
    """Store a vote for each of these instances, as `save_vote` does, and return their ids."""
    instances = json.dumps([instance for instance, _ in votes])
    held = c.execute(
        """SELECT COUNT(v.id), MAX(CASE v.current WHEN 1 THEN v.candidates END)
           FROM json_each(?) j LEFT JOIN votes v ON v.instance_id = j.value GROUP BY j.key ORDER BY j.key""",
        (instances,),
    ).fetchall()
    keys = [digest("vote", instance, count) for (instance, _), (count, _) in zip(votes, held, strict=True)]
    c.execute(
        """UPDATE votes SET current = 0
           WHERE current = 1 AND instance_id IN (SELECT value FROM json_each(?))""",
        (instances,),
    )
    at, rows = now(), [_columns(vote) for _, vote in votes]
    c.executemany(
        f"""INSERT INTO votes (id, instance_id, {COLUMNS}, created_at, current)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)""",
        [(key, instance, *row, at) for key, (instance, _), row in zip(keys, votes, rows, strict=True)],
    )
    same = [before == row[_CANDIDATES] for (_, before), row in zip(held, rows, strict=True)]
    desk.revise(c, [instance for (instance, _), known in zip(votes, same, strict=True) if known])
    desk.refresh(c, [instance for (instance, _), known in zip(votes, same, strict=True) if not known])
    return keys


def current_vote(c: Connection, instance_id: str) -> VoteRow | None:
    """Return the vote that stands for an instance, None where there is none yet."""
    sql = f"SELECT {COLUMNS} FROM votes WHERE instance_id = ? AND current = 1"
    row = c.execute(sql, (instance_id,)).fetchone()
    return from_columns(tuple(row)) if row else None


def _columns(vote: VoteRow) -> tuple[object, ...]:
    """Return the values of `COLUMNS`."""
    return (
        *(vote.rule, vote.rule_version, vote.threshold, _json(vote.candidates)),
        *(_json(vote.matrix), vote.decided_by, vote.winner, vote.lowest, vote.mean),
        *(vote.tie, vote.short, vote.keep, vote.reason, vote.disagreement),
    )


def from_columns(row: tuple[Any, ...]) -> VoteRow:
    """Build a vote from the values of `COLUMNS`."""
    rule, version, threshold, candidates, matrix, decided_by, winner, lowest, mean, *rest = row
    tie, short, keep, reason, disagreement = rest
    scores = tuple(map(tuple, json.loads(matrix)))
    ids = tuple(json.loads(candidates))
    figures = (lowest, mean, bool(tie), bool(short), bool(keep), reason, disagreement)
    return VoteRow(rule, version, threshold, ids, scores, decided_by, winner, *figures)


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
           (SELECT 1 FROM {ANSWERERS} r WHERE r.run_id = i.run_id AND NOT EXISTS
            (SELECT 1 FROM candidates x
             WHERE x.instance_id = i.id AND x.role = 'answerer' AND x.model = r.model)),
           {", ".join(f"v.{name.strip()}" for name in COLUMNS.split(","))}
    FROM instances i LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
    WHERE i.status = 'kept' AND i.run_id = COALESCE(?, i.run_id) AND i.number > ?
    ORDER BY i.number LIMIT ?"""
_VOTING_CANDIDATES = """
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
    rows = c.tuples(_VOTING_CANDIDATES, (run_id, after, heads[-1][0]))
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
            vote=None if head[4] is None else from_columns(head[4:]),
            candidates=standing.get(head[0], ()),
        )
        for head in heads
    ]


# The released rule and the paper's ask for more than the threshold, ours for as much.
_SQL = """SELECT d.number, CASE v.rule WHEN 'quorum' THEN v.mean ELSE v.lowest END, v.rule <> 'quorum',
                 v.keep, d.turn < 2
          FROM desk d JOIN votes v ON v.instance_id = d.instance_id AND v.current = 1
          JOIN candidates w ON w.id = v.winner
          WHERE v.decided_by = 'rouge' AND d.aside = 0 AND TRIM(w.output) <> ''
          ORDER BY d.number"""
_FETCHED = 2_000


@dataclass(slots=True)
class Scores:
    """The votes that a threshold decides, in columns: number of the item, score, whether the score must be
    more than the threshold, whether the item is kept now, whether nobody has decided it.

    `settled` counts the kept items that no threshold touches (equal answers, the only answer).
    """

    numbers: array[int] = field(default_factory=lambda: array("q"))
    scores: array[float] = field(default_factory=lambda: array("d"))
    strict: array[int] = field(default_factory=lambda: array("b"))
    kept: array[int] = field(default_factory=lambda: array("b"))
    undecided: array[int] = field(default_factory=lambda: array("b"))
    settled: int = 0
    threshold: float = 0.01


def scores(c: Connection) -> Scores:
    """Read the scores of all voted items, and the threshold that most votes used."""
    found = Scores()
    cursor = c.tuples(_SQL)
    while rows := cursor.fetchmany(_FETCHED):
        numbers, values, strict, kept, undecided = zip(*rows, strict=True)
        found.numbers.extend(numbers)
        found.scores.extend(values)
        found.strict.extend(strict)
        found.kept.extend(kept)
        found.undecided.extend(undecided)
    found.settled = c.execute("SELECT COUNT(*) FROM votes WHERE current = 1 AND keep = 1").fetchone()[0]
    found.settled -= sum(found.kept)
    row = c.execute(
        "SELECT threshold FROM votes WHERE current = 1 GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1"
    ).fetchone()
    if row is not None:
        found.threshold = row[0]
    return found
