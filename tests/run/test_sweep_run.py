from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from app.method.consensus import THRESHOLDS, Answers, choice_of, vote_on
from app.method.equality import content
from app.method.recipe_parts import Rule
from app.run.sweep import SweepReport, sweep
from app.run.voting import Asked
from app.store.project import Project
from tests.run.test_voting import again, put, standing, triples


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.open(tmp_path / "votes.db", create=True)


def kept(item: tuple[str, list[str]], rule: Rule, threshold: float) -> str | None:
    key, outputs = item
    said = vote_on([Answers(outputs, key=key)], choice_of(rule, threshold))[0] if outputs else None
    return outputs[said.winner] if said and said.keep and said.winner is not None else None


@pytest.mark.parametrize(("rule", "threshold"), [("released", 0.01), ("paper", 0.2), ("quorum", 0.4)])
def test_a_sweep_counts_what_votes_made_anew_would_keep(
    project: Project, rule: Rule, threshold: float
) -> None:
    put(project, [list(triple[: 1 + at % 3]) for at, triple in enumerate(triples(200))])
    cases = [
        (ballot.instance_id, [candidate.output for candidate in ballot.candidates])
        for ballot in standing(project)
    ]
    before = list(project.read(lambda c: list(c.iterdump())))
    report: SweepReport = project.read(lambda c: sweep(c, Asked(rule, threshold)))
    assert report.items == len(cases) and report.unscored == 0
    assert report.kept == sum(kept(case, rule, threshold) is not None for case in cases)
    for t in THRESHOLDS:
        assert report.by_threshold[t] == sum(kept(case, rule, t) is not None for case in cases)
    for size in (1, 2, 3):
        mean = 0.0
        for case in cases:
            parts = list(combinations(case[1], min(size, len(case[1]))))
            mean += sum(kept((case[0], list(part)), rule, threshold) is not None for part in parts) / len(
                parts
            )
        assert report.by_size[size] == pytest.approx(mean)
    for at in range(3):
        whole = [kept(case, rule, threshold) for case in cases]
        rest = [kept((key, case[:at] + case[at + 1 :]), rule, threshold) for key, case in cases]
        found = report.without["answerer" if at else "writer", f"m{at}"]
        assert found.lost == sum(a is not None and b is None for a, b in zip(whole, rest, strict=True))
        assert found.gained == sum(a is None and b is not None for a, b in zip(whole, rest, strict=True))
        both = [(a, b) for a, b in zip(whole, rest, strict=True) if a is not None and b is not None]
        assert found.changed == sum(content(a) != content(b) for a, b in both)
    assert project.read(lambda c: list(c.iterdump())) == before


def test_a_model_that_gave_nothing_to_vote_on_counts_as_asked_in_smaller_ensembles(project: Project) -> None:
    put(project, [("Helium", "Helium", "")])
    project.write_now(lambda c: c.execute("UPDATE candidates SET reason = 'model_failed' WHERE output = ''"))
    again(project, "quorum")
    report = project.read(sweep)
    assert (report.kept, report.by_size) == (1, {1: 0.0, 2: 1.0})
    assert report.without["answerer", "m1"].lost == 1


def test_a_sweep_is_about_the_votes_that_stand(project: Project) -> None:
    put(project, triples(60))
    again(project, "quorum", 0.7)
    told = project.read(sweep)
    assert told == project.read(lambda c: sweep(c, Asked("quorum", 0.7)))
    [[(choice, items)]] = [list(counts.items()) for counts in told.choices.values()]
    assert (choice.rule, choice.threshold, choice.at_least, items) == ("quorum", 0.7, "half", 60)
