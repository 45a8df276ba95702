"""Rows that cannot be what was stored: their own values say so, or those of the rows beside them.

`health` names them and `rescue` leaves them out, so that what was rescued is sound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, get_args

from app.errors import ProjectError
from app.method.consensus import RULE_VERSIONS
from app.method.learned import Weights
from app.method.recipe_parts import Tokeniser
from app.method.terms import DECIDED_BY
from app.store import votes
from app.store.connection import Connection
from app.store.decisions import stands
from app.store.review_state import rating_of, tags_of, task_of
from app.store.runs import ENDED_STATES, IMPORTED, INTERRUPTED
from app.store.text import pair_key

_LARGEST = 10**9
"""More than any number of an item, a run or a place can be."""
_STATES = (*sorted(ENDED_STATES), INTERRUPTED, "running", "paused")
_NO_TIME = "1970-01-01T00:00:00.000+00:00"


@dataclass(frozen=True, slots=True)
class Unsound:
    """Rows of a table for which the condition `where` (SQL, with its parameters) holds, and what is wrong.

    `mend` is an assignment (SQL) after which they are sound again: other rows belong to them, or what is
    wrong says little of what they are about. Empty where nothing can be put in place of what is lost.
    """

    table: str
    where: str
    why: str
    parameters: tuple[Any, ...] = ()
    mend: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What the values of a column must be (SQL; true of NULL too), and what is wrong where they are not."""

    table: str
    column: str
    holds: str
    why: str
    mend: str = ""


def _is_json(table: str, column: str, *, mend: str = "") -> _Rule:
    # A rating, too, is empty where there is none.
    return _Rule(table, column, f"{column} = '' OR json_valid({column})", f"{column} is not valid JSON", mend)


def _between(table: str, column: str, least: float, most: float) -> _Rule:
    return _Rule(table, column, f"{column} BETWEEN {least} AND {most}", f"{column} is not a possible number")


def _one_of(table: str, column: str, values: tuple[object, ...], mend: str = "") -> _Rule:
    listed = ", ".join(map(repr, values))
    return _Rule(table, column, f"{column} IN ({listed})", f"{column} is not a possible value", mend)


def _is_time(table: str, column: str = "at") -> _Rule:
    # datetime() reads more than our times, and gives NULL for what is no time at all.
    holds = f"{column} IS NULL OR datetime({column}) IS NOT NULL AND {column} GLOB '????-??-??T??:??:??*'"
    return _Rule(table, column, holds, f"{column} is not a time", f"{column} = '{_NO_TIME}'")


def _is_hash(table: str) -> _Rule:
    # Votes list these ids as they are, without looking for what JSON would have to escape. GLOB ends at NUL.
    holds = "id <> '' AND id NOT GLOB '*[^0-9a-f]*' AND length(id) = length(CAST(id AS BLOB))"
    return _Rule(table, "id", holds, "id is not a hash")


_FORMS = (
    *(_is_json("votes", column) for column in ("candidates", "matrix", "barred", "probabilities")),
    *(_is_json("review_state", column) for column in ("tags", "rating")),
    _is_json("runs", "recipe_json", mend=f"recipe_json = '{{}}', state = '{IMPORTED}'"),
)
"""What is looked at whenever a file is."""
_SHARE = (-1e-6, 1 + 1e-6)
_VALUES = (
    *map(_is_hash, ("instructions", "instances", "candidates", "votes")),
    *(_is_json("fits", column) for column in ("weights", "figures")),
    *(_is_json("evaluation_tasks", column) for column in ("expected", "context")),
    _is_json("seed_tasks", "context"),
    _is_json("repairs", "original"),
    _one_of("runs", "state", _STATES, f"state = '{INTERRUPTED}'"),
    _one_of("runs", "hidden", (0, 1), "hidden = 0"),
    *(_between(table, "number", 1, _LARGEST) for table in ("runs", "instances", "drawings", "evaluations")),
    *(_between(table, "position", 0, _LARGEST) for table in ("instances", "candidates", "instructions")),
    _one_of("votes", "rule", tuple(RULE_VERSIONS)),
    _one_of("votes", "decided_by", tuple(DECIDED_BY)),
    _one_of("votes", "tokeniser", get_args(Tokeniser)),
    *(
        _one_of("votes", flag, (0, 1))
        for flag in ("tie", "short", "keep", "current", "strict", "containment")
    ),
    *(
        _between("votes", column, *_SHARE)
        for column in ("threshold", "lowest", "mean", "disagreement", "score")
    ),
    *(_between("votes", column, 0, _LARGEST) for column in ("rule_version", "equal", "asked")),
    _between("votes", "difference", 0, 2),
    _Rule(
        "votes",
        "at_least",
        "at_least = 'half' OR typeof(at_least) IN ('null', 'integer', 'real')",
        "at_least is not a possible value",
    ),
    *(_between("instructions", column, *_SHARE) for column in ("score", "mean")),
    *(_between("completions", column, 0, 1e12) for column in ("prompt_tokens", "tokens", "seconds")),
    _between("models", "size", 0, 1e15),
    *(_is_time(table) for table in ("events", "instruction_events", "judgements", "audits", "ratings")),
    *(_is_time(table) for table in ("fits", "guidelines", "drawings", "evaluations")),
    *(_is_time("runs", column) for column in ("created_at", "finished_at")),
)
"""What is looked at beside, where everything is read."""


def counted_rows(count: int) -> str:
    """Return a number of rows in words."""
    return "1 row" if count == 1 else f"{count:,} rows"


