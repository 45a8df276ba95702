from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from app import words
from app.bench import worlds
from app.intake.given import GoodLine
from app.run.beginning import beginning
from app.run.import_candidates import import_candidates
from app.run.report_card import judged_by_run
from app.store import exportable, generated, runs
from app.store import review as stored_review
from app.store.imported import GivenCandidates, GivenOutput
from app.store.project import Project
from app.store.rows import NewSeed
from app.tui.app import FIRST_PROJECT, QuorumApp
from app.tui.memory import Memory
from app.tui.screens.home import HomeScreen
from app.tui.screens.new_run import seed_tasks
from tests.run.judged_projects import judge, made
from tests.tui.conftest import Drive
from tests.tui.filled_projects import TASKS, Task, fill, start_run
from tests.tui.visible_text import seen, settle, squeezed


async def test_an_empty_machine_is_offered_one_selected_thing_to_do(
    drive: Drive, size: tuple[int, int]
) -> None:
    async with drive(None, size) as pilot:
        text = squeezed(pilot.app)
        assert "you decide by keyboard what becomes training data" in text
        assert (
            "Enter try it: three small models that ship with Quorum, 24 tasks, about a minute" in text
            and "n new run with your own models" in text
            and "o open a project" in text
        )
        assert "recent" not in text


def without_bars(text: str) -> str:
    """The text of the screen without the bars beside the numbers."""
    return re.sub("[━─]+ ", "", text)


async def test_a_wide_home_shows_what_was_judged_the_models_and_other_projects(
    drive: Drive, tmp_path: Path, project: Path
) -> None:
    tasks, path = worlds.siblings(30, 3), tmp_path / "answers.db"
    with made(path, tasks) as answers:
        answers.write_now(lambda c: judge(c, tasks, 20))
        found = answers.read(judged_by_run)
    [judged] = found.values()
    assert judged.items == 20 and 0 < judged.kept.right <= judged.kept.count <= 20
    async with drive(project, (200, 50)):
        pass
    async with drive(path, (200, 50)) as pilot:
        text = without_bars(squeezed(pilot.app))
        right = words.percent(judged.kept.right, judged.kept.count)
        assert re.search(rf"30 \d+ 0 20 {right} ", text)
        assert all(name.split()[1] in text for name in tasks[0].models)
        assert "thesis.db" in text and "0 of 3 decided" in text
        await pilot.press("tab", "enter")
        await settle(pilot)
        assert "thesis.db" in seen(pilot.app).splitlines()[0]


async def test_an_opened_project_shows_its_runs_and_the_next_sensible_key(
    drive: Drive, project: Path, size: tuple[int, int]
) -> None:
    async with drive(project, size) as pilot:
        text = squeezed(pilot.app)
        assert "thesis.db" in text
        assert "1 ensemble-instruct ✓ done 5 / 24 3 0" in without_bars(text)
        assert "r review 3 results" in text
        await pilot.press("enter")
        await settle(pilot)
        assert "1 of 3" in seen(pilot.app)


