"""Votes: what a rule said about an instance. Every one stays; the newest of an instance is current."""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.store import desk
from app.store.connection import Connection
from app.store.rows import VoteRow
from app.store.text import digest, now

COLUMNS = """rule, rule_version, threshold, candidates, matrix, decided_by, winner, lowest, mean, tie,
             short, keep, reason, disagreement"""


def save_vote(c: Connection, instance_id: str, vote: VoteRow) -> str:
    """Store a vote, make it the instance's current one and return its id. Decisions stay as they are."""
    return save_votes(c, [(instance_id, vote)])[0]


def save_votes(c: Connection, votes: Sequence[tuple[str, VoteRow]]) -> list[str]:
    """Store a vote for each of these instances, as `save_vote` does, and return their ids."""
    held = c.execute(
        """SELECT (SELECT COUNT(*) FROM votes WHERE instance_id = value) FROM json_each(?) ORDER BY key""",
        (json.dumps([instance for instance, _ in votes]),),
    ).fetchall()
    keys = [digest("vote", instance, before[0]) for (instance, _), before in zip(votes, held, strict=True)]
    c.executemany(
        "UPDATE votes SET current = 0 WHERE instance_id = ? AND current = 1",
        [(instance,) for instance, _ in votes],
    )
    at = now()
    c.executemany(
        f"""INSERT INTO votes (id, instance_id, {COLUMNS}, created_at, current)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)""",
        [(key, instance, *_columns(vote), at) for key, (instance, vote) in zip(keys, votes, strict=True)],
    )
    desk.refresh(c, [instance for instance, _ in votes])
    return keys


def current_vote(c: Connection, instance_id: str) -> VoteRow | None:
    """Return the vote that stands for an instance, None where there is none yet."""
    sql = f"SELECT {COLUMNS} FROM votes WHERE instance_id = ? AND current = 1"
    row = c.execute(sql, (instance_id,)).fetchone()
    return from_columns(tuple(row)) if row else None


def _columns(vote: VoteRow) -> tuple[object, ...]:
    """Return the values of `COLUMNS`."""
    return (
        *(vote.rule, vote.rule_version, vote.threshold, json.dumps(vote.candidates)),
        *(json.dumps(vote.matrix, allow_nan=False), vote.decided_by, vote.winner, vote.lowest, vote.mean),
        *(vote.tie, vote.short, vote.keep, vote.reason, vote.disagreement),
    )


def from_columns(row: tuple[object, ...]) -> VoteRow:
    """Build a vote from the values of `COLUMNS`."""
    rule, rule_version, threshold, candidates, matrix, decided_by, winner, lowest, mean, *rest = row
    tie, short, keep, reason, disagreement = rest
    return VoteRow(
        rule=str(rule),
        rule_version=int(str(rule_version)),
        threshold=float(str(threshold)),
        candidates=tuple(json.loads(str(candidates))),
        matrix=tuple(tuple(scores) for scores in json.loads(str(matrix))),
        decided_by=str(decided_by),
        winner=None if winner is None else str(winner),
        lowest=float(str(lowest)),
        mean=float(str(mean)),
        tie=bool(tie),
        short=bool(short),
        keep=bool(keep),
        reason=str(reason),
        disagreement=float(str(disagreement)),
    )
