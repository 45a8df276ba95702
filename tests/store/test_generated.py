from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import ProjectError
from app.store import generated, runs, votes
from app.store.connection import Connection
from app.store.project import Project
from app.store.rows import NewCandidate, NewInstance, NewInstruction, NewSeed
from app.store.text import storable
from tests.hostile import HOSTILE
from tests.store.material import (
    FIRST,
    SECOND,
    WRITER,
    add_instruction,
    add_item,
    ballot,
    completion,
    kept_instances,
    start_run,
)


def count(c: Connection, table: str) -> int:
    return int(c.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def test_runs_are_numbered_and_the_latest_is_the_default(project: Project) -> None:
    with pytest.raises(ProjectError, match="no run yet"):
        project.read(runs.get)
    first, second = project.write_now(lambda c: (start_run(c), start_run(c)))
    assert (first.number, second.number) == (1, 2)
    assert project.read(runs.get) == second
    assert project.read(lambda c: runs.get(c, 1)) == first
    assert project.read(runs.all_runs) == [first, second]
    assert project.read(lambda c: runs.find(c, 3)) is None
    with pytest.raises(ProjectError, match="no run 3"):
        project.read(lambda c: runs.get(c, 3))


def test_a_run_knows_its_models_in_order_of_position_and_their_present_path(project: Project) -> None:
    run = project.write_now(start_run)
    parts = project.read(lambda c: runs.run_models(c, run.id))
    assert [(part.model.fingerprint, part.role, part.style) for part in parts] == [
        (WRITER, "writer", "few-shot"),
        (FIRST, "answerer", "chat"),
        (SECOND, "answerer", "zero-shot"),
    ]
    moved = replace(parts[0].model, path="/elsewhere.gguf")
    project.write_now(lambda c: runs.add_model(c, moved))
    assert project.read(lambda c: runs.run_models(c, run.id))[0].model == moved


def test_the_end_of_a_run_has_a_time_and_going_on_takes_it_away(project: Project) -> None:
    run = project.write_now(start_run)
    for state, ended in (("paused", False), ("done", True), ("running", False), ("failed", True)):
        project.write_now(lambda c, state=state: runs.set_state(c, run.id, state, "a note"))
        found = project.read(runs.get)
        assert (found.state, found.finished_at is not None, found.note) == (state, ended, "a note")


def test_seeds_keep_their_order_count_once_and_can_be_replaced(project: Project) -> None:
    one = NewSeed("A", "one", "Do it.", "x", "y", True, "mine")
    two = NewSeed("B", "two", "Say it.", "", "z")
    run = project.write_now(lambda c: start_run(c, seeds=(two, one, two)))
    found = project.read(lambda c: runs.seeds_of(c, run.id))
    assert [(seed.name, seed.is_classification, seed.source) for seed in found] == [
        ("two", False, ""),
        ("one", True, "mine"),
    ]
    project.write_now(lambda c: runs.set_seeds(c, run.id, [one]))
    assert [seed.name for seed in project.read(lambda c: runs.seeds_of(c, run.id))] == ["one"]


def test_a_completion_is_stored_once_per_identity(project: Project) -> None:
    run = project.write_now(start_run)
    project.write_now(lambda c: generated.save_completion(c, completion(run, "A:0", raw="first")))
    with pytest.raises(sqlite3.IntegrityError):
        project.write_now(lambda c: generated.save_completion(c, completion(run, "A:0", raw="second")))
    key = project.write_now(lambda c: generated.save_completion(c, completion(run, "A:0", attempt=1)))
    assert key == generated.completion_id(run.id, "instructions", "A:0", WRITER, 1)

    def check(c: Connection) -> None:
        assert count(c, "completions") == 2
        assert generated.completions_done(c, run.id, "instructions") == {("A:0", WRITER)}
        assert generated.completions_done(c, run.id, "instances") == set()
        stored = generated.completion(c, key)
        assert stored is not None
        assert (stored.raw, stored.attempt, stored.tokens) == ("raw", 1, 5)

    project.read(check)


def test_a_completion_is_read_by_its_answer_where_the_model_thought_first(project: Project) -> None:
    run = project.write_now(start_run)
    plain = completion(run, "plain", raw="yes")
    thought = replace(completion(run, "thought", raw="<think>a</think>yes"), thinking="a", answer="yes")
    empty = replace(completion(run, "empty", raw="<think>a"), thinking="a", answer="")
    for one in (plain, thought, empty):
        project.write_now(lambda c, one=one: generated.save_completion(c, one))
    texts = project.read(lambda c: generated.completion_texts(c, run.id, "instructions"))
    assert texts == {"plain": "yes", "thought": "yes", "empty": ""}


def test_two_projects_made_the_same_way_have_the_same_identities(project: Project, tmp_path: object) -> None:
    with Project.open(project.path.with_name("other.db"), create=True) as other:
        ids = []
        for one in (project, other):
            run = one.write_now(start_run)
            ids.append(one.write_now(lambda c, run=run: add_item(c, run, "Task.", "x")))
    assert ids[0] == ids[1]


def test_instructions_of_one_completion_cannot_be_stored_twice(project: Project) -> None:
    run = project.write_now(start_run)

    def change(c: Connection) -> None:
        source = generated.save_completion(c, completion(run, "A:0"))
        rows = [
            NewInstruction(run.id, "A", "Kept.", "kept", completion_id=source, request=0, position=0),
            NewInstruction(run.id, "A", "Bad.", "dropped", "too_short", source, 0.9, "Kept.", 0.2, 0, 1),
        ]
        assert len(set(generated.save_instructions(c, rows))) == 2
        with pytest.raises(sqlite3.IntegrityError):
            generated.save_instructions(c, rows[:1])

    project.write_now(change)
    assert [row.text for row in project.read(lambda c: generated.kept_instructions(c, run.id))] == ["Kept."]
    assert project.read(lambda c: generated.kept_instructions(c, run.id, "B")) == []


def test_the_pool_holds_each_seed_text_once_and_then_what_all_runs_kept(project: Project) -> None:
    seeds = [NewSeed("A", "s", "Seed.", str(n), "y") for n in range(3)]

    def change(c: Connection) -> None:
        for _ in range(2):
            run = start_run(c, seeds=seeds)
            rows = [
                NewInstruction(run.id, "A", f"{run.number} later", "kept", request=5),
                NewInstruction(run.id, "B", f"{run.number} other", "kept", request=1),
                NewInstruction(run.id, "A", f"{run.number} bad", "dropped", "too_long", request=2),
            ]
            generated.save_instructions(c, rows)

    project.write_now(change)
    pool = project.read(lambda c: generated.pool_texts(c, "A"))
    assert [(one.text, one.origin, one.run_number, one.request) for one in pool] == [
        ("Seed.", "seed", 1, None),
        ("1 later", "machine", 1, 5),
        ("2 later", "machine", 2, 5),
    ]
    assert len(project.read(generated.pool_texts)) == 5


def test_an_instruction_and_input_are_kept_once_in_the_whole_project(project: Project) -> None:
    first = project.write_now(start_run)
    second = project.write_now(start_run)

    def change(c: Connection) -> list[tuple[str, str]]:
        tasks = [add_instruction(c, run, "Same words.") for run in (first, second)]
        rows = [
            NewInstance(first.id, tasks[0], "x", "dropped", "no_output"),
            NewInstance(first.id, tasks[0], "x", "kept", position=1),
            NewInstance(first.id, tasks[0], "x", "kept", position=2),
            NewInstance(first.id, tasks[0], "X", "kept", position=3),
        ]
        stored = generated.save_instances(c, rows)
        stored += generated.save_instances(c, [NewInstance(second.id, tasks[1], "x", "kept")])
        assert [row.number for row in stored] == [1, 2, 3, 4, 5]
        assert {(row.kind, row.instruction) for row in stored} == {("A", "Same words.")}
        return [(row.status, row.reason) for row in stored]

    assert project.write_now(change) == [
        ("dropped", "no_output"),
        ("kept", ""),
        ("dropped", "duplicate"),
        ("kept", ""),
        ("dropped", "duplicate"),
    ]
    with pytest.raises(sqlite3.IntegrityError):
        project.write_now(lambda c: c.execute("UPDATE instances SET status = 'kept', reason = ''"))


def test_an_instance_of_an_unknown_instruction_is_refused(project: Project) -> None:
    run = project.write_now(start_run)
    with pytest.raises(sqlite3.IntegrityError):
        project.write_now(
            lambda c: generated.save_instances(c, [NewInstance(run.id, "no such", "x", "kept")])
        )


def test_what_is_missing_is_found_for_each_answerer_and_for_the_vote(project: Project) -> None:
    run = project.write_now(start_run)

    def missing(c: Connection) -> tuple[list[str], list[str], list[str]]:
        return (
            [row.input for row, _ in generated.missing_answers(c, run.id, FIRST)],
            [row.input for row, _ in generated.missing_answers(c, run.id, SECOND)],
            [row.input for row in generated.instances_without_vote(c, run.id)],
        )

    full = project.write_now(lambda c: add_item(c, run, "Task.", "full", vote=None))
    project.write_now(lambda c: add_item(c, run, "Task 2.", "writer only", outputs=("w",), vote=None))
    project.write_now(lambda c: add_item(c, run, "Task 3.", "one answer", outputs=("w", "a"), vote=None))
    dropped = project.write_now(lambda c: add_item(c, run, "Task 4.", "dropped", outputs=("w",), vote=None))
    project.write_now(lambda c: generated.set_instance_status(c, dropped.id, "dropped", "late"))
    assert project.read(missing) == (["writer only"], ["writer only", "one answer"], ["full"])
    project.write_now(lambda c: votes.save_vote(c, full.id, ballot(full.candidates)))
    assert project.read(missing)[2] == []


def test_an_answerer_that_is_the_writer_too_has_its_own_candidate(project: Project) -> None:
    run = project.write_now(start_run)
    item = project.write_now(lambda c: add_item(c, run, "Task.", outputs=("w",), vote=None))
    again = NewCandidate(item.id, WRITER, "answerer", 1, "other", "stop")
    project.write_now(lambda c: generated.save_candidate(c, again))
    found = project.read(lambda c: generated.candidates_of(c, item.id))
    assert [(one.role, one.output) for one in found] == [("writer", "w"), ("answerer", "other")]
    with pytest.raises(sqlite3.IntegrityError):
        project.write_now(lambda c: generated.save_candidate(c, again))


def test_a_new_vote_becomes_current_and_the_old_one_stays(project: Project) -> None:
    run = project.write_now(start_run)
    item = project.write_now(lambda c: add_item(c, run, "Task."))
    assert project.read(lambda c: votes.current_vote(c, item.id)) == ballot(item.candidates)
    newer = ballot(item.candidates, rule="quorum", winner=None, keep=False, reason="no_agreement", tie=True)
    project.write_now(lambda c: votes.save_vote(c, item.id, newer))
    assert project.read(lambda c: votes.current_vote(c, item.id)) == newer
    assert project.read(lambda c: count(c, "votes")) == 2


def test_a_score_that_is_no_number_is_refused(project: Project) -> None:
    run = project.write_now(start_run)
    item = project.write_now(lambda c: add_item(c, run, "Task.", vote=None))
    bad = ballot(item.candidates, matrix=((1.0, float("nan")), (float("nan"), 1.0)))
    with pytest.raises(ValueError, match="JSON"):
        project.write_now(lambda c: votes.save_vote(c, item.id, bad))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_come_back_as_they_were_but_for_lone_surrogates(project: Project, name: str) -> None:
    text = HOSTILE[name]
    run = project.write_now(start_run)
    item = project.write_now(lambda c: add_item(c, run, text, text, outputs=(text, text)))
    [row] = project.read(lambda c: kept_instances(c, run.id))
    [one, two] = project.read(lambda c: generated.candidates_of(c, item.id))
    for found in (row.instruction, row.input, one.output, two.output):
        assert found == storable(text)
    kept = project.read(lambda c: c.execute("SELECT stored, original FROM repairs").fetchall())
    if "surrogate" in name:
        assert [(found["stored"], json.loads(found["original"])) for found in kept] == [
            (storable(text), json.loads(json.dumps(text)))
        ]
    else:
        assert storable(text) == text
        assert kept == []


def test_lone_surrogates_become_marks_and_pairs_become_their_character() -> None:
    assert storable("a\ud800b") == "a\u27e8D800\u27e9b"
    assert storable("\udc00\ud800") == "\u27e8DC00\u27e9\u27e8D800\u27e9"
    assert storable("\ud83d\ude00") == "\U0001f600"
    assert storable("caf\xe9 \0") == "caf\xe9 \0"


def test_texts_that_are_the_same_once_stored_are_duplicates(project: Project) -> None:
    run = project.write_now(start_run)

    def change(c: Connection) -> list[str]:
        task = add_instruction(c, run, "Task.")
        texts = ("a\ud800", "a\u27e8D800\u27e9")
        rows = [NewInstance(run.id, task, text, "kept", position=n) for n, text in enumerate(texts)]
        return [row.status for row in generated.save_instances(c, rows)]

    assert project.write_now(change) == ["kept", "dropped"]


class _TakeBackError(Exception):
    """Ends a change so that nothing of it stays."""


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=40), other=st.text(st.characters(), max_size=10))
def test_every_text_comes_back_as_it_was_stored(project: Project, text: str, other: str) -> None:
    def change(c: Connection) -> None:
        run = start_run(c, seeds=[NewSeed("A", other, text, other, text)])
        item = add_item(c, run, text, other, outputs=(text, other))
        assert [one.output for one in generated.candidates_of(c, item.id)] == [
            storable(text),
            storable(other),
        ]
        [seed] = runs.seeds_of(c, run.id)
        assert (seed.instruction, seed.input) == (storable(text), storable(other))
        raise _TakeBackError

    with pytest.raises(_TakeBackError):
        project.write_now(change)
