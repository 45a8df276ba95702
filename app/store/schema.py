"""The tables of a project file, made by migrations that are never edited once released.

`STEPS[n]` brings a file from version n to n + 1; the version stands in `PRAGMA user_version`, and
`PRAGMA application_id` says that the file is ours. Each step runs with its record in one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from app.store.schema_gate import gate_redo, instruction_gate
from app.store.schema_review import review_desk

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x51554F52
"""The four bytes QUOR at offset 68 of the file."""

Step: TypeAlias = "Callable[[Database], None]"

_TABLES_1 = (
    """CREATE TABLE models (
        fingerprint TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
        architecture TEXT NOT NULL, quantisation TEXT NOT NULL, license TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE runs (
        id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, recipe_name TEXT NOT NULL,
        recipe_json TEXT NOT NULL, recipe_hash TEXT NOT NULL, seed INTEGER NOT NULL,
        target INTEGER NOT NULL, state TEXT NOT NULL, created_at TEXT NOT NULL, finished_at TEXT,
        note TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE run_models (
        run_id TEXT NOT NULL REFERENCES runs(id), model TEXT NOT NULL REFERENCES models(fingerprint),
        role TEXT NOT NULL CHECK (role IN ('writer', 'answerer')),
        style TEXT NOT NULL CHECK (style IN ('few-shot', 'zero-shot', 'chat')),
        position INTEGER NOT NULL,
        PRIMARY KEY (run_id, role, model), UNIQUE (run_id, position)
    ) STRICT""",
    """CREATE TABLE seed_tasks (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('A', 'B')), name TEXT NOT NULL,
        instruction TEXT NOT NULL, input TEXT NOT NULL, output TEXT NOT NULL,
        is_classification INTEGER NOT NULL, source TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE run_seeds (
        run_id TEXT NOT NULL REFERENCES runs(id), seed_id TEXT NOT NULL REFERENCES seed_tasks(id),
        position INTEGER NOT NULL, PRIMARY KEY (run_id, seed_id), UNIQUE (run_id, position)
    ) STRICT""",
    """CREATE TABLE completions (
        id TEXT PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs(id), stage TEXT NOT NULL,
        subject TEXT NOT NULL, model TEXT NOT NULL REFERENCES models(fingerprint),
        attempt INTEGER NOT NULL, prompt_hash TEXT NOT NULL, sampling_hash TEXT NOT NULL,
        sampler_seed INTEGER NOT NULL, raw TEXT NOT NULL,
        ended TEXT NOT NULL CHECK (ended IN ('end', 'stop', 'length', 'error')),
        prompt_tokens INTEGER NOT NULL, tokens INTEGER NOT NULL, seconds REAL NOT NULL,
        created_at TEXT NOT NULL, UNIQUE (run_id, stage, subject, model, attempt)
    ) STRICT""",
    """CREATE TABLE instructions (
        id TEXT PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs(id),
        completion_id TEXT REFERENCES completions(id),
        kind TEXT NOT NULL CHECK (kind IN ('A', 'B')), text TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('kept', 'dropped', 'quarantined')),
        reason TEXT NOT NULL, score REAL, nearest TEXT, mean REAL, request INTEGER,
        position INTEGER NOT NULL, UNIQUE (completion_id, position)
    ) STRICT""",
    # `pair` is the hash of (instruction text, input): the unique index below is what makes a kept
    # pair unique in the project, however long the texts are.
    """CREATE TABLE instances (
        id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, run_id TEXT NOT NULL REFERENCES runs(id),
        instruction_id TEXT NOT NULL REFERENCES instructions(id),
        completion_id TEXT REFERENCES completions(id), position INTEGER NOT NULL,
        input TEXT NOT NULL, pair TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('kept', 'dropped', 'quarantined')),
        reason TEXT NOT NULL, UNIQUE (completion_id, position)
    ) STRICT""",
    """CREATE TABLE candidates (
        id TEXT PRIMARY KEY, instance_id TEXT NOT NULL REFERENCES instances(id),
        model TEXT NOT NULL REFERENCES models(fingerprint),
        role TEXT NOT NULL CHECK (role IN ('writer', 'answerer')), position INTEGER NOT NULL,
        completion_id TEXT REFERENCES completions(id), output TEXT NOT NULL,
        ended TEXT NOT NULL CHECK (ended IN ('end', 'stop', 'length', 'error')), error TEXT NOT NULL,
        UNIQUE (instance_id, role, model), UNIQUE (instance_id, position)
    ) STRICT""",
    """CREATE TABLE votes (
        id TEXT PRIMARY KEY, instance_id TEXT NOT NULL REFERENCES instances(id), rule TEXT NOT NULL,
        rule_version INTEGER NOT NULL, threshold REAL NOT NULL, candidates TEXT NOT NULL,
        matrix TEXT NOT NULL, decided_by TEXT NOT NULL, winner TEXT REFERENCES candidates(id),
        lowest REAL NOT NULL, mean REAL NOT NULL, tie INTEGER NOT NULL, short INTEGER NOT NULL,
        keep INTEGER NOT NULL, reason TEXT NOT NULL, disagreement REAL NOT NULL,
        created_at TEXT NOT NULL, current INTEGER NOT NULL
    ) STRICT""",
    # AUTOINCREMENT: a sequence number is never used twice, so the log stays in order for ever.
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN
            ('accept', 'choose', 'edit', 'reject', 'later', 'flag', 'unflag', 'undo', 'redo')),
        target INTEGER REFERENCES events(seq), note TEXT NOT NULL,
        CHECK ((target IS NOT NULL) = (action IN ('undo', 'redo')))
    ) STRICT""",
    """CREATE TABLE event_items (
        event INTEGER NOT NULL REFERENCES events(seq),
        instance_id TEXT NOT NULL REFERENCES instances(id),
        candidate_id TEXT REFERENCES candidates(id), text TEXT, PRIMARY KEY (event, instance_id)
    ) STRICT""",
    """CREATE TABLE review_state (
        instance_id TEXT PRIMARY KEY REFERENCES instances(id),
        status TEXT NOT NULL CHECK (status IN
            ('undecided', 'accepted', 'chosen', 'edited', 'rejected', 'later')),
        candidate_id TEXT REFERENCES candidates(id), text TEXT, flagged INTEGER NOT NULL,
        event INTEGER REFERENCES events(seq)
    ) STRICT""",
    # Texts that SQLite cannot hold as they came: `original` is the exact text as an ASCII JSON string.
    """CREATE TABLE repairs (
        stored TEXT NOT NULL, original TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (stored, original)
    ) STRICT""",
    "CREATE UNIQUE INDEX kept_pairs ON instances (pair) WHERE status = 'kept'",
    "CREATE UNIQUE INDEX current_votes ON votes (instance_id) WHERE current = 1",
)

