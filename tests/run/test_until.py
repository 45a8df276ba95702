"""A run stage by stage: it stops where asked, and the same command goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.run.progress import RunState
from app.run.restoring import restore
from app.store import instruction_decisions
from app.store.project import Project
from tests.cli.commands import quorum
from tests.run.project_rows import rows

TABLES = ("instructions", "instances", "candidates", "votes")
MADE = (
    "SELECT text, status, reason FROM instructions ORDER BY id",
    "SELECT input, status, reason FROM instances ORDER BY id",
    "SELECT output FROM candidates ORDER BY id",
    "SELECT winner, keep FROM votes ORDER BY id",
)


async def test_each_stage_is_a_place_to_stop_and_a_run_goes_on_from_it(scripted: Any) -> None:
    whole = scripted("self-instruct", target=10)
    last = await whole.run()
    instructions, instances, *_ = last.stages
    assert instances.done > instructions.kept, "one instruction can have several instances"
    assert all(stage.done == stage.target for stage in last.stages[1:])
    parts = replace(whole, path=whole.path.with_name("parts.db"))
    seen, states = [], []
    for stage in ("instructions", "instances", "answers", "votes"):
        states.append((await parts.run(until=stage)).state)
        seen.append([table for table in TABLES if parts.rows(f"SELECT COUNT(*) FROM {table}") != [(0,)]])
    # An instance has the writer's own output as its first candidate.
    instances = ["instructions", "instances", "candidates"]
    assert seen == [["instructions"], instances, instances, list(TABLES)]
    assert states == [RunState.HELD] * 3 + [RunState.DONE]
    assert [parts.rows(sql) for sql in MADE] == [whole.rows(sql) for sql in MADE]
    again = await parts.run(until=None)
    assert "finished" in " ".join(again.notices)


@pytest.mark.parametrize("name", ["alpaca", "lamini-topic", "evol-instruct", "distill"])
async def test_every_form_of_recipe_makes_in_parts_what_it_makes_at_once(scripted: Any, name: str) -> None:
    whole = scripted(name, target=10)
    await whole.run()
    parts = replace(whole, path=whole.path.with_name("parts.db"))
    ended = [(await parts.run(until=stage)).state for stage in ("instructions", "instances", "answers", None)]
    assert ended == [RunState.HELD] * 3 + [RunState.DONE]
    assert [parts.rows(sql) for sql in MADE] == [whole.rows(sql) for sql in MADE]
    assert parts.rows("SELECT COUNT(*) FROM votes") != [(0,)]


def test_an_ensemble_that_does_not_answer_is_not_loaded(tmp_path: Path, bundled_models: Any) -> None:
    broken, project = tmp_path / "cut.gguf", tmp_path / "x.db"
    whole = bundled_models.answerers[0].read_bytes()
    broken.write_bytes(whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2))
    quorum("run", project, "--answerer", broken, "--instructions", "2", "--until", "instances")
    assert rows(project, "SELECT COUNT(*) FROM instances")[0][0] >= 2


def test_what_is_rejected_at_the_gate_is_not_answered_nor_made_up_for(
    tmp_path: Path, bundled_models: Any
) -> None:
    project = tmp_path / "gate.db"
    held = quorum("run", project, "--instructions", "6", "--until", "instructions")
    assert "held as asked; run the same command without --until to continue" in held.stderr
    assert f"decide on the instructions first: quorum {project}, then r" in held.stderr
    assert "held after the instructions" in quorum("status", project).stdout
    with Project.open(project) as opened:
        first, second, *_ = opened.read(lambda c: instruction_decisions.items(c, "run-1"))
        opened.write_now(lambda c: instruction_decisions.decide(c, "ann", "reject", first.id))
        opened.write_now(
            lambda c: instruction_decisions.decide(
                c, "ann", "edit", second.id, "Write the plural of the word."
            )
        )
    done = quorum("run", project)
    assert "run 1 done" in done.stderr
    kept = rows(project, "SELECT text FROM instructions WHERE status = 'kept' AND request IS NOT NULL")
    assert len(kept) == 5 and ("Write the plural of the word.",) in kept
    assert rows(project, f"SELECT COUNT(*) FROM instances WHERE instruction_id = '{first.id}'") == [(0,)]
    assert rows(project, "SELECT reason FROM instructions WHERE reason = 'rejected'") == [("rejected",)]
    quorum("run", project, "--instructions", "8")
    texts = [text for (text,) in rows(project, "SELECT text FROM instructions WHERE status = 'kept'")]
    assert len(texts) >= 7 and first.text not in texts


async def test_an_instruction_that_was_dropped_is_restored_answered_and_voted_on(scripted: Any) -> None:
    script = scripted("self-instruct", target=10)
    await script.run()
    [(row, key), *_] = script.rows("SELECT rowid, id FROM instructions WHERE status = 'dropped' ORDER BY 1")
    with Project.open(script.path) as project:
        project.write_now(lambda c: restore(c, "ann", row))
    assert (await script.run()).state is RunState.DONE
    voted = f"""SELECT COUNT(*) FROM votes v JOIN instances i ON i.id = v.instance_id
                WHERE v.current = 1 AND i.instruction_id = '{key}'"""
    assert script.rows(voted)[0][0] > 0
    assert script.rows(f"SELECT status, reason FROM instructions WHERE id = '{key}'") == [("kept", "")]
