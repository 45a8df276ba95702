"""Votes: what a rule said about an instance. Every one stays; the newest of an instance is current."""

from __future__ import annotations

import json

from app.store.connection import Connection
from app.store.rows import VoteRow
from app.store.text import digest, now

COLUMNS = """rule, rule_version, threshold, candidates, matrix, decided_by, winner, lowest, mean, tie,
             short, keep, reason, disagreement"""


def save_vote(c: Connection, instance_id: str, vote: VoteRow) -> str:
    """Store a vote, make it the instance's current one and return its id. Decisions stay as they are."""
    held = int(c.execute("SELECT COUNT(*) FROM votes WHERE instance_id = ?", (instance_id,)).fetchone()[0])
    key = digest("vote", instance_id, held)
    c.execute("UPDATE votes SET current = 0 WHERE instance_id = ? AND current = 1", (instance_id,))
    c.execute(
        f"""INSERT INTO votes (id, instance_id, {COLUMNS}, created_at, current)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)""",
        (
            key,
            instance_id,
            vote.rule,
            vote.rule_version,
            vote.threshold,
            json.dumps(vote.candidates),
            json.dumps(vote.matrix, allow_nan=False),
            vote.decided_by,
            vote.winner,
            vote.lowest,
            vote.mean,
            vote.tie,
            vote.short,
            vote.keep,
            vote.reason,
            vote.disagreement,
            now(),
        ),
    )
    return key


def current_vote(c: Connection, instance_id: str) -> VoteRow | None:
    """Return the vote that stands for an instance, None where there is none yet."""
    sql = f"SELECT {COLUMNS} FROM votes WHERE instance_id = ? AND current = 1"
    row = c.execute(sql, (instance_id,)).fetchone()
    return from_columns(tuple(row)) if row else None


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
