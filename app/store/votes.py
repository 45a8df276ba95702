"""Votes: what a rule said about an instance. Every one stays; the newest of an instance is current."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.store import desk
from app.store.connection import Connection
from app.store.rows import VoteRow
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
