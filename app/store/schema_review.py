"""The migration that makes the review desk: more kinds of decisions, attempts, the queue, text search."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

SLOTS = 4096
"""Places per instance in the text index: 0 for its task, then one per candidate."""

# SQLite cannot change a CHECK or a UNIQUE of a table, so these are built anew
# (sqlite.org/lang_altertable.html).
_EVENTS = """CREATE TABLE events_new (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('accept', 'choose', 'edit', 'reject', 'later', 'flag', 'unflag',
        'note', 'tags', 'rate', 'task', 'ask', 'undo', 'redo')),
    target INTEGER REFERENCES events(seq), note TEXT NOT NULL,
    how TEXT NOT NULL DEFAULT '' CHECK (how IN ('', 'again', 'settle', 'import')),
    CHECK ((target IS NOT NULL) = (action IN ('undo', 'redo')))
) STRICT"""
_CANDIDATES = """CREATE TABLE candidates_new (
    id TEXT PRIMARY KEY, instance_id TEXT NOT NULL REFERENCES instances(id),
    model TEXT NOT NULL REFERENCES models(fingerprint),
    role TEXT NOT NULL CHECK (role IN ('writer', 'answerer')), position INTEGER NOT NULL,
    completion_id TEXT REFERENCES completions(id), output TEXT NOT NULL,
    ended TEXT NOT NULL CHECK (ended IN ('end', 'stop', 'length', 'error')), error TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '', attempt INTEGER NOT NULL DEFAULT 0, task TEXT NOT NULL DEFAULT '',
    UNIQUE (instance_id, role, model, attempt), UNIQUE (instance_id, position)
) STRICT"""
_STATE = (
    *("reason TEXT NOT NULL DEFAULT ''", "note TEXT NOT NULL DEFAULT ''", "tags TEXT NOT NULL DEFAULT '[]'"),
    *("rating TEXT", "instruction TEXT", "input TEXT", "task TEXT NOT NULL DEFAULT ''"),
    "conflict INTEGER NOT NULL DEFAULT 0",
)
# What the queue is sorted and filtered by, one narrow row for each instance: the tables themselves are
# too wide to be sorted a million rows at a time. Kept by `app.store.desk`.
_DESK = """CREATE TABLE desk (
    number INTEGER PRIMARY KEY, instance_id TEXT NOT NULL UNIQUE, run INTEGER NOT NULL, kind TEXT NOT NULL,
    aside INTEGER NOT NULL, keep INTEGER NOT NULL, voted INTEGER NOT NULL, stale INTEGER NOT NULL,
    reason TEXT NOT NULL, decided_by TEXT NOT NULL, winner TEXT NOT NULL, turn INTEGER NOT NULL,
    status TEXT NOT NULL, flagged INTEGER NOT NULL, conflict INTEGER NOT NULL, override INTEGER NOT NULL,
    differs INTEGER NOT NULL, disagreement REAL NOT NULL, margin REAL NOT NULL, equal INTEGER NOT NULL,
    length INTEGER NOT NULL
) STRICT"""
_INDEXES = (
    # The first list that is shown, in its order; and what is counted after every decision.
    "CREATE INDEX desk_undecided ON desk (keep, turn, disagreement DESC, number)",
    "CREATE INDEX desk_decided ON desk (turn, override)",
    "CREATE INDEX desk_conflicts ON desk (number) WHERE conflict = 1",
)
# Kept by `app.store.search`, not by triggers, which may not touch a virtual table where the schema is not
# trusted. Only inserts: texts never change, and a contentless index of this kind cannot forget one.
_TEXTS = """CREATE VIRTUAL TABLE texts USING fts5
    (body, content = '', tokenize = 'unicode61 remove_diacritics 2')"""


def review_desk(db: Database) -> None:
    """Let decisions be notes, tags, ratings and new tasks too, and models answer more than once."""
    _rebuild(db, "events", _EVENTS, "seq, reviewer, at, action, target, note")
    _rebuild(
        db,
        "candidates",
        _CANDIDATES,
        "id, instance_id, model, role, position, completion_id, output, ended, error, reason",
    )
    db.table("events").create_index(["reviewer", "seq"])
    db.table("events").create_index(["target"])
    db.table("candidates").create_index(["model"])
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
            "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END"
        )
    for column in _STATE:
        db.execute(f"ALTER TABLE review_state ADD COLUMN {column}")
    for statement in (_DESK, *_INDEXES, _TEXTS):
        db.execute(statement)
    db.execute(
        f"""INSERT INTO texts (rowid, body) SELECT i.number * {SLOTS}, t.text || char(10) || i.input
            FROM instances i JOIN instructions t ON t.id = i.instruction_id"""
    )
    db.execute(
        f"""INSERT INTO texts (rowid, body) SELECT i.number * {SLOTS} + 1 + x.position, x.output
            FROM candidates x JOIN instances i ON i.id = x.instance_id"""
    )
    db.execute(FILL_DESK)
    if broken := db.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.IntegrityError(f"foreign key of {broken[0]}")


def _rebuild(db: Database, table: str, create: str, columns: str) -> None:
    db.execute(create)
    db.execute(f"INSERT INTO {table}_new ({columns}) SELECT {columns} FROM {table} ORDER BY rowid")
    db.execute(f"DROP TABLE {table}")
    db.execute(f"ALTER TABLE {table}_new RENAME TO {table}")


# A person and the vote say otherwise: about keeping the item, or about which text is its answer.
_DIFFERS = """CASE WHEN v.keep IS NULL THEN 0 ELSE CASE COALESCE(s.status, 'undecided')
    WHEN 'rejected' THEN v.keep = 1 WHEN 'edited' THEN v.keep = 0
    WHEN 'undecided' THEN 0 WHEN 'later' THEN 0
    ELSE v.keep = 0 OR NOT EXISTS (SELECT 1 FROM candidates a JOIN candidates b ON a.output = b.output
                                   WHERE a.id = s.candidate_id AND b.id = v.winner) END END"""
_OVERRIDE = """CASE COALESCE(s.status, 'undecided') WHEN 'undecided' THEN 0 WHEN 'later' THEN 0
    WHEN 'rejected' THEN v.keep IS NOT 0 WHEN 'edited' THEN 1
    ELSE v.keep IS NOT 1 OR s.candidate_id IS NOT v.winner END"""
# An exact match passes the rule without a threshold, so it is far from it.
_MARGIN = """CASE WHEN v.decided_by = 'rouge' THEN
    ABS(CASE v.rule WHEN 'quorum' THEN v.mean ELSE v.lowest END - v.threshold) ELSE 9.0 END"""

# A later migration that changes these keeps this one as it is and brings its own.
_OF_TASK_AND_ANSWERS = {
    **{"number": "i.number", "instance_id": "i.id", "run": "r.number", "kind": "t.kind"},
    "equal": """COALESCE((SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM candidates x
        WHERE x.instance_id = i.id AND x.reason = '' GROUP BY x.output)), 0)""",
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
    **{"conflict": "COALESCE(s.conflict, 0)", "override": _OVERRIDE, "differs": _DIFFERS},
    **{"disagreement": "COALESCE(v.disagreement, 0.0)", "margin": _MARGIN},
}
_VOTE_AND_STATE = """LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
    LEFT JOIN candidates w ON w.id = v.winner
    LEFT JOIN review_state s ON s.instance_id = i.id"""
_COLUMNS = _OF_TASK_AND_ANSWERS | _OF_VOTE_AND_STATE
DESK_ROWS = f"""({", ".join(_COLUMNS)}) SELECT {", ".join(_COLUMNS.values())}
    FROM instances i JOIN instructions t ON t.id = i.instruction_id JOIN runs r ON r.id = i.run_id
    {_VOTE_AND_STATE}
    WHERE (v.id IS NOT NULL OR i.status <> 'kept')"""
FILL_DESK = f"INSERT OR REPLACE INTO desk {DESK_ROWS}"
_REVISION = ", ".join(f"{name} = {value}" for name, value in _OF_VOTE_AND_STATE.items())
REVISED_DESK = f"""UPDATE desk SET {_REVISION}
    FROM instances i {_VOTE_AND_STATE} WHERE desk.number = i.number"""
"""What a vote or a decision changes of a row that is there."""
