"""Ratings of two models' answers: which tasks are shown, what is counted, undone and redone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import ProjectError
from app.run.rating import comparison, result
from app.store import ratings
from app.store.project import Connection, Project
from tests.run.evaluated_project import begin_another, evaluate


def test_only_what_was_answered_differently_is_compared(tmp_path: Path) -> None:
    with Project.open(evaluate(tmp_path / "e.db")) as project:
        compared = project.read(comparison)
        project.write_now(begin_another)
        assert compared == project.read(comparison), "one that nobody finished hides none"
        assert sorted(compared.order) == [0, 1, 2] and compared.same == 1, "Blue. says what blue says"
        assert compared == project.read(lambda c: comparison(c, ("BETA", "alpha model")))
        assert compared == project.read(lambda c: comparison(c, ("beta.gguf", "/models/alpha.gguf")))
        with pytest.raises(ProjectError, match="is not one model"):
            project.read(lambda c: comparison(c, ("alpha", "gamma")))
        with pytest.raises(ProjectError, match="Two models are compared"):
            project.read(lambda c: comparison(c, ("alpha", "alpha")))


def test_ratings_are_counted_undone_and_redone(tmp_path: Path) -> None:
    with Project.open(evaluate(tmp_path / "e.db")) as project:
        pair = project.read(comparison).pair

        def change(c: Connection) -> None:
            assert result(c, pair).share is None and ratings.undo(c, pair, "ann") is None
            ratings.rate(c, pair, "ann", 0, "first")
            ratings.rate(c, pair, "ann", 1, "second")
            ratings.rate(c, pair, "bob", 1, "both")
            assert [ratings.undo(c, pair, "ann"), ratings.undo(c, pair, "ann")] == [1, 0]
            assert ratings.redo(c, pair, "ann") == 0
            assert ratings.rated(c, pair, "ann") == {0} and ratings.rated(c, pair, "bob") == {1}
            ratings.rate(c, pair, "ann", 2, "neither")
            assert ratings.redo(c, pair, "ann") is None, "something was rated since"

        project.write_now(change)
        said = project.read(lambda c: result(c, pair))
        assert said.verdicts == {"first": 1, "both": 1, "neither": 1}
        assert said.share is not None and said.share.value == 1.0 and said.share.low < 0.3


def test_a_task_that_several_reviewers_rated_counts_once(tmp_path: Path) -> None:
    with Project.open(evaluate(tmp_path / "e.db")) as project:
        pair = project.read(comparison).pair

        of_first: tuple[tuple[str, ratings.Verdict], ...] = (
            *(("ann", "first"), ("bob", "first")),
            *(("cem", "second"), ("dee", "both")),
        )

        def change(c: Connection) -> None:
            for reviewer, verdict in of_first:
                ratings.rate(c, pair, reviewer, 0, verdict)
            ratings.rate(c, pair, "ann", 1, "first")
            ratings.rate(c, pair, "bob", 1, "second")

        project.write_now(change)
        said = project.read(lambda c: result(c, pair))
    assert said.verdicts == {"first": 3, "second": 2, "both": 1}
    assert said.better == 1 and said.share is not None and said.share.value == 1.0


def test_a_project_without_an_evaluation_says_so(tmp_path: Path) -> None:
    with (
        Project.open(tmp_path / "e.db", create=True) as project,
        pytest.raises(ProjectError, match="no evaluation"),
    ):
        project.read(comparison)
