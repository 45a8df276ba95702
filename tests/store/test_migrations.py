"""Files of earlier formats: what is in them is the same afterwards, with what is new filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store import generated, schema
from app.store.connection import Connection
from app.store.project import Project
from app.store.rows import NewInstance
from tests.store.material import FIRST, SECOND, add_instruction, start_run


def fill_version_1(c: Connection) -> str:
    """Store an instance that one model answered and another could not answer; return its id."""
    run = start_run(c)
    [instance] = generated.save_instances(
        c, [NewInstance(run.id, add_instruction(c, run, "Task."), "", "kept")]
    )
    c.execute(
        """INSERT INTO completions (id, run_id, stage, subject, model, attempt, prompt_hash, sampling_hash,
                                    sampler_seed, raw, ended, prompt_tokens, tokens, seconds, created_at)
           VALUES ('k', ?, 'answers', ?, ?, 0, 'p', 's', 1, '<think>a</think>b', 'end', 1, 1, 0.1, 'now')""",
        (run.id, instance.id, FIRST),
    )
    c.executemany(
        """INSERT INTO candidates
               (id, instance_id, model, role, position, completion_id, output, ended, error)
           VALUES (?, ?, ?, 'answerer', ?, ?, ?, ?, ?)""",
        [
            ("good", instance.id, FIRST, 1, "k", "<think>a</think>b", "end", ""),
            ("bad", instance.id, SECOND, 2, None, "", "error", "it died"),
        ],
    )
    return instance.id


def test_a_file_of_the_first_format_keeps_its_answers_and_failed_ones_get_their_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    steps = schema.STEPS
    monkeypatch.setattr(schema, "STEPS", steps[:1])
    with Project.open(path, create=True) as project:
        instance = project.write_now(fill_version_1)
    monkeypatch.setattr(schema, "STEPS", steps)
    with Project.open(path) as project:
        assert project.backup == tmp_path / "old.db.format-1.backup"
        good, bad = project.read(lambda c: generated.candidates_of(c, instance))
        assert (good.output, good.reason) == ("<think>a</think>b", "")
        assert (bad.error, bad.reason) == ("it died", "failed")
        stored = project.read(lambda c: generated.completion(c, "k"))
        assert stored is not None and (stored.raw, stored.thinking) == ("<think>a</think>b", "")
        assert project.read(lambda c: generated.thoughts_of(c, instance)) == {}
