from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.export.request import FORMATS
from app.store import exportable
from app.store.project import Project
from tests.tui.conftest import Drive
from tests.tui.filled import Task, fill
from tests.tui.seen import files, lines_of, seen, settle, squeezed


async def test_one_enter_writes_the_default_and_says_where(
    drive: Drive, project: Path, size: tuple[int, int]
) -> None:
    async with drive(project, size) as pilot:
        await pilot.press("E")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "consensus 3 rows" in text and "accepted 0 rows" in text and "all 5 rows" in text
        assert '"instruction": "Rewrite the sentence in the passive voice."' in text
        await pilot.press("enter")
        await settle(pilot)
        assert "✓ 3 rows written" in squeezed(pilot.app)
    lines = lines_of("thesis.jsonl")
    assert [json.loads(line)["output"] for line in lines] == [
        "The new budget was approved by the committee on Monday.",
        "Lisbon",
        "cold",
    ]


async def test_form_and_selection_are_chosen_by_keys(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("2", "E")
        await settle(pilot)
        await pilot.press("tab", *["down"] * FORMATS.index("messages"), "enter")
        await settle(pilot)
        assert '"messages"' in seen(pilot.app) and "thesis.messages.jsonl" in seen(pilot.app)
        await pilot.press("tab", "down", "space")
        await settle(pilot)
        assert "● accepted 1 row " in squeezed(pilot.app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    [line] = lines_of("thesis.messages.jsonl")
    assert json.loads(line)["messages"][-1] == {"role": "assistant", "content": "The capital is Porto."}


async def test_a_file_that_is_there_is_replaced_only_when_confirmed(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        precious()
        await pilot.press("E")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "This file is there already" in seen(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert lines_of("thesis.jsonl") == ["precious"]
        await pilot.press("enter", "y")
        await settle(pilot)
        assert "✓ 3 rows written" in squeezed(pilot.app)
    assert len(lines_of("thesis.jsonl")) == 3


@pytest.mark.parametrize("typed", ["missing-folder/rows.jsonl", ""])
async def test_a_path_that_cannot_be_written_is_an_error_with_a_hint(
    drive: Drive, project: Path, typed: str
) -> None:
    async with drive(project) as pilot:
        await pilot.press("E")
        await settle(pilot)
        pilot.app.screen.query_one("#export-path").value = typed  # type: ignore[attr-defined]
        await pilot.press("enter")
        await settle(pilot)
        assert "This did not work" in seen(pilot.app)
    assert files() == []


async def test_rows_with_an_empty_answer_are_counted_and_left_out(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    fill(path, [Task("Say nothing.", "", ("", "", "")), Task("Say yes.", "", ("yes", "yes", "yes"))])
    async with drive(path) as pilot:
        await pilot.press("E")
        await settle(pilot)
        assert "1 empty left out" in squeezed(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert "1 row written" in squeezed(pilot.app)
        assert "1 with an empty answer left out" in squeezed(pilot.app)


async def test_the_project_itself_is_never_overwritten(drive: Drive, project: Path) -> None:
    before = exported(project)
    async with drive(project) as pilot:
        await pilot.press("E")
        await settle(pilot)
        pilot.app.screen.query_one("#export-path").value = str(project)  # type: ignore[attr-defined]
        await pilot.press("enter", "y")
        await settle(pilot)
        assert "This did not work" in seen(pilot.app)
    assert exported(project) == before


def precious() -> None:
    """Put a file where the export would go."""
    Path("thesis.jsonl").write_text("precious\n", "utf-8")


def exported(project: Path) -> int:
    """Return how many rows the project still gives: it can be opened and is whole."""
    with Project.open(project, read_only=True) as opened:
        return opened.read(lambda c: sum(1 for _ in exportable.rows(c, exportable.Selection("all"))))
