"""Counts for the status line, the Run screen and `quorum status`, and the texts written last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from app.store import runs
from app.store.connection import Connection
from app.store.review import OPEN_ASKS
from app.store.rows import build_all
from app.store.views import Count, RecentText, RunSummary, Summary

# What is kept of each run, with models by name. Of answers only those count that a model of the run gave.
_CELLS = f"""SELECT stage, kind, status, reason, COALESCE(m.name, '') AS model, SUM(count) AS count
    FROM counted n LEFT JOIN models m ON m.fingerprint = n.model
    WHERE run_id = :run AND count <> 0 AND stage IN (SELECT value FROM json_each(:stages))
      AND (stage <> 'answers'
           OR (role = 'answerer' OR :state = '{runs.IMPORTED}')
              AND EXISTS (SELECT 1 FROM run_models p
                          WHERE p.run_id = n.run_id AND p.model = n.model AND p.role = n.role))
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""
BARRED = "barred"
"""The stage of the answers that did not vote, by reason and model."""
STAGES = ("instructions", "instances", "answers", "votes", "differences", "decisions")


# Columns of RecentText, and the time it was written. Each part is read newest first; CROSS JOIN
# makes SQLite walk the votes from the newest and stop, instead of sorting all of a run's.
_VOTED = """SELECT t.kind AS kind, t.text AS text, i.input AS input,
                   CASE v.keep WHEN 1 THEN 'kept' ELSE 'dropped' END AS status, v.reason AS reason,
                   COALESCE(m.name, '') AS winner, v.mean AS mean, v.created_at AS at
            FROM votes v CROSS JOIN instances i ON i.id = v.instance_id
            CROSS JOIN instructions t ON t.id = i.instruction_id
            LEFT JOIN candidates x ON x.id = v.winner LEFT JOIN models m ON m.fingerprint = x.model
            WHERE i.run_id = ? AND v.current = 1 ORDER BY v.rowid DESC LIMIT ?"""
_UNVOTED = """SELECT t.kind AS kind, t.text AS text, i.input AS input,
                     CASE i.status WHEN 'kept' THEN 'waiting' ELSE i.status END AS status,
                     i.reason AS reason, '' AS winner, NULL AS mean, COALESCE(z.created_at, '') AS at
              FROM instances i JOIN instructions t ON t.id = i.instruction_id
              LEFT JOIN completions z ON z.id = i.completion_id
              WHERE i.run_id = ? AND NOT EXISTS
                    (SELECT 1 FROM votes v WHERE v.instance_id = i.id AND v.current = 1)
              ORDER BY i.number DESC LIMIT ?"""
_BARE = """SELECT t.kind AS kind, t.text AS text, '' AS input, t.status AS status, t.reason AS reason,
                  '' AS winner, NULL AS mean, COALESCE(z.created_at, '') AS at
           FROM instructions t LEFT JOIN completions z ON z.id = t.completion_id
           WHERE t.run_id = ? AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.instruction_id = t.id)
           ORDER BY t.rowid DESC LIMIT ?"""


def summary(c: Connection, run_id: str | None = None, stages: Sequence[str] = STAGES) -> Summary:
    """Return what is counted of one run, or of each run of the project; of these stages alone if named."""
    wanted = json.dumps(stages)
    return Summary(
        tuple(
            RunSummary(
                run_id=run.id,
                number=run.number,
                recipe=run.recipe_name,
                state=run.state,
                note=run.note,
                seed=run.seed,
                target=run.target,
                created_at=run.created_at,
                finished_at=run.finished_at,
                hidden=bool(run.hidden),
                counts=tuple(
                    build_all(Count, c.execute(_CELLS, {"run": run.id, "state": run.state, "stages": wanted}))
                ),
            )
            for run in runs.all_runs(c)
            if run_id in (None, run.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Work:
    """What the counts of a run do not tell of how much there is to do.

    `unwritten` kept instructions have no instance yet; `again` answers were given once more than the run
    itself asked for, or are asked for.
    """

    unwritten: int
    again: int


def work(c: Connection, run_id: str) -> Work:
    """Count it for a run."""
    [(unwritten,)] = c.execute(
        """SELECT COUNT(*) FROM instructions t WHERE t.run_id = ? AND t.status = 'kept'
           AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.instruction_id = t.id)""",
        (run_id,),
    )
    [(again,)] = c.execute(
        """SELECT COUNT(*) FROM candidates x JOIN instances i ON i.id = x.instance_id
           JOIN run_models p ON p.run_id = i.run_id AND p.model = x.model AND p.role = x.role
           WHERE i.run_id = ? AND i.status = 'kept' AND x.role = 'answerer' AND x.attempt > 0 AND EXISTS
                 (SELECT 1 FROM candidates o WHERE o.instance_id = x.instance_id AND o.model = x.model
                  AND o.role = x.role AND o.attempt < x.attempt)""",
        (run_id,),
    )
    [(asked,)] = c.execute(f"SELECT COUNT(*) {OPEN_ASKS} AND i.run_id = ?", (run_id,))
    return Work(unwritten, again + asked)


def recent_texts(c: Connection, run_id: str, n: int) -> list[RecentText]:
    """Return what a run wrote last, newest first: at most `n` texts, each as far as it has come.

    Times decide between the stages, so a clock set back can mix them up; nothing but the picture of
    the moment depends on it.
    """
    rows = [dict(row) for sql in (_VOTED, _UNVOTED, _BARE) for row in c.execute(sql, (run_id, n))]
    # sorted is stable: within a stage, rows of one moment stay newest first.
    newest = sorted(rows, key=itemgetter("at"), reverse=True)
    return [RecentText(**{name: row[name] for name in row if name != "at"}) for row in newest[:n]]