async def test_an_unfinished_run_is_the_first_thing_offered(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "half.db"
    fill(path, TASKS[:2], state="stopped")
    async with drive(path) as pilot:
        text = squeezed(pilot.app)
        assert "■ stopped" in text
        assert text.index("g resume run 1: 2 of 24 instructions") < text.index("r review 2 results")


async def test_a_run_that_was_killed_is_called_interrupted(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    fill(path, TASKS[:2], state="running")
    async with drive(path) as pilot:
        assert "■ interrupted" in seen(pilot.app)


async def test_imported_candidates_are_reviewed_and_never_generated(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "given.db"
    outputs = (GivenOutput("a", "hi there"), GivenOutput("b", "hi there"))
    with Project.open(path, create=True) as made:
        line = GoodLine(1, GivenCandidates("Say hi.", "", outputs))
        import_candidates(made, "answers.jsonl", [line])
    async with drive(path) as pilot:
        text = squeezed(pilot.app)
        assert "1 candidates ✓ imported 1 1 0" in without_bars(text)
        assert "r review 1 result" in text
        assert "resume" not in text and "default run" not in text
        await pilot.press("g")
        await settle(pilot)
        assert "Say hi." not in seen(pilot.app), "no run to resume"
        await pilot.press("r")
        await settle(pilot)
        assert "Say hi." in seen(pilot.app) and "1 of 1" in seen(pilot.app)
        await pilot.press("a")
        await settle(pilot)
        await pilot.press("v", "v", "v", "v")
        await settle(pilot)
        assert "decided against the vote" in seen(pilot.app)


async def test_imported_seed_tasks_are_what_a_new_run_begins_with(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "seeds.db"
    rows = [NewSeed("A", "", "Halve it.", "8", "4"), NewSeed("B", "", "Say hi.", "", "hi")]
    with Project.open(path, create=True) as made:
        made.write_now(lambda c: runs.import_seeds(c, rows, "x.jsonl"))
        known = beginning(made).seeds
    assert [task.instruction for task in seed_tasks("", known)] == ["Halve it.", "Say hi."]
    assert len(seed_tasks("general", known)) > 100
    assert len(seed_tasks("", beginning(None).seeds)) > 2
    async with drive(path) as pilot:
        text = squeezed(pilot.app)
        assert "1 seed tasks ✓ imported" in without_bars(text) and "n new run" in text
        assert "resume run" not in text and "look again" not in text


async def test_when_all_is_decided_export_comes_first(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("a", "a", "a", "escape")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert text.index("E export to a file (3 decided)") < text.index("r look again")


async def test_a_project_is_opened_by_its_path_and_remembered(
    drive: Drive, project: Path, tmp_path: Path
) -> None:
    async with drive() as pilot:
        await pilot.press("o", *keys(str(project)), "enter")
        await settle(pilot)
        assert "review 3 results" in seen(pilot.app)
    remembered = json.loads((tmp_path / "state" / "screens.json").read_text("utf-8"))
    assert remembered["recent"] == [str(project)]
    async with drive() as pilot:
        assert "recent projects" in seen(pilot.app) and "thesis.db" in seen(pilot.app)
        await pilot.press("tab", "enter")
        await settle(pilot)
        assert "review 3 results" in seen(pilot.app)


async def test_what_was_decided_just_before_leaving_stands_beside_a_recent_project(
    drive: Drive, project: Path
) -> None:
    async with drive(project) as pilot:
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("a", "a")
        await settle(pilot)
    async with drive() as pilot:
        assert "2 of 3 decided" in seen(pilot.app)


async def test_where_the_vote_kept_nothing_screens_say_so_and_lead_to_what_was_dropped(
    drive: Drive, tmp_path: Path
) -> None:
    path = tmp_path / "none.db"
    fill(path, [Task(f"Task number {at}.", "", ("alpha", "beta", "gamma")) for at in range(3)])
    async with drive(path) as pilot:
        text = squeezed(pilot.app)
        assert (
            "D nothing was kept: see why 3 items were dropped" in text and "everything is decided" not in text
        )
        await pilot.press("r")
        await settle(pilot)
        assert "Nothing was kept: the vote dropped 3 items." in squeezed(pilot.app)
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert "Data" in squeezed(pilot.app)


async def test_where_all_runs_are_hidden_screens_say_so(drive: Drive, project: Path) -> None:
    with Project.open(project) as opened:
        opened.write_now(lambda c: runs.hide(c, runs.get(c).number, hidden=True))
    async with drive(project) as pilot:
        assert "H show a hidden run again" in squeezed(pilot.app)
        await pilot.press("r")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Nothing to review yet." in text and "Left out: 1 hidden run; H on Home shows" in text
        await pilot.press("escape", "D")
        await settle(pilot)
        assert "without 1 hidden run" in squeezed(pilot.app)
        await pilot.press("escape", "E")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "consensus 0 rows" in text
        assert "Left out: 3 items of hidden runs; H on Home shows them again." in text
        await pilot.press("escape", "home", "enter", "1")
        await settle(pilot)
        assert "show a hidden run again" not in squeezed(pilot.app) and "r review 3" in squeezed(pilot.app)


async def test_a_recent_project_is_opened_from_the_question(
    drive: Drive, project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    fill(other, TASKS[:1])
    async with drive(other):
        pass
    async with drive(project) as pilot:
        await pilot.press("o", "down", "down", "enter")
        await settle(pilot)
        assert "other.db" in seen(pilot.app) and "review 1 result" in squeezed(pilot.app)


async def test_what_is_no_project_is_refused_with_a_hint_and_home_stays(drive: Drive, tmp_path: Path) -> None:
    bad = tmp_path / "notes.txt"
    bad.write_text("just notes, no database at all " * 100)
    for path in (bad, tmp_path, tmp_path / "nothing" / "here.db"):
        async with drive(path) as pilot:
            assert "This did not work" in seen(pilot.app)
            await pilot.press("enter")
            await settle(pilot)
            assert "try it" in seen(pilot.app)
    assert bad.read_text().startswith("just notes")


async def test_a_project_that_does_not_exist_is_made(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    async with drive(path) as pilot:
        assert "No run yet." in seen(pilot.app)
        assert "make the default run here" in seen(pilot.app)
    Project.open(path).close()


async def test_an_unknown_home_folder_is_an_error_and_no_crash(drive: Drive) -> None:
    async with drive() as pilot:
        await pilot.press("o", *keys("~nobody-here/x.db"), "enter")
        await settle(pilot)
        assert "No such home folder." in squeezed(pilot.app)


async def test_the_project_is_free_again_after_quitting(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        assert isinstance(pilot.app, QuorumApp)
        await pilot.press("q")
        await settle(pilot)
    Project.open(project).close()


async def test_a_small_terminal_says_so_in_one_line_and_decides_nothing(drive: Drive, project: Path) -> None:
    async with drive(project, (59, 24)) as pilot:
        assert squeezed(pilot.app).strip() == "Quorum needs 60 × 20 cells; this terminal is 59 × 24."
        await pilot.resize_terminal(120, 36)
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.resize_terminal(100, 19)
        await settle(pilot)
        assert squeezed(pilot.app).strip() == "Quorum needs 60 × 20 cells; this terminal is 100 × 19."
        await pilot.press("a", "x")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "decided 0 · 3 left" in squeezed(pilot.app)


async def test_many_runs_and_long_names_stay_in_their_columns(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    with Project.open(path, create=True) as made:
        for _ in range(30):
            made.write_now(lambda c: start_run(c, "done", ("a" * 300, "b")))
    async with drive(path, (80, 24)) as pilot:
        text = seen(pilot.app)
        assert "30  ensemble-instruct" in text and "and 24 older runs" in text
        assert "n       new run" in text


def keys(text: str) -> list[str]:
    """Return the keys that type `text`."""
    names = {"/": "slash", ".": "full_stop", "-": "minus", "_": "underscore", "~": "tilde", " ": "space"}
    return [names.get(letter, letter) for letter in text]


async def test_nothing_can_be_begun_before_the_named_project_is_open(
    drive: Drive, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_open = threading.Event()
    really_open = Project.open

    def open_late(*args: Any, **more: Any) -> Project:
        may_open.wait()
        return really_open(*args, **more)

    monkeypatch.setattr(Project, "open", open_late)
    monkeypatch.chdir(tmp_path)
    app = QuorumApp(
        project, "ann", memory=Memory.load(tmp_path / "screens.json"), keys=tmp_path / "keys.toml"
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Opening thesis.db …" in seen(app) and "try it" not in seen(app)
        await pilot.press("enter", "n", "o", "i", "enter")
        assert isinstance(app.screen, HomeScreen)
        assert not (tmp_path / FIRST_PROJECT).exists()
        may_open.set()
        await settle(pilot)
        assert "review 3 results" in squeezed(app) and "Opening" not in seen(app)
        await app.close_project()


async def test_a_run_is_hidden_by_a_key_and_shown_again(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        assert isinstance(pilot.app, QuorumApp) and pilot.app.project is not None
        opened = pilot.app.project
        await pilot.press("H", "enter")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "○ hidden" in text and "result" not in text and "export to a file" not in text
        assert await opened.fetch(generated.pool_texts) == []
        assert await opened.fetch(lambda c: list(exportable.rows(c, exportable.Selection()))) == []
        assert await opened.fetch(lambda c: len(stored_review.numbers(c))) == 0
        await pilot.press("H", "enter")
        await settle(pilot)
        assert "r review 3 results" in squeezed(pilot.app)
        assert len(await opened.fetch(generated.pool_texts)) == 5
