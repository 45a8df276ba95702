"""The two real models on 120 short questions with one right answer each: recipe `distill`, auditioned.

The bars are what was measured, less what the engine's own noise and other machines may cost.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.intake.seeds import SeedTask
from app.method.equality import content
from app.method.recipe import load
from app.run import audition
from app.run.plan import Plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store import runs
from app.store.project import Connection, Project

QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "questions.jsonl").read_text("utf-8").splitlines()
]


def task(number: int, instruction: str, input: str, output: str) -> SeedTask:
    return SeedTask(str(number), "", instruction, ((input, output),), False, "")


def answers(c: Connection) -> dict[tuple[str, str, str], str]:
    """Return each answer by instruction, input and model."""
    rows = c.execute(
        """SELECT t.text, i.input, x.model, x.output FROM candidates x
           JOIN instances i ON i.id = x.instance_id JOIN instructions t ON t.id = i.instruction_id"""
    )
    return {(text, given, model): output for text, given, model, output in rows}


async def test_auditioned_models_answer_short_questions(
    gemma: Path, smollm2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audition, "cache_file", lambda: tmp_path / "auditions.json")
    seeds = [
        task(at, row["instruction"], row["input"], row["outputs"][0]) for at, row in enumerate(QUESTIONS)
    ]
    plan = Plan(load("distill"), gemma, (gemma, smollm2), tuple(seeds), calibrate=False)
    with Project.open(tmp_path / "run.db", create=True) as project:
        session = RunSession(project, plan, headless=True)
        last = await session.run()
        assert last.state is RunState.DONE, last.error
        base, chat = project.read(lambda c: runs.answerers(c, runs.get(c).id))
        given = project.read(answers)
    assert base.style.startswith("few-shot") and chat.style.startswith("few-shot"), last.notices

    def right(model: str) -> list[bool]:
        return [
            content(given[row["instruction"], row["input"], model]) in map(content, row["outputs"])
            for row in QUESTIONS
        ]

    gemma_right, smollm2_right = right(base.model.fingerprint), right(chat.model.fingerprint)
    equal = [
        at
        for at, row in enumerate(QUESTIONS)
        if content(given[row["instruction"], row["input"], base.model.fingerprint])
        == content(given[row["instruction"], row["input"], chat.model.fingerprint])
    ]
    count = len(QUESTIONS)
    # Measured: 55 and 58%. A few near ties fall either way, by the order of sums in a batch.
    assert sum(gemma_right) >= 0.49 * count
    assert sum(smollm2_right) >= 0.49 * count
    assert len(equal) >= 0.40 * count
    assert sum(gemma_right[at] for at in equal) >= 0.75 * len(equal)
