"""Runs over a scripted worker: what models this small do not do by themselves, and what no model should."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine.catalog import BundledModels
from app.method.recipe import Recipe, load
from app.run import ensemble
from app.run.plan import Plan, default_plan, next_plan
from app.run.progress import RunSnapshot, RunState
from app.run.session import RunSession
from app.store.project import Project
from tests.run.scripted import use_scripted_worker

MULTILINE = "first line\n\n  second line: indented\nthird"
Ran = tuple[RunSnapshot, Callable[[str], list[tuple[Any, ...]]]]


@pytest.fixture
def run_scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any) -> Any:
    """Run the default plan over a worker in some mode; return the last snapshot and a way to look."""
    opened: list[Project] = []

    async def run(mode: str, target: int = 8, file: str = "run.db", recipe: Recipe | None = None) -> Ran:
        folder = tmp_path / mode
        folder.mkdir()
        use_scripted_worker(monkeypatch, mode, folder, MULTILINE)
        for earlier in opened:
            earlier.close()
        project = Project.open(tmp_path / file, create=True)
        opened.append(project)
        plan = default_plan(target)
        chosen = replace(plan, recipe=recipe or plan.recipe)
        last = await RunSession(project, chosen, headless=True).run()
        return last, lambda sql: project.read(lambda c: [tuple(row) for row in c.execute(sql)])

    yield run
    for project in opened:
        project.close()


async def test_a_scripted_run_reaches_its_target(run_scripted: Any) -> None:
    last, rows = await run_scripted("plain")
    assert last.state is RunState.DONE and not last.error
    assert rows("SELECT kind, COUNT(*) FROM instructions WHERE status = 'kept' GROUP BY 1") == [
        ("A", 4),
        ("B", 4),
    ]
    assert rows("SELECT COUNT(*) FROM votes") == [(8,)]
    assert rows("SELECT DISTINCT attempt FROM completions") == [(0,)]


async def test_answers_of_many_lines_are_kept_whole(run_scripted: Any) -> None:
    _, rows = await run_scripted("multiline")
    outputs = rows(
        "SELECT output FROM candidates c JOIN instances i ON i.id = c.instance_id "
        "JOIN instructions t ON t.id = i.instruction_id WHERE c.role = 'writer' AND t.kind = 'A'"
    )
    assert outputs == [(MULTILINE,)] * 4


async def test_extra_blocks_are_harvested_or_dropped_with_a_reason(run_scripted: Any) -> None:
    last, rows = await run_scripted("ramble", target=48)  # more than one wave
    assert last.state is RunState.DONE
    harvested = rows("SELECT text, status, request FROM instructions WHERE text LIKE 'Harvested%'")
    assert any(status == "kept" for _, status, _ in harvested)
    assert {request for _, _, request in harvested} == {None}
    kept = rows(
        "SELECT i.input, i.status FROM instances i JOIN instructions t ON t.id = i.instruction_id "
        "WHERE t.text LIKE 'Harvested%' AND t.status = 'kept'"
    )
    assert set(kept) == {("more", "kept")}
    broken = rows("SELECT status, reason FROM instructions WHERE text LIKE 'Broken%'")
    assert set(broken) == {("dropped", "no_output")}
    assert rows("SELECT COUNT(*) FROM instructions WHERE status = 'kept' AND kind = 'A'") == [(24,)]


async def test_an_output_cut_by_length_stays_and_says_so(run_scripted: Any) -> None:
    _, rows = await run_scripted("cut")
    cut = rows(
        "SELECT ended FROM candidates c JOIN instances i ON i.id = c.instance_id "
        "JOIN instructions t ON t.id = i.instruction_id WHERE c.role = 'writer' AND t.kind = 'A'"
    )
    assert cut == [("length",)] * 4


@pytest.mark.parametrize("mode", ["dies-once", "garbage-once"])
async def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(run_scripted: Any, mode: str) -> None:
    last, rows = await run_scripted(mode)
    assert last.state is RunState.DONE and not last.error
    assert sum(model.restarts for model in last.models) >= 1
    assert rows("SELECT COUNT(*) FROM votes") == [(8,)]
    assert rows("SELECT COUNT(*) FROM completions WHERE ended = 'error'") == [(0,)]


async def test_one_poisonous_item_is_set_aside_and_the_run_goes_on(run_scripted: Any) -> None:
    last, rows = await run_scripted("poison")
    assert last.state is RunState.DONE
    assert rows("SELECT status, reason FROM instances WHERE status <> 'kept'") == [("quarantined", "failed")]
    assert rows("SELECT COUNT(*) FROM votes") == [(7,)]
    assert any("set aside" in notice for notice in last.notices)


async def test_without_screens_a_worker_that_always_dies_stops_the_run_with_its_last_words(
    run_scripted: Any,
) -> None:
    last, rows = await run_scripted("always-dies")
    assert last.state is RunState.STOPPED
    assert "crashed 5 times" in last.error and "SIGKILL" in last.error
    assert rows("SELECT state, note FROM runs") == [("stopped", last.error)]


async def test_a_run_whose_answerers_failed_goes_on_when_they_are_well_again(run_scripted: Any) -> None:
    last, rows = await run_scripted("answerers-die")
    assert last.state is RunState.STOPPED and "crashed" in last.error
    written = rows("SELECT id, raw FROM completions ORDER BY rowid")
    assert rows("SELECT COUNT(*) FROM completions WHERE stage <> 'answers'") == [(16,)]
    assert rows("SELECT COUNT(*) FROM votes") == [(0,)]
    last, rows = await run_scripted("plain")
    assert last.state is RunState.DONE and last.run_number == 1
    assert rows("SELECT id, raw FROM completions ORDER BY rowid")[: len(written)] == written
    assert rows("SELECT COUNT(*) FROM votes") == [(8,)]


async def test_models_that_do_not_fit_together_take_turns(
    run_scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensemble, "available_memory", lambda: 500_000_000)
    last, rows = await run_scripted("plain", target=40)
    assert last.state is RunState.DONE and not last.error
    assert any("take turns" in notice for notice in last.notices)
    assert rows("SELECT COUNT(*) FROM votes") == [(40,)]
    order = [stage for (stage,) in rows("SELECT stage FROM completions ORDER BY rowid")]
    assert order.index("answers") == 80, "an answerer was loaded before the writer was done"
    models = [
        model for (model,) in rows("SELECT model FROM completions WHERE stage = 'answers' ORDER BY rowid")
    ]
    assert models == sorted(models, key=models.index), "the answerers were swapped more than once"


async def test_a_model_that_cannot_be_loaded_when_its_turn_comes_leaves_the_work_of_the_first(
    run_scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensemble, "available_memory", lambda: 500_000_000)
    last, rows = await run_scripted("answerers-die-loading")
    assert last.state is RunState.STOPPED
    assert "cannot be loaded: its worker crashed 3 times" in last.error and "SIGKILL" in last.error
    written = rows("SELECT id, raw FROM completions ORDER BY rowid")
    assert len(written) == 16
    last, rows = await run_scripted("plain")
    assert last.state is RunState.DONE and last.run_number == 1
    assert rows("SELECT id, raw FROM completions ORDER BY rowid")[:16] == written
    assert rows("SELECT COUNT(*) FROM votes") == [(8,)]


def given_tasks() -> Recipe:
    """Return a recipe whose instructions are the seed tasks, so that no writer gives a candidate."""
    recipe = json.loads(default_plan().recipe.to_json())
    return Recipe.from_json(
        json.dumps(recipe | {"instructions": {"form": "given"}, "instances": {"form": "none"}})
    )


async def test_thoughts_stay_out_of_the_answers_and_an_answer_of_thoughts_alone_is_dropped(
    run_scripted: Any,
) -> None:
    last, rows = await run_scripted("thinks")
    assert last.state is RunState.DONE and not last.error
    answers = rows(
        "SELECT c.reason, c.output, k.raw, k.thinking FROM candidates c "
        "JOIN completions k ON k.id = c.completion_id WHERE c.role = 'answerer' ORDER BY c.position"
    )
    thought, lost = answers[:8], answers[8:]
    assert len(thought) == len(lost) == 8
    for reason, output, raw, thinking in thought:
        assert (reason, output) == ("", "blue")
        assert thinking.startswith("Let me see") and "<think>" not in thinking
        assert raw == f"<think>\n{thinking}\n</think>\n\n{output}"
    for reason, output, raw, thinking in lost:
        assert (reason, output) == ("only_reasoning", "")
        assert raw == f"<think>\n{thinking}"
    [stage] = [stage for stage in last.stages if stage.name == "answers"]
    assert (stage.done, stage.kept, stage.dropped) == (16, 8, {"only_reasoning": 8})
    assert rows("SELECT json_array_length(candidates) FROM votes") == [(2,)] * 8


async def test_an_instance_that_nobody_answered_is_dropped_with_the_reason(run_scripted: Any) -> None:
    last, rows = await run_scripted("only-thinks", recipe=given_tasks())
    assert last.state is RunState.DONE and not last.error
    assert rows("SELECT DISTINCT status, reason FROM instances") == [("dropped", "only_reasoning")]
    assert rows("SELECT COUNT(*) FROM votes") == [(0,)]


async def test_a_writer_that_only_thinks_ends_the_run_early_with_the_reason(run_scripted: Any) -> None:
    last, rows = await run_scripted("writer-thinks")
    assert last.state is RunState.STOPPED and "64 × only reasoning" in last.error
    assert rows("SELECT DISTINCT status, reason FROM instructions") == [("dropped", "only_reasoning")]


async def test_a_run_with_a_model_that_does_not_fit_is_refused_with_figures(
    run_scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensemble, "available_memory", lambda: 50_000_000)
    last, rows = await run_scripted("plain")
    assert last.state is RunState.FAILED and last.run_number == 0
    assert "quorum-writer.q8_0.gguf needs 0.2 GB of memory, and 0.1 GB are free." in last.error
    assert rows("SELECT COUNT(*) FROM runs") == [(0,)]


async def test_models_in_roles_they_cannot_have_are_refused_before_a_run_is_begun(
    bundled_models: BundledModels, tmp_path: Path
) -> None:
    chat, t5 = bundled_models.answerers
    copy = Path(shutil.copy(chat, tmp_path / "copy.gguf"))
    plan = default_plan(2)
    with Project.open(tmp_path / "run.db", create=True) as project:
        for changes, words in (
            ({"writer": t5}, f"{t5.name} cannot be the writer"),
            ({"answerers": (chat, chat)}, f"{chat} and {chat} are the same model"),
            ({"answerers": (chat, t5, copy)}, f"{chat} and {copy} are the same model"),
        ):
            last = await RunSession(project, replace(plan, **changes)).run()
            assert last.state is RunState.FAILED and words in last.error
        assert project.read(lambda c: c.execute("SELECT COUNT(*) FROM runs").fetchone()[0]) == 0


async def test_a_run_goes_on_from_another_folder_and_with_a_model_file_that_was_moved(
    bundled_models: BundledModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_scripted_worker(monkeypatch, "plain", tmp_path, MULTILINE)
    here, moved = tmp_path / "here", tmp_path / "moved.gguf"
    here.mkdir()
    shutil.copy(bundled_models.writer, here / "writer.gguf")
    monkeypatch.chdir(here)
    with Project.open(tmp_path / "run.db", create=True) as project:

        async def run(plan: Plan) -> RunSnapshot:
            last = await RunSession(project, plan).run()
            assert (last.state, last.error, last.run_number) == (RunState.DONE, "", 1)
            return last

        await run(replace(default_plan(2), writer=Path("writer.gguf")))
        monkeypatch.chdir(tmp_path)
        await run(replace(next_plan(project), target=4))
        (here / "writer.gguf").rename(moved)
        await run(replace(next_plan(project), target=6, writer=moved))
        assert next_plan(project).writer == moved
        await run(replace(next_plan(project), target=8))


async def test_a_rewriting_is_read_without_what_was_thought_about_it(run_scripted: Any) -> None:
    last, rows = await run_scripted("rewriter-thinks", target=6, recipe=load("evol-instruct"))
    assert last.state is RunState.DONE and not last.error
    kept = rows("SELECT text FROM instructions WHERE status = 'kept'")
    assert len(kept) == 6 and all(text.startswith("Describe ") for (text,) in kept)
    assert ("dropped", "only_reasoning") in rows("SELECT DISTINCT status, reason FROM instructions")
    assert rows("SELECT COUNT(*) FROM instructions WHERE text LIKE '%How about it%'") == [(0,)]
