"""Votes: what a rule said about an instance, and who takes part in the next one.

Every vote stays; the newest of an instance is current. A candidate is compared unless it is dropped, if its
model takes part in the instance's run and it answers the task as it reads now; whether it votes, the vote
says.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from app.method.consensus import RULE_VERSIONS, RuleChoice, Vote
from app.method.equality import Difference
from app.method.pair_scores import Matrix
from app.method.recipe_parts import Rule
from app.method.terms import Ended, Kind, Role
from app.method.voices import ONE_VOICE, Speaker, speakers
from app.store import counted, desk
from app.store.connection import Connection
from app.store.counted import Cell
from app.store.runs import ALL_VOTE, ASKED, UNANSWERED
from app.store.text import digest, now, storable

COLUMNS = Vote._fields
"""What a vote is stored as: a column for each field, of the same name."""
_CANDIDATES, _MATRIX, _WINNER, _DIFFERENCE, _BARRED, _PROBABILITIES = map(
    COLUMNS.index, ("candidates", "matrix", "winner", "difference", "barred", "probabilities")
)
_DIFFERENCES = tuple(Difference)
_FLAGS = tuple(map(COLUMNS.index, ("tie", "short", "keep", "strict", "containment")))
"""SQLite has no truth values, only 0 and 1."""

AT_ONCE = 1_000
"""Instances read together: few enough for any memory, enough for one query to be worth it."""
_FETCHED = 2_000
"""Scores taken at a time: between two takes, other threads run."""

_json = json.JSONEncoder(allow_nan=False).encode
"""Kept, because `json.dumps` makes a new encoder for every call that asks for anything."""

_value = json.JSONDecoder().decode
"""Kept for the same reason."""

_SAVE = f"""INSERT INTO votes (id, instance_id, created_at, current, {", ".join(COLUMNS)})
            VALUES (?, ?, ?, 1, {", ".join("?" for _ in COLUMNS)})"""
_BALLOTS = f"""
    WITH {ASKED}
    SELECT i.number, i.id, i.run_id, t.kind, COALESCE(s.instruction, t.text), COALESCE(s.input, i.input),
           v.id IS NULL AND {UNANSWERED},
           v.id IS NOT NULL, {", ".join(f"v.{name}" for name in COLUMNS)}
    FROM instances i JOIN instructions t ON t.id = i.instruction_id
    LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
    LEFT JOIN review_state s ON s.instance_id = i.id
    WHERE i.number IN (SELECT value FROM json_each(?)) ORDER BY i.number"""
_CANDIDATES_OF = """
    SELECT i.number, c.reason = '', c.id, r.rowid, c.output, c.ended, c.attempt
    FROM instances i JOIN candidates c ON c.instance_id = i.id
    JOIN run_models r ON r.run_id = i.run_id AND r.role = c.role AND r.model = c.model
    LEFT JOIN review_state s ON s.instance_id = i.id
    WHERE i.number IN (SELECT value FROM json_each(?)) AND c.task = COALESCE(s.task, '')
    ORDER BY i.number, c.position"""
_ANSWERERS = """SELECT r.rowid, r.role, r.model, m.name
                FROM run_models r JOIN models m ON m.fingerprint = r.model"""
_NUMBERS = "SELECT number FROM instances WHERE status = 'kept' AND run_id = COALESCE(?, run_id)"
_SCORES = """SELECT number, score, strict, keep, turn < 2 FROM desk
             WHERE score IS NOT NULL AND aside = 0 ORDER BY number"""


class VotingCandidate(NamedTuple):
    """A candidate that is compared in a vote, which says whether it votes; `name` is its model's, foreign as
    `output` is."""

    id: str
    role: Role
    model: str
    name: str
    output: str
    ended: Ended
    attempt: int = 0


class Ballot(NamedTuple):
    """A kept instance, its task as it reads now, its candidates in order and their ids, and the vote that
    stands.

    `waiting` says that none stands and a model of the run has yet to answer. `asked` counts the models that
    have answered, those included whose answers cannot be used and are no candidates. `matrix` is how the
    vote's is stored.
    """

    instance_id: str
    number: int
    run_id: str
    kind: Kind
    instruction: str
    input: str
    waiting: bool
    vote: Vote | None
    candidates: tuple[VotingCandidate, ...]
    ids: tuple[str, ...]
    asked: int
    matrix: str

    @property
    def by(self) -> tuple[Speaker, ...]:
        """Who gave each candidate, where models gave samples."""
        return speakers(self.candidates)

    @property
    def up_to_date(self) -> bool:
        """Whether the vote that stands is about just these candidates."""
        return self.vote is not None and self.vote.candidates == self.ids


class Rows(NamedTuple):
    """What the ballots of some instances are made of, as it is stored: their own rows and those of their
    candidates, both in order of number.

    `answerers` are role, fingerprint and name of the models, by what the rows of candidates call them:
    written out in each row, they would be half of it.
    """

    instances: list[tuple[Any, ...]]
    candidates: list[tuple[Any, ...]]
    answerers: dict[int, tuple[Role, str, str]]

    def without(self, instances: Collection[str]) -> Rows:
        """Leave these instances out."""
        return self._replace(instances=[row for row in self.instances if row[1] not in instances])


def new_rows(
    instances: Sequence[tuple[int, str, str, Kind, str, str]],
    candidates: Sequence[tuple[int, str, Role, str, str, str]],
) -> Rows:
    """Return what ballots are made of for instances that are just being stored, as it is read later.

    Of an instance: number, id, run, kind, instruction and input; of a candidate: number of its instance, id,
    role, model, its name and the output. Nobody has voted on them, and no answer is missing.
    """
    unvoted = (0, 0, *(None for _ in COLUMNS))
    asked = [
        (number, key, run, kind, storable(text), storable(own), *unvoted)
        for number, key, run, kind, text, own in instances
    ]
    places: dict[tuple[Role, str, str], int] = {}
    answers = [
        (number, 1, key, places.setdefault((role, model, name), len(places)), storable(output), "end", 0)
        for number, key, role, model, name, output in candidates
    ]
    answerers = {place: (role, model, storable(name)) for (role, model, name), place in places.items()}
    return Rows(asked, answers, answerers)


class NewVote(NamedTuple):
    """A vote as it is to be stored: on which instance, and the values of `COLUMNS`.

    `said` is what the desk says of it, where that is known without looking: there is one on the same answers.
    """

    instance_id: str
    values: tuple[Any, ...]
    said: desk.Said | None = None


class FirstVote(NamedTuple):
    """The first vote on an instance: its id, how it is stored, and the row of the desk that follows."""

    key: str
    vote: NewVote
    row: desk.Row


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
    rule: Rule = "released"


def save_vote(c: Connection, instance_id: str, vote: Vote) -> str:
    """Store a vote, make it the instance's current one and return its id. Decisions stay as they are."""
    return save_votes(c, [new_vote(instance_id, vote)])[0]


