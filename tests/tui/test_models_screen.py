from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from app.engine.catalog import BundledModels
from app.method.audition import Audition, Score
from app.method.writer_audition import Manner, WriterAudition, WriterScore
from app.run import audition, writer_audition
from app.tui.app import QuorumApp
from app.tui.screens import models as models_screen
from app.tui.widgets.models import FoundList
from tests.engine.tiny_gguf import COMPLETE, COMPLETE_TENSORS, build, write
from tests.hostile import HOSTILE
from tests.tui.conftest import Drive
from tests.tui.test_home_screen import keys
from tests.tui.visible_text import seen, settle, squeezed, until


@pytest.fixture
def broken(drive: Drive, tmp_path: Path) -> Path:
    """A download that went wrong, in the models folder of the folder the app starts in."""
    folder = tmp_path / "work" / "models"
    folder.mkdir()
    return write(folder / "page.gguf", b"<html>")


async def test_the_models_of_this_machine_are_listed_a_line_each(
    drive: Drive, bundled_models: BundledModels, size: tuple[int, int], broken: Path
) -> None:
    async with drive(None, size) as pilot:
        await pilot.press("m")
        await settle(pilot)
        lines = seen(pilot.app).splitlines()
        assert "3 models of 4 files" in lines[0]
        listed = [line.split()[:2] for line in lines if "Quorum " in line[4:20] or "✗" in line]
        assert listed[:4] == [["✓", "Quorum"]] * 3 + [["✗", broken.name]]
        text = squeezed(pilot.app)
        for facts in ("Q8_0 1,024 few-shot writes", "Q8_0 512 chat writes", "Q8_0 512 zero-shot"):
            assert facts in text
        assert "page.gguf this is a web page" in text


async def test_the_highlighted_model_is_told_about(
    drive: Drive, bundled_models: BundledModels, size: tuple[int, int]
) -> None:
    async with drive(None, size) as pilot:
        await pilot.press("m", "down")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Quorum Chat file " in text and "found in ships with Quorum" in text
        assert "template its own" in text and "licence apache-2.0" in text
        assert "roles writer, answerer (chat)" in text and "memory needs 0." in text
        assert "asked as it was trained: so small a model is not auditioned by a run" in text
        await pilot.press("t")
        await settle(pilot)
        assert "Chat template of Quorum Chat" in seen(pilot.app) and "messages" in seen(pilot.app)
        await pilot.press("escape", "down", "t")
        await settle(pilot)
        assert "none: an encoder-decoder" in squeezed(pilot.app)
        assert "Chat template of" not in seen(pilot.app)


async def test_the_latest_audition_of_a_model_is_told(
    drive: Drive, bundled_models: BundledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    score = Score("few-shot", 40, 0.6, 0.55, 0.6, 1.0, 0.0, 0.0, 0.1, 0.0)
    monkeypatch.setattr(audition, "latest", lambda _header: ("distill", Audition((score,), 40)))
    chat = Manner("chat", 0.7, 0.05)
    wrote = WriterAudition((WriterScore(chat, 16, 60, 45, 900),), chat)
    monkeypatch.setattr(writer_audition, "latest", lambda _header: ("alpaca", wrote))
    async with drive() as pilot:
        await pilot.press("m")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "asked few-shot: 55% of 40 answers exact, score 0.60 (recipe distill)" in text
        usable = "45 of 60 instructions usable (recipe alpaca)"
        assert f"writes chat, temperature 0.7, min-p 0.05: {usable}" in text


async def test_a_model_is_checked_step_by_step_and_the_report_stays(
    drive: Drive, bundled_models: BundledModels
) -> None:
    async with drive() as pilot:
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("down", "c")
        await settle(pilot)
        text = squeezed(pilot.app)
        for words in ("✓ header gpt2", "✓ loading", "✓ template its own chat template renders", "✓ answer"):
            assert words in text
        assert "This model can be used." in text
        await pilot.press("down")
        await settle(pilot)
        assert "This model can be used." not in squeezed(pilot.app)
        await pilot.press("up")
        await settle(pilot)
        assert "This model can be used." in squeezed(pilot.app)


async def test_a_model_that_does_not_load_says_why_and_the_app_goes_on(drive: Drive, tmp_path: Path) -> None:
    write(tmp_path / "work" / "half.gguf", build(COMPLETE, COMPLETE_TENSORS[:4]))
    async with drive() as pilot:
        await pilot.press("m", "a", *keys("half.gguf"), "enter")
        await settle(pilot)
        await pilot.press("end", "enter")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "✓ header" in text and "✗ half.gguf cannot be loaded" in text
        await pilot.press("escape")
        await settle(pilot)
        assert "Home" in seen(pilot.app).splitlines()[0]


async def test_a_path_added_here_is_offered_for_a_new_run(
    drive: Drive, bundled_models: BundledModels, tmp_path: Path
) -> None:
    shutil.copy(bundled_models.writer, tmp_path / "work" / "mine.gguf")
    async with drive() as pilot:
        await pilot.press("m", "a", *keys("mine.gguf"), "enter")
        await settle(pilot)
        assert "4 models of 4 files" in seen(pilot.app)
        await pilot.press("n")
        await settle(pilot)
        assert "New run" in seen(pilot.app).splitlines()[0]
        assert seen(pilot.app).count("○ writes") == 2


async def test_leaving_in_the_middle_of_a_check_ends_its_worker(
    drive: Drive, bundled_models: BundledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()
    begun = asyncio.Event()

    async def endless(path: Path, **_: object):  # type: ignore[no-untyped-def]
        try:
            begun.set()
            await asyncio.Event().wait()
            yield
        finally:
            await asyncio.sleep(0)
            ended.set()

    monkeypatch.setattr(models_screen, "check", endless)
    async with drive() as pilot:
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("c")
        await until(pilot, begun.is_set, "the check")
        await pilot.press("down", "c")
        assert "Another model is being checked" in squeezed(pilot.app)
        await pilot.press("escape")
        await until(pilot, ended.is_set, "the end of the check")


@pytest.mark.parametrize("name", ["escape", "markup end", "right to left", "long", "query"])
async def test_names_and_templates_of_strangers_are_shown_harmless(
    drive: Drive, tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    text = HOSTILE[name]
    metadata = COMPLETE | {
        "general.name": text,
        "general.license": text,
        "tokenizer.chat_template": text + "{{ messages }}",
    }
    path = write(tmp_path / "stranger.gguf", build(metadata, COMPLETE_TENSORS))
    async with drive(None, size) as pilot:
        assert isinstance(pilot.app, QuorumApp)
        pilot.app.added_models.append(path)
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("end")
        await settle(pilot)
        found = seen(pilot.app)
        chosen = pilot.app.screen.query_one(FoundList).chosen
        assert chosen is not None and chosen.file.path == path and "stranger" in found
        await pilot.press("t")
        await settle(pilot)
        assert "Chat template of" in seen(pilot.app)
        for shown in (found, seen(pilot.app)):
            assert not set(shown) & {"\x1b", "\u202e", "\x9b", "\x07"}
