"""The recipes that models as small as the bundled ones cannot follow, over a scripted worker."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from app.engine.catalog import BundledModels
from app.errors import IntakeError
from app.intake.seeds import SeedTask, bundled_seed_tasks, read_seed_tasks
from app.method.recipe import load, source
from app.run.progress import RunState
from tests.cli.commands import quorum


def seed(number: int, source: str, words: int = 3) -> SeedTask:
    text = f"Task {number} of {source} " + "word " * words
    return SeedTask(str(number), "", text.strip(), (("", "done"),), False, source)


def asked_by_chat(run: Any) -> Any:
    """Return the run with its writer asked through its chat template."""
    recipe = run.plan.recipe.model_copy(update={"writer_style": "chat"})
    return replace(run, plan=replace(run.plan, recipe=recipe))


def dropped(run: Any, table: str) -> Counter[str]:
    return Counter(dict(run.rows(f"SELECT reason, COUNT(*) FROM {table} WHERE status <> 'kept' GROUP BY 1")))


async def test_self_instruct_goes_the_whole_road(scripted: Any) -> None:
    run = scripted("self-instruct", target=30)
    last = await run.run()
    assert last.state is RunState.DONE
    lists = run.asked("Think up a series")
    assert [len(re.findall(r"^\d+\. ", text, re.MULTILINE)) for text in lists] == [8] * len(lists)
    assert all(text.endswith("\n9.") for text in lists)
    seeds = {task.instruction for task in bundled_seed_tasks()}
    shown = [[line.split(". ", 1)[1] for line in text.splitlines()[1:-1]] for text in lists]
    assert (
        Counter(sum(text not in seeds for text in one) for one in shown)[2] > 0
    )  # six and two, after a wave
    assert max(sum(text not in seeds for text in one) for one in shown) == 2
    classified = run.asked("Say of each task")
    assert len(classified) == 30
    assert all(text.count("? No") == 19 for text in classified)
    labels = run.rows("SELECT COUNT(*) FROM completions WHERE stage = 'classify' AND raw = ' Yes'")[0][0]
    assert len(run.asked("Name the labels")) == labels > 0
    assert len(run.asked("Make up examples")) == 30 - labels


async def test_self_instruct_keeps_and_drops_instances_by_its_filters(scripted: Any) -> None:
    run = scripted("self-instruct", target=40)
    await run.run()
    reasons = dropped(run, "instances")
    assert {"no_output", "contradiction", "surplus", "ends_with_colon"} <= set(reasons)
    per_instruction = run.rows(
        "SELECT COUNT(*) FROM instances WHERE status = 'kept' GROUP BY instruction_id ORDER BY 1"
    )
    assert per_instruction[0] == (1,) and per_instruction[-1] == (5,)
    by_label = run.rows(
        "SELECT t.kind, x.output FROM candidates x JOIN instances i ON i.id = x.instance_id "
        "JOIN instructions t ON t.id = i.instruction_id "
        "WHERE x.role = 'writer' AND x.output IN ('good', 'bad') AND i.status = 'kept'"
    )
    assert Counter(by_label)["A", "good"] == Counter(by_label)["A", "bad"] > 0
    kinds = run.rows(
        "SELECT DISTINCT t.kind, i.input = '' FROM instances i "
        "JOIN instructions t ON t.id = i.instruction_id WHERE i.status = 'kept' ORDER BY 1"
    )
    assert kinds == [("A", 0), ("B", 1)]
    [(instances, votes)] = run.rows(
        "SELECT (SELECT COUNT(*) FROM instances WHERE status = 'kept'), (SELECT COUNT(*) FROM votes)"
    )
    assert instances == votes


async def test_alpaca_reads_whole_tasks_and_mends_what_is_known_to_go_wrong(scripted: Any) -> None:
    run = scripted("alpaca", target=9)
    last = await run.run()
    assert last.state is RunState.DONE
    [prompt, *_] = run.asked("Write 8 different tasks")
    assert [int(n) for n in re.findall(r"(\d+)\. Instruction:", prompt)] == [1, 2, 3, 4]
    kept = run.rows(
        "SELECT t.text, i.input, x.output FROM instructions t JOIN instances i ON i.instruction_id = t.id "
        "JOIN candidates x ON x.instance_id = i.id WHERE i.status = 'kept' AND x.role = 'writer' "
        "ORDER BY i.number"
    )
    assert len(kept) == 9
    first, second, third = kept[:3]
    assert first[1:] == ("", "It costs 20. dollars.\n\nAnd more.")
    assert second[1:] == ("the text", "right")
    assert third[0].startswith("Explain") and third[1:] == ("", "a merged one")
    reasons = dropped(run, "instructions")
    assert reasons == {"link_input": 3, "empty_output": 3, "banned_word": 3, "cut_by_length": 3}
    assert run.rows("SELECT COUNT(*), COUNT(DISTINCT instance_id) FROM votes") == [(9, 9)]


def with_inputs(instruction: str, *inputs: str) -> SeedTask:
    return SeedTask(instruction, "", instruction, tuple((given, "done") for given in inputs), False, "")


async def test_more_inputs_go_to_the_seed_tasks_that_have_some(scripted: Any) -> None:
    tasks = (
        with_inputs("Sort them.", "one", "two", "three", "four", "five"),
        with_inputs("Say it.", "a\n\nb"),
    )
    run = scripted("more-inputs", target=12, seeds=(*tasks, seed(1, "without")))
    last = await run.run()
    assert last.state is RunState.DONE
    prompts = run.asked("Each task with several different inputs")
    assert {text.rsplit("\nTask: ", 1)[1].split("\n")[0] for text in prompts} == {"Sort them.", "Say it."}
    shown = {text.rsplit("Task: Sort them.\n", 1)[1] for text in prompts if "Sort them." in text}
    assert all(text.count("\nInput ") == 4 and text.endswith("\nInput 5:") for text in shown)
    assert len(shown) > 1  # other inputs of the task each time
    kept = run.rows(
        "SELECT t.text, t.kind, i.input FROM instances i JOIN instructions t ON t.id = i.instruction_id "
        "WHERE i.status = 'kept' AND t.status = 'kept'"
    )
    assert len(kept) == len(set(kept)) == 12
    assert {(text, kind) for text, kind, _ in kept} == {("Sort them.", "A"), ("Say it.", "A")}
    assert all(len(given.splitlines()) == 2 for *_, given in kept)
    assert {"too_similar", "cut_by_length", "no_input"} >= set(dropped(run, "instances"))
    assert dropped(run, "instances")["too_similar"] > 0
    assert run.rows("SELECT COUNT(*) FROM candidates WHERE role = 'writer'") == [(0,)]
    assert run.rows("SELECT COUNT(*) FROM votes") == [(12,)]


def test_more_inputs_need_a_seed_task_that_has_one(scripted: Any) -> None:
    run = scripted("more-inputs", target=2, seeds=(seed(1, "without"),))
    with pytest.raises(IntakeError, match="none with an input"):
        run.plan.check()


async def test_lamini_shows_examples_of_one_source_and_keeps_it_to_the_export(
    scripted: Any, tmp_path: Any
) -> None:
    seeds = tuple(seed(n, source) for source in ("p3", "flan") for n in range(9))
    long = tuple(seed(n, "long", words=60) for n in range(8))
    run = scripted("lamini-example", target=60, seeds=(*seeds, *long))
    last = await run.run()
    assert last.state is RunState.DONE
    for prompt in run.asked("Instructions for an assistant"):
        shown = re.findall(r"^\d\. Task \d of (\w+)", prompt, re.MULTILINE)
        assert len(shown) == 7 and len(set(shown)) == 1
        assert prompt.endswith("\n8.")
    sources = dict(run.rows("SELECT source, COUNT(*) FROM instructions WHERE status = 'kept' GROUP BY 1"))
    assert set(sources) == {"p3", "flan", "long"} and sum(sources.values()) == 60
    assert set(dropped(run, "instructions")) <= {"cut_by_length", "over_target"}
    assert run.rows("SELECT COUNT(*) FROM candidates WHERE role = 'writer'") == [(0,)]
    chat = run.rows("SELECT text FROM instructions WHERE text GLOB '[0-9]*' AND status = 'kept'")
    assert chat == []
    out = tmp_path / "rows.jsonl"
    quorum("export", run.path, out, "--format", "lamini", "--include", "all")
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert Counter(row["instruction_source"] for row in rows) == sources


async def test_lamini_asks_a_writer_with_a_template_through_it(
    scripted: Any, bundled_models: BundledModels
) -> None:
    seeds = (*(seed(n, "p3") for n in range(5)), *(seed(n, "long", words=60) for n in range(5)))
    run = asked_by_chat(scripted("lamini-example", 6, seeds, writer=bundled_models.answerers[0]))
    await run.run()
    lines = map(json.loads, (run.folder / "asked.jsonl").read_text("utf-8").splitlines())
    chats = [one for one in lines if one["text"].startswith("Write ")]
    for chat in chats:
        assert chat["messages"] and chat["text"].endswith("</example>\n")
        shown = re.findall(r"<example>Task \d of (\w+)", chat["text"])
        assert len(shown) == 3 and len(set(shown)) == 1
        assert chat["text"].startswith("Write 4 " if shown[0] == "long" else "Write 8 ")
    kept = run.rows("SELECT text FROM instructions WHERE status = 'kept'")
    assert len(kept) == 6 and all(text.startswith("Tell me ") for (text,) in kept)


async def test_lamini_topic_draws_three_topics_a_call_and_a_run_keeps_its_list(scripted: Any) -> None:
    run = scripted("lamini-topic", target=20)
    await run.run()
    drawn = [
        re.search(r"about these topics: (.+)\.\n", prompt).group(1).split(", ")  # type: ignore[union-attr]
        for prompt in run.asked("Instructions for an assistant")
    ]
    assert all(len(topics) == 3 for topics in drawn)
    assert len({topic for topics in drawn for topic in topics}) > 6
    [(stored,)] = run.rows("SELECT recipe_json FROM runs")
    assert len(json.loads(stored)["instructions"]["topics"]) >= 400
    again = await run.run()
    assert "finished" in " ".join(again.notices)
    assert run.rows("SELECT COUNT(*) FROM runs") == [(1,)]


async def test_evol_instruct_rewrites_in_rounds_what_was_kept_before(scripted: Any) -> None:
    seeds = tuple(seed(n, "alpaca") for n in range(6))
    run = scripted("evol-instruct", target=1000, seeds=seeds)
    last = await run.run()
    assert last.state is RunState.DONE  # four rounds are all there is
    assert run.rows("SELECT COUNT(*) FROM completions WHERE stage = 'instructions'") == [(24,)]
    told = run.rows("SELECT request, text, status, reason FROM instructions ORDER BY request")
    assert [request for request, *_ in told] == list(range(24))
    kept: dict[int, str] = {n: one.instruction for n, one in enumerate(seeds)}
    for request, text, status, reason in told:
        before = kept[request % 6]
        assert text.removeprefix("The given prompt is: ").startswith(before)
        assert status == "kept" or reason in ("leaked_prompt", "no_gain")
        if status == "kept":
            kept[request % 6] = text
    assert {"leaked_prompt", "no_gain"} == {reason for *_, reason in told if reason}
    judged = run.rows("SELECT COUNT(*) FROM completions WHERE stage = 'judge'")
    assert judged == [(24 - sum(reason == "leaked_prompt" for *_, reason in told),)]
    both = len(run.asked("Each instruction is given")), len(run.asked("Each instruction is followed"))
    assert min(both) > 0 and sum(both) == 24


async def test_refusals_take_no_part_in_the_vote(scripted: Any) -> None:
    seeds = tuple(seed(n, "alpaca") for n in range(20))
    run = scripted("evol-instruct", target=60, seeds=seeds)
    await run.run()
    sorry = run.rows("SELECT id FROM candidates WHERE output LIKE 'Sorry%'")
    voted = {key for (keys,) in run.rows("SELECT candidates FROM votes") for key in json.loads(keys)}
    assert sorry and not voted & {key for (key,) in sorry}
    both = run.rows(
        "SELECT i.status, i.reason FROM instances i WHERE NOT EXISTS "
        "(SELECT 1 FROM candidates x WHERE x.instance_id = i.id AND x.output NOT LIKE 'Sorry%')"
    )
    assert set(both) <= {("dropped", "refusal")}
    assert run.rows("SELECT COUNT(*) FROM instances WHERE status = 'kept'") == run.rows(
        "SELECT COUNT(*) FROM votes"
    )


@pytest.mark.parametrize("name", ["self-instruct", "alpaca", "lamini-topic", "evol-instruct", "more-inputs"])
async def test_a_run_that_was_stopped_makes_what_one_that_was_not_makes(scripted: Any, name: str) -> None:
    whole = scripted(name, target=40)
    await whole.run()
    parts = replace(whole, path=whole.path.with_name("parts.db"))
    for completions in (3, 20, 31, 50):
        await parts.stop_at(completions)
    await parts.run()
    for sql in (
        "SELECT text, kind, status, reason, source FROM instructions ORDER BY request, position",
        "SELECT stage, subject, model, raw FROM completions ORDER BY 1, 2, 3",
        "SELECT input, status, reason FROM instances ORDER BY id",
        "SELECT instance_id, winner, keep FROM votes ORDER BY 1",
    ):
        assert parts.rows(sql) == whole.rows(sql)


async def test_seed_tasks_need_no_outputs_where_a_recipe_shows_none(scripted: Any, tmp_path: Any) -> None:
    given = tmp_path / "tasks.jsonl"
    given.write_text('{"instruction": "Name a city."}\n{"instruction": "Name a river."}\n', encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(without_instances(source("self-instruct")), encoding="utf-8")
    seeds = tuple(read_seed_tasks(given))
    run = scripted(str(mine), target=4, seeds=seeds)
    last = await run.run()
    assert last.state is RunState.DONE
    assert run.rows("SELECT DISTINCT input, status FROM instances") == [("", "kept")]
    assert load("self-instruct").shows_outputs  # its instances are shown to the writer


async def test_models_are_asked_with_the_turns_before_the_task(scripted: Any, tmp_path: Any) -> None:
    given = tmp_path / "tasks.jsonl"
    turns = [
        {"role": "system", "content": "A pirate."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Ahoy"},
        {"role": "user", "content": "Name a sea."},
    ]
    given.write_text(json.dumps({"messages": turns}), encoding="utf-8")
    run = scripted("distill", seeds=tuple(read_seed_tasks(given)))
    await run.run()
    asked = [json.loads(line) for line in (tmp_path / "asked.jsonl").read_text("utf-8").splitlines()]
    chats = [one["messages"] for one in asked if one["messages"]]
    plain = [one["text"] for one in asked if not one["messages"]]
    assert chats and all(
        [turn["content"] for turn in chat][:3] == ["A pirate.", "Hi", "Ahoy"] for chat in chats
    )
    assert plain and all("User: Hi\n\nAssistant: Ahoy\n\nName a sea." in text for text in plain)
    [(context,)] = run.rows("SELECT context FROM instances WHERE status = 'kept'")
    assert json.loads(context) == [["system", "A pirate."], ["user", "Hi"], ["assistant", "Ahoy"]]


def without_instances(text: str) -> str:
    """Return a recipe whose instructions need no input, so that no instances are written."""
    before, after = text.split("[instances", 1)[0], text.split("[answers", 1)[1]
    return f'{before}[instances]\nform = "bare"\n[answers{after}'


def test_forms_that_do_not_fit_are_refused(tmp_path: Any) -> None:
    mine = tmp_path / "mine.toml"
    text = quorum("recipes", "show", "alpaca").stdout
    mine.write_text(text.replace('form = "none"', 'form = "bare"'), encoding="utf-8")
    refused = quorum("run", tmp_path / "x.db", "--recipe", mine, check=False)
    assert 'with instructions.form "whole-tasks", instances.form must be "none"' in refused.stderr
    assert load("alpaca").instances.form == "none"
