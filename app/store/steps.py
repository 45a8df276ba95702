"""The numbered steps that make the tables of a project file: released, so never edited.

A step holds its whole SQL as literal text and calls nothing of the store: the live modules change, but a file
of an old format must come out the same for ever. SQLite keeps the text of a CREATE statement as it is
written, so even its blanks stay. A change of the tables is a new step at the end of the list.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from app.store.step_14 import step_14
from app.store.step_15 import step_15
from app.store.step_18 import step_18
from app.store.step_19 import step_19

if TYPE_CHECKING:
    from sqlite_utils import Database

Step: TypeAlias = "Callable[[Database], None]"


def step_1(db: Database) -> None:
    """Create the first schema."""
    for statement in (
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
        'CREATE INDEX "idx_instructions_run_id_kind_status"\n'
        '    ON "instructions" ("run_id", "kind", "status")',
        'CREATE INDEX "idx_instances_run_id_status"\n    ON "instances" ("run_id", "status")',
        'CREATE INDEX "idx_instances_instruction_id"\n    ON "instances" ("instruction_id")',
        'CREATE INDEX "idx_candidates_model"\n    ON "candidates" ("model")',
        'CREATE INDEX "idx_votes_instance_id"\n    ON "votes" ("instance_id")',
        'CREATE INDEX "idx_events_reviewer_seq"\n    ON "events" ("reviewer", "seq")',
        'CREATE INDEX "idx_events_target"\n    ON "events" ("target")',
        'CREATE INDEX "idx_event_items_instance_id"\n    ON "event_items" ("instance_id")',
        'CREATE INDEX "idx_review_state_status"\n    ON "review_state" ("status")',
        # The log is append-only: nothing in this product changes or removes an event, and neither can a slip.
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
        "CREATE TRIGGER event_items_no_update BEFORE UPDATE ON event_items "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
        "CREATE TRIGGER event_items_no_delete BEFORE DELETE ON event_items "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
    ):
        db.execute(statement)


def step_2(db: Database) -> None:
    """Keep what a model thought apart from its answer, and why a candidate takes no part in the vote."""
    db.execute("ALTER TABLE completions ADD COLUMN thinking TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE candidates ADD COLUMN reason TEXT NOT NULL DEFAULT ''")
    db.execute("UPDATE candidates SET reason = 'failed' WHERE ended = 'error'")


def step_3(db: Database) -> None:
    """Keep with an instruction which set of seed tasks it comes from."""
    db.execute("ALTER TABLE instructions ADD COLUMN source TEXT NOT NULL DEFAULT ''")


def step_4(db: Database) -> None:
    """Let decisions be notes, tags, ratings and new tasks too, and models answer more than once.

    Brings the desk, which the queue is sorted and filtered by, and the text search.
    """
    for statement in (
        # SQLite cannot change a CHECK or a UNIQUE of a table, so these are built anew
        # (sqlite.org/lang_altertable.html).
        """CREATE TABLE events_new (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('accept', 'choose', 'edit', 'reject', 'later', 'flag', 'unflag',
        'note', 'tags', 'rate', 'task', 'ask', 'undo', 'redo')),
    target INTEGER REFERENCES events(seq), note TEXT NOT NULL,
    how TEXT NOT NULL DEFAULT '' CHECK (how IN ('', 'again', 'settle', 'import')),
    CHECK ((target IS NOT NULL) = (action IN ('undo', 'redo')))
) STRICT""",
        """INSERT INTO events_new (seq, reviewer, at, action, target, note)
           SELECT seq, reviewer, at, action, target, note FROM events ORDER BY rowid""",
        "DROP TABLE events",
        "ALTER TABLE events_new RENAME TO events",
        """CREATE TABLE candidates_new (
    id TEXT PRIMARY KEY, instance_id TEXT NOT NULL REFERENCES instances(id),
    model TEXT NOT NULL REFERENCES models(fingerprint),
    role TEXT NOT NULL CHECK (role IN ('writer', 'answerer')), position INTEGER NOT NULL,
    completion_id TEXT REFERENCES completions(id), output TEXT NOT NULL,
    ended TEXT NOT NULL CHECK (ended IN ('end', 'stop', 'length', 'error')), error TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '', attempt INTEGER NOT NULL DEFAULT 0, task TEXT NOT NULL DEFAULT '',
    UNIQUE (instance_id, role, model, attempt), UNIQUE (instance_id, position)
) STRICT""",
        """INSERT INTO candidates_new
               (id, instance_id, model, role, position, completion_id, output, ended, error, reason)
           SELECT id, instance_id, model, role, position, completion_id, output, ended, error, reason
           FROM candidates ORDER BY rowid""",
        "DROP TABLE candidates",
        "ALTER TABLE candidates_new RENAME TO candidates",
        'CREATE INDEX "idx_events_reviewer_seq"\n    ON "events" ("reviewer", "seq")',
        'CREATE INDEX "idx_events_target"\n    ON "events" ("target")',
        'CREATE INDEX "idx_candidates_model"\n    ON "candidates" ("model")',
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
        "ALTER TABLE review_state ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE review_state ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE review_state ADD COLUMN tags TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE review_state ADD COLUMN rating TEXT",
        "ALTER TABLE review_state ADD COLUMN instruction TEXT",
        "ALTER TABLE review_state ADD COLUMN input TEXT",
        "ALTER TABLE review_state ADD COLUMN task TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE review_state ADD COLUMN conflict INTEGER NOT NULL DEFAULT 0",
        # One narrow row for each instance: the tables themselves are too wide to be sorted a million rows
        # at a time.
        """CREATE TABLE desk (
    number INTEGER PRIMARY KEY, instance_id TEXT NOT NULL UNIQUE, run INTEGER NOT NULL, kind TEXT NOT NULL,
    aside INTEGER NOT NULL, keep INTEGER NOT NULL, voted INTEGER NOT NULL, stale INTEGER NOT NULL,
    reason TEXT NOT NULL, decided_by TEXT NOT NULL, winner TEXT NOT NULL, turn INTEGER NOT NULL,
    status TEXT NOT NULL, flagged INTEGER NOT NULL, conflict INTEGER NOT NULL, override INTEGER NOT NULL,
    differs INTEGER NOT NULL, disagreement REAL NOT NULL, margin REAL NOT NULL, equal INTEGER NOT NULL,
    length INTEGER NOT NULL
) STRICT""",
        # The first list that is shown, in its order; and what is counted after every decision.
        "CREATE INDEX desk_undecided ON desk (keep, turn, disagreement DESC, number)",
        "CREATE INDEX desk_decided ON desk (turn, override)",
        "CREATE INDEX desk_conflicts ON desk (number) WHERE conflict = 1",
        # Not kept by triggers, which may not touch a virtual table where the schema is not trusted. Only
        # inserts: texts never change, and a contentless index of this kind cannot forget one. There are
        # 4096 places per instance: 0 for its task, then one per candidate.
        """CREATE VIRTUAL TABLE texts USING fts5
    (body, content = '', tokenize = 'unicode61 remove_diacritics 2')""",
        """INSERT INTO texts (rowid, body) SELECT i.number * 4096, t.text || char(10) || i.input
           FROM instances i JOIN instructions t ON t.id = i.instruction_id""",
        """INSERT INTO texts (rowid, body) SELECT i.number * 4096 + 1 + x.position, x.output
           FROM candidates x JOIN instances i ON i.id = x.instance_id""",
        # `differs`: a person and the vote say otherwise, about keeping the item or about which text is its
        # answer. `margin`: an exact match passes the rule without a threshold, so it is far from it.
        """INSERT INTO desk (number, instance_id, run, kind, equal, length, aside, keep, voted, stale, reason,
                             decided_by, winner, turn, status, flagged, conflict, override, differs,
                             disagreement, margin)
           SELECT i.number, i.id, r.number, t.kind,
                  COALESCE((SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM candidates x
                      WHERE x.instance_id = i.id AND x.reason = '' GROUP BY x.output)), 0),
                  LENGTH(t.text) + LENGTH(i.input) + COALESCE(
                      (SELECT MAX(LENGTH(x.output)) FROM candidates x WHERE x.instance_id = i.id), 0),
                  i.status <> 'kept', COALESCE(v.keep, 0), v.id IS NOT NULL,
                  COALESCE(w.task,
                      (SELECT x.task FROM candidates x WHERE x.id = json_extract(v.candidates, '$[0]')),
                      COALESCE(s.task, '')) <> COALESCE(s.task, ''),
                  CASE i.status WHEN 'kept' THEN COALESCE(v.reason, '') ELSE i.reason END,
                  COALESCE(v.decided_by, ''), COALESCE(w.model, ''),
                  CASE COALESCE(s.status, 'undecided') WHEN 'undecided' THEN 0 WHEN 'later' THEN 1 ELSE 2 END,
                  COALESCE(s.status, 'undecided'), COALESCE(s.flagged, 0), COALESCE(s.conflict, 0),
                  CASE COALESCE(s.status, 'undecided') WHEN 'undecided' THEN 0 WHEN 'later' THEN 0
                      WHEN 'rejected' THEN v.keep IS NOT 0 WHEN 'edited' THEN 1
                      ELSE v.keep IS NOT 1 OR s.candidate_id IS NOT v.winner END,
                  CASE WHEN v.keep IS NULL THEN 0 ELSE CASE COALESCE(s.status, 'undecided')
                      WHEN 'rejected' THEN v.keep = 1 WHEN 'edited' THEN v.keep = 0
                      WHEN 'undecided' THEN 0 WHEN 'later' THEN 0
                      ELSE v.keep = 0 OR NOT EXISTS
                          (SELECT 1 FROM candidates a JOIN candidates b ON a.output = b.output
                           WHERE a.id = s.candidate_id AND b.id = v.winner) END END,
                  COALESCE(v.disagreement, 0.0),
                  CASE WHEN v.decided_by = 'rouge' THEN
                      ABS(CASE v.rule WHEN 'quorum' THEN v.mean ELSE v.lowest END - v.threshold)
                      ELSE 9.0 END
           FROM instances i JOIN instructions t ON t.id = i.instruction_id JOIN runs r ON r.id = i.run_id
           LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
           LEFT JOIN candidates w ON w.id = v.winner
           LEFT JOIN review_state s ON s.instance_id = i.id
           WHERE v.id IS NOT NULL OR i.status <> 'kept'""",
    ):
        db.execute(statement)
    if broken := db.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.IntegrityError(f"foreign key of {broken[0]}")


def step_5(db: Database) -> None:
    """Keep with a completion what its answer is, where the model thought first; else `raw` is the answer."""
    db.execute("ALTER TABLE completions ADD COLUMN answer TEXT")


def step_6(db: Database) -> None:
    """Create the log of what people decide about instructions; `before` is the text that was decided on."""
    for statement in (
        """CREATE TABLE instruction_events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('accept', 'edit', 'reject', 'undo')),
            instruction_id TEXT NOT NULL REFERENCES instructions(id), before TEXT NOT NULL, text TEXT,
            target INTEGER REFERENCES instruction_events(seq),
            CHECK ((target IS NOT NULL) = (action = 'undo')), CHECK ((text IS NOT NULL) = (action = 'edit'))
        ) STRICT""",
        'CREATE INDEX "idx_instruction_events_instruction_id"\n'
        '    ON "instruction_events" ("instruction_id")',
        'CREATE INDEX "idx_instruction_events_target"\n    ON "instruction_events" ("target")',
        "CREATE TRIGGER instruction_events_no_update BEFORE UPDATE ON instruction_events "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
        "CREATE TRIGGER instruction_events_no_delete BEFORE DELETE ON instruction_events "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
    ):
        db.execute(statement)


def step_7(db: Database) -> None:
    """Let the log hold redos; SQLite cannot change a CHECK, so the table is built anew."""
    for statement in (
        """CREATE TABLE instruction_events_new (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('accept', 'edit', 'reject', 'undo', 'redo')),
            instruction_id TEXT NOT NULL REFERENCES instructions(id), before TEXT NOT NULL, text TEXT,
            target INTEGER REFERENCES instruction_events(seq),
            CHECK ((target IS NOT NULL) = (action IN ('undo', 'redo'))),
            CHECK ((text IS NOT NULL) = (action = 'edit'))
        ) STRICT""",
        """INSERT INTO instruction_events_new
               (seq, reviewer, at, action, instruction_id, before, text, target)
           SELECT seq, reviewer, at, action, instruction_id, before, text, target
           FROM instruction_events ORDER BY seq""",
        "DROP TABLE instruction_events",
        "ALTER TABLE instruction_events_new RENAME TO instruction_events",
        'CREATE INDEX "idx_instruction_events_instruction_id"\n'
        '    ON "instruction_events" ("instruction_id")',
        'CREATE INDEX "idx_instruction_events_target"\n    ON "instruction_events" ("target")',
        "CREATE TRIGGER instruction_events_no_update BEFORE UPDATE ON instruction_events "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
        "CREATE TRIGGER instruction_events_no_delete BEFORE DELETE ON instruction_events "
        "BEGIN SELECT RAISE(ABORT, 'the decision log is append-only'); END",
    ):
        db.execute(statement)


def step_8(db: Database) -> None:
    """Keep with a vote the score that its threshold decides by, and whether it must be more than that.

    No score where no threshold changes the outcome: equal answers, the only answer, an empty winner.
    """
    for statement in (
        "ALTER TABLE votes ADD COLUMN score REAL",
        "ALTER TABLE votes ADD COLUMN strict INTEGER NOT NULL DEFAULT 0",
        """UPDATE votes
           SET score = CASE rule WHEN 'quorum' THEN mean ELSE lowest END, strict = rule <> 'quorum'
           WHERE decided_by = 'rouge' AND reason <> 'empty_winner'""",
        # An empty winner is as far from any threshold as an exact match.
        """UPDATE desk SET margin = 9.0 WHERE instance_id IN
               (SELECT instance_id FROM votes
                WHERE current = 1 AND decided_by = 'rouge' AND reason = 'empty_winner')""",
    ):
        db.execute(statement)


def step_9(db: Database) -> None:
    """Keep with a vote its tokeniser, how many answers had to be equal, how many are, and how those differ.

    The functions are the method's own, so that an old vote says of its answers what a new one would. Only
    votes that stand are looked at, and of those only which took answers as the same.
    """
    for statement in (
        "ALTER TABLE votes ADD COLUMN tokeniser TEXT NOT NULL DEFAULT 'rouge-score'",
        "ALTER TABLE votes ADD COLUMN at_least ANY",
        "ALTER TABLE votes ADD COLUMN equal INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE votes ADD COLUMN difference INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE desk ADD COLUMN difference INTEGER NOT NULL DEFAULT 0",
        # Earliest recipes had the tokeniser with the novelty rule.
        """UPDATE votes SET tokeniser = 'unicode' WHERE instance_id IN
               (SELECT i.id FROM instances i JOIN runs r ON r.id = i.run_id
                WHERE 'unicode' = COALESCE(
                    json_extract(r.recipe_json, '$.tokeniser'),
                    json_extract(r.recipe_json, '$.instructions.novelty.tokeniser')))""",
        "UPDATE votes SET equal = 0 WHERE winner IS NULL",
        # In the matrix 1.0 stands on the diagonal, and where two answers are the same to the rule.
        """UPDATE votes SET equal = q.said / 10, difference = q.said % 10
           FROM (SELECT v.id AS id, compared(
                     (SELECT json_group_array(x.output) FROM json_each(v.candidates) j
                      JOIN candidates x ON x.id = j.value),
                     (SELECT j.key FROM json_each(v.candidates) j WHERE j.value = v.winner), v.matrix) AS said
                 FROM votes v WHERE v.current = 1 AND v.winner IS NOT NULL
                 AND (v.decided_by = 'exact' OR LENGTH(v.matrix) - LENGTH(REPLACE(v.matrix, '1.0', ''))
                                                > 3 * json_array_length(v.candidates))) q
           WHERE votes.id = q.id""",
        """UPDATE desk SET difference = v.difference,
               disagreement = CASE v.difference WHEN 2 THEN 1.0 ELSE desk.disagreement END,
               margin = CASE v.difference WHEN 2 THEN 0.0 ELSE desk.margin END
           FROM votes v WHERE v.instance_id = desk.instance_id AND v.current = 1 AND v.difference > 0""",
        """UPDATE desk SET equal = largest_group((SELECT json_group_array(x.output) FROM candidates x
               WHERE x.instance_id = desk.instance_id AND x.reason = ''))""",
        "CREATE INDEX votes_rules ON votes (rule, rule_version, threshold) WHERE current = 1",
    ):
        db.execute(statement)


def step_10(db: Database) -> None:
    """Keep the turns before a task with it, and reference answers beside it.

    `context` is a JSON list of [role, text], empty where the task has no earlier turns. `task` is what
    `instances.pair` holds: the identity of instruction, input and context.
    """
    for statement in (
        "ALTER TABLE seed_tasks ADD COLUMN context TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE instances ADD COLUMN context TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE reference_answers (
            task TEXT NOT NULL, position INTEGER NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL,
            PRIMARY KEY (task, position)
        ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)


def step_11(db: Database) -> None:
    """Keep with a vote which answers did not vote and why, how many models were asked, and its containment.

    `barred` is a JSON list in the order of `candidates`, of reasons and "" for those that voted. It is NULL
    where all voted, whatever they were, as in every vote before this.
    """
    for statement in (
        "ALTER TABLE votes ADD COLUMN barred TEXT",
        "ALTER TABLE votes ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE votes ADD COLUMN containment INTEGER NOT NULL DEFAULT 0",
    ):
        db.execute(statement)


def step_12(db: Database) -> None:
    """Let models be asked in any style, and keep with a model of a run how it answered when auditioned.

    `audition` is JSON, as `method.audition` writes it, or empty. SQLite cannot change a CHECK, so the table
    is built anew.
    """
    for statement in (
        """CREATE TABLE run_models_new (
            run_id TEXT NOT NULL REFERENCES runs(id), model TEXT NOT NULL REFERENCES models(fingerprint),
            role TEXT NOT NULL CHECK (role IN ('writer', 'answerer')),
            style TEXT NOT NULL CHECK (style <> ''), position INTEGER NOT NULL,
            style_from TEXT NOT NULL DEFAULT 'default'
                CHECK (style_from IN ('default', 'person', 'audition')),
            audition TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (run_id, role, model), UNIQUE (run_id, position)
        ) STRICT""",
        """INSERT INTO run_models_new (run_id, model, role, style, position)
           SELECT run_id, model, role, style, position FROM run_models""",
        "DROP TABLE run_models",
        "ALTER TABLE run_models_new RENAME TO run_models",
    ):
        db.execute(statement)


def step_13(db: Database) -> None:
    """Keep what was drawn at random to be judged or audited, what people said of it, and what was learned.

    A judgement is about one item: whether its task is valid and its input fits (NULL where nobody said), and
    which of its answers are right. An audit is about rows as they would be exported; `content` tells which
    text was seen. `fits` are weights of rule learned; `source` is the project they come from if another.
    """
    for statement in (
        """CREATE TABLE guidelines (
            number INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE drawings (
            id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
            purpose TEXT NOT NULL CHECK (purpose IN ('judge', 'audit')), reviewer TEXT NOT NULL,
            at TEXT NOT NULL, chosen TEXT NOT NULL, seed INTEGER NOT NULL, population INTEGER NOT NULL
        ) STRICT""",
        """CREATE TABLE drawn (
            drawing TEXT NOT NULL REFERENCES drawings(id), position INTEGER NOT NULL,
            instance_id TEXT NOT NULL REFERENCES instances(id), content TEXT NOT NULL,
            PRIMARY KEY (drawing, position), UNIQUE (drawing, instance_id)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE judgements (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('judge', 'undo', 'redo')),
            target INTEGER REFERENCES judgements(seq), drawing TEXT REFERENCES drawings(id),
            instance_id TEXT REFERENCES instances(id), task INTEGER CHECK (task IN (0, 1)),
            input INTEGER CHECK (input IN (0, 1)), guideline INTEGER REFERENCES guidelines(number),
            how TEXT NOT NULL CHECK (how IN ('', 'import')), note TEXT NOT NULL,
            CHECK ((target IS NOT NULL) = (action IN ('undo', 'redo'))),
            CHECK ((instance_id IS NOT NULL) = (action = 'judge'))
        ) STRICT""",
        """CREATE TABLE judged_answers (
            judgement INTEGER NOT NULL REFERENCES judgements(seq),
            candidate_id TEXT NOT NULL REFERENCES candidates(id),
            is_right INTEGER CHECK (is_right IN (0, 1)),
            grade TEXT NOT NULL CHECK (grade IN ('', 'A', 'B', 'C', 'D')),
            PRIMARY KEY (judgement, candidate_id)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE audits (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action IN ('right', 'wrong', 'undo', 'redo')),
            target INTEGER REFERENCES audits(seq), drawing TEXT NOT NULL REFERENCES drawings(id),
            instance_id TEXT REFERENCES instances(id), content TEXT NOT NULL, note TEXT NOT NULL,
            CHECK ((target IS NOT NULL) = (action IN ('undo', 'redo'))),
            CHECK ((instance_id IS NOT NULL) = (action IN ('right', 'wrong')))
        ) STRICT""",
        """CREATE TABLE fits (
            number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, version INTEGER NOT NULL,
            weights TEXT NOT NULL, figures TEXT NOT NULL, judged INTEGER NOT NULL, decided INTEGER NOT NULL,
            last_judgement INTEGER NOT NULL, last_event INTEGER NOT NULL, source TEXT NOT NULL
        ) STRICT""",
        "ALTER TABLE votes ADD COLUMN probabilities TEXT",
        "ALTER TABLE votes ADD COLUMN fit INTEGER REFERENCES fits(number)",
        'CREATE INDEX "idx_judgements_instance_id"\n    ON "judgements" ("instance_id")',
        'CREATE INDEX "idx_judgements_target"\n    ON "judgements" ("target")',
        'CREATE INDEX "idx_audits_drawing"\n    ON "audits" ("drawing")',
        'CREATE INDEX "idx_audits_target"\n    ON "audits" ("target")',
        "CREATE TRIGGER judgements_no_update BEFORE UPDATE ON judgements "
        "BEGIN SELECT RAISE(ABORT, 'the log of judgements is append-only'); END",
        "CREATE TRIGGER judgements_no_delete BEFORE DELETE ON judgements "
        "BEGIN SELECT RAISE(ABORT, 'the log of judgements is append-only'); END",
        "CREATE TRIGGER judged_answers_no_update BEFORE UPDATE ON judged_answers "
        "BEGIN SELECT RAISE(ABORT, 'the log of judgements is append-only'); END",
        "CREATE TRIGGER judged_answers_no_delete BEFORE DELETE ON judged_answers "
        "BEGIN SELECT RAISE(ABORT, 'the log of judgements is append-only'); END",
        "CREATE TRIGGER audits_no_update BEFORE UPDATE ON audits "
        "BEGIN SELECT RAISE(ABORT, 'the log of audits is append-only'); END",
        "CREATE TRIGGER audits_no_delete BEFORE DELETE ON audits "
        "BEGIN SELECT RAISE(ABORT, 'the log of audits is append-only'); END",
    ):
        db.execute(statement)


def step_16(db: Database) -> None:
    """Let a run be hidden (1): it stays stored, and its items are neither reviewed nor exported."""
    db.execute("ALTER TABLE runs ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0")


def step_17(db: Database) -> None:
    """Keep with a decision why its instruction had been dropped, "" where not: undo brings that back."""
    db.execute("ALTER TABLE instruction_events ADD COLUMN reason TEXT NOT NULL DEFAULT ''")


STEPS: tuple[Step, ...] = (
    *(step_1, step_2, step_3, step_4, step_5, step_6, step_7, step_8),
    *(step_9, step_10, step_11, step_12, step_13, step_14, step_15, step_16, step_17, step_18),
    step_19,
)
