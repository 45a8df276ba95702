from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from app.export.request import FORMATS, request
from app.export.write import ExportReport
from app.store import exportable
from app.store.project import Project
from app.tui.screens import export as screen
from tests.tui.conftest import Drive
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import files, lines_of, seen, settle, squeezed, until


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
        assert "This file already exists" in seen(pilot.app)
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


async def test_every_format_shows_a_row_before_it_is_taken(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("E")
        await settle(pilot)
        await pilot.press("tab")
        for name in FORMATS:
            assert f"as {name}" in squeezed(pilot.app)
            first = pilot.app.screen.query_one("#export-first").render().plain  # type: ignore[union-attr]
            assert set(json.loads(first)) == set(request(name).example())
            await pilot.press("down")
            await settle(pilot)
    assert files() == []


async def test_warnings_are_counted_and_one_key_reviews_those_items(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "warned.db"
    fill(
        path,
        [
            Task("Say yes.", "", ("Yes, of course.", "Yes, of course.", "No.")),
            Task("Say no.", "", ("I'm sorry, I cannot.", "I'm sorry, I cannot.", "No.")),
            Task("Count on.", "", ("One, two, three,", "One, two, three,", "4")),
        ],
    )
    async with drive(path) as pilot:
        await pilot.press("E")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "▲ 2 items look wrong" in text
        assert "1 output was cut or breaks off lint:truncated" in text
        assert "1 output refuses lint:refusal" in text
        pilot.app.screen.query_one("#export-checks").focus()
        await pilot.press("down", "down", "enter")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "1 of 1" in text and "Say no." in text and "⚠ refuses" in text
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("l")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "1 of 2" in text and "Export warns about these" in text
        assert "Say no." in text or "Count on." in text
        await pilot.press("escape")
        await settle(pilot)
        assert "Review the items" not in squeezed(pilot.app) and "format" in squeezed(pilot.app)


async def test_a_condition_and_a_split_are_typed(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("E")
        await settle(pilot)
        pilot.app.screen.query_one("#export-only").focus()
        await pilot.press(*"kind:A", "enter")
        await settle(pilot)
        assert "all 4 rows" in squeezed(pilot.app)
        await pilot.press("tab", *"50/50", "enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "3 rows written" in squeezed(pilot.app) and "ROUGE-L" in squeezed(pilot.app)
    assert len(lines_of("thesis.train.jsonl")) + len(lines_of("thesis.validation.jsonl")) == 3


async def test_a_condition_that_is_none_is_an_error_with_a_hint(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("E")
        await settle(pilot)
        pilot.app.screen.query_one("#export-only").focus()
        await pilot.press(*"colour:red", "enter")
        await settle(pilot)
        assert "'colour' is not a key to filter by" in squeezed(pilot.app)


async def test_the_second_file_is_written_when_it_is_asked_for(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("E")
        await settle(pilot)
        await pilot.press("p", "p", "p")
        await settle(pilot)
        assert "where to + a second file: where each row came from" in squeezed(pilot.app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert len(lines_of("thesis.provenance.jsonl")) == len(lines_of("thesis.jsonl")) == 3


async def test_an_export_whose_screen_was_left_is_asked_about_and_told_of(
    drive: Drive, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, write = threading.Event(), screen.export

    def slowly(*asked: Any, **options: Any) -> ExportReport:
        going.wait(20)
        return write(*asked, **options)

    monkeypatch.setattr(screen, "export", slowly)
    async with drive(project) as pilot:
        await pilot.press("E")
        await settle(pilot)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: "Home" in seen(pilot.app).splitlines()[0], "Home", 20)
        await pilot.press("q")
        await until(pilot, lambda: "An export is in progress" in seen(pilot.app), "the question", 20)
        await pilot.press("escape")
        going.set()
        await until(pilot, lambda: "written" in squeezed(pilot.app), "what was written", 20)
    assert [name for name in files() if name.endswith(".jsonl")]
