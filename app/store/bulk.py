"""One decision over all undecided items that meet a rule: counted, sampled and stored as one event."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.errors import ProjectError
from app.method.equality import Difference
from app.store import decisions
from app.store.connection import Connection
from app.store.filters import Filter

BulkAction = Literal["accept", "reject"]
RuleName = Literal["all", "unanimous", "exact", "mean", "short"]

_VOTE = "FROM votes v WHERE v.instance_id = d.instance_id AND v.current = 1"
_RULES: dict[str, str] = {
    "all": "1",
    # The desk's count is a first sieve: it also knows answers that the vote is not about.
    "unanimous": f"""d.equal > 1 AND EXISTS (SELECT 1 {_VOTE} AND d.equal >= json_array_length(v.candidates)
        AND (SELECT COUNT(DISTINCT content(x.output)) FROM json_each(v.candidates) j
             JOIN candidates x ON x.id = j.value) = 1 AND json_array_length(v.candidates) > 1)""",
    # Equal and alike are not the answers that a rule takes as the same though a sign or a number differs.
    "exact": f"d.decided_by = 'exact' AND d.difference < {Difference.SYMBOLS:d}",
    "mean": f"d.mean >= :least AND d.difference < {Difference.SYMBOLS:d}",
    "short": f"EXISTS (SELECT 1 {_VOTE} AND v.short = 1)",
}
MOST = 500_000
"""Items of one event; what is beyond stays undecided and is decided by the next one."""


@dataclass(frozen=True, slots=True)
class BulkRule:
    """Which items a decision in bulk is about; "mean" asks of a winner a mean similarity of `least`."""

    name: RuleName = "unanimous"
    least: float = 0.7


@dataclass(frozen=True, slots=True)
class Matching:
    """How many items meet a rule, and some of them, drawn evenly: (number, instruction, answer)."""

    count: int
    samples: tuple[tuple[int, str, str], ...]


def matching(
    c: Connection, action: BulkAction, wanted: Filter, rule: BulkRule, reviewer: str, samples: int = 10
) -> Matching:
    """Count what a decision in bulk would be about: undecided items in the filter that meet the rule.

    An accept leaves out what has no winner, and answers to an earlier text of a task.
    """
    source, values = _source(action, wanted, rule, reviewer)
    # Counted on the way: of a million items, meeting the rule takes far longer than anything else here.
    drawn = c.tuples(
        f"""SELECT d.met, d.number, SUBSTR(t.text, 1, 200), SUBSTR(COALESCE(x.output, ''), 1, 200)
            FROM (SELECT d.number, d.instance_id, COUNT(*) OVER () AS met {source}
                  ORDER BY SUBSTR(d.instance_id, 9, 8) LIMIT MAX(:samples, 1)) d
            JOIN instances i ON i.id = d.instance_id JOIN instructions t ON t.id = i.instruction_id
            LEFT JOIN candidates x ON x.id = (SELECT v.winner {_VOTE})""",
        values | {"samples": samples},
    ).fetchall()
    return Matching(drawn[0][0] if drawn else 0, tuple(tuple(row[1:]) for row in drawn[:samples]))


def decide(c: Connection, action: BulkAction, wanted: Filter, rule: BulkRule, reviewer: str) -> int:
    """Decide on what `matching` counts, at most `MOST`, as one event for one undo; return how many.

    Raises ProjectError where there is nothing.
    """
    source, values = _source(action, wanted, rule, reviewer)
    candidate = f"(SELECT v.winner {_VOTE})" if action == "accept" else "NULL"
    rows = c.execute(f"SELECT d.instance_id, {candidate} {source} LIMIT {MOST}", values).fetchall()
    note = json.dumps({"view": wanted.view, "filter": wanted.text, "rule": rule.name, "least": rule.least})
    return _store(c, reviewer, action, note, rows, None)


def repeat(c: Connection, reviewer: str, source: str, targets: Sequence[str]) -> int:
    """Decide on `targets` as `source` is decided, rejected or edited, as one event; return how many.

    Raises ProjectError where the source is decided otherwise, or there is nothing.
    """
    state = decisions.state_of(c, source)
    if state.status == "rejected":
        return _store(
            c, reviewer, "reject", "similar", [(key, None) for key in targets], state.reason or None
        )
    if state.status == "edited":
        return _store(c, reviewer, "edit", "similar", [(key, None) for key in targets], state.text)
    raise ProjectError(
        "Only a rejection or an edit can be applied to others.", "Reject or edit this one first."
    )


def _source(
    action: BulkAction, wanted: Filter, rule: BulkRule, reviewer: str
) -> tuple[str, dict[str, object]]:
    condition, values = wanted.on_desk(reviewer)
    if rule.name == "mean":
        values["least"] = rule.least
    usable = "d.winner <> '' AND d.stale = 0" if action == "accept" else "1"
    return (
        f"""FROM desk d
            WHERE {condition} AND d.voted = 1 AND d.turn < 2 AND {_RULES[rule.name]} AND {usable}""",
        values,
    )


def _store(
    c: Connection,
    reviewer: str,
    action: Literal["accept", "reject", "edit"],
    note: str,
    rows: Sequence[Sequence[str | None]],
    text: str | None,
) -> int:
    if not rows:
        raise ProjectError("There is nothing to decide on.", "Choose another rule or filter.")
    decisions.record(c, reviewer, action, [(str(key), candidate, text) for key, candidate in rows], note)
    return len(rows)
