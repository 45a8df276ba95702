from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.engine.catalog import BundledModels
from app.errors import ProjectError
from app.run.answerers import change_answerers
from app.store.project import Project
from tests.cli.commands import quorum
from tests.tui.filled_projects import fill

COMPLETIONS = "SELECT id, raw FROM completions ORDER BY rowid"
BY_MODEL = """SELECT m.name, COUNT(*) FROM completions z JOIN models m ON m.fingerprint = z.model
              WHERE z.stage = 'answers' GROUP BY 1 ORDER BY 1"""
VOTED = "SELECT DISTINCT json_array_length(candidates) FROM votes WHERE current = 1"
STATE = "SELECT COUNT(*), MAX(state), MAX(target) FROM runs"


def rows(project: Path, sql: str) -> list[tuple[Any, ...]]:
    with Project.open(project, read_only=True) as opened:
        return opened.read(lambda c: [tuple(row) for row in c.execute(sql)])


def test_only_what_is_missing_is_written_when_a_model_joins_or_leaves(
    tmp_path: Path, bundled_models: BundledModels
) -> None:
    project = tmp_path / "grows.db"
    chat, t5 = bundled_models.answerers
    quorum("run", project, "--answerer", chat, "--instructions", "6", "--no-calibration")
    before = rows(project, COMPLETIONS)
    [(kept,)] = rows(project, "SELECT COUNT(*) FROM instances WHERE status = 'kept'")
    assert rows(project, VOTED) == [(2,)]

    told = quorum("run", project, "--add-answerer", t5, "--no-calibration").stderr
    assert "answers in run 1 from now on" in told and "run 1 done" in told
    joined = rows(project, COMPLETIONS)
    assert joined[: len(before)] == before and len(joined) == len(before) + kept
    assert rows(project, BY_MODEL) == [("Quorum Chat", kept), ("Quorum T5", kept)]
    assert rows(project, VOTED) == [(3,)]
    assert rows(project, "SELECT COUNT(*) FROM votes") == [(2 * kept,)], "earlier votes stay"

    told = quorum("run", project, "--remove-answerer", "Quorum Chat", "--no-calibration").stderr
    assert f"{kept} votes were renewed" in told and "finished" in told
    assert rows(project, COMPLETIONS) == joined and rows(project, VOTED) == [(2,)]
    assert rows(project, "SELECT COUNT(*) FROM candidates WHERE role = 'answerer'") == [(2 * kept,)]

    quorum("run", project, "--instructions", "8", "--no-calibration")
    [(more,)] = rows(project, "SELECT COUNT(*) FROM instances WHERE status = 'kept'")
    assert rows(project, BY_MODEL) == [("Quorum Chat", kept), ("Quorum T5", more)]
    quorum("run", project, "--add-answerer", chat, "--no-calibration")
    assert rows(project, BY_MODEL) == [("Quorum Chat", more), ("Quorum T5", more)]
    assert rows(project, VOTED) == [(3,)]
    assert rows(project, STATE) == [(1, "done", 8)]
    assert "is finished" in quorum("run", project, "--no-calibration").stderr


def test_what_cannot_be_changed_is_said_and_changes_nothing(
    tmp_path: Path, bundled_models: BundledModels
) -> None:
    chat, _ = bundled_models.answerers
    path = tmp_path / "thesis.db"
    fill(path, names=("writer", "phi", "phi"))
    with Project.open(path) as project:
        before = project.read(lambda c: list(c.iterdump()))
        wrong = [
            (([], ["nobody"]), "does not answer in run 1.*phi, phi"),
            (([], ["phi"]), "name of several models.*/models/1.gguf, /models/2.gguf"),
            (([], ["writer"]), "does not answer"),
            (([], ["PH"]), "name of several models.*/models/1.gguf, /models/2.gguf"),
            (([], [" -"]), "does not answer"),
            (([], ["1.gguf", "/models/2.gguf"]), "No model would be left"),
            (([chat, chat], []), "already answers in run 1"),
            (([chat], ["nobody"]), "does not answer"),
        ]
        for (join, leave), says in wrong:
            with pytest.raises(ProjectError) as refused:
                change_answerers(project, join, leave)
            assert refused.match(says)
        assert project.read(lambda c: list(c.iterdump())) == before
    with Project.open(tmp_path / "empty.db", create=True) as project, pytest.raises(ProjectError):
        change_answerers(project, [chat], [])


def test_a_model_is_meant_by_the_beginning_of_its_name_or_file_as_people_write_it(tmp_path: Path) -> None:
    path = tmp_path / "thesis.db"
    fill(path, names=("writer", "Phi 4", "Phi 3.5 mini"))
    with Project.open(path) as project:
        assert "Phi 4 no longer counts in run 1" in change_answerers(project, [], ["phi-4"])[0]
        with pytest.raises(ProjectError, match="No model would be left"):
            change_answerers(project, [], ["2"])


def test_the_command_refuses_what_would_begin_another_run(tmp_path: Path, bundled_models: Any) -> None:
    chat = bundled_models.answerers[0]
    both = quorum("run", tmp_path / "a.db", "--add-answerer", chat, "--answerer", chat, check=False)
    assert both.returncode == 2 and "start another" in both.stderr
    none = quorum("run", tmp_path / "a.db", "--add-answerer", chat, check=False)
    assert none.returncode == 1
    assert list(tmp_path.iterdir()) == []