def save_votes(
    c: Connection, votes: Sequence[NewVote], changes: Mapping[Cell, int] | None = None
) -> list[str]:
    """Store a vote for each of these instances, as `save_vote` does, and return their ids.

    `changes` are what that does to the counts, by `cells`; without it, the rows are looked at.
    """
    instances = [vote.instance_id for vote in votes]
    with counted.through(c, instances, counted.OF_VOTES) if changes is None else nullcontext():
        keys = _save_votes(c, votes)
    counted.add(c, changes or {})
    return keys


def save_first_votes(c: Connection, votes: Sequence[FirstVote], changes: Mapping[Cell, int]) -> None:
    """Store the votes on instances that nobody has voted on or decided yet, and their rows of the desk.

    `changes` are what that does to the counts.
    """
    at = now()
    c.executemany_own(_SAVE, [(key, vote.instance_id, at, *vote.values) for key, vote, _ in votes])
    desk.add(c, [row for *_, row in votes])
    counted.add(c, changes)


def _save_votes(c: Connection, votes: Sequence[NewVote]) -> list[str]:
    instances = _json([vote.instance_id for vote in votes])
    earlier = c.tuples(
        """SELECT (SELECT COUNT(*) FROM votes v WHERE v.instance_id = j.value)
           FROM json_each(?) j ORDER BY j.key""",
        (instances,),
    ).fetchall()
    keys = [digest("vote", vote.instance_id, count) for vote, (count,) in zip(votes, earlier, strict=True)]
    c.execute(
        """UPDATE votes SET current = 0
           WHERE current = 1 AND instance_id IN (SELECT value FROM json_each(?))""",
        (instances,),
    )
    at = now()
    c.executemany_own(
        _SAVE, [(key, vote.instance_id, at, *vote.values) for key, vote in zip(keys, votes, strict=True)]
    )
    desk.say(c, [vote.said for vote in votes if vote.said])
    desk.refresh(c, [vote.instance_id for vote in votes if not vote.said])
    return keys


