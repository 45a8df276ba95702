from __future__ import annotations

from pathlib import Path

import pytest

from app.run.chance import chance
from app.run.sweep import sweep
from app.run.voting import Asked
from app.store import votes
from app.store.project import Project
from tests.run.test_voting import put


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.open(tmp_path / "votes.db", create=True)


def test_answers_that_agree_on_their_own_task_alone_are_not_kept_by_chance(project: Project) -> None:
    put(project, [(f"word{n} thing{n}", f"word{n} thing{n}", f"word{n}") for n in range(12)])
    found = project.read(chance)
    assert found is not None and (found.items, found.of, found.rounds) == (12, 12, 20)
    assert found.kept == 0.0 and len(found.votes) == 240
    assert found.of_what() == "each model's answers shuffled among items of the same kind, 20 times over"


def test_what_every_answer_says_is_kept_by_chance_and_so_it_is_told(project: Project) -> None:
    put(project, [("the same thing", f"the thing {n}", "the same") for n in range(12)])
    report = project.read(lambda c: sweep(c, Asked("quorum", 0.2)))
    assert report.by_chance is not None and report.by_chance.kept > 0.9
    assert report.by_chance.kept_at(0.01) >= report.by_chance.kept_at(0.99)
    assert project.read(lambda c: sweep(c, Asked("quorum", 0.2))) == report, "the same whenever it is asked"


def test_a_large_project_is_sampled_and_it_is_said(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.run.chance.SAMPLED", 10)
    put(project, [(f"a{n}", f"b{n}") for n in range(30)])
    found = project.read(chance)
    assert found is not None and (found.items, found.of, found.rounds) == (10, 30, 1)
    assert "in a sample of 10" in found.of_what()
    drawn = project.read(lambda c: [ballot.number for ballot in votes.sample(c, 10)])
    assert len(drawn) == 10 and max(drawn) > 10


@pytest.mark.parametrize("outputs", [[("one",)] * 5, [("one", "two")], []])
def test_where_nothing_can_be_shuffled_there_is_no_control(
    project: Project, outputs: list[tuple[str, ...]]
) -> None:
    put(project, outputs)
    assert project.read(chance) is None


def test_whether_an_answer_may_vote_goes_with_it(project: Project) -> None:
    loop = "the hen and the fox and " * 8
    put(project, [(f"a{n}", f"b{n}", loop) for n in range(6)])
    found = project.read(chance)
    assert found is not None and all(len(vote.voting) == 2 for vote in found.votes)
