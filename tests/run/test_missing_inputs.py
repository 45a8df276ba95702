"""Instructions of kind B that speak of a text they do not hold: given an input in stage 2, else dropped."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.catalog import BundledModels
from app.method.recipe import load
from app.run.plan import Plan, default_plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store.project import Project
from tests.run.scripted import use_scripted_worker

LACKING = "text LIKE 'Summarise the following passage%'"


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: BundledModels) -> Plan:
    """Half of what is written speaks of a passage."""
    use_scripted_worker(monkeypatch, "lacks-texts", tmp_path)
    return default_plan(24)


async def finish(project: Project, plan: Plan) -> None:
    last = await RunSession(project, plan).run()
    assert last.state in (RunState.DONE, RunState.HELD) and last.run_number == 1, last.error


def rows(project: Project, sql: str) -> list[tuple[object, ...]]:
    return project.read(lambda c: [tuple(row) for row in c.execute(sql)])


async def test_an_instruction_that_lacks_its_text_gets_one_and_is_of_kind_a(
    plan: Plan, tmp_path: Path
) -> None:
    with Project.open(tmp_path / "run.db", create=True) as project:
        await finish(project, plan)
        kinds = "SELECT DISTINCT kind FROM instructions WHERE status = 'kept' AND "
        assert rows(project, kinds + LACKING) == [("A",)]
        moved = f"""SELECT COUNT(*), MIN(i.input <> ''), MIN(i.status) FROM instructions t
                    JOIN completions k ON k.id = t.completion_id JOIN instances i ON i.instruction_id = t.id
                    WHERE t.status = 'kept' AND k.subject LIKE 'B:%' AND t.{LACKING}"""
        [(count, with_input, status)] = rows(project, moved)
        assert int(str(count)) > 0 and (with_input, status) == (1, "kept")
        assert rows(project, "SELECT COUNT(*) FROM votes") == [(24,)]


async def test_they_count_as_what_they_were_asked_for_however_often_a_run_stops(
    plan: Plan, tmp_path: Path
) -> None:
    made = """SELECT t.text, t.kind FROM instructions t WHERE status = 'kept' ORDER BY t.text"""
    with Project.open(tmp_path / "whole.db", create=True) as project:
        await finish(project, replace(plan, target=36))
        whole = rows(project, made)
    with Project.open(tmp_path / "parts.db", create=True) as project:
        await finish(project, replace(plan, target=36, until="instructions"))
        for target in (36, 36):
            await finish(project, replace(plan, target=target))
            assert rows(project, made) == whole
    assert len(whole) == 36 and Counter(kind for _, kind in whole)["A"] > 18


async def test_a_recipe_that_follows_the_reference_drops_them(plan: Plan, tmp_path: Path) -> None:
    released = replace(plan, recipe=load("ensemble-instruct-released"), target=24, until="instructions")
    with Project.open(tmp_path / "run.db", create=True) as project:
        await finish(project, released)
        dropped = "SELECT DISTINCT reason FROM instructions WHERE kind = 'B' AND "
        assert rows(project, dropped + LACKING) == [("unanswerable",)]