def forget(c: Connection, instances: Collection[str]) -> None:
    """Take back the votes on instances that were stored in this very transaction: nobody has seen them."""
    if not instances:
        return
    these = (_json(list(instances)),)
    with counted.through(c, instances, counted.OF_VOTES):
        c.execute("DELETE FROM votes WHERE instance_id IN (SELECT value FROM json_each(?))", these)
    c.execute("DELETE FROM desk WHERE instance_id IN (SELECT value FROM json_each(?))", these)


def current_vote(c: Connection, instance_id: str) -> Vote | None:
    """Return the vote that stands for an instance, None where there is none yet."""
    sql = f"SELECT {', '.join(COLUMNS)} FROM votes WHERE instance_id = ? AND current = 1"
    values = c.tuples(sql, (instance_id,)).fetchone()
    return vote_of(values) if values else None


def vote_of(stored: Sequence[Any], answers: tuple[str, ...] = ()) -> Vote:
    """Build a vote from the values of `COLUMNS`, in their order.

    It is probably about the candidates with the ids `answers`.
    """
    values = list(stored)
    same = values[_CANDIDATES] == _listed(answers)
    candidates, winner = answers if same else _texts_of(values[_CANDIDATES]), values[_WINNER]
    values[_CANDIDATES] = candidates
    values[_MATRIX] = _matrix_of(values[_MATRIX])
    values[_WINNER] = None if winner is None else candidates.index(winner)
    values[_DIFFERENCE] = _DIFFERENCES[values[_DIFFERENCE]]
    values[_BARRED] = None if values[_BARRED] is None else _reasons_of(values[_BARRED])
    values[_PROBABILITIES] = None if (found := values[_PROBABILITIES]) is None else tuple(_value(found))
    for place in _FLAGS:
        values[place] = bool(values[place])
    return Vote(*values)


def _listed(texts: Sequence[str]) -> str:
    """Write ids or reasons, which have nothing to escape, as JSON."""
    return '["' + '", "'.join(texts) + '"]' if texts else "[]"


def _texts_of(stored: str) -> tuple[str, ...]:
    return tuple(_value(stored))


# Nearly all items have the same few.
_reasons_of = lru_cache(maxsize=256)(_texts_of)


@lru_cache(maxsize=256)  # most answers that are equal have the same
def _matrix_of(stored: str) -> Matrix:
    return tuple(map(tuple, _value(stored)))


def new_vote(
    instance_id: str, vote: Vote, said: desk.Said | None = None, matrix: str | None = None
) -> NewVote:
    """Return a vote on an instance as it is stored: a winner by its id, lists as JSON, its `matrix` perhaps
    already so."""
    values: list[Any] = list(vote)
    values[_CANDIDATES], values[_MATRIX] = _listed(vote.candidates), matrix or _json(vote.matrix)
    values[_WINNER], values[_DIFFERENCE] = vote.winner_id, int(vote.difference)
    values[_BARRED] = None if vote.barred is None else _listed(vote.barred)
    values[_PROBABILITIES] = None if vote.probabilities is None else _json(vote.probabilities)
    return NewVote(instance_id, tuple(values), said)


def next_vote(ballot: Ballot, vote: Vote) -> NewVote:
    """Return a vote on the answers of a ballot as it is stored, and what the desk says of it."""
    if ballot.vote is None or not ballot.up_to_date:
        return new_vote(ballot.instance_id, vote)
    models = [candidate.model for candidate in ballot.candidates]
    said = desk.said(ballot.number, ballot.instance_id, models, vote, ballot.vote)
    same = vote.matrix is ballot.vote.matrix  # nearly always, and numbers are slow to write
    return new_vote(ballot.instance_id, vote, said, ballot.matrix if same else None)


