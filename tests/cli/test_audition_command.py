"""`quorum audition` as a person runs it, and `--style` of `quorum run`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.audition import table, writer_table
from app.method.audition import Audition, Score
from app.method.writer_audition import Attempt, Manner, WriterAudition, scored
from tests.cli.commands import quorum


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    """Twelve seed tasks with outputs."""
    path = tmp_path / "tasks.jsonl"
    lines = [{"instruction": f"Say number {n}.", "input": "", "output": f"number {n}"} for n in range(12)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_a_model_is_auditioned_without_a_project_and_remembered(
    tmp_path: Path, tasks: Path, bundled_models: object
) -> None:
    asked = ("audition", "--recipe", "distill", "--model", "quorum writer", "--seed-tasks", tasks, "--json")
    home = {"XDG_CACHE_HOME": str(tmp_path)}
    [facts] = json.loads(quorum(*asked, **home).stdout)
    assert facts["model"] == "Quorum Writer" and facts["tasks"] == 6 and facts["whole"]
    assert {score["style"] for score in facts["scores"]} == {"few-shot", "few-shot-input-first"}
    assert facts["style"] == facts["scores"][0]["style"] == "few-shot", "the default one comes first"
    assert json.loads(quorum(*asked, **home).stdout) == [facts]
    printed = quorum(*asked[:-1], **home).stdout
    assert "✓  few-shot " in printed and "asked in style few-shot:" in printed


def test_a_writer_is_auditioned_without_a_project_and_remembered(
    tmp_path: Path, bundled_models: object
) -> None:
    asked = ("audition", "--writer", "quorum writer", "--seed-tasks", "small", "--json")
    home = {"XDG_CACHE_HOME": str(tmp_path)}
    [facts] = json.loads(quorum(*asked, **home).stdout)
    assert (facts["model"], facts["role"], facts["requests"]) == ("Quorum Writer", "writer", 16)
    assert facts["style"] == "continue" and facts["whole"], "the bundled models are best as they were trained"
    assert json.loads(quorum(*asked, **home).stdout) == [facts]
    assert "writes as continue, temperature 0.7" in quorum(*asked[:-1], **home).stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Name a project, or models with --model and --writer."),
        (("--recipe", "distill", "--writer", "quorum writer"), "No model writes by recipe distill."),
        (("--writer", "quorum t5"), "cannot be the writer"),
        (
            ("--model", "quorum writer", "--seed-tasks", "prompts.txt"),
            "Fewer than 12 seed tasks have an output",
        ),
        (("--model", "nobody"), "There is no model 'nobody'"),
        (("missing.db",), "does not exist"),
    ],
)
def test_what_cannot_be_auditioned_is_one_clear_message(
    tmp_path: Path, words: tuple[str, ...], message: str, bundled_models: object
) -> None:
    (tmp_path / "prompts.txt").write_text("Name a bird.\nName a fish.\n")
    refused = quorum("audition", *words, cwd=tmp_path, check=False)
    assert refused.returncode != 0 and message in refused.stderr


@pytest.mark.parametrize(
    ("style", "message"),
    [("quorum t5=chat", "takes zero-shot only"), ("quorum chat=loud", "MODEL=STYLE"), ("x=chat", "answerer")],
)
def test_a_style_that_cannot_be_makes_no_project(
    tmp_path: Path, style: str, message: str, bundled_models: object
) -> None:
    project = tmp_path / "new.db"
    refused = quorum("run", project, "--style", style, check=False)
    assert refused.returncode == 1 and message in refused.stderr and not project.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--writer-style", "chat"), "it has no chat template"),
        (
            ("--writer-style", "continue-lines", "--recipe", "alpaca"),
            "has no list whose entries end with a mark",
        ),
        (("--writer-style", "continue", "--recipe", "distill"), "no model writes by recipe distill"),
        (("--writer-style", "loud"), "Invalid value"),
    ],
)
def test_a_style_of_writing_that_cannot_be_makes_no_project(
    tmp_path: Path, words: tuple[str, ...], message: str, bundled_models: object
) -> None:
    project = tmp_path / "new.db"
    refused = quorum("run", project, *words, check=False)
    assert refused.returncode != 0 and message in refused.stderr and not project.exists()


def test_a_chosen_style_is_kept_and_shown(tmp_path: Path, tasks: Path, bundled_models: object) -> None:
    project = tmp_path / "run.db"
    recipe = ("--recipe", "distill", "--seed-tasks", tasks, "--answerer", "quorum chat")
    quorum("run", project, *recipe, "--style", "quorum chat=few-shot", "--no-calibration")
    assert "asked        few-shot                Quorum Chat (person)" in quorum("status", project).stdout
    assert "is finished" in quorum("run", project, "--no-calibration").stderr


def test_the_table_marks_what_is_taken() -> None:
    chat = Score("chat", 40, 0.2, 0.1, 0.3, 8.0, 0.25, 0.0, 0.05, 0.0)
    few = Score("few-shot", 40, 0.6, 0.55, 0.6, 1.0, 0.0, 0.0, 0.1, 0.0, edge=0.4, error=0.08)
    assert table("A model", Audition((chat, few), 40)) == [
        "A model",
        "   style     tasks  score  exact  ROUGE-L  length  cut  refused  echo  loop",
        "   chat         40   0.20    10%     0.30     8.0  25%       0%    5%    0%",
        "✓  few-shot     40   0.60    55%     0.60     1.0   0%       0%   10%    0%",
        "asked in style few-shot: 55% of 40 answers exact, score 0.60; chat 10%, 0.20",
        "",
    ]


def test_the_table_of_a_writer_marks_the_manner_that_is_taken() -> None:
    plain, chat = Manner("continue", 0.7, 0.05), Manner("chat", 0.7, 0.05)
    poor, good = [Attempt(4, 1, 200)] * 16, [Attempt(4, 3, 150)] * 16
    heard = WriterAudition.of([scored(plain, poor, poor), scored(chat, good, poor)], whole=True)
    assert writer_table("A model", heard) == [
        "A model",
        "   form and sampling                      requests  written  usable  share  per 1,000 tokens",
        "   continue, temperature 0.7, min-p 0.05        16       64      16    25%               5.0",
        "✓  chat, temperature 0.7, min-p 0.05            16       64      48    75%              20.0",
        "writes as chat, temperature 0.7, min-p 0.05: 48 of 64 instructions usable; "
        "continue, temperature 0.7, min-p 0.05 16 of 64",
        "",
    ]
