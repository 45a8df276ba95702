"""Step 14 of `app.store.steps`: the counts that a project keeps. Released, so never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def step_14(db: Database) -> None:
    """Keep with a project how many rows of each kind it has, so that nobody has to count a million.

    `model` is a fingerprint. Answers, votes and barred answers count where their instance is kept; `versions`
    are all votes that stand, by rule and version, `reason` telling where every answer voted by choice.
    """
    for statement in (
        """CREATE TABLE counted (
            run_id TEXT NOT NULL REFERENCES runs(id), stage TEXT NOT NULL, kind TEXT NOT NULL,
            status TEXT NOT NULL, reason TEXT NOT NULL, model TEXT NOT NULL, role TEXT NOT NULL,
            count INTEGER NOT NULL, PRIMARY KEY (run_id, stage, kind, status, reason, model, role)
        ) STRICT, WITHOUT ROWID""",
        """INSERT INTO counted SELECT run_id, 'instructions', kind, status, reason, '', '', COUNT(*)
           FROM instructions GROUP BY 1, 3, 4, 5""",
        """INSERT INTO counted SELECT i.run_id, 'instances', t.kind, i.status, i.reason, '', '', COUNT(*)
           FROM instances i JOIN instructions t ON t.id = i.instruction_id GROUP BY 1, 3, 4, 5""",
        """INSERT INTO counted
           SELECT i.run_id, 'answers', t.kind, CASE x.reason WHEN '' THEN x.ended ELSE 'dropped' END,
                  x.reason, x.model, x.role, COUNT(*)
           FROM instances i JOIN instructions t ON t.id = i.instruction_id
           JOIN candidates x ON x.instance_id = i.id WHERE i.status = 'kept' GROUP BY 1, 3, 4, 5, 6, 7""",
        """INSERT INTO counted
           SELECT i.run_id, 'votes', t.kind, CASE v.keep WHEN 1 THEN 'kept' ELSE 'dropped' END,
                  CASE v.keep WHEN 1 THEN v.decided_by ELSE v.reason END, '', '', COUNT(*)
           FROM instances i JOIN instructions t ON t.id = i.instruction_id
           JOIN votes v ON v.instance_id = i.id AND v.current = 1 WHERE i.status = 'kept'
           GROUP BY 1, 3, 4, 5""",
        """INSERT INTO counted
           SELECT i.run_id, 'differences', t.kind,
                  CASE v.difference WHEN 2 THEN 'symbols' ELSE 'punctuation' END, '', '', '', COUNT(*)
           FROM instances i JOIN instructions t ON t.id = i.instruction_id
           JOIN votes v ON v.instance_id = i.id AND v.current = 1
           WHERE i.status = 'kept' AND v.difference > 0 GROUP BY 1, 3, 4""",
        """INSERT INTO counted
           SELECT i.run_id, 'barred', t.kind, '', j.value, x.model, '', COUNT(*)
           FROM instances i JOIN instructions t ON t.id = i.instruction_id
           JOIN votes v ON v.instance_id = i.id AND v.current = 1 JOIN json_each(v.barred) j
           JOIN candidates x ON x.id = json_extract(v.candidates, j.fullkey)
           WHERE i.status = 'kept' AND j.value NOT IN ('', 'one_voice') GROUP BY 1, 3, 5, 6""",
        """INSERT INTO counted
           SELECT i.run_id, 'versions', v.rule, CAST(v.rule_version AS TEXT),
                  CASE WHEN v.barred IS NULL AND v.asked > 0 THEN 'chosen' ELSE '' END, '', '', COUNT(*)
           FROM votes v JOIN instances i ON i.id = v.instance_id WHERE v.current = 1 GROUP BY 1, 3, 4, 5""",
        """INSERT INTO counted
           SELECT i.run_id, 'decisions', t.kind, s.status, '', '', '', COUNT(*)
           FROM review_state s JOIN instances i ON i.id = s.instance_id
           JOIN instructions t ON t.id = i.instruction_id WHERE s.status <> 'undecided' GROUP BY 1, 3, 4""",
    ):
        db.execute(statement)
