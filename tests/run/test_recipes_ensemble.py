"""The three forms of Ensemble-Instruct, and distillation, with the bundled models: the whole road."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.method.recipe import load
from tests.cli.commands import quorum
from tests.run.looking import rows


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
