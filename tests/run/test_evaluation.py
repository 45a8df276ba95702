"""Evaluations over a scripted worker: resumed, faulty, never mixed with data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.catalog import BundledModels
from app.errors import ModelError
from app.intake.benchmark import BenchmarkTask
from app.intake.seeds import SeedTask, seed_rows
from app.method.prompts import Demonstration
from app.method.recipe import load
from app.run import audition
from app.run.evaluation import ModelScores, Wanted, evaluate
from app.store import evaluations
from app.store.project import Connection, Project
from tests.run.scripted import use_scripted_worker

TASKS = tuple(
    BenchmarkTask("A", "Repeat it.", f"word {at}", "", "even" if at % 2 else "odd", (f"word {at}",))
    for at in range(40)
)
WANTED = Wanted("tasks.jsonl", TASKS, load("distill"))


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bundled_models: BundledModels) -> Sequence[Path]:
    """A chat model and an encoder-decoder over the scripted worker, never auditioned."""
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    monkeypatch.setattr(audition, "cache_file", lambda: tmp_path / "auditions.json")
    return bundled_models.answerers


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(tmp_path / "eval.db", create=True) as opened:
        yield opened


async def scores(project: Project, models: Sequence[Path], wanted: Wanted = WANTED) -> list[ModelScores]:
    _, found = await evaluate(project, wanted, models, tell=lambda _: None)
    return found


def outputs(project: Project, model: str) -> list[str]:
    def read(c: Connection) -> list[str]:
        newest = evaluations.every(c)[0]
        return [one.output for one in evaluations.answers_of(c, newest.id, model)]

    return project.read(read)


async def test_a_stopped_evaluation_is_resumed_by_asking_what_is_missing(
    project: Project, models: Sequence[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stop(words: str) -> None:
        if "20 of 40" in words:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await evaluate(project, WANTED, models[:1], tell=stop)
    use_scripted_worker(monkeypatch, "thinks", tmp_path)  # from now on it answers otherwise
    [chat] = await scores(project, models[:1])
    said = outputs(project, chat.model)
    assert len(said) == 40
    assert [text == "blue" for text in said] == [False] * 16 + [True] * 24, "sixteen are stored together"
    use_scripted_worker(monkeypatch, "always-dies", tmp_path)
    assert (await scores(project, models[:1]))[0] == chat, "nothing is missing: nobody is asked"


async def test_several_models_are_measured_on_the_same_tasks(
    project: Project, models: Sequence[Path]
) -> None:
    chat, t5 = await scores(project, models)
    assert (chat.style, t5.style) == ("chat", "zero-shot")
    assert chat.all.count == t5.all.count == 40 and chat.all.exact.value == 0.0
    assert chat.all.rouge.value == pytest.approx(0.5), "answer to Repeat it. word 3"
    assert {name: held.count for name, held in chat.categories.items()} == {"even": 20, "odd": 20}
    kept = project.read(
        lambda c: [
            c.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
            for table in ("runs", "instances", "candidates", "votes", "evaluation_answers")
        ]
    )
    assert kept == [0, 0, 0, 0, 80], "a benchmark is never among the data"


async def test_a_worker_that_dies_loses_nothing_and_one_that_keeps_dying_is_told(
    project: Project, models: Sequence[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_scripted_worker(monkeypatch, "always-dies", tmp_path)
    with pytest.raises(ModelError):
        await scores(project, models[:1])
    use_scripted_worker(monkeypatch, "dies-once", tmp_path)
    [chat] = await scores(project, models[:1])
    assert (chat.all.count, chat.failed) == (40, 0)
    assert project.read(lambda c: c.execute("SELECT COUNT(*) FROM evaluations").fetchone()[0]) == 1


async def test_worked_examples_are_a_tasks_own_or_seed_tasks_but_never_the_task(
    project: Project, models: Sequence[Path]
) -> None:
    own = (Demonstration("Repeat it.", "a", "first own"), Demonstration("Repeat it.", "b", "second own"))
    seeds = seed_rows(
        SeedTask(str(at), "", "Repeat it.", ((f"word {at}", f"seed {at}"),), False, "") for at in range(6)
    )
    tasks = (*TASKS[:2], replace(TASKS[2], examples=own))
    wanted = Wanted("tasks.jsonl", tasks, load("distill"), shots=2, seeds=seeds)
    [chat] = await scores(project, models[:1], wanted)
    assert chat.style == "chat-examples"
    first, _, third = outputs(project, chat.model)
    assert "first own" in third and "second own" in third and "seed" not in third
    assert first.count("seed ") == 2 and "seed 0" not in first
    await scores(project, models[:1], replace(wanted, shots=1))
    assert project.read(lambda c: c.execute("SELECT COUNT(*) FROM evaluations").fetchone()[0]) == 2
