"""The desk: one narrow row for each instance there is something to decide on, kept in step with votes and
decisions by whoever stores those, in the same transaction. Queue and counts read it alone.

The tables themselves are too wide to be sorted a million rows at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from app.method.consensus import Vote
from app.method.equality import Difference, largest_group
from app.store.connection import Connection

OVERRIDE = """CASE COALESCE(s.status, 'undecided') WHEN 'undecided' THEN 0 WHEN 'later' THEN 0
    WHEN 'rejected' THEN v.keep IS NOT 0 WHEN 'edited' THEN 1
    ELSE v.keep IS NOT 1 OR s.candidate_id IS NOT v.winner END"""
"""Whether the decision `s` departs from the vote `v`."""

# A person and the vote disagree: about keeping the item, or about which text is its answer.
_DIFFERS = """CASE WHEN v.keep IS NULL THEN 0 ELSE CASE COALESCE(s.status, 'undecided')
    WHEN 'rejected' THEN v.keep = 1 WHEN 'edited' THEN v.keep = 0
    WHEN 'undecided' THEN 0 WHEN 'later' THEN 0
    ELSE v.keep = 0 OR NOT EXISTS (SELECT 1 FROM candidates a JOIN candidates b ON a.output = b.output
                                   WHERE a.id = s.candidate_id AND b.id = v.winner) END END"""
# A vote without a deciding score passes or fails whatever the threshold, so it is far from it.
_MARGIN = "CASE WHEN v.difference = 2 THEN 0.0 ELSE COALESCE(ABS(v.score - v.threshold), 9.0) END"

_OF_TASK_AND_ANSWERS = {
    **{"number": "i.number", "instance_id": "i.id", "run": "r.number", "kind": "t.kind"},
    "equal": """largest_group((SELECT json_group_array(x.output) FROM candidates x
        WHERE x.instance_id = i.id AND x.reason = ''))""",
    "length": """LENGTH(t.text) + LENGTH(i.input) + COALESCE(
        (SELECT MAX(LENGTH(x.output)) FROM candidates x WHERE x.instance_id = i.id), 0)""",
}
_OF_VOTE_AND_STATE = {
    **{"aside": "i.status <> 'kept'", "keep": "COALESCE(v.keep, 0)", "voted": "v.id IS NOT NULL"},
    "stale": """COALESCE(w.task,
        (SELECT x.task FROM candidates x WHERE x.id = json_extract(v.candidates, '$[0]')),
        COALESCE(s.task, '')) <> COALESCE(s.task, '')""",
    "reason": "CASE i.status WHEN 'kept' THEN COALESCE(v.reason, '') ELSE i.reason END",
    **{"decided_by": "COALESCE(v.decided_by, '')", "winner": "COALESCE(w.model, '')"},
    "turn": "CASE COALESCE(s.status, 'undecided') WHEN 'undecided' THEN 0 WHEN 'later' THEN 1 ELSE 2 END",
    **{"status": "COALESCE(s.status, 'undecided')", "flagged": "COALESCE(s.flagged, 0)"},
    **{"conflict": "COALESCE(s.conflict, 0)", "override": OVERRIDE, "differs": _DIFFERS},
    # Answers that the rule takes as the same though a sign, number or symbol differs are anything but sure.
    "disagreement": "CASE WHEN v.difference = 2 THEN 1.0 ELSE COALESCE(v.disagreement, 0.0) END",
    **{"margin": _MARGIN, "difference": "COALESCE(v.difference, 0)"},
    **{"mean": "v.mean", "score": "v.score", "strict": "COALESCE(v.strict, 0)"},
    "probability": "CASE WHEN v.probabilities IS NOT NULL THEN v.score END",
}
_VOTE_AND_STATE = """LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
    LEFT JOIN candidates w ON w.id = v.winner
    LEFT JOIN review_state s ON s.instance_id = i.id"""
_COLUMNS = _OF_TASK_AND_ANSWERS | _OF_VOTE_AND_STATE
_FILL = f"""INSERT OR REPLACE INTO desk ({", ".join(_COLUMNS)}) SELECT {", ".join(_COLUMNS.values())}
    FROM instances i JOIN instructions t ON t.id = i.instruction_id JOIN runs r ON r.id = i.run_id
    {_VOTE_AND_STATE}
    WHERE (v.id IS NOT NULL OR i.status <> 'kept')"""
_REVISE = f"""UPDATE desk SET {", ".join(f"{name} = {value}" for name, value in _OF_VOTE_AND_STATE.items())}
    FROM instances i {_VOTE_AND_STATE} WHERE desk.number = i.number"""
_OF_TASK = ("number", "instance_id", "run", "kind", "equal", "length")
_UNSAID = {
    **{"aside": "0", "voted": "1", "stale": "0", "turn": "0", "status": "'undecided'", "flagged": "0"},
    **{"conflict": "0", "override": "0", "differs": "0"},
}
"""What a row has of a kept item with a vote that nobody has said anything about, whatever the vote says."""


class _OfVote(NamedTuple):
    """What a row has of the vote on a kept item that nobody has decided."""

    keep: bool
    reason: str
    decided_by: str
    winner: str
    disagreement: float
    margin: float
    difference: int
    mean: float | None
    score: float | None
    strict: bool
    probability: float | None


_ADD = f"""INSERT INTO desk ({", ".join((*_OF_TASK, *_OfVote._fields, *_UNSAID))})
    VALUES ({", ".join("?" for _ in (*_OF_TASK, *_OfVote._fields))}, {", ".join(_UNSAID.values())})"""
_SAY = f"UPDATE desk SET {', '.join(f'{name} = ?' for name in _OfVote._fields)} WHERE number = ?"
_BY_WHICH_ORDERED = ("keep", "disagreement")
_BESIDE = [name for name in _OfVote._fields if name not in _BY_WHICH_ORDERED]
_SAY_IN_PLACE = f"UPDATE desk SET {', '.join(f'{name} = ?' for name in _BESIDE)} WHERE number = ?"
_CHECKED = [name for name in _OF_VOTE_AND_STATE if name not in ("aside", "stale", "reason", "winner")]
"""What follows from the vote and the decision alone."""
_OUTDATED = f"""SELECT d.number FROM desk d
    LEFT JOIN votes v ON v.instance_id = d.instance_id AND v.current = 1
    LEFT JOIN review_state s ON s.instance_id = d.instance_id
    WHERE {" OR ".join(f"d.{name} IS NOT ({_OF_VOTE_AND_STATE[name]})" for name in _CHECKED)}"""
_GIVEN = "AND i.id IN (SELECT value FROM json_each(?))"


def refresh(c: Connection, instances: Iterable[str]) -> None:
    """Write the rows of these instances anew."""
    c.execute(f"{_FILL} {_GIVEN}", (json.dumps(list(instances)),))


class Asked(NamedTuple):
    """What a row of the desk says of a task, whatever is voted or decided: numbers of the instance and of its
    run, its id, kind and texts."""

    number: int
    instance_id: str
    run: int
    kind: str
    instruction: str
    input: str


Row = tuple[str | int | float | None, ...]


class Said(NamedTuple):
    """What a vote says in the row of an item that nobody has said anything about: the item's number and id,
    and the values of the columns that a vote can change there.

    `moves` says whether the item gets another place in the queue.
    """

    number: int
    instance_id: str
    values: Row
    moves: bool


def said(number: int, instance_id: str, models: Sequence[str], vote: Vote, before: Vote) -> Said:
    """Return what `revise` would write of a kept item with this vote on the answers of these models, in the
    place of the vote `before` on the same answers."""
    moves = vote.keep is not before.keep or _disagreement(vote) != _disagreement(before)
    return Said(number, instance_id, _of_vote(vote, models), moves)


def _of_vote(vote: Vote, models: Sequence[str]) -> _OfVote:
    margin = 9.0 if vote.score is None else abs(vote.score - vote.threshold)
    return _OfVote(
        vote.keep,
        vote.reason,
        vote.decided_by,
        "" if vote.winner is None else models[vote.winner],
        _disagreement(vote),
        0.0 if vote.difference is Difference.SYMBOLS else margin,
        int(vote.difference),
        vote.mean,
        vote.score,
        vote.strict,
        None if vote.probabilities is None else vote.score,
    )


def _disagreement(vote: Vote) -> float:
    return 1.0 if vote.difference is Difference.SYMBOLS else vote.disagreement


def row(asked: Asked, answers: Sequence[tuple[str, str]], vote: Vote) -> Row:
    """Return the row of a kept instance that nobody has decided, as `refresh` writes it, without reading.

    `answers` are models and texts, in the order of the vote, none dropped.
    """
    texts = [text for _, text in answers]
    length = _length(asked.instruction) + _length(asked.input) + max(map(_length, texts), default=0)
    of_task = (asked.number, asked.instance_id, asked.run, asked.kind, largest_group(texts), length)
    return (*of_task, *_of_vote(vote, [model for model, _ in answers]))


def _length(text: str) -> int:
    """Return the length of a text as SQLite counts it: up to a NUL."""
    return len(text) if "\0" not in text else text.index("\0")


def add(c: Connection, rows: Sequence[Row]) -> None:
    """Add rows of instances that have none yet."""
    c.executemany_own(_ADD, rows)


def revise(c: Connection, instances: Iterable[str]) -> None:
    """Write what votes and decisions change of the rows of these instances; their candidates are the same.

    Takes half the time of `refresh`, which looks at every candidate.
    """
    c.execute(f"{_REVISE} {_GIVEN}", (json.dumps(list(instances)),))


def say(c: Connection, votes: Sequence[Said]) -> None:
    """Write what votes on the same candidates as before say, of whatever people said of their items.

    What is known is not read again: ids are hashes, so that vote, winner and state of every item lie on
    other pages.
    """
    touched = """SELECT instance_id FROM review_state
                 WHERE instance_id IN (SELECT value FROM json_each(?))"""
    ids = json.dumps([vote.instance_id for vote in votes])
    spoken_of = {key for (key,) in c.tuples(touched, (ids,))}
    unspoken = [vote for vote in votes if vote.instance_id not in spoken_of] if spoken_of else votes
    c.executemany_own(_SAY, [(*vote.values, vote.number) for vote in unspoken if vote.moves])
    # Most stay where they are, and what lies in an index by scores is slow to take out and put back.
    beside = itemgetter(*map(_OfVote._fields.index, _BESIDE))
    c.executemany_own(
        _SAY_IN_PLACE, [(*beside(vote.values), vote.number) for vote in unspoken if not vote.moves]
    )
    revise(c, [vote.instance_id for vote in votes if vote.instance_id in spoken_of])


def refill(c: Connection) -> None:
    """Write all rows anew."""
    c.execute("DELETE FROM desk")
    c.execute(_FILL)


def outdated(c: Connection) -> Iterator[str]:
    """Yield in words which rows do not say what the vote and the decision say that they are about."""
    for (number,) in c.tuples(_OUTDATED):
        yield f"what the queue keeps of item #{number:04d} is not what its vote and its decisions say"
