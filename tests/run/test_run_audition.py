"""Runs that audition their answerers first: once, seen, skippable, and kept with the run."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine.catalog import BundledModels
from app.engine.gguf import fingerprint
from app.intake.seeds import SeedTask, seed_rows
from app.method import audition as method_audition
from app.method.audition import Audition
from app.method.recipe import load
from app.run import audition, ensemble, styles
from app.run.plan import Plan, next_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store import runs
from app.store.project import Project
from app.store.rows import RunModelRow
from tests.run.scripted import use_scripted_worker

# What the scripted worker answers after worked examples; by a chat template it says "answer to …".
TASKS = tuple(SeedTask(str(n), "", f"Say number {n}.", (("", "plain answer"),), False, "") for n in range(30))


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: BundledModels) -> Plan:
    """A chat model that answers well after worked examples only; an audition is worth it."""
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    monkeypatch.setattr(audition, "cache_file", lambda: tmp_path / "auditions.json")
    monkeypatch.setattr(styles, "SMALL_MODEL", 0)
    chat, _ = bundled_models.answerers
    return Plan(load("distill"), bundled_models.writer, (chat,), TASKS, calibrate=False)


async def run(project: Project, plan: Plan) -> RunSnapshot:
    session = RunSession(project, plan)
    last = await session.run()
    assert last.state is RunState.DONE, last.error
    return last


def parts(project: Project) -> Sequence[RunModelRow]:
    return project.read(lambda c: runs.answerers(c, runs.get(c).id))


async def test_the_best_style_is_found_told_taken_and_kept(plan: Plan, tmp_path: Path) -> None:
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, plan)
        [part] = parts(project)
        assert (part.style, part.style_from) == ("few-shot", "audition")
        heard = audition.read_audition(part.audition)
        assert heard is not None and heard.whole and heard.best.exact == 1.0
        assert {score.style for score in heard.scores} == set(
            styles.possible_styles(header(plan), stage(plan))
        )
        [line] = [notice for notice in last.notices if "is asked in style few-shot:" in notice]
        assert "100% of 15 answers exact" in line
        outputs = project.read(lambda c: {str(row[0]) for row in c.execute("SELECT output FROM candidates")})
        assert outputs == {"plain answer"}


def header(plan: Plan) -> Any:
    return styles.read_header(plan.answerers[0])


def stage(plan: Plan) -> Any:
    return plan.recipe.answers


async def test_a_model_is_auditioned_once_for_its_recipe_and_seed_tasks(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(tmp_path / "one.db", create=True) as project:
        await run(project, plan)
    with Project.open(tmp_path / "two.db", create=True) as project:
        again = await run(project, replace(plan, seeds=tuple(reversed(TASKS))))
        assert not any("Auditioning" in notice for notice in again.notices)
        assert parts(project)[0].style == "few-shot"
    with Project.open(tmp_path / "three.db", create=True) as project:
        other = await run(project, replace(plan, seeds=TASKS[:20]))
        assert any("Auditioning" in notice for notice in other.notices)


@pytest.mark.parametrize("by", ["nobody", "recipe", "person"])
async def test_nobody_is_auditioned_where_the_style_is_given(plan: Plan, tmp_path: Path, by: str) -> None:
    answers = stage(plan).model_copy(update={"style": "chat-examples"})
    given = {
        "nobody": replace(plan, audition=False),
        "recipe": replace(plan, recipe=plan.recipe.model_copy(update={"answers": answers})),
        "person": replace(plan, styles={plan.answerers[0]: "chat-examples"}),
    }
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, given[by])
        assert not any("Auditioning" in notice for notice in last.notices)
        assert parts(project)[0].style == ("chat" if by == "nobody" else "chat-examples")


async def test_seed_tasks_without_outputs_are_no_audition_and_the_run_says_so(
    plan: Plan, tmp_path: Path
) -> None:
    bare = tuple(replace(task, instances=(("", ""),)) for task in TASKS)
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, replace(plan, seeds=bare))
        assert any("it cannot be auditioned, because fewer than 12" in notice for notice in last.notices)
        assert (parts(project)[0].style, parts(project)[0].style_from) == ("chat", "default")


async def test_a_resumed_run_keeps_its_styles(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    chat = plan.answerers[0]
    with Project.open(path, create=True) as project:
        await run(project, replace(plan, audition=False))
        again = await run(project, next_plan(project))
        assert again.run_number == 1 and parts(project)[0].style == "chat", "it has answered so"
        other = await run(project, replace(next_plan(project), styles={chat: "few-shot"}))
        assert other.run_number == 2 and parts(project)[0].style == "few-shot"
        assert any("has answered in style chat in run 1" in notice for notice in other.notices)


async def test_a_style_that_a_person_chose_outlives_a_stop_before_the_first_answer(
    plan: Plan, tmp_path: Path
) -> None:
    chat = plan.answerers[0]
    with Project.open(tmp_path / "run.db", create=True) as project:
        held = RunSession(project, replace(plan, until="instances", styles={chat: "chat-examples"}))
        assert (await held.run()).state is RunState.HELD
        last = await run(project, next_plan(project))
        assert last.run_number == 1 and parts(project)[0].style == "chat-examples"
        assert not any("Auditioning" in notice for notice in last.notices)


async def test_an_audition_that_takes_too_long_ends_with_what_is_known(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(*_given: Any) -> Any:
        raise TimeoutError

    monkeypatch.setattr(audition._Trial, "_ask", at_once)
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, plan)
        assert any("answered nothing within" in notice for notice in last.notices)
        assert parts(project)[0].style == "chat"


async def test_an_audition_can_be_skipped(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(*_given: Any, tell: Any, **_more: Any) -> Audition | None:
        tell("8 of 15 tasks, chat")
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(audition, "audition", endless)
    seen = asyncio.Event()

    def watch(snapshot: RunSnapshot) -> None:
        if snapshot.state is RunState.AUDITIONING and "8 of 15 tasks, chat" in snapshot.activity:
            seen.set()

    with Project.open(tmp_path / "run.db", create=True) as project:
        session = RunSession(project, plan, watch)
        task = asyncio.create_task(session.run())
        await asyncio.wait_for(seen.wait(), 30)
        session.skip_calibration()
        last = await task
        assert last.state is RunState.DONE and not last.activity
        assert any("The audition was skipped" in notice for notice in last.notices)


async def test_a_model_far_behind_is_proposed_to_be_left_out_and_stays(
    plan: Plan, tmp_path: Path, bundled_models: BundledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, t5 = bundled_models.answerers  # asked the bare task the worker says half of what is wanted
    monkeypatch.setattr(method_audition, "FAR_BEHIND", 0.5)
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, replace(plan, answerers=(chat, t5)))
        [proposed] = [notice for notice in last.notices if "far worse" in notice]
        assert "T5" in proposed and "against 1.00" in proposed
        assert len(parts(project)) == 2


async def test_models_that_ship_with_quorum_are_not_auditioned(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, plan)
        assert not any("audition" in notice.lower() for notice in last.notices)


async def test_what_a_person_had_a_small_model_auditioned_for_is_used(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(styles, "SMALL_MODEL", 50_000_000)
    heard = await auditioned(plan)
    assert heard is not None and heard.best.style == "few-shot"
    assert audition.expected([header(plan)], plan.recipe) == ([f"Quorum Chat: {heard.line()}"], 0)
    assert audition.expected([header(plan)], load("evol-instruct")) == ([], 0)
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, replace(plan, audition=False))
        assert (parts(project)[0].style, parts(project)[0].style_from) == ("few-shot", "audition")
        assert any("is asked in style few-shot:" in notice for notice in last.notices)


async def auditioned(plan: Plan, tell: audition.Tell = lambda _words: None) -> Audition | None:
    """Audition the plan's model as the command does."""
    heard = audition.audition_models(
        plan.answerers, plan.recipe, seed_rows(plan.seeds or ()), again=False, tell=tell
    )
    async with aclosing(heard):
        [(_, _, found)] = [entry async for entry in heard]
    return found