_INDEXES_1: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("instructions", ("run_id", "kind", "status")),
    ("instances", ("run_id", "status")),
    ("instances", ("instruction_id",)),
    ("candidates", ("model",)),
    ("votes", ("instance_id",)),
    ("events", ("reviewer", "seq")),
    ("events", ("target",)),
    ("event_items", ("instance_id",)),
    ("review_state", ("status",)),
)

# The log is append-only: nothing in this product changes or removes an event, and neither can a slip.
_GUARDS_1 = tuple(
    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END"
    for table in ("events", "event_items")
    for verb in ("UPDATE", "DELETE")
)


def _version_1(db: Database) -> None:
    """Create the first schema."""
    for statement in (*_TABLES_1, *_GUARDS_1):
        db.execute(statement)
    for table, columns in _INDEXES_1:
        db.table(table).create_index(list(columns))


def _version_2(db: Database) -> None:
    """Keep what a model thought apart from its answer, and why a candidate takes no part in the vote."""
    db.execute("ALTER TABLE completions ADD COLUMN thinking TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE candidates ADD COLUMN reason TEXT NOT NULL DEFAULT ''")
    db.execute("UPDATE candidates SET reason = 'failed' WHERE ended = 'error'")


def _version_3(db: Database) -> None:
    """Keep with an instruction which set of seed tasks it comes from."""
    db.execute("ALTER TABLE instructions ADD COLUMN source TEXT NOT NULL DEFAULT ''")


def _version_5(db: Database) -> None:
    """Keep with a completion what its answer is, where the model thought first; else `raw` is the answer."""
    db.execute("ALTER TABLE completions ADD COLUMN answer TEXT")


STEPS: tuple[Step, ...] = (
    _version_1,
    _version_2,
    _version_3,
    review_desk,
    _version_5,
    instruction_gate,
    gate_redo,
)

TABLES = frozenset(
    (
        *("models", "runs", "run_models", "seed_tasks", "run_seeds", "completions", "instructions"),
        *("instances", "candidates", "votes", "events", "event_items", "review_state", "repairs"),
        "instruction_events",
        *("desk", "texts"),
    )
)
"""What a file of the present version must hold."""


def version() -> int:
    """Return the schema version that this program writes."""
    return len(STEPS)


def migrations(steps: Sequence[Step]) -> Migrations:
    """Build the migration set; each step sets `user_version` inside its own transaction."""
    # Imported late: it brings pandas along where there is one, and most openings migrate nothing.
    from sqlite_utils import Migrations

    found = Migrations("quorum")
    for number, step in enumerate(steps, start=1):
        found(name=f"version_{number}")(_numbered(step, number))
    return found


def _numbered(step: Step, number: int) -> Step:
    def run(db: Database) -> None:
        step(db)
        db.execute(f"PRAGMA user_version = {number:d}")

    return run


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring an open file to the present version, one transaction per step."""
    from sqlite_utils import Database

    db = Database(connection, recursive_triggers=False, execute_plugins=False)
    # A step that builds a table anew drops the old one, which must not empty the tables that point to it;
    # such a step checks the keys itself. The setting cannot change inside a transaction.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        migrations(STEPS).apply(db)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
