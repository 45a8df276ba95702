"""Counts for the status line, the Run screen and `quorum status`, and the texts written last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from app.method.voices import ONE_VOICE
from app.store import runs
from app.store.connection import Connection
from app.store.rows import build_all
from app.store.views import Count, RecentText, RunSummary, Summary

# Each part yields the columns of Count in the order of `_CELL`.
_CELL = "stage, kind, status, reason, model, count"
_CELLS: dict[str, str] = {
    "instructions": """SELECT 'instructions', kind, status, reason, '', COUNT(*)
          FROM instructions WHERE run_id = :run GROUP BY 1, 2, 3, 4""",
    "instances": """SELECT 'instances', t.kind, i.status, i.reason, '', COUNT(*)
          FROM instances i JOIN instructions t ON t.id = i.instruction_id
          WHERE i.run_id = :run GROUP BY 1, 2, 3, 4""",
    "answers": f"""SELECT 'answers', t.kind, CASE x.reason WHEN '' THEN x.ended ELSE 'dropped' END, x.reason,
               m.name, COUNT(*)
          FROM candidates x JOIN instances i ON i.id = x.instance_id
          JOIN instructions t ON t.id = i.instruction_id JOIN models m ON m.fingerprint = x.model
          JOIN run_models p ON p.run_id = i.run_id AND p.model = x.model AND p.role = x.role
          JOIN runs r ON r.id = i.run_id
          WHERE i.run_id = :run AND i.status = 'kept' AND (x.role = 'answerer' OR r.state = '{runs.IMPORTED}')
          GROUP BY 1, 2, 3, 4, 5""",
    "votes": """SELECT 'votes', kind, CASE keep WHEN 1 THEN 'kept' ELSE 'dropped' END,
               CASE keep WHEN 1 THEN decided_by ELSE reason END, '', COUNT(*)
          FROM desk WHERE run = :number AND voted = 1 AND aside = 0 GROUP BY 1, 2, 3, 4""",
    "differences": """SELECT 'differences', kind,
               CASE difference WHEN 2 THEN 'symbols' ELSE 'punctuation' END, '', '', COUNT(*)
          FROM desk WHERE run = :number AND voted = 1 AND aside = 0 AND difference > 0 GROUP BY 1, 2, 3""",
    # Every vote is looked into, which is too much while a run is watched.
    "barred": f"""SELECT 'barred', t.kind, '', j.value, m.name, COUNT(*)
          FROM votes v JOIN instances i ON i.id = v.instance_id JOIN instructions t ON t.id = i.instruction_id
          JOIN json_each(v.barred) j JOIN candidates x ON x.id = json_extract(v.candidates, j.fullkey)
          JOIN models m ON m.fingerprint = x.model
          WHERE i.run_id = :run AND i.status = 'kept' AND v.current = 1 AND j.value NOT IN ('', '{ONE_VOICE}')
          GROUP BY 1, 2, 4, 5""",
    "decisions": """SELECT 'decisions', t.kind, s.status, '', '', COUNT(*)
          FROM review_state s JOIN instances i ON i.id = s.instance_id
          JOIN instructions t ON t.id = i.instruction_id
          WHERE i.run_id = :run AND s.status <> 'undecided' GROUP BY 1, 2, 3""",
}
BARRED = "barred"
"""The stage of the answers that did not vote, by reason and model: it is counted where it is asked for."""
STAGES = tuple(stage for stage in _CELLS if stage != BARRED)


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
    """Count everything of one run, or of each run of the project; of these stages alone if they are named."""
    parts = " UNION ALL ".join(_CELLS[stage] for stage in stages)
    sql = f"WITH cells ({_CELL}) AS ({parts}) SELECT {_CELL} FROM cells ORDER BY 1, 2, 3, 4, 5"
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
                counts=tuple(build_all(Count, c.execute(sql, {"run": run.id, "number": run.number}))),
            )
            for run in runs.all_runs(c)
            if run_id in (None, run.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Work:
    """What the counts of a run do not tell of how much there is to do.

    `unwritten` kept instructions have no instance yet; `again` answers were given once more than the run
    itself asked for.
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
    return Work(unwritten, again)


def recent_texts(c: Connection, run_id: str, n: int) -> list[RecentText]:
    """Return what a run wrote last, newest first: at most `n` texts, each as far as it has come.

    Times decide between the stages, so a clock set back can mix them up; nothing but the picture of
    the moment depends on it.
    """
    rows = [dict(row) for sql in (_VOTED, _UNVOTED, _BARE) for row in c.execute(sql, (run_id, n))]
    # sorted is stable: within a stage, rows of one moment stay newest first.
    newest = sorted(rows, key=itemgetter("at"), reverse=True)
    return [RecentText(**{name: row[name] for name in row if name != "at"}) for row in newest[:n]]
