"""How Review uses the room it has: the list, the badges, Markdown, differences, the run in progress."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.run.progress import RunSnapshot, RunState, StageProgress, TimeLeft
from app.tui.candidates import all_differs, differing
from app.tui.widgets.run_strip import strip_of
from tests.tui.conftest import OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import seen, settle, squeezed

CODE = "Use **this**:\n\n```python\nreturn x\n```"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "written.db"
    fill(path, [Task("Write a function.", "", (CODE, CODE.replace("    ", "  "), "zebra quartz"))])
    return path


@pytest.mark.parametrize(("width", "least", "most"), [(140, 36, 45), (200, 50, 60)])
async def test_the_list_shows_task_input_and_status(
    review: OpenReview, width: int, least: int, most: int
) -> None:
    async with review(size=(width, 40)) as pilot:
        assert least <= pilot.app.screen.query_one("#review-list").outer_size.width <= most
        await pilot.press("x")
        await settle(pilot)
        text = seen(pilot.app)
        assert "✗ #0002  Name the capital" in text and "›  #0001  Rewrite the" in text
        [below] = [line for line in text.splitlines() if "Portugal" in line]
        assert "rejected" in below


async def test_badges_never_squeeze_the_instruction(review: OpenReview) -> None:
    async with review(size=(80, 24)) as pilot:
        await pilot.press("p", "x", "p", "f")
        await settle(pilot)
        line = next(line for line in seen(pilot.app).splitlines() if "Name the capital" in line)
        assert line.strip() == "Name the capital of the country."
        assert "✗ rejected · with input · #0002 · ⚑ flagged" in seen(pilot.app)


async def test_markdown_is_drawn_and_what_is_stored_is_one_key_away(
    review: OpenReview, written: Path
) -> None:
    async with review(written) as pilot:
        text = seen(pilot.app)
        assert "Use this:" in text and "│ return x" in text and "Markdown (M)" in text
        await pilot.press("M")
        await settle(pilot)
        text = seen(pilot.app)
        assert "Use **this**:" in text and "```python" in text and "Markdown (M)" not in text


async def test_where_everything_differs_nothing_is_marked(review: OpenReview, written: Path) -> None:
    async with review(written) as pilot:
        await pilot.press("d")
        await settle(pilot)
        assert "≠ all of it differs" in squeezed(pilot.app)


def test_differences_ignore_indentation() -> None:
    code = "for x in y:\n    print(x)"
    assert differing(code, code.replace("    ", "\t")) == []
    assert not all_differs(code, [(0, 3)]) and all_differs("zebra", [(0, 5)])
    assert not all_differs(code, [])


def test_the_strip_says_how_far_the_run_is() -> None:
    stages = (StageProgress("instructions", 24, 24, 24), StageProgress("answers", 31, 48, 31))
    now = RunSnapshot(1, "x", RunState.RUNNING, 24, stages, (), (), (), 9.0, TimeLeft(240.0, 240.0))
    assert strip_of(now).plain == "▶ running · instructions 24 / 24 · answers 31 / 48 · ≈ 4 min left"
