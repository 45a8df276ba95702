"""Files of earlier formats: what is in them is the same afterwards, with what is new filled in."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.errors import ProjectError
from app.store import decisions, generated, instruction_decisions, review, runs, schema
from app.store.connection import Connection
from app.store.filters import parse
from app.store.project import Project
from tests.store.material import FIRST, SECOND, add_instruction, start_run


def fill_version_1(c: Connection) -> str:
    """Store an instance that one model answered and another could not answer; return its id."""
    run = start_run(c)
    task = "task"
    c.execute(
        """INSERT INTO instructions (id, run_id, kind, text, status, reason, position)
           VALUES (?, ?, 'A', 'Task.', 'kept', '', 0)""",
        (task, run.id),
    )
    c.execute(
        """INSERT INTO instances (id, number, run_id, instruction_id, position, input, pair, status, reason)
           VALUES ('one', 1, ?, ?, 0, 'Blue zebra.', 'p', 'kept', '')""",
        (run.id, task),
    )
    c.execute(
        """INSERT INTO completions (id, run_id, stage, subject, model, attempt, prompt_hash, sampling_hash,
                                    sampler_seed, raw, ended, prompt_tokens, tokens, seconds, created_at)
           VALUES ('k', ?, 'answers', ?, ?, 0, 'p', 's', 1, '<think>a</think>b', 'end', 1, 1, 0.1, 'now')""",
        (run.id, "one", FIRST),
    )
    c.executemany(
        """INSERT INTO candidates
               (id, instance_id, model, role, position, completion_id, output, ended, error)
           VALUES (?, ?, ?, 'answerer', ?, ?, ?, ?, ?)""",
        [
            ("good", "one", FIRST, 1, "k", "<think>a</think>b", "end", ""),
            ("bad", "one", SECOND, 2, None, "", "error", "it died"),
        ],
    )
    c.execute("INSERT INTO events (reviewer, at, action, note) VALUES ('ann', 'now', 'choose', '')")
    c.execute("INSERT INTO event_items (event, instance_id, candidate_id) VALUES (1, 'one', 'good')")
    c.execute(
        """INSERT INTO votes VALUES ('v', 'one', 'released', 1, 0.01, '["good"]', '[[1.0]]', 'only-one',
                                     'good', 0.0, 0.0, 0, 0, 1, '', 0.0, 'now', 1)"""
    )
    c.execute("INSERT INTO review_state VALUES ('one', 'chosen', 'good', NULL, 0, 1)")
    return "one"


def test_a_file_of_the_first_format_keeps_its_answers_and_failed_ones_get_their_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    steps = schema.STEPS
    tables = schema.TABLES
    monkeypatch.setattr(schema, "STEPS", steps[:1])
    monkeypatch.setattr(schema, "TABLES", tables - {"desk", "texts", "instruction_events"})
    with Project.open(path, create=True) as project:
        instance = project.write_now(fill_version_1)
    monkeypatch.setattr(schema, "STEPS", steps)
    monkeypatch.setattr(schema, "TABLES", tables)
    with Project.open(path) as project:
        assert project.backup == tmp_path / "old.db.format-1.backup"
        good, bad = project.read(lambda c: generated.candidates_of(c, instance))
        assert (good.output, good.reason) == ("<think>a</think>b", "")
        assert (bad.error, bad.reason) == ("it died", "failed")
        stored = project.read(lambda c: generated.completion(c, "k"))
        assert stored is not None and (stored.raw, stored.thinking) == ("<think>a</think>b", "")
        assert project.read(lambda c: generated.thoughts_of(c, instance)) == {}


def test_a_file_of_the_first_format_gets_its_decisions_and_queue_and_can_be_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as early:
        early.setattr(schema, "STEPS", schema.STEPS[:1])
        early.setattr(schema, "TABLES", schema.TABLES - {"desk", "texts", "instruction_events"})
        with Project.open(path, create=True) as project:
            project.write_now(fill_version_1)
    with Project.open(path) as project:
        state = project.read(lambda c: decisions.state_of(c, "one"))
        assert (state.status, state.candidate_id, state.tags) == ("chosen", "good", ())
        assert project.read(lambda c: review.queue(c, "number", "decided")) == ["one"]
        for words, found in (("zeb", 1), ("think", 1), ("giraffe", 0)):
            wanted = parse(words, "all")
            assert len(project.read(lambda c, w=wanted: review.numbers(c, "number", w))) == found
        undone = project.write_now(lambda c: decisions.undo(c, "ann"))
        assert undone is not None and undone.instances == ("one",)
        assert project.read(lambda c: review.queue(c, "number", "undecided")) == ["one"]
        assert len(project.read(runs.all_runs)) == 1
        assert project.read(lambda c: c.execute("PRAGMA foreign_key_check").fetchall()) == []


def test_decisions_about_instructions_stay_and_can_be_redone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"

    def decided(c: Connection) -> str:
        run = start_run(c)
        one = add_instruction(c, run, "One.")
        instruction_decisions.decide(c, "ann", "edit", one, "Better.")
        instruction_decisions.decide(c, "ann", "reject", one)
        instruction_decisions.undo(c, "ann", run.id)
        return run.id

    with monkeypatch.context() as early:
        early.setattr(schema, "STEPS", schema.STEPS[:6])
        with Project.open(path, create=True) as project:
            run = project.write_now(decided)
    with Project.open(path) as project:
        assert [
            (one.text, one.said) for one in project.read(lambda c: instruction_decisions.items(c, run))
        ] == [("Better.", "edit")]
        project.write_now(lambda c: instruction_decisions.redo(c, "ann", run))
        assert [one.said for one in project.read(lambda c: instruction_decisions.items(c, run))] == ["reject"]
        with pytest.raises((ProjectError, sqlite3.Error)):
            project.write_now(lambda c: c.execute("DELETE FROM instruction_events"))
        assert project.read(lambda c: c.execute("PRAGMA foreign_key_check").fetchall()) == []
