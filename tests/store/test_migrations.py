"""Files of earlier formats: what is in them is the same afterwards, with what is new filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store import generated, schema
from app.store.connection import Connection
from app.store.project import Project

VERSION_1 = """
    INSERT INTO models VALUES ('m1', 'one', '/one.gguf', 9, 'llama', 'Q8_0', '');
    INSERT INTO models VALUES ('m2', 'two', '/two.gguf', 9, 'llama', 'Q8_0', '');
    INSERT INTO runs VALUES ('r', 1, 'recipe', '{}', 'hash', 7, 24, 'done', 'then', NULL, '');
    INSERT INTO instructions VALUES
        ('t', 'r', NULL, 'B', 'Task.', 'kept', '', NULL, NULL, NULL, 0, 0);
    INSERT INTO instances VALUES ('i', 1, 'r', 't', NULL, 0, '', 'pair', 'kept', '');
    INSERT INTO completions VALUES
        ('k', 'r', 'answers', 'i', 'm1', 0, 'p', 's', 1, '<think>a</think>b', 'end', 1, 1, 0.1, 'then');
    INSERT INTO candidates VALUES ('good', 'i', 'm1', 'answerer', 1, 'k', '<think>a</think>b', 'end', '');
    INSERT INTO candidates VALUES ('bad', 'i', 'm2', 'answerer', 2, NULL, '', 'error', 'it died');
"""
"""An instance that one model answered and another could not answer, in the columns of the first format."""


def fill_version_1(c: Connection) -> None:
    for statement in VERSION_1.split(";\n"):
        c.execute(statement)


def test_a_file_of_the_first_format_keeps_its_answers_and_failed_ones_get_their_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    steps = schema.STEPS
    monkeypatch.setattr(schema, "STEPS", steps[:1])
    with Project.open(path, create=True) as project:
        project.write_now(fill_version_1)
    monkeypatch.setattr(schema, "STEPS", steps)
    with Project.open(path) as project:
        assert project.backup == tmp_path / "old.db.format-1.backup"
        good, bad = project.read(lambda c: generated.candidates_of(c, "i"))
        assert (good.output, good.reason) == ("<think>a</think>b", "")
        assert (bad.error, bad.reason) == ("it died", "failed")
        stored = project.read(lambda c: generated.completion(c, "k"))
        assert stored is not None and (stored.raw, stored.thinking) == ("<think>a</think>b", "")
        assert project.read(lambda c: generated.thoughts_of(c, "i")) == {}
