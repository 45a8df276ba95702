"""The counts that a project keeps, against counting every row: after random histories and a migration."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import ProjectError
from app.method.consensus import RULE_VERSIONS
from app.method.voices import ONE_VOICE
from app.store import (
    counted,
    counts,
    decisions,
    desk,
    generated,
    health,
    instruction_decisions,
    runs,
    schema,
    votes,
)
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.rows import ModelRow, NewCandidate, NewInstance, NewRunModel, RunRow
from tests.store.material import FIRST, SECOND, WRITER, add_instruction, ballot, start_run
from tests.store.test_migrations import COUNTED

_VOTED = """FROM votes v JOIN instances i ON i.id = v.instance_id
    JOIN instructions t ON t.id = i.instruction_id WHERE i.run_id = :run AND i.status = 'kept'
    AND v.current = 1"""
# Each part counts all rows of one run anew; nothing of it is what the product does.
_ROWS = {
    "instructions": """SELECT kind, status, reason, '', COUNT(*)
          FROM instructions WHERE run_id = :run GROUP BY 1, 2, 3""",
    "instances": """SELECT t.kind, i.status, i.reason, '', COUNT(*)
          FROM instances i JOIN instructions t ON t.id = i.instruction_id
          WHERE i.run_id = :run GROUP BY 1, 2, 3""",
    "answers": """SELECT t.kind, CASE x.reason WHEN '' THEN x.ended ELSE 'dropped' END, x.reason, m.name,
               COUNT(*)
          FROM candidates x JOIN instances i ON i.id = x.instance_id
          JOIN instructions t ON t.id = i.instruction_id JOIN models m ON m.fingerprint = x.model
          JOIN run_models p ON p.run_id = i.run_id AND p.model = x.model AND p.role = x.role
          JOIN runs r ON r.id = i.run_id
          WHERE i.run_id = :run AND i.status = 'kept' AND (x.role = 'answerer' OR r.state = 'imported')
          GROUP BY 1, 2, 3, 4""",
    "votes": f"""SELECT t.kind, CASE keep WHEN 1 THEN 'kept' ELSE 'dropped' END,
               CASE keep WHEN 1 THEN decided_by ELSE v.reason END, '', COUNT(*) {_VOTED} GROUP BY 1, 2, 3""",
    "differences": f"""SELECT t.kind, CASE difference WHEN 2 THEN 'symbols' ELSE 'punctuation' END, '', '',
               COUNT(*) {_VOTED} AND difference > 0 GROUP BY 1, 2""",
    "barred": f"""SELECT t.kind, '', j.value, m.name, COUNT(*)
          FROM votes v JOIN instances i ON i.id = v.instance_id JOIN instructions t ON t.id = i.instruction_id
          JOIN json_each(v.barred) j JOIN candidates x ON x.id = json_extract(v.candidates, j.fullkey)
          JOIN models m ON m.fingerprint = x.model
          WHERE i.run_id = :run AND i.status = 'kept' AND v.current = 1 AND j.value NOT IN ('', '{ONE_VOICE}')
          GROUP BY 1, 3, 4""",
    "decisions": """SELECT t.kind, s.status, '', '', COUNT(*)
          FROM review_state s JOIN instances i ON i.id = s.instance_id
          JOIN instructions t ON t.id = i.instruction_id
          WHERE i.run_id = :run AND s.status <> 'undecided' GROUP BY 1, 2""",
}
_EARLIER = """SELECT COUNT(*) FROM votes v JOIN instances i ON i.id = v.instance_id
    JOIN runs r ON r.id = i.run_id WHERE v.current = 1 AND v.rule = ? AND v.rule_version < ? -
    (json_extract(r.recipe_json, '$.consensus.voters') IS 'all' OR (v.barred IS NULL AND v.asked > 0))"""


def check(c: Connection) -> None:
    """Compare every count that is kept with the rows."""
    for run in runs.all_runs(c):
        values = {"run": run.id, "number": run.number}
        stages = tuple(_ROWS)
        kept = counts.summary(c, run.id, stages).runs[0].counts
        rows = {(stage, *row) for stage, sql in _ROWS.items() for row in c.tuples(sql, values)}
        assert {(n.stage, n.kind, n.status, n.reason, n.model, n.count) for n in kept} == rows
    earlier = {
        rule: count
        for rule, version in RULE_VERSIONS.items()
        if (count := c.execute(_EARLIER, (rule, version)).fetchone()[0])
    }
    assert votes.under_earlier_versions(c) == earlier
    assert list(counted.miscounted(c)) == []


class History:
    """A random history of everything that changes what is counted."""

    def __init__(self, c: Connection, seed: int) -> None:
        self._c, self._rng = c, random.Random(seed)
        self._run = start_run(c)
        self._made = 0
        start_run(c)  # one that stays empty

    def step(self) -> None:
        """Do one thing; what cannot be done is left."""
        deeds: tuple[Callable[[], object], ...] = (
            *(self._item, self._item, self._answer, self._answer, self._vote, self._vote, self._decide),
            *(self._decide, self._turn, self._set_aside, self._say_kind, self._at_the_gate, self._take_part),
        )
        self._c.execute("SAVEPOINT deed")
        try:
            self._rng.choice(deeds)()
        except ProjectError:
            self._c.execute("ROLLBACK TO deed")
        self._c.execute("RELEASE deed")

    @property
    def _instance(self) -> str:
        keys = self._c.execute("SELECT id FROM instances ORDER BY number").fetchall()
        return str(self._rng.choice(keys)[0]) if keys else self._item()

    def _item(self) -> str:
        rng, c = self._rng, self._c
        self._made += 1
        task = add_instruction(c, self._run, f"Task {self._made}.", rng.choice("AB"))
        status = rng.choice(("kept", "kept", "dropped"))
        why = "" if status == "kept" else "too_long"
        return generated.save_instances(c, [NewInstance(self._run.id, task, "x", status, why)])[0].id

    def _answer(self) -> None:
        item, rng = self._instance, self._rng
        there = len(generated.candidates_of(self._c, item))
        model, ended = rng.choice((WRITER, FIRST, SECOND)), rng.choice(("end", "length", "error"))
        reason = "failed" if ended == "error" else rng.choice(("", "", "refusal"))
        role = "writer" if model == WRITER else "answerer"
        output = rng.choice(("one", "two", "three"))
        new = NewCandidate(item, model, role, there, output, ended, reason=reason, attempt=there)
        generated.save_candidate(self._c, new)

    def _vote(self) -> None:
        item, rng = self._instance, self._rng
        ids = [candidate.id for candidate in generated.candidates_of(self._c, item)]
        if ids:
            keep, winner = rng.random() < 0.6, rng.randrange(len(ids))
            barred = rng.choice((None, tuple(rng.choice(("", "repeats", ONE_VOICE, "cut")) for _ in ids)))
            row = ballot(
                ids,
                winner=winner if keep else None,
                keep=keep,
                reason="" if keep else rng.choice(("no_agreement", "empty_winner")),
                decided_by=rng.choice(("rouge", "exact")),
                difference=rng.choice((0, 0, 1, 2)),
                rule=rng.choice(tuple(RULE_VERSIONS)),
                rule_version=rng.choice((1, 2)),
                barred=barred,
                asked=rng.choice((0, 3)),
            )
            votes.save_vote(self._c, item, row)

    def _decide(self) -> None:
        item, rng = self._instance, self._rng
        action = rng.choice(("accept", "reject", "edit", "later", "flag"))
        one = ItemDecision(item, None, "mine" if action == "edit" else None)
        decisions.decide(self._c, rng.choice(("ann", "bob")), action, [one])  # type: ignore[arg-type]

    def _turn(self) -> None:
        turn = self._rng.choice((decisions.undo, decisions.undo, decisions.redo))
        turn(self._c, self._rng.choice(("ann", "bob")))

    def _set_aside(self) -> None:
        item, rng = self._instance, self._rng
        if rng.random() < 0.5:
            generated.set_instance_status(self._c, item, "quarantined", "failed")
        else:
            generated.keep_again(self._c, item)

    def _say_kind(self) -> None:
        task = generated.instance(self._c, self._instance).instruction_id
        generated.set_instruction_kind(self._c, task, self._rng.choice("AB"))  # type: ignore[arg-type]

    def _at_the_gate(self) -> None:
        rng, run = self._rng, self._run.id
        if rng.random() < 0.5:
            task = generated.instance(self._c, self._instance).instruction_id
            instruction_decisions.decide(self._c, "ann", rng.choice(("reject", "accept")), task)  # type: ignore[arg-type]
        else:
            rng.choice((instruction_decisions.undo, instruction_decisions.redo))(self._c, "ann", run)

    def _take_part(self) -> None:
        """A model leaves the run or comes back, another run begins, the run counts as imported or not."""
        rng, run = self._rng, self._run
        runs.set_state(self._c, run.id, rng.choice((runs.IMPORTED, "done", "running")))
        runs.set_recipe(self._c, run.id, rng.choice(("{}", '{"consensus": {"voters": "all"}}')))
        if any(part.model.fingerprint == SECOND for part in runs.run_models(self._c, run.id)):
            runs.remove_part(self._c, run.id, SECOND, "answerer")
        else:
            runs.add_part(self._c, run.id, NewRunModel(SECOND, "answerer", "chat", 9))
            runs.add_model(self._c, ModelRow(SECOND, rng.choice(("first", "other")), "/x", 9, "llama", ""))


@pytest.mark.parametrize("seed", range(6))
def test_kept_counts_are_those_of_the_rows_after_any_history(project: Project, seed: int) -> None:
    def live(c: Connection) -> None:
        history = History(c, seed)
        for step in range(240):
            history.step()
            if step % 8 == 0:
                check(c)
        check(c)
        decisions.refold(c)
        check(c)
        desk.refill(c)
        counted.recount(c)
        check(c)

    project.write_now(live)


def uncounted(c: Connection) -> None:
    """Let much happen in a project that keeps no counts, and lacks columns that are written to now."""
    later = {"instruction_events": ("reason",), "desk": ("mean", "score", "strict", "probability")}
    columns = [(table, name) for table, names in later.items() for name in names]
    c.execute(COUNTED)
    for table, column in columns:
        c.execute(f"ALTER TABLE {table} ADD COLUMN {column} ANY")
    history = History(c, 9)
    for _ in range(200):
        history.step()
    c.execute("DROP TABLE counted")
    for table, column in columns:
        c.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def test_a_project_of_the_format_before_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with pytest.MonkeyPatch.context() as early:
        early.setattr(schema, "STEPS", schema.STEPS[:13])
        early.setattr(schema, "TABLES", schema.TABLES - {"counted"})
        with Project.open(path, create=True) as project:
            project.write_now(uncounted)
    with Project.open(path) as project:
        project.read(check)
        assert project.read(lambda c: counts.summary(c).runs[0].total("instructions")) > 20


def test_a_count_that_is_not_that_of_the_rows_is_a_fault(project: Project) -> None:
    def spoil(c: Connection) -> RunRow:
        run = start_run(c)
        add_instruction(c, run, "Name a zebra.")
        c.execute("UPDATE counted SET count = 7 WHERE stage = 'instructions'")
        return run

    project.write_now(spoil)
    [fault] = project.read(health.every_fault)
    assert fault == "run-1 counts 7 as instructions A kept, and has 1"