@pytest.mark.parametrize(("at", "kept"), [("8 of 15 tasks, chat", False), ("15 of 15 tasks, few-shot", True)])
async def test_an_audition_that_is_stopped_keeps_what_is_known_of_every_style(
    plan: Plan, at: str, kept: bool
) -> None:
    def stop(words: str) -> None:
        if words.endswith(f": {at}"):
            task.cancel()

    task = asyncio.create_task(auditioned(plan, stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    found = audition.stored(fingerprint(plan.answerers[0]), plan.recipe, seed_rows(TASKS))
    assert (found is not None) == kept
    if found:
        assert not found.whole and found.best.style == "few-shot" and found.best.count == 8


@pytest.mark.parametrize(("threads", "exact"), [(64, True), (0, False)])
async def test_an_audition_asks_one_at_a_time_where_that_costs_little(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, threads: int, exact: bool
) -> None:
    monkeypatch.setattr(ensemble, "EXACT_THREADS", threads)
    answer, settings = audition._Trial._answer, []

    async def watched(self: Any, *given: Any) -> Any:
        settings.append(self.engine.settings)
        return await answer(self, *given)

    monkeypatch.setattr(audition._Trial, "_answer", watched)
    assert await auditioned(plan)
    assert {used.exact for used in settings} == {exact} and {used.parallel == 1 for used in settings} == {
        exact
    }


@pytest.mark.parametrize("said", [None, False])
async def test_answers_of_unlike_lengths_are_held_in_one_another_unless_the_recipe_says_otherwise(
    plan: Plan,
    tmp_path: Path,
    bundled_models: BundledModels,
    monkeypatch: pytest.MonkeyPatch,
    said: bool | None,
) -> None:
    chat, t5 = bundled_models.answerers  # asked the bare task the worker says half as much again
    monkeypatch.setattr(method_audition, "UNLIKE", 1.4)
    consensus = plan.recipe.consensus.model_copy(update={"containment": said})
    recipe = plan.recipe.model_copy(update={"consensus": consensus})
    unlike = replace(plan, recipe=recipe, answerers=(chat, t5))
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await run(project, unlike)
        told = [notice for notice in last.notices if "counts as equal to it" in notice]
        assert len(told) == (said is None)
        if told:
            assert told[0].startswith("Quorum T5 answers") and "Quorum Chat 1.0 times" in told[0]
        voted = project.read(lambda c: {row[0] for row in c.execute("SELECT containment FROM votes")})
        assert voted == {int(said is None)}
        for again in (unlike, next_plan(project)):
            assert (await run(project, again)).run_number == 1, "the same plan resumes it"


async def test_a_containment_that_was_settled_before_a_stop_holds_for_the_votes(
    plan: Plan, tmp_path: Path, bundled_models: BundledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(method_audition, "UNLIKE", 1.4)
    unlike = replace(plan, answerers=bundled_models.answerers)
    with Project.open(tmp_path / "run.db", create=True) as project:
        assert (await RunSession(project, replace(unlike, until="answers")).run()).state is RunState.HELD
        last = await run(project, unlike)
        assert last.run_number == 1 and not any("counts as equal" in notice for notice in last.notices)
        assert project.read(lambda c: {row[0] for row in c.execute("SELECT containment FROM votes")}) == {1}


class SlowClock:
    """A clock that only answers move: each takes as long as its style does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: dict[str, float]) -> None:
        self.now = 1000.0
        answer = audition._Trial._answer

        async def slowly(trial: Any, style: Any, at: int) -> Any:
            self.now += seconds.get(style, seconds[""])
            return await answer(trial, style, at)

        monkeypatch.setattr(audition._Trial, "_answer", slowly)
        monkeypatch.setattr(audition.time, "monotonic", lambda: self.now)


@pytest.mark.parametrize(
    ("seconds", "styles_asked", "told"),
    [
        ({"": 0.1}, 5, ""),
        ({"": 2.0}, 5, "few-shot: 100% of 13 answers"),
        ({"": 4.0}, 5, "asked 6 of 15 tasks: the model is slow here"),
        (
            {"": 5.0, "chat": 8.0},
            3,
            "6 of 15 tasks, too few in chat-no-system, chat-examples: the model is slow",
        ),
        ({"": 12.0}, 1, "asked 8 of 15 tasks, too few in chat-no-system, chat-examples, few-shot, few-shot-"),
        (
            {"": 12.0, "few-shot": 3.0, "few-shot-input-first": 3.0},
            3,
            "asked 6 of 15 tasks, too few in chat-",
        ),
    ],
)
async def test_a_slow_model_is_asked_what_two_minutes_have_room_for(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, seconds: dict[str, float], styles_asked: int, told: str
) -> None:
    clock = SlowClock(monkeypatch, seconds)
    heard = await auditioned(plan)
    assert heard is not None and clock.now - 1000.0 <= audition.LONGEST
    assert heard.whole == (not told) and told in heard.line()
    assert len(heard.scores) == styles_asked
    assert Audition.from_json(heard.to_json()) == heard
