"""Imports take time that grows as their files do, and what was read before an interruption stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.intake.decided import GivenDecision
from app.intake.judged import GivenJudgement, SaidOf
from app.method.judging import Said
from app.run import import_decisions, import_judgements
from app.run.import_decisions import apply_decisions
from app.run.import_judgements import apply_judgements
from app.store import generated, synthetic
from app.store.project import Project
from app.store.review_state import Answering

ITEMS = 600
_STEPS = 100
"""SQLite's virtual machine tells after so many instructions."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    for module in (import_decisions, import_judgements):
        monkeypatch.setattr(module, "AT_ONCE", 50)
    with Project.open(tmp_path / "p.db", create=True) as opened:
        opened.write_now(lambda c: synthetic.fill(c, ITEMS))
        yield opened


def decision(number: int) -> GivenDecision:
    answer: Answering = "accept" if number % 2 else "reject"
    return GivenDecision(number, number, None, None, answer, None, None, None, None, None, None)


def judgement(number: int) -> GivenJudgement:
    said = (SaidOf("synthetic-writer", None, Said(True)), SaidOf("synthetic-answerer", None, Said(False)))
    return GivenJudgement(number, str(number), "", (), True, None, said, None, "")


IMPORTS: dict[str, tuple[Callable[..., Any], Callable[[int], Any], str]] = {
    "decisions": (apply_decisions, decision, "events"),
    "judgements": (apply_judgements, judgement, "judgements"),
}


@pytest.fixture(params=IMPORTS)
def apply(request: pytest.FixtureRequest, project: Project, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Apply lines about these items; return how many log entries there are then."""
    store, line, table = IMPORTS[request.param]
    # Tasks are named by their numbers alone here.
    monkeypatch.setattr(generated, "kept_pair", lambda c, number, *_: f"i{int(number):031x}")

    def go(lines: Any) -> int:
        store(project, "ann", (line(item) if isinstance(item, int) else item for item in lines))
        return project.read(lambda c: int(c.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]))

    return go


def steps(project: Project, work: Callable[[], object]) -> int:
    """Count what SQLite does while `work` runs, in hundreds of instructions."""
    count = 0

    def told() -> int:
        nonlocal count
        count += 1
        return 0

    project.write_now(lambda c: c.set_progress_handler(told, _STEPS))
    work()
    project.write_now(lambda c: c.set_progress_handler(None, _STEPS))
    return count


def test_the_last_lines_of_a_long_file_cost_no_more_than_its_first(project: Project, apply: Any) -> None:
    first = steps(project, lambda: apply(range(1, 201)))
    apply(range(201, 401))
    last = steps(project, lambda: apply(range(401, 601)))
    assert last < 1.5 * first, f"{first} and then {last}"


def test_an_interruption_keeps_what_was_read_and_the_same_file_adds_the_rest(apply: Any) -> None:
    def interrupted() -> Iterator[int]:
        yield from range(1, 131)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(interrupted())
    assert apply([]) == 100  # two batches are whole
    assert apply(range(1, 201)) == 200
    assert apply(range(1, 201)) == 200


def test_lines_about_one_item_count_one_after_the_other(project: Project) -> None:
    lines = [decision(1), decision(2)]
    again = [lines[0], GivenDecision(2, 1, None, None, "reject", None, "wrong", None, None, None, None)]
    report = apply_decisions(project, "ann", [*again, lines[0], lines[0], lines[1]])
    assert (report.applied, report.there) == (4, 1)


@pytest.mark.parametrize("apply", ["judgements"], indirect=True)
def test_a_judgement_that_a_file_gives_twice_is_stored_once(apply: Any) -> None:
    assert apply([1, 1, 2, 1]) == 2
