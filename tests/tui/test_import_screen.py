"""Import by keys: a file is picked, looked at, and taken into a project."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Footer

from app.store import counts, generated, log, review, runs
from app.store.project import Connection, Project
from app.tui.app import QuorumApp
from app.tui.import_job import ImportJob
from app.tui.screens.importing import ImportScreen
from tests.hostile import HOSTILE
from tests.tui.conftest import Drive
from tests.tui.visible_text import files, seen, settle, squeezed, until

DOLLY = {
    "instruction": "When was the mill built?",
    "context": "In 1841.",
    "response": "1841.",
    "category": "qa",
}
OUTPUTS = [{"model": "ant", "output": "The Baltic."}, {"model": "bee", "output": "Baltic"}]
TWO = {"instruction": "Name a sea.", "outputs": OUTPUTS}
Picked = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


def write(name: str, *rows: Any) -> None:
    """Write a file, a line a row; its folder is made."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    Path(name).write_text("\n".join(lines), "utf-8")


@pytest.fixture
def picked(drive: Drive) -> Picked:
    """Open the app, pick a file of these rows by the first letter of its name, and give the pilot."""

    @asynccontextmanager
    async def opened(
        name: str, *rows: Any, project: Path | None = None, size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator[Pilot[None]]:
        write(name, *rows)
        async with drive(project, size) as pilot:
            await pilot.press("i")
            await settle(pilot)
            await pilot.press(name[0])
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            yield pilot

    return opened


def stored(path: Path | str, query: Callable[[Connection], Any]) -> Any:
    """Return what a project file holds."""
    with Project.open(path, read_only=True) as project:
        return project.read(query)


async def test_a_file_is_recognised_and_one_enter_makes_a_project_of_its_seeds(
    picked: Picked,
) -> None:
    rows = [{**DOLLY, "instruction": f"{number}: when?"} for number in range(7)]
    async with picked("mills.jsonl", *rows, rows[2], "{", size=(120, 36)) as pilot:
        text = squeezed(pilot.app)
        assert "read as Dolly: instruction, context → input, response → output" in text
        assert "not taken over: category (8); 1 repeats an earlier line (first: 8)" in text
        assert "▲ 1 line set aside, the first: line 9: this is not JSON" in text
        assert "this is about all 9 lines" in text
        assert "4: when? In 1841. 1841." in text and "5: when?" not in text
        assert "● seed tasks" in text and "○ candidates" in text and "○ decisions" not in text
        await pilot.press("enter")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "7 new seed tasks in run 1: 7 of kind A (with an input), 0 of kind B, 1 set aside" in text
        assert "✓ mills.jsonl is imported read as Dolly" in text and "line 9: this is not JSON" in text
        assert "mills.db" in seen(pilot.app).splitlines()[0], "the new project is open"
        await pilot.press("enter")
        await settle(pilot)
        assert "New run" in seen(pilot.app).splitlines()[0]
    assert len(stored("mills.db", runs.imported_seeds)) == 7


async def test_candidates_go_into_the_open_project_and_then_to_review(picked: Picked, project: Path) -> None:
    async with picked("answers.jsonl", TWO, project=project) as pilot:
        text = squeezed(pilot.app)
        assert "● candidates" in text and "● thesis.db, which is open" in text
        assert "Name a sea. 2: ant The Baltic. · bee Baltic" in text
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "1 new task in run 2 2 candidates stored, 1 item voted on" in squeezed(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert "1 of 4" in seen(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Home" in seen(pilot.app).splitlines()[0]
    assert len(stored(project, lambda c: counts.summary(c).runs)) == 2
    assert files() == ["answers.jsonl"]


async def test_what_it_is_imported_as_and_where_to_is_chosen_by_keys(picked: Picked, project: Path) -> None:
    async with picked("answers.jsonl", TWO, project=project) as pilot:
        pilot.app.screen.query_one("#import-what").focus()
        await pilot.press("down", "enter", "tab", "down", "space", "tab")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "● seed tasks" in text and "not taken over: further outputs (1)" in text
        assert "● another project file" in text
        await pilot.press(*["backspace"] * 20, *"other.db", "enter")
        await settle(pilot)
        assert "1 new seed task in run 1" in squeezed(pilot.app)
        assert "other.db" in seen(pilot.app).splitlines()[0]
    assert [seed.output for seed in stored("other.db", runs.imported_seeds)] == ["The Baltic."]
    assert len(stored(project, lambda c: counts.summary(c).runs)) == 1


async def test_answers_of_nobody_need_the_name_of_their_model(picked: Picked) -> None:
    async with picked("mills.jsonl", DOLLY) as pilot:
        pilot.app.screen.query_one("#import-what").focus()
        await pilot.press("down", "enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "The file does not name the model" in squeezed(pilot.app)
        await pilot.press("escape", *"owl", "enter")
        await settle(pilot)
        assert "1 candidate stored, 1 item voted on" in squeezed(pilot.app)
    [candidate] = stored("mills.db", lambda c: generated.candidates_of(c, log.find_item(c, "1")))
    assert candidate.model_name == "owl"


async def test_decisions_are_applied_as_those_of_the_reviewer(picked: Picked, project: Path) -> None:
    rows = [{"item": 1, "decision": "accept"}, {"item": 999, "decision": "reject"}]
    async with picked("decided.jsonl", *rows, project=project) as pilot:
        assert "● decisions" in seen(pilot.app) and "#0001 accept" in squeezed(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "1 line applied, 1 line set aside" in text and "line 2:" in text
    assert stored(project, lambda c: review.progress(c, "ann")).decided == 1


async def test_where_no_decision_can_be_applied_the_screen_says_so(picked: Picked, project: Path) -> None:
    async with picked("decided.jsonl", {"item": 999, "decision": "accept"}, project=project) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        assert "✗ Nothing of decided.jsonl was applied" in squeezed(pilot.app)
        assert "Enter" not in seen(pilot.app), "there is nothing to go to"


async def test_fields_of_their_own_are_named_on_the_screen(picked: Picked) -> None:
    async with picked("survey.csv", "Question (short),Answer,Age", "Who?,Me.,7") as pilot:
        text = squeezed(pilot.app)
        assert "has no column for the instruction; its columns: Question (short), Answer, Age" in text
        await pilot.press(*"instruction=Question", "enter")
        await settle(pilot)
        assert "has no column 'Question'" in squeezed(pilot.app)
        await pilot.press(*" (short), output=answer", "enter")
        await settle(pilot)
        assert "Question (short) → instruction, Answer → output; not taken over: Age (1)" in squeezed(
            pilot.app
        )
        await pilot.press("enter")
        await settle(pilot)
    assert [seed.output for seed in stored("survey.db", runs.imported_seeds)] == ["Me."]


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("book.xlsx", ["PK\x03\x04[Content_Types].xml"], "is an Excel workbook. Save the sheet as CSV"),
        ("bad.jsonl", ['{"x"', '{"y"'], "holds no task: line 1: this is not JSON"),
    ],
)
async def test_a_file_that_cannot_be_read_is_one_message_and_escape_goes_back(
    picked: Picked, name: str, rows: list[str], message: str
) -> None:
    async with picked(name, *rows) as pilot:
        assert message in squeezed(pilot.app)
        await pilot.press("ctrl+s", "escape")
        await settle(pilot)
        assert "Import a file" in seen(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Home" in seen(pilot.app).splitlines()[0]
    assert files() == [name]


async def test_a_project_in_use_is_one_message_and_nothing_is_lost(picked: Picked) -> None:
    async with picked("mills.jsonl", DOLLY) as pilot:
        with Project.open("mills.db", create=True):
            await pilot.press("enter")
            await settle(pilot)
        assert "open for writing" in seen(pilot.app)
        assert "Wait until its run is over" in squeezed(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "● seed tasks" in seen(pilot.app)
    assert stored("mills.db", runs.imported_seeds) == []


async def test_nothing_is_imported_while_a_run_is_in_progress(
    picked: Picked, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with picked("mills.jsonl", DOLLY, project=project) as pilot:
        assert isinstance(pilot.app, QuorumApp)
        monkeypatch.setattr(type(pilot.app.running), "going", property(lambda _: True))
        await pilot.press("enter")
        await settle(pilot)
        assert "A run is in progress." in squeezed(pilot.app)
        monkeypatch.undo()
    assert stored(project, runs.imported_seeds) == []


@pytest.mark.parametrize(("key", "hook"), [("escape", "_read"), ("home", "_voted")])
async def test_an_import_is_cancelled_before_it_is_stored(
    picked: Picked, monkeypatch: pytest.MonkeyPatch, key: str, hook: str
) -> None:
    """The job stops at its next line or vote; the key comes, or the person leaves, while it works."""
    whole = getattr(ImportJob, hook)

    def waits(job: ImportJob, number: int) -> None:
        whole(job, number)
        job.stopped.wait(20)
        whole(job, number)

    monkeypatch.setattr(ImportJob, hook, waits)
    async with picked("answers.jsonl", TWO) as pilot:
        assert "● candidates" in seen(pilot.app)
        await pilot.press("enter")
        doing = "voting" if hook == "_voted" else "reading"
        await until(pilot, lambda: doing in seen(pilot.app), doing)
        assert "Esc cancel: nothing is stored before the end" in squeezed(pilot.app)
        if key == "escape":
            await pilot.press("escape")
        else:
            pilot.app.go("home")  # type: ignore[attr-defined]
        await settle(pilot)
        assert "The import is cancelled; nothing of it is stored." in squeezed(pilot.app)
        assert isinstance(pilot.app.screen, ImportScreen) == (key == "escape")
    assert files() == ["answers.jsonl"], "the project that was made for it is gone, too"


async def test_quitting_asks_while_an_import_is_in_progress(
    picked: Picked, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ImportJob._read

    def waits(job: ImportJob, number: int) -> None:
        whole(job, number)
        job.stopped.wait(20)
        whole(job, number)

    monkeypatch.setattr(ImportJob, "_read", waits)
    async with picked("answers.jsonl", TWO) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "reading" in seen(pilot.app), "reading")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "An import is in progress" in seen(pilot.app), "the question")
        assert "Quitting cancels it." in squeezed(pilot.app)
        await pilot.press("escape")
        await until(pilot, lambda: "reading" in seen(pilot.app), "that it goes on")
        await pilot.press("ctrl+q", "y")
        await until(pilot, lambda: not pilot.app.is_running, "the end of the app")
    assert files() == ["answers.jsonl"]


async def test_a_file_is_found_by_keys_alone(drive: Drive) -> None:
    async with drive(None, (80, 24)) as pilot:
        write("data/deep/seas.txt", "Name a sea.")
        write("data/deep/rivers.txt", "Name a river.")
        write("data/.hidden", "x")
        for end in ("", "-wal", "-shm", ".lock"):
            write(f"data/thesis.db{end}", "x")
        write("data/other.lock", "x")
        await pilot.press("i")
        await settle(pilot)
        assert "../" in seen(pilot.app) and "data/" in seen(pilot.app)
        await pilot.press("down", "down", "enter")
        await settle(pilot)
        assert "deep/" in seen(pilot.app) and ".hidden" not in seen(pilot.app)
        assert "thesis.db " in seen(pilot.app) and "other.lock" in seen(pilot.app)
        assert not any(f"thesis.db{end}" in seen(pilot.app) for end in ("-wal", "-shm", ".lock"))
        await pilot.press("d")
        await settle(pilot)
        await pilot.press("tab")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "/data/deep" in text and "rivers.txt 13 bytes" in text and "seas.txt 11 bytes" in text
        await pilot.press("s", "enter")
        await settle(pilot)
        assert "read as plain text: line → instruction" in squeezed(pilot.app)
        await pilot.press("f")
        await settle(pilot)
        assert "rivers.txt" in seen(pilot.app), "the list begins where the last file lies"
        await pilot.press("escape")
        await settle(pilot)
        assert "● seed tasks" in seen(pilot.app), "without another file, this one stays"


@pytest.mark.parametrize("typed", ["nowhere/x.txt", "missing.txt", "~nobody/x"])
async def test_a_path_that_leads_nowhere_is_said_in_a_line(drive: Drive, typed: str) -> None:
    async with drive(None, (80, 24)) as pilot:
        await pilot.press("i")
        await settle(pilot)
        await pilot.press(*typed)
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        text = seen(pilot.app)
        assert any(told in text for told in ("no file of this name", "cannot be read", "No such home folder"))
        assert pilot.app.is_running


async def test_hostile_names_fields_and_rows_are_shown_harmlessly(drive: Drive) -> None:
    name = "\x1b[31m[b]\u202e.jsonl"
    rows = [{"instruction": f"Say {text}", "output": text, text: text} for text in HOSTILE.values()]
    async with drive(None, (80, 24)) as pilot:
        write(f"{name}.d/{name}", *rows)
        write(f"{name}.d/{name}2", *reversed(rows))
        await pilot.press("i")
        await settle(pilot)
        await pilot.press("down", "down", "enter")
        await settle(pilot)
        for keys in (("down", "down"), ("enter",), ("enter",)):
            await pilot.press(*keys)
            await settle(pilot)
            shown = set(seen(pilot.app))
            assert not shown & {chr(code) for code in (*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0))}
            assert not shown & set("\u202e\u202c\u200b\u2060\u2028\u2029\ufeff")
        assert "␛[31m[b]⟨202E⟩.jsonl is imported" in squeezed(pilot.app)


async def test_everything_that_is_needed_fits_into_80_by_24(picked: Picked, project: Path) -> None:
    fields = {f"field{number} of some length": "x" for number in range(30)}
    rows = [{**DOLLY, **fields, "instruction": f"{number} " + "long " * 50} for number in range(9)]
    async with picked("mills.jsonl", *rows, "{", project=project) as pilot:
        pilot.app.screen.query_one("#import-what").focus()
        await pilot.press("down", "enter", "tab", "tab", "down", "enter")
        await settle(pilot)
        text = seen(pilot.app)
        for part in ("read as Dolly", "▲ 1 line", "about all 10 lines", "0 long", "4 long", "○ seed tasks"):
            assert part in text
        for part in ("● candidates", "answers by", "● another project", "project file", "fields", "  Import"):
            assert part in text
        shown = list(pilot.app.screen.query_one(Footer).children)
        assert sum(key.outer_size.width for key in shown) <= 80
