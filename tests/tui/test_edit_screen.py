"""Edit: the other answers beside the text, and a person's own editor on it."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from textual.app import App
from textual.message import Message

from app.errors import QuorumError
from app.store import decisions, review_state
from app.store import review as stored_review
from app.store.project import Project
from app.tui import external
from app.tui.host import Place
from app.tui.screens import writing
from app.tui.terminal import EndRequested, TerminalClosed
from tests.tui.conftest import Drive, OpenReview
from tests.tui.visible_text import seen, settle, squeezed, until

EDITOR = """#!/bin/sh
stat -c %a "$1" > {told}
echo "$1" >> {told}
printf 'from the editor' >> "$1"
exit {status}
"""


def set_editor(folder: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> Path:
    """Make an editor that adds a few words and tells what it was given; return the file in which it tells."""
    told, script = folder / "told", folder / "my editor"
    script.write_text(EDITOR.format(told=told, status=status))
    script.chmod(0o700)
    monkeypatch.setenv("VISUAL", f"'{script}'")
    monkeypatch.setenv("EDITOR", "/nowhere")

    def suspended(app: App[None]) -> AbstractContextManager[None]:
        return nullcontext()

    monkeypatch.setattr(App, "suspend", suspended)
    return told


def mode_and_presence(told: Path) -> tuple[str, bool]:
    """Return the mode of the file that the editor was given, and whether it is still there."""
    mode, place = told.read_text().split()
    return mode, Path(place).exists()


def state(project: Path) -> review_state.ReviewState:
    with Project.open(project, read_only=True) as opened:
        return opened.read(lambda c: decisions.state_of(c, stored_review.id_of(c, 2)))


async def test_other_answers_stand_beside_the_text_or_one_key_away(review: OpenReview) -> None:
    async with review(size=(140, 36)) as pilot:
        await pilot.press("e")
        await settle(pilot)
        window = squeezed(pilot.app).partition("Edit #0002")[2]
        assert "Lisbon 2 qwen2.5-7b" in window and "The capital is Porto." in window
    async with review(size=(80, 24)) as pilot:
        await pilot.press("e", "ctrl+o")
        await settle(pilot)
        assert "Porto" in squeezed(pilot.app).partition("Edit #0002")[2]
        await pilot.press("ctrl+o", *"boa")
        await settle(pilot)
        assert "Lisbonboa" in seen(pilot.app)


async def test_a_persons_own_editor_edits_the_text(
    review: OpenReview, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = set_editor(tmp_path, monkeypatch)
    async with review() as pilot:
        await pilot.press("e", *", ", "ctrl+e")
        await settle(pilot)
        assert "Lisbon, from the editor" in seen(pilot.app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert mode_and_presence(told) == ("600", False)
    assert state(project).text == "Lisbon, from the editor"


async def test_an_editor_that_fails_loses_nothing(
    review: OpenReview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_editor(tmp_path, monkeypatch, status=3)
    async with review() as pilot:
        await pilot.press("e", *"boa", "ctrl+e")
        await settle(pilot)
        assert "ended with status 3" in squeezed(pilot.app)
        monkeypatch.setenv("VISUAL", "no-such-editor-here -w")
        await pilot.press("enter", "ctrl+e")
        await settle(pilot)
        assert "'no-such-editor-here' cannot be started: No such file" in squeezed(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Lisbonboa" in seen(pilot.app)


@pytest.mark.parametrize("chosen", ["", "  ", "vi 'open"])
def test_no_editor_is_one_clear_message(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("VISUAL", chosen)
    monkeypatch.delenv("EDITOR", raising=False)
    with pytest.raises(QuorumError, match=r"No editor is set|cannot be read"):
        external.command()


async def test_quitting_does_not_throw_a_changed_text_away_by_one_key(review: OpenReview) -> None:
    async with review(size=(80, 24)) as pilot:
        await pilot.press("e", "x", "ctrl+q")
        await settle(pilot)
        assert "Not saved. Press Ctrl+S to save" in squeezed(pilot.app) and pilot.app.is_running
        await pilot.press("ctrl+q")
        await settle(pilot)
        assert not pilot.app.is_running


async def test_a_text_is_kept_while_it_is_edited_and_told_from_one_that_changed_since(
    review: OpenReview, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "KEEP_SECONDS", 0.01)
    async with review() as pilot:
        await pilot.press("e", *"boa")
        await until(pilot, lambda: "Lisbonboa" in kept(tmp_path), "keeping the text")
        shutil.copytree(tmp_path / "state", tmp_path / "killed")
        await pilot.press("backspace", "backspace", "backspace")
        await until(pilot, lambda: not kept(tmp_path), "dropping a text that is as it was")
        await pilot.press("x", "escape", "escape", "1")
        await settle(pilot)
        assert not kept(tmp_path)
        await pilot.press("p", "e", "!", "ctrl+s")
        await settle(pilot)
        shutil.copytree(tmp_path / "killed", tmp_path / "state", dirs_exist_ok=True)
        await pilot.press("p", "e")
        await settle(pilot)
        assert "What it was begun on was changed since." in squeezed(pilot.app) and "Lisbonboa" in seen(
            pilot.app
        )
        await pilot.press("escape", "escape", "e")
        await settle(pilot)
        assert "Lisbon!" in seen(pilot.app) and "not saved when" not in seen(pilot.app)


def kept(folder: Path) -> str:
    """Return the texts that are kept, as their files hold them."""
    return "".join(file.read_text("utf-8") for file in folder.glob("state/drafts/*.json"))


@pytest.mark.parametrize("ended", [EndRequested, TerminalClosed])
async def test_a_text_that_was_not_saved_as_the_app_was_ended_is_there_the_next_time(
    review: OpenReview, project: Path, monkeypatch: pytest.MonkeyPatch, ended: type[Message]
) -> None:
    monkeypatch.setattr(os, "_exit", lambda _status: None)
    async with review(size=(80, 24)) as pilot:
        await pilot.press("e", *"boa")
        pilot.app.post_message(ended())
        await settle(pilot)
    async with review(size=(80, 24)) as pilot:
        await pilot.press("e")
        await settle(pilot)
        assert "Lisbonboa" in seen(pilot.app) and "was not saved when Quorum was ended" in seen(pilot.app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("p", "e")
        await settle(pilot)
        assert "was not saved when" not in seen(pilot.app)
    assert state(project).text == "Lisbonboa"


async def test_a_text_begun_on_one_answer_is_not_offered_as_an_edit_of_another(review: OpenReview) -> None:
    async with review() as pilot:
        await pilot.press("e", "y")
        await settle(pilot)
        pilot.app.post_message(EndRequested())
        await settle(pilot)
    async with review() as pilot:
        await pilot.press("right", "right", "e")
        await settle(pilot)
        assert "Edit #0002" in seen(pilot.app) and "was not saved when" not in seen(pilot.app)
        await pilot.press("escape", "left", "e")
        await settle(pilot)
        assert "was not saved when Quorum was ended" in seen(pilot.app)


@pytest.mark.parametrize(("place", "opens"), [("review", "m"), ("judge", "k")])
async def test_a_note_and_a_guideline_are_there_the_next_time_too(
    drive: Drive, project: Path, tmp_path: Path, place: Place, opens: str
) -> None:
    async with drive(project) as pilot:
        pilot.app.go(place)  # type: ignore[attr-defined]
        await settle(pilot)
        await pilot.press(opens, *"zyx")
        pilot.app.post_message(EndRequested())
        await settle(pilot)
    async with drive(project) as pilot:
        pilot.app.go(place)  # type: ignore[attr-defined]
        await settle(pilot)
        await pilot.press(opens)
        await settle(pilot)
        assert "zyx" in seen(pilot.app) and "was not saved when Quorum was ended" in squeezed(pilot.app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert not kept(tmp_path)
        await pilot.press(opens)
        await settle(pilot)
        assert "zyx" in seen(pilot.app) and "was not saved when" not in seen(pilot.app)