def first_vote(ballot: Ballot, vote: Vote, run: int) -> FirstVote:
    """Return the first vote on an instance, which nobody has decided, of the run of this number."""
    asked = desk.Asked(ballot.number, ballot.instance_id, run, ballot.kind, ballot.instruction, ballot.input)
    answers = [(candidate.model, candidate.output) for candidate in ballot.candidates]
    key = digest("vote", ballot.instance_id, 0)
    return FirstVote(key, new_vote(ballot.instance_id, vote), desk.row(asked, answers, vote))


def cells(ballot: Ballot, vote: Vote) -> tuple[Cell, ...] | None:
    """Return what a vote on a kept instance counts as; None where it is about answers that no longer count.

    `counted` says the same of votes that are stored.
    """
    barred: tuple[tuple[str, str], ...] = ()
    if any(vote.barred or ()):
        models = {candidate.id: candidate.model for candidate in ballot.candidates}
        if not models.keys() >= set(vote.candidates):
            return None
        reasons = zip(vote.candidates, vote.barred or (), strict=True)
        barred = tuple([(why, models[key]) for key, why in reasons if why and why != ONE_VOICE])
    kept = ("kept", vote.decided_by) if vote.keep else ("dropped", vote.reason)
    version = (vote.rule, vote.rule_version, vote.all_by_choice)
    return _cells(ballot.run_id, ballot.kind, kept, vote.difference, barred, version)


@lru_cache(maxsize=1024)  # nearly all items count as the same few
def _cells(
    run: str,
    kind: Kind,
    kept: tuple[str, str],
    difference: Difference,
    barred: tuple[tuple[str, str], ...],
    version: tuple[Rule, int, bool],
) -> tuple[Cell, ...]:
    rule, number, chosen = version
    found = [Cell(run, "votes", kind, *kept)]
    if difference:
        how = "symbols" if difference is Difference.SYMBOLS else "punctuation"
        found.append(Cell(run, "differences", kind, how))
    found += [Cell(run, "barred", kind, "", why, model) for why, model in barred]
    return (*found, Cell(run, "versions", rule, str(number), "chosen" if chosen else ""))


def usual_choices(c: Connection) -> dict[str, RuleChoice]:
    """Map the ids of runs to what most of their votes were made by, as they stand; the tokeniser is open."""
    sql = """SELECT i.run_id, v.rule, v.threshold, v.at_least,
                    CASE WHEN v.barred IS NULL THEN 'all' ELSE 'sound' END, v.containment, v.fit
             FROM votes v JOIN instances i ON i.id = v.instance_id WHERE v.current = 1
             GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY COUNT(*), 2, 3"""
    return {
        run: RuleChoice(rule, threshold, "auto", at_least, voters, bool(containment), fit)
        for run, rule, threshold, at_least, voters, containment, fit in c.tuples(sql)
    }


def under_earlier_versions(c: Connection) -> dict[Rule, int]:
    """Count by their rule the votes that stand under an earlier version of it than their recipe means."""
    sql = f"""SELECT COALESCE(SUM(n.count), 0) FROM counted n JOIN runs r ON r.id = n.run_id
              WHERE n.stage = 'versions' AND n.kind = ?
                AND CAST(n.status AS INTEGER) < ? - (({ALL_VOTE}) OR n.reason = 'chosen')"""
    counts = {rule: c.execute(sql, (rule, version)).fetchone()[0] for rule, version in RULE_VERSIONS.items()}
    return {rule: count for rule, count in counts.items() if count}


def in_chunks(c: Connection, run_id: str | None = None) -> Iterator[list[Ballot]]:
    """Yield the ballots of a run, or of the project, in order of number, some hundred at a time.

    Votes may be stored between two chunks.
    """
    return (ballots(rows_of(c, numbers)) for numbers in numbers_in_chunks(c, run_id))


def numbers_in_chunks(c: Connection, run_id: str | None = None) -> Iterator[list[int]]:
    """Do the same with the numbers of the instances."""
    last = 0
    sql = f"{_NUMBERS} AND number > ? ORDER BY number LIMIT ?"
    while numbers := [number for (number,) in c.tuples(sql, (run_id, last, AT_ONCE))]:
        yield numbers
        last = numbers[-1]


