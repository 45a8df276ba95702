"""Runs whose models give samples beside their own answers: asked for once, resumed, raised, and voted on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.catalog import BundledModels
from app.engine.gguf import fingerprint
from app.errors import ModelError
from app.intake.seeds import SeedTask
from app.method.recipe import load
from app.run.chance import chance
from app.run.progress import RunState
from app.run.samples import chosen_samples
from app.run.sweep import sweep
from app.store import decisions, review
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.cli.commands import quorum
from tests.run.conftest import Scripted
from tests.store.material import queue_ids

MAKE = Callable[..., Scripted]
SEEDS = tuple(
    SeedTask(str(n), "", f"Task number {n * 3}.", (("", "known"),), False, "", references=(("known",),))
    for n in range(5)
)
ANSWERS = """SELECT i.number, m.name, x.attempt, x.position, x.output, z.sampler_seed FROM candidates x
             JOIN instances i ON i.id = x.instance_id JOIN models m ON m.fingerprint = x.model
             JOIN completions z ON z.id = x.completion_id ORDER BY 1, 4"""
VOTES = """SELECT instance_id, candidates, barred, winner, decided_by, equal, keep, asked
           FROM votes WHERE current = 1 ORDER BY 1"""
RUN = "SELECT COUNT(*), MAX(state), MAX(json_extract(recipe_json, '$.answers.samples')) FROM runs"


@pytest.fixture
def chat(bundled_models: BundledModels) -> Path:
    return bundled_models.answerers[0]


@pytest.fixture
def alone(scripted: MAKE, chat: Path) -> Scripted:
    """One model that answers given tasks, with three samples of each answer."""
    return scripted("distill", seeds=SEEDS, answerers=(chat,), samples={chat: 3})


async def test_a_run_that_was_stopped_between_samples_is_the_same_as_one_that_was_not(
    alone: Scripted, tmp_path: Path
) -> None:
    await alone.stop_at(6)
    stored = len(alone.rows("SELECT id FROM completions"))
    last = await alone.run()
    assert last.state is RunState.DONE and stored >= 6
    assert len(alone.rows("SELECT id FROM completions")) == len(SEEDS) * 4
    [answers] = [stage for stage in last.stages if stage.name == "answers"]
    assert answers.done == answers.target == len(SEEDS) * 4
    whole = replace(alone, path=tmp_path / "whole.db")
    await whole.run()
    assert whole.rows(ANSWERS) == alone.rows(ANSWERS) and whole.rows(VOTES) == alone.rows(VOTES)
    of_one = [row[2:4] for row in alone.rows(ANSWERS) if row[0] == 1]
    assert of_one == [(0, 1), (-1, 2), (-2, 3), (-3, 4)]
    seeds = {row[5] for row in alone.rows(ANSWERS)}
    assert len(seeds) == len(SEEDS) * 4, "each has a sampler seed of its own"


async def test_a_model_alone_is_kept_where_more_than_half_of_its_samples_agree(alone: Scripted) -> None:
    await alone.run()
    votes = alone.rows(VOTES)
    assert {decided for *_, decided, _, _, _ in votes} == {"samples"}
    assert all(keep == (equal >= 2) for *_, equal, keep, _ in votes) and {asked for *_, asked in votes} == {1}
    with Project.open(alone.path, read_only=True) as project:
        found = project.read(sweep)
    assert list(found.by_size) == [1] and sum(found.by_samples.values()) == len(SEEDS)
    assert {of for _, of in found.by_samples} == {3}
    assert found.kept == sum(count for (equal, _), count in found.by_samples.items() if equal >= 2)
    said = quorum("sweep", alone.path).stdout
    assert "with as many equal samples, of one model" in said and "3 of 3" in said
    report = json.loads(quorum("report", alone.path, "--json").stdout)[0]
    strengths = {f"{equal} of {of}": count for (equal, of), count in found.by_samples.items()}
    assert report["samples"] == strengths
    assert {one["name"]: one["answers"] for one in report["references"]["equal samples"]} == strengths
    [own] = report["references"]["model"]
    assert own["answers"] == len(SEEDS), "samples are no answers of their own"
    told = quorum("status", alone.path).stdout
    assert "3 samples)" in told and "equal samples of one model" in told and "votes by another" not in told


async def test_models_with_and_without_samples_vote_with_one_voice_each(
    scripted: MAKE, bundled_models: BundledModels
) -> None:
    chat, t5 = bundled_models.answerers
    run = scripted("distill", seeds=SEEDS, answerers=(t5, chat), samples={chat: 2})
    last = await run.run()
    assert all(stage.done == stage.target for stage in last.stages)
    places = {row[1:4] for row in run.rows(ANSWERS)}
    names = {chat: "Quorum Chat", t5: "Quorum T5"}
    assert places == {(names[t5], 0, 1), (names[chat], 0, 2), (names[chat], -1, 3), (names[chat], -2, 4)}
    for _, candidates, barred, *_, asked in run.rows(VOTES):
        assert asked == 2 and len(json.loads(candidates)) == 4
        assert json.loads(barred).count("one_voice") <= 2 <= json.loads(barred).count("one_voice") + 1
    with Project.open(run.path, read_only=True) as project:
        found, by_chance = project.read(lambda c: (sweep(c), chance(c)))
    assert list(found.by_size) == [1, 2] and not found.by_samples
    assert {name for _, name in found.without} == {"Quorum Chat", "Quorum T5"}
    assert by_chance is not None and all(len(vote.voting) <= 2 for vote in by_chance.votes)
    [(recipe,)] = run.rows("SELECT recipe_json FROM runs")
    assert json.loads(recipe)["answers"]["samples_of"] == {fingerprint(chat): 2, fingerprint(t5): 0}


async def test_more_samples_extend_a_run_and_fewer_change_nothing(alone: Scripted, chat: Path) -> None:
    await alone.run(samples={})
    assert alone.rows(RUN) == [(1, "done", 0)]
    before = alone.rows("SELECT id, raw FROM completions ORDER BY rowid")
    last = await alone.run(samples={chat: 2})
    assert any("Run 1 is extended to 2 samples" in notice for notice in last.notices)
    after = alone.rows("SELECT id, raw FROM completions ORDER BY rowid")
    assert after[: len(before)] == before and len(after) == 3 * len(before)
    assert alone.rows(RUN) == [(1, "done", 2)]
    assert {decided for *_, decided, _, _, _ in alone.rows(VOTES)} == {"samples"}, "votes were renewed"
    last = await alone.run(samples={})
    assert last.state is RunState.DONE and any("is finished" in notice for notice in last.notices)
    await alone.run(samples={chat: 4})
    counts = Counter(row[2] for row in alone.rows(ANSWERS))
    assert counts == dict.fromkeys(range(-4, 1), len(SEEDS)) and alone.rows(RUN) == [(1, "done", 4)]


async def test_a_recipe_names_samples_too_and_a_model_that_joins_gives_as_many(
    scripted: MAKE, bundled_models: BundledModels
) -> None:
    chat, t5 = bundled_models.answerers
    recipe = load("distill")
    stage = recipe.answers.model_copy(update={"samples": 2, "sample_temperature": 1.1})
    run = scripted("distill", seeds=SEEDS[:2], answerers=(chat,))
    await run.run(recipe=recipe.model_copy(update={"answers": stage}))
    assert run.rows("SELECT attempt, COUNT(*) FROM candidates GROUP BY 1") == [(-2, 2), (-1, 2), (0, 2)]
    hashes = dict(run.rows("SELECT attempt, sampling_hash FROM completions"))
    assert hashes[-1] == hashes[-2] != hashes[0], "samples are warmer than the answer"
    quorum("run", run.path, "--add-answerer", t5, "--no-calibration", "--no-audition")
    assert run.rows("SELECT role, attempt, COUNT(*) FROM candidates GROUP BY 1, 2 ORDER BY 2") == [
        ("answerer", attempt, 4) for attempt in (-2, -1, 0)
    ]


async def test_an_item_asked_again_gets_one_further_answer_beside_the_voice(alone: Scripted) -> None:
    await alone.run()
    with Project.open(alone.path) as project:
        [key] = project.read(lambda c: queue_ids(c, "number", "all"))[:1]
        asking = [ItemDecision(key, None)]
        project.write_now(lambda c: decisions.decide(c, "ann", "ask", asking))
    last = await alone.run()
    assert all(stage.done == stage.target for stage in last.stages)
    [(attempts,)] = alone.rows("SELECT COUNT(*) FROM candidates WHERE attempt > 0")
    assert attempts == 1
    with Project.open(alone.path, read_only=True) as project:
        found = project.read(lambda c: review.item(c, key))
    assert found.vote is not None and len(found.vote.candidates) == 5 and len(found.vote.voting) == 2


def test_samples_are_typed_for_all_or_one_and_what_is_wrong_is_named(bundled_models: BundledModels) -> None:
    chat, t5 = both = bundled_models.answerers
    assert chosen_samples(both, []) == {}
    assert chosen_samples(both, ["5"]) == {chat: 5, t5: 5}
    assert chosen_samples(both, ["quorum-chat=3"]) == {chat: 3}
    assert chosen_samples(both, ["Quorum T5=0", "4"]) == {chat: 4, t5: 0}
    for wrong in ("1", "-3", "65", "many", "chat", "quorum-chat=", "quorum-chat=x", "٣"):
        with pytest.raises(ModelError, match="is not a number of samples"):
            chosen_samples(both, [wrong])
    with pytest.raises(ModelError, match="nobody is not the name of an answerer"):
        chosen_samples(both, ["nobody=3"])


def test_the_command_refuses_a_wrong_number_before_it_makes_a_project(tmp_path: Path) -> None:
    refused = quorum("run", tmp_path / "a.db", "--recipe", "distill", "--samples", "1", check=False)
    assert refused.returncode == 1 and "is not a number of samples" in refused.stderr
    assert list(tmp_path.iterdir()) == []


async def test_votes_of_samples_are_not_all_counted_whatever_they_are(alone: Scripted) -> None:
    await alone.run()
    refused = quorum("vote", alone.path, "--voters", "all", check=False)
    assert refused.returncode == 1 and "samples count as one voice" in refused.stderr
