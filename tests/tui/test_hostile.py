"""Hostile text on every screen: nothing crashes, nothing is obeyed, nothing hidden stays hidden."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from app.errors import QuorumError
from app.run.progress import LatestText, ModelProgress, RunSnapshot, RunState, StageProgress
from app.store import runs
from app.store.project import Project
from app.tui.app import QuorumApp
from app.tui.literal import literal_line
from tests.hostile import HOSTILE
from tests.tui.conftest import Drive, OpenReview
from tests.tui.filled_projects import Task, fill
from tests.tui.visible_text import seen, settle, squeezed

STORABLE = {name: text for name, text in HOSTILE.items() if name != "surrogate"}
"""sqlite refuses lone surrogates; the store repairs them, which its own tests hold."""


@pytest.fixture(scope="module")
def hostile_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every hostile text as instruction, input, outputs, and as the models' names."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    names = (STORABLE["escape"], STORABLE["markup end"], STORABLE["right to left"])
    tasks = [
        Task(f"{number} {text}", text, (text, text + " and more", text[::-1]))
        for number, text in enumerate(HOSTILE.values())
    ]
    fill(path, tasks, state="stopped", names=names)
    with Project.open(path) as project:
        run = project.read(lambda c: runs.get(c))
        project.write_now(lambda c: runs.set_state(c, run.id, "failed", STORABLE["clipboard"]))
    return path


async def look_at(pilot: Pilot[None]) -> str:
    """Return what is seen; reading the picture fails where a control character reached it."""
    await settle(pilot)
    text = seen(pilot.app)
    assert not set(text) & {chr(code) for code in (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0))}
    assert not set(text) & set("\u202e\u202c\u200b\u2060\u2028\u2029\ufeff")
    return text


async def test_review_shows_every_hostile_text(
    review: OpenReview, hostile_project: Path, size: tuple[int, int]
) -> None:
    async with review(hostile_project, size) as pilot:
        await pilot.press("v", "2", "o", "3", "g")
        for number in range(len(HOSTILE)):
            assert f"{number + 1} of {len(HOSTILE)}" in await look_at(pilot)
            await pilot.press("d", "n")


@pytest.mark.parametrize("key", ["z", "w", "e"])
async def test_every_window_over_review_shows_every_hostile_text(
    review: OpenReview, hostile_project: Path, key: str
) -> None:
    async with review(hostile_project, (80, 24)) as pilot:
        await pilot.press("v", "2", "o", "3", "g")
        for _ in HOSTILE:
            await pilot.press(key, "end")
            await look_at(pilot)
            await pilot.press("escape", "n")


async def test_brackets_are_shown_as_they_are(review: OpenReview, tmp_path: Path) -> None:
    path = tmp_path / "code.db"
    code = "list[int] a[i] = b[j] [TODO] fix [/INST] [bold]x[/bold] [@click=app.quit]quit[/]"
    fill(path, [Task(code, code, (f"{code} it says", f"{code} it says", f"{code} it says"))])
    async with review(path, (120, 36)) as pilot:
        text = await look_at(pilot)
        assert text.count(code) == 3
        await pilot.click("#task-instruction", offset=(code.index("quit[/]") + 1, 0))
        await settle(pilot)
        assert pilot.app.is_running and "1 of 1" in seen(pilot.app)


MARKS = {
    "escape": "␛[2J",
    "right to left": "⟨202E⟩",
    "eight bit": "⟨009B⟩",
    "nul": "before␀after",
    "carriage return": "safe␍EVIL",
    "zero width": "a⟨200B⟩b",
}


@pytest.mark.parametrize("name", MARKS)
async def test_hidden_characters_are_seen_and_counted(review: OpenReview, tmp_path: Path, name: str) -> None:
    path = tmp_path / "hidden.db"
    text = STORABLE[name]
    fill(path, [Task("Say it.", "", (text, text, text))])
    async with review(path, (120, 36)) as pilot:
        await pilot.press("v", "2")
        assert "hidden character" in await look_at(pilot)
        assert MARKS[name] in seen(pilot.app)


async def test_an_edit_saves_what_is_seen_and_an_untouched_text_stays_as_it_was(
    review: OpenReview, tmp_path: Path
) -> None:
    path = tmp_path / "edit.db"
    raw = "if x:\n\treturn \x1b[31m\u202e"
    fill(path, [Task("One.", "", (raw, raw, raw)), Task("Two.", "", (raw, raw, raw))])
    async with review(path) as pilot:
        await pilot.press("e", "!", "ctrl+s")
        await look_at(pilot)
        await pilot.press("e", "ctrl+s")
        await look_at(pilot)
    with Project.open(path, read_only=True) as project:
        texts = project.read(
            lambda c: [row[0] for row in c.execute("SELECT text FROM event_items ORDER BY event")]
        )
    assert texts == ["if x:\n\treturn ␛[31m⟨202E⟩!", raw]


async def test_what_is_pasted_into_fields_is_made_visible(review: OpenReview) -> None:
    from textual import events

    async with review() as pilot:
        await pilot.press("e")
        await settle(pilot)
        pilot.app.post_message(events.Paste("\x1b[2J\u202epasted"))
        assert "␛[2J⟨202E⟩pasted" in await look_at(pilot)
        await pilot.press("escape", "escape", "escape", "o")
        await settle(pilot)
        pilot.app.post_message(events.Paste("\x1b]0;t\x07.db\nsecond line"))
        assert "␛]0;t␇.db" in await look_at(pilot)


def picture(text: str) -> RunSnapshot:
    """Return a picture of a run in which everything foreign is `text`."""
    stage = StageProgress("instructions", 3, 24, 2, {text: 1, text + "x": 2}, text)
    model = ModelProgress(text, text, ("writer",), "restarting", 3, 1.5, 4, 10**9, 2, text)
    return RunSnapshot(
        1,
        text,
        RunState.FAILED,
        24,
        (stage,),
        (model, replace(model, state="working", writing=text)),
        (LatestText("A", text, text),),
        (text,),
        9.0,
        None,
        text,
    )


async def test_the_run_screen_shows_hostile_names_reasons_and_errors(
    drive: Drive, project: Path, size: tuple[int, int]
) -> None:
    async with drive(project, size) as pilot:
        assert isinstance(pilot.app, QuorumApp)
        for text in HOSTILE.values():
            pilot.app.running.listen(picture(text))
            pilot.app.go("run")
            assert "instructions" in await look_at(pilot)
            await pilot.press("escape")


async def test_errors_and_messages_show_hostile_words(drive: Drive) -> None:
    async with drive() as pilot:
        assert isinstance(pilot.app, QuorumApp)
        for text in HOSTILE.values():
            pilot.app.show_error(QuorumError(text, text))
            pilot.app.say(literal_line(text, 60))
            assert "This did not work" in await look_at(pilot)
            await pilot.press("escape")
            await look_at(pilot)


async def test_home_and_export_show_a_hostile_project(
    drive: Drive, hostile_project: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    named = tmp_path / "\x1b[31m[b]\u202e.db"
    shutil.copy(hostile_project, named)
    async with drive(named, size) as pilot:
        assert "␛[31m[b]⟨202E⟩.db" in await look_at(pilot)
        await pilot.press("E")
        assert "quorum.jsonl" in await look_at(pilot)
        await pilot.press("enter")
        assert "rows written" in await look_at(pilot)
        await pilot.press("escape", "o")
        assert "⟨202E⟩" in await look_at(pilot)
        await pilot.press("escape", "n")
        await look_at(pilot)


async def test_a_locked_project_with_a_hostile_name_is_asked_about(drive: Drive, tmp_path: Path) -> None:
    named = tmp_path / "[@click=app.quit]\x1b]52;c;aGVsbG8=\x07.db"
    with Project.open(named, create=True):
        async with drive(named) as pilot:
            assert "This project is in use" in await look_at(pilot)


async def test_a_text_of_two_hundred_thousand_characters_keeps_the_keys_working(
    review: OpenReview, tmp_path: Path
) -> None:
    path = tmp_path / "long.db"
    long = HOSTILE["long"]
    fill(path, [Task("Repeat.", long, (long, long + "y", "z"))])
    async with review(path) as pilot:
        await pilot.press("v", "2")
        assert "part 1 of 4" in squeezed(pilot.app) or "more lines" in await look_at(pilot)
        await pilot.press("e", "ctrl+end", "Q", "ctrl+s")
        await settle(pilot)
        await pilot.press("p")
        assert "✎ kept" in await look_at(pilot)


async def test_data_shows_hostile_names_and_texts_harmlessly(drive: Drive, hostile_project: Path) -> None:
    async with drive(hostile_project) as pilot:
        await pilot.press("D")
        await settle(pilot)
        # Models and agreement have the names, tasks their words, browse all texts.
        for keys in (("right",), ("right",), ("right",) * 4, ("left",) * 7, ("down",)):
            await pilot.press(*keys)
            await look_at(pilot)
        assert "item #0002" in await look_at(pilot)
