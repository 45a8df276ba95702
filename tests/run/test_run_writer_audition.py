"""Runs that audition their writer first: once, seen, kept with the run, for its instructions alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.catalog import BundledModels
from app.intake.seeds import bundled_seed_tasks
from app.method.recipe import load
from app.method.writer_audition import WriterAudition, read_writer_audition
from app.run import audition, styles, writer_audition
from app.run.plan import Plan, default_plan, next_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store import runs
from app.store.project import Project
from tests.run.scripted import use_scripted_worker


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: BundledModels) -> Plan:
    """A chat model that writes only what it is asked for by its template; an audition is worth it."""
    use_scripted_worker(monkeypatch, "chat-writes", tmp_path)
    monkeypatch.setattr(audition, "cache_file", lambda: tmp_path / "auditions.json")
    monkeypatch.setattr(styles, "SMALL_MODEL", 0)
    chat, _ = bundled_models.answerers
    return replace(default_plan(8), writer=chat, until="instances", calibrate=False)


async def run(project: Project, plan: Plan) -> RunSnapshot:
    last = await RunSession(project, plan).run()
    assert last.state is RunState.HELD, last.error
    return last


def kept(project: Project) -> tuple[str, str, WriterAudition | None]:
    part = project.read(lambda c: runs.writer(c, runs.get(c).id))
    assert part is not None
    return part.style, part.style_from, read_writer_audition(part.audition)


async def test_the_best_manner_is_found_told_taken_and_kept(plan: Plan, tmp_path: Path) -> None:
    seen: set[str] = set()

    def watch(snapshot: RunSnapshot) -> None:
        if snapshot.state is RunState.AUDITIONING:
            seen.add(snapshot.activity)

    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await RunSession(project, plan, watch).run()
        assert last.state is RunState.HELD, last.error
        style, style_from, found = kept(project)
        assert (style, style_from) == ("chat", "audition")
        assert found is not None and found.whole and found.taken.style == "chat"
        assert {score.manner.style for score in found.scores} == {"continue", "continue-lines", "chat"}
        [told] = [notice for notice in last.notices if " writes as " in notice]
        assert told.startswith("Quorum Chat writes as chat, temperature 0.7, min-p 0.05: 16 of 16 ")
        # Instances are asked for as ever.
        counts = "SELECT (SELECT COUNT(*) FROM instructions), (SELECT COUNT(*) FROM instances)"
        assert project.read(lambda c: tuple(c.execute(counts).fetchone())) == (8, 8)
        again = await run(project, replace(next_plan(project), until="instances", calibrate=False))
        assert again.run_number == 1 and kept(project)[2] == found
        other = replace(plan, recipe=plan.recipe.model_copy(update={"writer_style": "continue"}))
        resumed = await RunSession(project, other, headless=True).run()  # which stops it: nothing is kept
        assert any("its writer writes in style chat in run 1" in notice for notice in resumed.notices)


async def test_a_writer_is_auditioned_once_for_its_recipe_and_seed_tasks(plan: Plan, tmp_path: Path) -> None:
    for name, auditioned in (("one.db", True), ("two.db", False)):
        with Project.open(tmp_path / name, create=True) as project:
            last = await run(project, plan)
            assert any("Auditioning" in notice for notice in last.notices) == auditioned
            assert kept(project)[:2] == ("chat", "audition")
    header = styles.read_header(plan.writer)
    assert "Quorum Chat writes as chat," in writer_audition.expected(header, plan.recipe)[0]
    assert writer_audition.expected(header, load("alpaca")) == ("", True)
    assert writer_audition.known(header).endswith("(recipe ensemble-instruct)")


@pytest.mark.parametrize("by", ["nobody", "recipe", "size", "released"])
async def test_no_writer_is_auditioned_where_it_is_settled(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    if by == "size":
        monkeypatch.setattr(styles, "SMALL_MODEL", 50_000_000)
    given = {
        "nobody": replace(plan, audition=False),
        "recipe": replace(plan, recipe=plan.recipe.model_copy(update={"writer_style": "continue"})),
        "size": plan,
        "released": replace(plan, recipe=load("ensemble-instruct-released")),
    }
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, given[by])
        assert not any("Auditioning" in notice for notice in last.notices)
        assert kept(project) == ("few-shot", "default", None)


async def test_a_run_that_has_written_keeps_its_manner(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    with Project.open(tmp_path / "run.db", create=True) as project:
        await run(project, replace(plan, audition=False))
        again = await run(project, replace(plan, target=12))
        assert again.run_number == 1 and kept(project)[1] == "default"


@pytest.mark.parametrize(
    "recipe", ["ensemble-instruct", "self-instruct", "alpaca", "lamini-topic", "evol-instruct"]
)
async def test_a_writer_is_auditioned_without_a_run_by_every_recipe_that_writes(
    plan: Plan, tmp_path: Path, recipe: str
) -> None:
    seeds = bundled_seed_tasks()
    told: list[str] = []
    [(path, name, found)] = [
        entry
        async for entry in writer_audition.audition_writers(
            [plan.writer], load(recipe), seeds, again=True, tell=told.append
        )
    ]
    assert (path, name) == (plan.writer, "Quorum Chat") and found is not None and found.whole
    assert all(score.requests in (8, 16) for score in found.scores)
    assert told[0] == "loading Quorum Chat" and "8 of 16 requests, continue" in told[1]


async def test_an_audition_that_takes_too_long_leaves_the_recipes_manner(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(*_given: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(writer_audition._Trial, "_ask", at_once)
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, plan)
        assert any("wrote nothing within" in notice for notice in last.notices)
        assert kept(project) == ("few-shot", "default", None)
