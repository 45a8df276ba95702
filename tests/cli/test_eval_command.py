"""`quorum eval` as a person runs it, on bundled models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import quorum

TASK = {
    "Categories": ["Capitals"],
    "Definition": ["Name the country whose capital is given."],
    "Positive Examples": [{"input": "Paris", "output": "France", "explanation": ""}],
    "Instances": [{"input": "Rome", "output": ["Italy"]}, {"input": "Cairo", "output": ["Egypt", "Misr"]}],
}


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    """Two files in the form of SuperNI's, of two categories."""
    folder = tmp_path / "tasks"
    folder.mkdir()
    plural = {
        **{"Categories": ["Plurals"], "Definition": ["Write the plural of the noun."]},
        **{"Positive Examples": [], "Instances": [{"input": "story", "output": ["stories"]}]},
    }
    for name, task in (("task001.json", TASK), ("task002.json", plural)):
        (folder / name).write_text(json.dumps(task))
    return folder


def test_two_models_are_measured_in_one_table_and_asked_once(
    tmp_path: Path, tasks: Path, bundled_models: object
) -> None:
    asked = ("eval", "quorum chat", "quorum t5", tasks)
    first = quorum(*asked, cwd=tmp_path)
    lines = first.stdout.splitlines()
    assert lines[0] == "tasks: 3 tasks, zero-shot; scores in per cent with 95% intervals"
    assert lines[2].split() == ["tasks", "ROUGE-L", "exact", "match"]
    assert [line.split()[:2] for line in lines[3:9]] == [
        *(["all", "Quorum"], ["Quorum", "T5"], ["Capitals", "Quorum"], ["Quorum", "T5"]),
        *(["Plurals", "Quorum"], ["Quorum", "T5"]),
    ]
    assert "100.0 (100.0–100.0)" in lines[5] and "Kept in quorum-eval.db." in lines
    assert "Quorum Chat minus Quorum T5: ROUGE-L" in first.stdout
    facts = json.loads(quorum(*asked, "--json", cwd=tmp_path).stdout)
    assert [model["model"] for model in facts["models"]] == ["Quorum Chat", "Quorum T5"]
    chat, t5 = facts["models"]
    assert chat["categories"]["Capitals"]["exact_match"]["value"] == 1.0 and chat["minus_first"] is None
    assert t5["style"] == "zero-shot" and t5["all"]["tasks"] == 3
    held = quorum("status", "quorum-eval.db", cwd=tmp_path).stdout
    assert held.splitlines() == ["No run yet.", "evaluation 1  tasks  3 tasks, asked 2 models"]
    shown = quorum(*asked, "--shots", "1", cwd=tmp_path).stdout
    assert shown.startswith("tasks: 3 tasks, 1 worked example each")
    assert "Quorum T5: asked in style zero-shot; it takes no worked examples" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("tasks",), "Name a model, then the file of tasks."),
        (("quorum chat", "nothing.jsonl"), "nothing.jsonl"),
        (("no such model", "tasks"), "no such model"),
    ],
)
def test_what_cannot_be_evaluated_is_said_in_a_line(
    tmp_path: Path, tasks: Path, bundled_models: object, words: tuple[str, ...], message: str
) -> None:
    done = quorum("eval", *words, cwd=tmp_path, check=False)
    assert done.returncode != 0 and message in done.stderr
    assert not (tmp_path / "quorum-eval.db").exists()
