"""The gate after stage 1: decisions about instructions, their undo, and what later stages see of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import ProjectError
from app.store import generated, instruction_decisions, runs
from app.store.connection import Connection
from app.store.imported import GivenCandidates, GivenOutput, Import
from app.store.project import Project
from app.store.rows import NewCandidate, NewInstance, NewInstruction
from tests.store.material import FIRST, add_instruction, kept_instances, start_run


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(tmp_path / "gate.db", create=True) as opened:
        yield opened


def three(c: Connection) -> tuple[str, list[str]]:
    """Start a run with three kept instructions; return its id and theirs."""
    run = start_run(c)
    return run.id, [add_instruction(c, run, text) for text in ("One.", "Two.", "Three.")]


def said(c: Connection, run: str) -> list[tuple[str, str]]:
    return [(item.text, item.decision) for item in instruction_decisions.items(c, run)]


def test_what_is_decided_is_what_later_stages_see(project: Project) -> None:
    run, (first, second, third) = project.write_now(three)
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "accept", first))
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "edit", second, "Two, edited."))
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "reject", third))
    kept = project.read(lambda c: [row.text for row in generated.kept_instructions(c, run)])
    assert kept == ["One.", "Two, edited."]
    assert project.read(lambda c: said(c, run)) == [
        ("One.", "accept"),
        ("Two, edited.", "edit"),
        ("Three.", "reject"),
    ]
    assert project.read(lambda c: instruction_decisions.rejected_texts(c, run)) == ["Three."]


def test_undo_goes_back_step_by_step_and_only_through_ones_own(project: Project) -> None:
    run, (first, *_) = project.write_now(three)
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "edit", first, "Better."))
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "edit", first, "Best."))
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "reject", first))
    seen = []
    for _ in range(3):
        assert project.write_now(lambda c: instruction_decisions.undo(c, "bob", run)) is None
        assert project.write_now(lambda c: instruction_decisions.undo(c, "ann", run)) == first
        seen.append(project.read(lambda c: said(c, run))[0])
    assert seen == [("Best.", "edit"), ("Better.", "edit"), ("One.", "")]
    assert project.write_now(lambda c: instruction_decisions.undo(c, "ann", run)) is None
    # A decision after an undo begins from what stands.
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "edit", first, "Again."))
    project.write_now(lambda c: instruction_decisions.undo(c, "ann", run))
    assert project.read(lambda c: said(c, run))[0] == ("One.", "")


def test_redo_brings_back_in_order_what_was_undone_until_something_else_is_decided(project: Project) -> None:
    run, (first, second, _) = project.write_now(three)
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "edit", first, "Better."))
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "reject", second))
    assert project.write_now(lambda c: instruction_decisions.redo(c, "ann", run)) is None
    for _ in range(2):  # forth and back, as often as one likes
        assert [project.write_now(lambda c: instruction_decisions.undo(c, "ann", run)) for _ in range(3)] == [
            *(second, first, None)
        ]
        assert project.read(lambda c: said(c, run))[:2] == [("One.", ""), ("Two.", "")]
        assert project.write_now(lambda c: instruction_decisions.redo(c, "bob", run)) is None
        assert [project.write_now(lambda c: instruction_decisions.redo(c, "ann", run)) for _ in range(3)] == [
            *(first, second, None)
        ]
        assert project.read(lambda c: said(c, run))[:2] == [("Better.", "edit"), ("Two.", "reject")]
    project.write_now(lambda c: instruction_decisions.undo(c, "ann", run))
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "accept", first))
    assert project.write_now(lambda c: instruction_decisions.redo(c, "ann", run)) is None


def test_an_import_does_not_hide_a_run_that_waits(project: Project) -> None:
    run, _ = project.write_now(three)
    project.write_now(lambda c: runs.set_state(c, run, "stopped", instruction_decisions.HELD))
    given = GivenCandidates("Say hi.", "", (GivenOutput("elsewhere", "hi"),))
    project.write_now(lambda c: Import(c, "answers.jsonl").add([given]))
    held = project.read(instruction_decisions.held_run)
    assert held is not None and held.id == run


def test_instances_that_came_with_an_instruction_follow_it(project: Project) -> None:
    def fill(c: Connection) -> tuple[str, list[str]]:
        run, keys = three(c)
        generated.save_instances(c, [NewInstance(run, key, "same", "kept") for key in keys])
        return run, keys

    run, (first, second, _) = project.write_now(fill)
    assert [item.input for item in project.read(lambda c: instruction_decisions.items(c, run))] == [
        "same"
    ] * 3
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "reject", first))
    assert len(project.read(lambda c: kept_instances(c, run))) == 2
    project.write_now(
        lambda c: instruction_decisions.decide(c, "ann", "edit", second, "One.")
    )  # its place is free now
    with pytest.raises(ProjectError, match="same instruction and input"):
        project.write_now(lambda c: instruction_decisions.decide(c, "ann", "edit", second, "Three."))
    project.write_now(lambda c: instruction_decisions.undo(c, "ann", run))
    project.write_now(lambda c: instruction_decisions.undo(c, "ann", run))
    assert len(project.read(lambda c: kept_instances(c, run))) == 3


def test_what_is_answered_is_past_the_gate(project: Project) -> None:
    def fill(c: Connection) -> str:
        run, keys = three(c)
        [instance] = generated.save_instances(c, [NewInstance(run, keys[0], "", "kept")])
        generated.save_candidate(c, NewCandidate(instance.id, FIRST, "answerer", 1, "done", "end"))
        return keys[0]

    first = project.write_now(fill)
    with pytest.raises(ProjectError, match="already been answered"):
        project.write_now(lambda c: instruction_decisions.decide(c, "ann", "reject", first))


def test_an_instruction_is_never_empty_and_the_log_never_changed(project: Project) -> None:
    _, (first, *_) = project.write_now(three)
    with pytest.raises(ProjectError, match="empty"):
        project.write_now(lambda c: instruction_decisions.decide(c, "ann", "edit", first, " \n"))
    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "accept", first))
    for sql in ("DELETE FROM instruction_events", "UPDATE instruction_events SET reviewer = 'bob'"):
        with pytest.raises((ProjectError, sqlite3.Error)):
            project.write_now(lambda c, sql=sql: c.execute(sql))  # type: ignore[misc]


def test_what_the_run_dropped_can_be_kept_and_undo_drops_it_again(project: Project) -> None:
    run, _ = project.write_now(three)
    row = NewInstruction(run, "B", "Four.", "dropped", "too_similar", score=0.9)
    [key] = project.write_now(lambda c: generated.save_instructions(c, [row]))

    def state(c: Connection) -> tuple[str, str]:
        [found] = c.tuples("SELECT status, reason FROM instructions WHERE id = ?", (key,))
        return found[0], found[1]

    def newest(c: Connection, reviewer: str) -> str:
        found = instruction_decisions.newest(c, reviewer, run)
        return found[1] if found else ""

    project.write_now(lambda c: instruction_decisions.decide(c, "ann", "accept", key))
    assert project.read(state) == ("kept", "") and project.read(lambda c: newest(c, "ann")) == "restore"
    project.write_now(lambda c: instruction_decisions.decide(c, "bob", "reject", key))
    assert project.read(state) == ("dropped", instruction_decisions.REJECTED)
    assert project.read(lambda c: newest(c, "bob")) == "reject"
    project.write_now(lambda c: instruction_decisions.undo(c, "bob", run))
    assert project.read(state) == ("kept", "")
    project.write_now(lambda c: instruction_decisions.undo(c, "ann", run))
    assert project.read(state) == ("dropped", "too_similar")
    assert project.read(lambda c: instruction_decisions.newest(c, "ann", run)) is None
