"""The road from judging to an audited export, by keys, on a real run of the bundled models.

The reviewer knows what is right: the tasks have one right answer each.
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app.bench import worlds
from app.engine.catalog import BundledModels
from app.method.equality import content
from app.store import fits, review
from app.store.filters import parse
from app.store.project import Connection, Project
from tests.cli.commands import quorum
from tests.tui.conftest import Drive
from tests.tui.visible_text import files, lines_of, numbered, seen, settle, squeezed

TASKS = list(islice(worlds.recorded(), 0, 400, 10))
LINE = 90
"""Cells of an answer of which a line surely shows the whole."""


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory, bundled_models: BundledModels) -> Path:
    """Forty tasks that the three models answered and voted on, not judged yet."""
    folder = tmp_path_factory.mktemp("answered")
    seeds, path = folder / "tasks.jsonl", folder / "answered.db"
    seeds.write_text("".join(f"{json.dumps(task.given)}\n" for task in TASKS), "utf-8")
    models = (bundled_models.writer, *bundled_models.answerers)
    answerers = [part for model in models for part in ("--answerer", model)]
    quorum("run", path, "--recipe", "distill", "--seed-tasks", seeds, "--no-audition", *answerers)
    return path


def shown(pilot: Pilot[None], between: str) -> worlds.Recorded:
    """Return the task on the screen; `between` follows its input."""
    text = squeezed(pilot.app).replace("▌ ", "")
    [task] = [task for task in TASKS if f"{task.instruction} {task.input} {between}" in text]
    return task


async def press(pilot: Pilot[None], *keys: str) -> str:
    await pilot.press(*keys)
    await settle(pilot)
    return squeezed(pilot.app)


async def judge(pilot: Pilot[None]) -> None:
    """Mark the answers that say what is right, and store it."""
    wanted = shown(pilot, "1 ·").output
    said = numbered(seen(pilot.app))
    right = [
        str(number)
        for number, line in said.items()
        if content(line) == content(wanted) or (len(line) > LINE and wanted.startswith(line))
    ]
    await press(pilot, *(right or ["0"]), "enter")


def probabilities(path: Path) -> list[float]:
    """Return how probable the winners are, in the order in which Review shows the doubtful first."""

    def look(c: Connection) -> list[float]:
        votes = (
            review.item(c, review.id_of(c, number)).vote
            for number in review.numbers(c, "doubtful", parse("", "undecided"))
        )
        return [vote.score for vote in votes if vote and vote.score is not None]

    with Project.open(path, read_only=True) as project:
        return project.read(look)


async def test_from_judging_thirty_items_to_an_export_that_says_how_right_it_is(
    drive: Drive, answered: Path
) -> None:
    async with drive(answered, (110, 50)) as pilot:
        await press(pilot, "j")
        for at in range(30):
            assert f"Judge {at + 1} of 30" in squeezed(pilot.app)
            await judge(pilot)
        assert "30 items judged" in squeezed(pilot.app) and " points (" in squeezed(pilot.app)
        assert "what learning would give" in await press(pilot, "R")
        assert "what other rules and thresholds keep" in await press(pilot, "end")
        assert "all 30 judged" in await press(pilot, "L")
        assert "40 items voted on again" in await press(pilot, "enter")
        with Project.open(answered, read_only=True) as project:
            assert project.read(lambda c: fits.get(c, None)).judged == 30
        await press(pilot, "escape", "escape", "r")
        await press(pilot, "o", "7", "g")
        chances = probabilities(answered)
        assert chances == sorted(chances) and f"right with {chances[0]:.0%}" in squeezed(pilot.app)
        await press(pilot, "E")
        await press(pilot, "A")
        for _ in range(10):
            task = shown(pilot, "answer")
            right = f"answer {task.output} " in squeezed(pilot.app)
            await press(pilot, "y" if right else "n")
        assert "right at least" in squeezed(pilot.app)
        await press(pilot, "escape")
        assert "rows written" in await press(pilot, "ctrl+s")
    [name] = [name for name in files() if name.endswith(".jsonl")]
    outputs = {(task.instruction, task.input): task.output for task in TASKS}
    rows = [json.loads(line) for line in lines_of(name)]
    right = [content(row["output"]) == content(outputs[row["instruction"], row["input"]]) for row in rows]
    assert len(rows) >= 20 and sum(right) / len(right) >= 0.9
