"""A run whose writer gives nothing to keep stops early, says what it saw, and tries again when asked to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.method.novelty import Pool
from app.run import probation
from app.run.admission import KindState
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project


def keeping_nothing(run: Any) -> Any:
    """Return the run with a recipe that keeps no instruction of under 140 words."""
    recipe = run.plan.recipe
    filters = recipe.instructions.filters.model_copy(update={"min_words": 140})
    stage = recipe.instructions.model_copy(update={"filters": filters, "wave": 4, "patience": 1000})
    return replace(run, plan=replace(run.plan, recipe=recipe.model_copy(update={"instructions": stage})))


async def headless(run: Any) -> RunSnapshot:
    with Project.open(run.path, create=True) as project:
        return await RunSession(project, run.plan, headless=True).run()


def completions(run: Any) -> int:
    return int(run.rows("SELECT COUNT(*) FROM completions")[0][0])


async def test_a_run_that_keeps_nothing_stops_after_a_few_completions_and_says_what_it_saw(
    scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probation, "COMPLETIONS", 12)
    run = keeping_nothing(scripted("self-instruct", target=20))
    last = await headless(run)
    assert last.state is RunState.STOPPED and completions(run) == 12
    assert "first 12 completions gave nothing to keep: 36 × too short" in last.error
    assert "does not pass the filters of recipe self-instruct" in last.error
    assert sum(notice.startswith("It wrote: Explain") for notice in last.notices) == 3
    again = await headless(run)  # a person wants it to try on
    assert again.state is RunState.STOPPED and completions(run) == 24


async def test_a_writer_that_does_not_follow_the_prompt_is_told_from_filters_that_drop_what_it_writes(
    scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probation, "COMPLETIONS", 8)
    run = scripted("alpaca", target=20)
    stage = run.plan.recipe.instructions
    prompt = stage.prompt.model_copy(update={"header": "A header that the worker does not know.\n"})
    recipe = run.plan.recipe.model_copy(update={"instructions": stage.model_copy(update={"prompt": prompt})})
    last = await headless(replace(run, plan=replace(run.plan, recipe=recipe)))
    assert "× no output line" in last.error
    assert "does not follow the prompt of recipe alpaca" in last.error


async def test_the_first_instruction_is_written_alone_and_gets_its_instance_before_more_are_asked_for(
    scripted: Any,
) -> None:
    run = scripted("self-instruct", target=20)
    await headless(run)
    stages = [stage for (stage,) in run.rows("SELECT stage FROM completions ORDER BY rowid")]
    assert stages[:2] == ["instructions", "classify"]
    assert stages.count("instructions") > 2


async def test_requests_are_asked_one_by_one_only_while_nothing_is_kept_and_not_for_long() -> None:
    state = KindState("B", 10, Pool("unicode"), [], None)
    ends = []
    while state.next_request < 16:
        ends.append(state.wave_end(8))
        state.next_request = ends[-1]
    assert ends == [1, 2, 3, 4, 8, 16]
    state.next_request = state.kept = 1
    assert state.wave_end(8) == 8


async def test_long_rubbish_is_stopped_by_its_tokens(scripted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probation, "TOKENS", 50)  # nine a completion
    run = keeping_nothing(scripted("self-instruct", target=20))
    await headless(run)
    assert completions(run) == probation.FEW


async def test_on_the_screen_such_a_run_waits_for_a_person(
    scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probation, "COMPLETIONS", 4)
    run = keeping_nothing(scripted("self-instruct", target=20))
    paused: asyncio.Queue[str] = asyncio.Queue()

    def listen(snapshot: RunSnapshot) -> None:
        if snapshot.state is RunState.PAUSED:
            paused.put_nowait(snapshot.error)

    with Project.open(run.path, create=True) as project:
        session = RunSession(project, run.plan, listen)
        running = asyncio.create_task(session.run())
        assert "first 8 completions" in await paused.get()
        session.resume()
        while "first 16 completions" not in await paused.get():
            pass
        await session.stop()
        assert (await running).state is RunState.STOPPED
    assert completions(run) == 16


def test_prompts_that_are_too_long_are_no_fault_of_what_is_written() -> None:
    fault, other = probation.fault_of({"over_context": 60, "too_short": 4}, "gemma", "more-inputs")
    assert fault == "The prompts are too long for gemma." and "shorten the seed tasks" in other
    assert "filters" in probation.fault_of({"too_short": 3, "empty": 1}, "gemma", "alpaca")[1]
    assert "does not follow" in probation.fault_of({}, "gemma", "alpaca")[0]
