"""One model that writes and answers: loaded once, counted once, shown once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine.devices import Devices
from app.engine.supervisor import Engine
from app.run.ensemble import Ensemble
from app.run.plan import Plan, context_needs, default_plan, memory_plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store import figures, runs
from app.store.project import Project

NO_GPU = Devices(built_for_gpus=False)


@pytest.fixture
def plan(bundled_models: Any) -> Plan:
    """The bundled writer answers too, beside another model."""
    plan = default_plan(2)
    return replace(plan, answerers=(plan.writer, plan.answerers[1]), calibrate=False)


def test_a_model_in_two_roles_is_one_engine_whatever_its_path_is_written_like(
    plan: Plan, tmp_path: Path
) -> None:
    link = tmp_path / "link.gguf"
    link.symlink_to(plan.writer)
    ensemble = Ensemble(plan.writer, (link, plan.answerers[1]), headless=True, on_state=lambda _: None)
    writer, same, other = (member.engine for member in ensemble.members)
    assert writer is same and ensemble.engines == [writer, other]
    assert [member.style for member in ensemble.members] == ["few-shot", "few-shot", "zero-shot"]


async def test_the_memory_plan_counts_it_once(plan: Plan) -> None:
    alone = replace(plan, answerers=plan.answerers[1:])
    once, both = [
        memory_plan(plan, await context_needs(plan), NO_GPU),
        memory_plan(alone, await context_needs(alone), NO_GPU),
    ]
    assert once.together and (once.needed, once.settings) == (both.needed, both.settings)


async def test_it_runs_in_one_process_and_is_shown_as_one_model(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    load = Engine._load

    async def counted(engine: Engine, started: Any) -> None:
        loads.append(engine.header.path.name)
        await load(engine, started)

    monkeypatch.setattr(Engine, "_load", counted)
    with Project.open(tmp_path / "run.db", create=True) as project:
        last = await RunSession(project, plan, headless=True).run()
        assert len(project.read(lambda c: figures.of_run(c, runs.get(c))).models) == 2
    assert last.state is RunState.DONE and sorted(loads) == sorted({plan.writer.name, plan.answerers[1].name})
    assert [model.part for model in last.models] == ["both roles", "answerer"]
