"""What recipes keep of what two small real models write."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from app.intake.seeds import read_seed_tasks, seed_file
from app.method.marks import LABELS, bare_instruction, stray
from app.method.recipe import load
from app.run.plan import Plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store.project import Connection, Project

ENOUGH = 6
MOST, TOKENS = 4, 1_500
"""Completions that may be asked for before a text is kept, and the tokens of their prompts and texts."""


async def written(path: Path, recipe: str, writer: Path, answerer: Path) -> Counter[tuple[str, str]]:
    """Write instructions until six are kept; count (reason, text), the reason empty where it is kept."""
    seeds = tuple(read_seed_tasks(seed_file("general")))
    plan = Plan(
        load(recipe),
        writer,
        (answerer,),
        seeds,
        target=ENOUGH,
        until="instructions",
        calibrate=False,
        audition=False,
        context=2048,
    )
    with Project.open(path, create=True) as project:
        last = await RunSession(project, plan, headless=True).run()
        assert last.state is RunState.HELD, last.error
        count, tokens = project.read(asked_for_the_first)
        assert count <= MOST and tokens <= TOKENS
        sql = "SELECT reason, text FROM instructions WHERE reason <> 'over_target'"
        return Counter(tuple(row) for row in project.read(lambda c: c.execute(sql).fetchall()))


def asked_for_the_first(c: Connection) -> tuple[int, int]:
    """Return how much was asked for until the first instruction was kept: completions, and their tokens."""
    sql = """SELECT COUNT(*), SUM(prompt_tokens + tokens) FROM completions WHERE rowid <=
             (SELECT MIN(x.rowid) FROM completions x JOIN instructions t ON t.completion_id = x.id
              WHERE t.status = 'kept')"""
    count, tokens = c.execute(sql).fetchone()
    return count, tokens


@pytest.mark.parametrize("recipe", ["lamini-example", "lamini-topic", "evol-instruct"])
async def test_a_chat_model_of_135m_follows_recipes(
    recipe: str, smollm2: Path, gemma: Path, tmp_path: Path
) -> None:
    texts = await written(tmp_path / "x.db", recipe, smollm2, gemma)
    kept = [text for reason, text in texts if not reason]
    assert len(kept) == ENOUGH >= sum(texts.values()) / 2, texts
    assert all(is_clean(text) for text in kept), kept


async def test_a_base_model_of_270m_continues_the_default_recipe(
    smollm2: Path, gemma: Path, tmp_path: Path
) -> None:
    texts = await written(tmp_path / "x.db", "ensemble-instruct", gemma, smollm2)
    kept = [text for reason, text in texts if not reason]
    assert len(kept) == ENOUGH >= sum(texts.values()) / 4, texts
    assert all(is_clean(text) for text in kept), kept


def is_clean(text: str) -> bool:
    """Say whether a kept instruction holds no marker, label or number of a prompt."""
    labelled = any(pattern.match(text) for pattern in LABELS.values())
    return bare_instruction(text) == text and not (stray(text) or labelled)
