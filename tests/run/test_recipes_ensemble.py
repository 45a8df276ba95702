"""The three forms of Ensemble-Instruct, and distillation, with the bundled models: the whole road."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.method.recipe import builtin_names, load
from tests.cli.commands import quorum
from tests.run.project_rows import rows


def test_paper_and_released_code_differ_where_the_facts_say() -> None:
    paper, released = load("ensemble-instruct-paper"), load("ensemble-instruct-released")

    def figures(recipe: Any) -> tuple[object, ...]:
        stage, examples = recipe.instructions, recipe.instances
        shown = [(form.seeds, form.machine) for form in (stage.a, stage.b)]
        minimum = (stage.sampling.min_new_tokens, examples.sampling.min_new_tokens)
        return (*shown, examples.a.demonstrations, examples.b.demonstrations, *minimum)

    assert figures(paper) == ((20, 4), (8, 2), 18, 15, 0, 0)
    assert figures(released) == ((20, 4), (6, 4), 19, 15, 15, 50)
    assert (paper.consensus.rule, paper.consensus.threshold) == ("paper", 0.01)
    assert (released.consensus.rule, released.consensus.threshold) == ("released", 0.01)


@pytest.mark.parametrize("name", ["ensemble-instruct-paper", "ensemble-instruct-released"])
def test_each_goes_the_whole_road(tmp_path: Path, bundled_models: Any, name: str) -> None:
    project, out = tmp_path / "run.db", tmp_path / "rows.jsonl"
    done = quorum("run", project, "--recipe", name, "--instructions", "6")
    assert "run 1 done" in done.stderr
    assert rows(project, "SELECT kind, COUNT(*) FROM instructions WHERE status = 'kept' GROUP BY 1") == [
        ("A", 3),
        ("B", 3),
    ]
    [(voted, rules)] = rows(project, "SELECT COUNT(*), group_concat(DISTINCT rule) FROM votes")
    assert voted > 0 and rules == load(name).consensus.rule
    quorum("export", project, out, "--include", "all")
    assert out.read_text("utf-8").count("\n") > 0


def test_a_minimum_length_makes_models_go_on(tmp_path: Path, bundled_models: Any) -> None:
    project = tmp_path / "run.db"
    quorum("run", project, "--recipe", "ensemble-instruct-released", "--instructions", "4")
    shortest = "SELECT MIN(tokens) FROM completions WHERE ended <> 'error' AND stage = "
    assert rows(project, shortest + "'instructions'")[0][0] >= 15
    assert rows(project, shortest + "'instances'")[0][0] >= 50
    [(stray,)] = rows(project, "SELECT COUNT(*) FROM instructions WHERE text LIKE '%|EoS|%'")
    assert stray == 0


def distilled(tmp_path: Path, tasks: list[dict[str, Any]], *options: str | Path) -> Path:
    """Answer tasks with the recipe `distill`; return the project."""
    given, project = tmp_path / "tasks.jsonl", tmp_path / "distilled.db"
    given.write_text("\n".join(json.dumps(task) for task in tasks), encoding="utf-8")
    quorum("run", project, "--recipe", "distill", "--seed-tasks", given, *options)
    return project


TASKS = [
    {"instruction": "Which city is the capital of this country?", "input": "Spain", "source": "places"},
    {"instruction": "Write the plural of the noun.", "instances": [{"input": "house"}, {"input": "child"}]},
    {"instruction": "How do I make pancakes?", "output": "", "source": "kitchen"},
]


def test_given_instructions_are_answered_by_an_ensemble_that_must_agree(
    tmp_path: Path, bundled_models: Any
) -> None:
    project = distilled(tmp_path, TASKS)
    assert rows(project, "SELECT COUNT(*) FROM completions WHERE stage <> 'answers'") == [(0,)]
    inputs = rows(project, "SELECT input FROM instances WHERE status = 'kept' ORDER BY number")
    assert [text for (text,) in inputs] == ["Spain", "house", "child", ""]
    assert rows(project, "SELECT DISTINCT role FROM candidates") == [("answerer",)]
    assert rows(project, "SELECT COUNT(*) FROM candidates") == [(8,)]
    assert rows(project, "SELECT COUNT(*), group_concat(DISTINCT rule) FROM votes") == [(4, "quorum")]
    out = tmp_path / "rows.jsonl"
    quorum("export", project, out, "--format", "lamini", "--include", "all")
    exported = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["instruction_source"] for row in exported] == ["places", "", "", "kitchen"]
    assert exported[0]["instruction"] == "Which city is the capital of this country?\nSpain"
    assert all(row["response"] for row in exported)


def test_one_teacher_answers_alone_and_more_tasks_extend_nothing_twice(
    tmp_path: Path, bundled_models: Any
) -> None:
    project = distilled(tmp_path, TASKS, "--answerer", bundled_models.answerers[0])
    assert rows(project, "SELECT DISTINCT decided_by, keep FROM votes") == [("only-one", 1)]
    again = quorum("run", project)
    assert "finished" in again.stderr
    assert rows(project, "SELECT COUNT(*) FROM candidates") == [(4,)]


def test_a_vanilla_answerer_is_shown_the_recipes_own_examples(tmp_path: Path, bundled_models: Any) -> None:
    tasks = [{"instruction": "Write the plural of the noun.", "input": "dog", "output": "SECRET"}]
    project = distilled(tmp_path, tasks, "--answerer", bundled_models.writer)
    [(output, tokens)] = rows(
        project,
        "SELECT x.output, z.prompt_tokens FROM candidates x JOIN completions z ON z.id = x.completion_id",
    )
    assert output and "SECRET" not in output
    assert tokens > 100  # the worked examples


def test_tasks_to_be_shown_as_examples_must_have_answers(tmp_path: Path, bundled_models: Any) -> None:
    given = tmp_path / "tasks.jsonl"
    tasks = [{"instruction": "Say hello.", "input": ""}, {"instruction": "Name the colour.", "input": "snow"}]
    given.write_text("\n".join(map(json.dumps, tasks)))
    refused = quorum("run", tmp_path / "new.db", "--seed-tasks", given, check=False)
    assert refused.returncode == 1 and "no outputs to show" in refused.stderr
    assert not (tmp_path / "new.db").exists()
    assert [name for name in builtin_names() if not load(name).shows_outputs] == [
        "distill",
        "evol-instruct",
        "lamini-example",
        "lamini-topic",
        "more-inputs",
    ]
