"""Step 15 of `app.store.steps`: evaluations, and ratings of their answers. Released, so never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def step_15(db: Database) -> None:
    """Keep what models answer to the tasks of a benchmark, apart from what data is made of.

    `id` of an evaluation follows from its tasks and from how they are asked. `expected` is a JSON list of the
    answers known to be right, `context` the turns before the task. A rating compares two models' answers to a
    task: `verdict` says whether the first, the second, both or neither is good; it is an event, as decisions
    are.
    """
    for statement in (
        """CREATE TABLE evaluations (
            id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, at TEXT NOT NULL, source TEXT NOT NULL,
            recipe TEXT NOT NULL, shots INTEGER NOT NULL, max_tokens INTEGER NOT NULL
        ) STRICT""",
        """CREATE TABLE evaluation_tasks (
            evaluation TEXT NOT NULL REFERENCES evaluations(id), position INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('A', 'B')), instruction TEXT NOT NULL, input TEXT NOT NULL,
            context TEXT NOT NULL, category TEXT NOT NULL, expected TEXT NOT NULL,
            PRIMARY KEY (evaluation, position)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE evaluation_answers (
            evaluation TEXT NOT NULL REFERENCES evaluations(id),
            model TEXT NOT NULL REFERENCES models(fingerprint), position INTEGER NOT NULL,
            style TEXT NOT NULL, raw TEXT NOT NULL, output TEXT NOT NULL, ended TEXT NOT NULL,
            error TEXT NOT NULL, tokens INTEGER NOT NULL, seconds REAL NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (evaluation, model, position)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE ratings (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('rate', 'undo', 'redo')),
            target INTEGER REFERENCES ratings(seq), evaluation TEXT NOT NULL REFERENCES evaluations(id),
            position INTEGER, first TEXT NOT NULL REFERENCES models(fingerprint),
            second TEXT NOT NULL REFERENCES models(fingerprint),
            verdict TEXT NOT NULL CHECK (verdict IN ('', 'first', 'second', 'both', 'neither')),
            CHECK ((target IS NOT NULL) = (action IN ('undo', 'redo'))),
            CHECK ((position IS NOT NULL) = (action = 'rate')), CHECK ((verdict <> '') = (action = 'rate'))
        ) STRICT""",
        'CREATE INDEX "idx_ratings_target"\n    ON "ratings" ("target")',
        "CREATE TRIGGER ratings_no_update BEFORE UPDATE ON ratings "
        "BEGIN SELECT RAISE(ABORT, 'the log of ratings is append-only'); END",
        "CREATE TRIGGER ratings_no_delete BEFORE DELETE ON ratings "
        "BEGIN SELECT RAISE(ABORT, 'the log of ratings is append-only'); END",
    ):
        db.execute(statement)