def sample(c: Connection, size: int, run_id: str | None = None) -> list[Ballot]:
    """Return the ballots of at most `size` instances of a run, or of the project: always the same ones.

    Their ids are hashes, so the first of them are as good as drawn.
    """
    sql = f"{_NUMBERS} ORDER BY id LIMIT ?"
    return ballots(rows_of(c, [number for (number,) in c.tuples(sql, (run_id, size))]))


def ballots_of(c: Connection, instances: Collection[str]) -> list[Ballot]:
    """Return the ballots of these instances, in order of number; those that are set aside have none."""
    sql = f"{_NUMBERS} AND id IN (SELECT value FROM json_each(?)) ORDER BY number"
    return ballots(rows_of(c, [number for (number,) in c.tuples(sql, (None, _json(list(instances))))]))


def models(c: Connection) -> list[tuple[Role, str, str]]:
    """Return role, fingerprint and name (foreign) of every model that takes part in a run."""
    sql = """SELECT DISTINCT r.role, r.model, m.name FROM run_models r
             JOIN models m ON m.fingerprint = r.model ORDER BY m.name, r.role"""
    return [(role, model, name) for role, model, name in c.tuples(sql)]


def votable(c: Connection, run_id: str | None = None) -> int:
    """Count the instances of a run, or of the project, that are or will be voted on."""
    [(count,)] = c.execute(f"SELECT COUNT(*) FROM ({_NUMBERS})", (run_id,))
    return int(count)


def rows_of(c: Connection, numbers: Sequence[int]) -> Rows:
    """Read what the ballots of the instances of these numbers are made of."""
    wanted = (_json(numbers),)
    answerers = {place: (role, model, name) for place, role, model, name in c.tuples(_ANSWERERS)}
    return Rows(c.tuples(_BALLOTS, wanted).fetchall(), c.tuples(_CANDIDATES_OF, wanted).fetchall(), answerers)


def ballots(rows: Rows) -> list[Ballot]:
    """Return the ballots that are made of these rows, in order of number."""
    answered = {number: list(group) for number, group in groupby(rows.candidates, key=itemgetter(0))}
    found = []
    for number, instance, run, kind, instruction, input, waiting, voted, *vote in rows.instances:
        given = answered.get(number, [])
        candidates = tuple(
            [
                VotingCandidate(key, *rows.answerers[by], output, ended, attempt)
                for _, usable, key, by, output, ended, attempt in given
                if usable
            ]
        )
        ids = tuple([candidate.id for candidate in candidates])
        standing = vote_of(vote, ids) if voted else None
        asked = len({by for _, _, _, by, *_ in given})
        own = (instance, number, run, kind, instruction, input)
        found.append(Ballot(*own, bool(waiting), standing, candidates, ids, asked, vote[_MATRIX]))
    return found


def scores(c: Connection) -> Scores:
    """Read the scores of all voted items, and the rule and threshold that most votes used."""
    columns = Scores()
    cursor = c.tuples(_SCORES)
    while rows := cursor.fetchmany(_FETCHED):
        numbers, values, strict, kept, undecided = zip(*rows, strict=True)
        columns.numbers.extend(numbers)
        columns.scores.extend(values)
        columns.strict.extend(strict)
        columns.kept.extend(kept)
        columns.undecided.extend(undecided)
    # The plus sign keeps SQLite from going through an index in an order of no use, which takes far longer.
    settled = "SELECT COUNT(*) FROM desk WHERE +keep = 1 AND score IS NULL AND aside = 0"
    columns.settled = c.execute(settled).fetchone()[0]
    row = c.execute(
        """SELECT threshold, rule FROM (SELECT rule, threshold, COUNT(*) AS votes FROM votes WHERE current = 1
                                        GROUP BY rule, rule_version, threshold)
           GROUP BY 1, 2 ORDER BY SUM(votes) DESC LIMIT 1"""
    ).fetchone()
    if row is not None:
        columns.threshold, columns.rule = row["threshold"], row["rule"]
    return columns