def forms(c: Connection) -> Iterator[Unsound]:
    """Find rows that hold no JSON where they should, and items whose texts are not those of their hash."""
    yield from _by_rules(c, _FORMS)
    yield from _changed_tasks(c)
    yield from _unedited(c)


def values(c: Connection) -> Iterator[Unsound]:
    """Find rows that hold what nobody stores, votes, weights and decisions that cannot be read."""
    yield from _by_rules(c, _VALUES)
    yield from _unreadable_votes(c)
    yield from _unreadable_weights(c)
    yield from _unreadable_decisions(c)


def _by_rules(c: Connection, rules: tuple[_Rule, ...]) -> Iterator[Unsound]:
    columns: dict[str, set[str]] = {}
    for rule in rules:
        if rule.table not in columns:
            there = c.tuples("SELECT name FROM pragma_table_info(?)", (rule.table,))
            columns[rule.table] = {name for (name,) in there}
        where = f"NOT ({rule.holds})"
        if rule.column in columns[rule.table] and _any(c, rule.table, where):
            yield Unsound(rule.table, where, rule.why, mend=rule.mend)


def _any(c: Connection, table: str, where: str) -> bool:
    return bool(c.tuples(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {where})").fetchone()[0])


def _one(table: str, row: int, why: str) -> Unsound:
    return Unsound(table, "rowid = ?", why, (row,))


def _changed_tasks(c: Connection) -> Iterator[Unsound]:
    """Compare every task with the hash of its texts, which was stored with it.

    Where that is wrong of every item of an instruction, it is the instruction's text that has changed.
    """
    context = "i.context" if _has(c, "instances", "context") else "''"
    query = f"""SELECT i.rowid, i.number, i.instruction_id, t.text, i.input, {context}, i.pair
                FROM instances i JOIN instructions t ON t.id = i.instruction_id"""
    wrong: Counter[str] = Counter()
    for row, number, key, instruction, given, turns, pair in c.tuples(query):
        if pair_key(instruction, given, turns) != pair:
            wrong[key] += 1
            yield _one("instances", row, f"the text of item #{number:04d} has changed")
    for key, count in wrong.items():
        [(items,)] = c.tuples("SELECT COUNT(*) FROM instances WHERE instruction_id = ?", (key,))
        if items == count:
            yield Unsound("instructions", "id = ?", "the text of all its items has changed", (key,))


def _unedited(c: Connection) -> Iterator[Unsound]:
    """Compare the text of every instruction that people decided about, and that has no items whose hash would
    tell, with what they last wrote of those decisions that stand, or decided about first."""
    if not _has(c, "instruction_events", "seq"):
        return
    of_it = "FROM instruction_events e WHERE e.instruction_id = instructions.id"
    text = f"""COALESCE(
        (SELECT e.text {of_it} AND e.action = 'edit' AND {stands("instruction_events")}
         ORDER BY e.seq DESC LIMIT 1),
        (SELECT e.before {of_it} ORDER BY e.seq LIMIT 1))"""
    where = f"""id IN (SELECT instruction_id FROM instruction_events) AND text IS NOT {text}
        AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.instruction_id = instructions.id)"""
    if _any(c, "instructions", where):
        yield Unsound("instructions", where, "the text is not what its log says", mend=f"text = {text}")


def _unreadable_votes(c: Connection) -> Iterator[Unsound]:
    if not _has(c, "votes", votes.COLUMNS[-1]):
        return  # of an earlier format, whose votes have less
    for row, *stored in c.tuples(f"SELECT rowid, {', '.join(votes.COLUMNS)} FROM votes"):
        if not _is_vote(stored):
            yield _one("votes", row, "it cannot be read as a vote on its answers")


def _is_vote(stored: list[Any]) -> bool:
    """Say whether a vote can be read, and is about as many answers everywhere."""
    try:
        vote = votes.vote_of(stored)
    except (ValueError, TypeError, IndexError):
        return False
    count = len(vote.candidates)
    lists = [vote.matrix, *vote.matrix, *filter(None, (vote.barred, vote.probabilities))]
    shares = [*(score for row in vote.matrix for score in row), *(vote.probabilities or ())]
    return (
        all(len(one) == count for one in lists)
        and all(isinstance(share, (int, float)) and -1e-6 <= share <= 1 + 1e-6 for share in shares)
        and all(isinstance(text, str) for text in (*vote.candidates, *(vote.barred or ())))
    )


def _unreadable_weights(c: Connection) -> Iterator[Unsound]:
    if not _has(c, "fits", "weights"):
        return
    for row, weights in c.tuples("SELECT rowid, weights FROM fits WHERE json_valid(weights)"):
        with suppress(ValueError):
            Weights.from_json(weights)
            continue
        yield _one("fits", row, "its weights cannot be read")


def _unreadable_decisions(c: Connection) -> Iterator[Unsound]:
    query = """SELECT i.rowid, e.action, i.text FROM event_items i JOIN events e ON e.seq = i.event
               WHERE e.action IN ('tags', 'rate', 'task') AND i.text IS NOT NULL"""
    readers = {"tags": tags_of, "rate": rating_of, "task": task_of}
    for row, action, text in c.tuples(query):
        try:
            readers[action](text)
        except ProjectError:
            yield _one("event_items", row, f"what it says ({action}) cannot be read")


def _has(c: Connection, table: str, column: str) -> bool:
    there = c.tuples("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", (table, column))
    return there.fetchone() is not None
