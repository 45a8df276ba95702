"""The manual in the app: found from every screen, read, searched and left by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Footer

from app import pages
from app.tui.app import QuorumApp
from app.tui.widgets.fields import PathInput
from app.tui.widgets.pages import PageList, PageView
from tests.hostile import HOSTILE
from tests.tui.conftest import Drive
from tests.tui.visible_text import seen, settle, squeezed, until

BIG = (200, 50)


def typed(text: str) -> list[str]:
    """Return the keys that type a text."""
    names = {" ": "space", "-": "minus", "_": "underscore"}
    return [names.get(letter, letter) for letter in text]


async def opened(pilot: Pilot[None]) -> None:
    """Open the manual from the help of the screen that is shown."""
    await pilot.press("question_mark", "m")
    await until(pilot, lambda: "Manual" in seen(pilot.app).splitlines()[0], "the manual")
    await settle(pilot)


def title(pilot: Pilot[None]) -> str:
    return seen(pilot.app).splitlines()[0]


async def test_it_opens_from_the_help_and_the_palette_and_escape_leaves_it(
    drive: Drive, size: tuple[int, int]
) -> None:
    async with drive(None, size) as pilot:
        await pilot.press("question_mark")
        await settle(pilot)
        assert "m manual" in squeezed(pilot.app)
        await pilot.press("escape")
        await opened(pilot)
        assert "Getting started" in title(pilot) and "Python 3.11 or newer" in squeezed(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Home" in title(pilot)
        await pilot.press("ctrl+p", *typed("manual"))
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Manual" in title(pilot), "the manual")


@pytest.mark.parametrize(
    ("key", "page", "told"),
    [
        ("m", "Models", "Any GGUF file"),
        ("n", "Models", "Any GGUF file"),
        ("r", "Review", "Equal answers share"),
    ],
)
async def test_it_opens_at_what_it_says_of_the_screen(
    drive: Drive, project: Path, key: str, page: str, told: str
) -> None:
    async with drive(project) as pilot:
        await pilot.press(key)
        await settle(pilot)
        if key == "n":
            pilot.app.set_focus(None)
        await opened(pilot)
        assert page in title(pilot) and told in squeezed(pilot.app)


@pytest.mark.parametrize("size", [(80, 24), BIG], ids=str)
async def test_every_page_is_laid_out_and_the_footer_fits(drive: Drive, size: tuple[int, int]) -> None:
    shown = pages.all_pages() if size == (80, 24) else pages.all_pages()[:3]
    async with drive(None, size) as pilot:
        await opened(pilot)
        for one in shown:
            assert one.title in title(pilot)
            assert one.purpose.split(",")[0] in squeezed_page(pilot)
            keys = list(pilot.app.screen.query_one(Footer).children)
            assert 1 <= len(keys) <= 7 and sum(key.outer_size.width for key in keys) <= size[0]
            await pilot.press("right")
            await settle(pilot)


def squeezed_page(pilot: Pilot[None]) -> str:
    """Return what is visible of the page, without the list beside it."""
    view = pilot.app.screen.query_one(PageView)
    lines = seen(pilot.app).splitlines()[view.region.y : view.region.bottom]
    return " ".join(" ".join(line[view.region.x : view.region.right] for line in lines).split())


async def test_a_page_is_scrolled_by_keys(drive: Drive) -> None:
    async with drive(None, (80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("G")
        await settle(pilot)
        assert "do all of it without screens" in squeezed_page(pilot)
        await pilot.press("g")
        await settle(pilot)
        assert "Install Quorum" in squeezed_page(pilot)
        await pilot.press("pagedown", "down")
        await settle(pilot)
        assert "Install Quorum" not in squeezed_page(pilot)


async def test_the_list_leads_to_pages_and_to_their_parts(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(None, size) as pilot:
        await opened(pilot)
        await pilot.press("tab", *["down"] * 4, "down", "enter")
        await settle(pilot)
        assert "Models" in title(pilot)
        await pilot.press("tab", *["down"] * 5, "enter")
        await until(pilot, lambda: "in a container" in squeezed_page(pilot).lower(), "the part about memory")
        assert "Memory" in squeezed_page(pilot) and "Any GGUF file" not in squeezed_page(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "Any GGUF file" in squeezed_page(pilot), "the way back")
        await pilot.press("b")
        await until(pilot, lambda: "Getting started" in title(pilot), "the way back")
        assert "back to" not in seen(pilot.app).splitlines()[-1]


async def test_a_search_lists_lines_of_all_pages_and_goes_to_them(
    drive: Drive, size: tuple[int, int]
) -> None:
    hits = pages.find("peru")
    assert len({hit.topic for hit in hits}) == 2
    async with drive(None, size) as pilot:
        await opened(pilot)
        assert "next hit" not in seen(pilot.app).splitlines()[-1]
        await pilot.press("slash", *typed("Peru"))
        await settle(pilot)
        assert f"{len(hits)} hits" in squeezed(pilot.app)
        await pilot.press("down", "up", "enter")
        for at, hit in enumerate(hits, start=1):
            where = f"hit {at} of {len(hits)} for “Peru”"
            await until(pilot, lambda where=where: where in squeezed(pilot.app), where)
            await settle(pilot)
            assert pages.page(hit.topic).title in title(pilot)
            assert "peru" in squeezed_page(pilot).lower(), hit
            await pilot.press("n")
        await until(pilot, lambda: "hit 1 of" in squeezed(pilot.app), "the first hit again")
        await pilot.press("N")
        await until(pilot, lambda: f"hit {len(hits)} of" in squeezed(pilot.app), "the last hit")


async def test_a_hit_in_a_table_or_in_code_is_in_sight(drive: Drive) -> None:
    async with drive(None, (80, 24)) as pilot:
        await opened(pilot)
        for phrase in ("--no-calibration", "zephyr.nectar", "read-only", "llama-gguf-split", "event_items"):
            await pilot.press("slash", *["backspace"] * 20, *typed(phrase), "enter")
            await until(pilot, lambda p=phrase: f"“{p}”" in squeezed(pilot.app), phrase)
            await settle(pilot)
            assert phrase.replace(" ", "") in squeezed_page(pilot).replace(" ", ""), phrase


async def test_a_search_without_hits_says_so_and_changes_nothing(drive: Drive) -> None:
    async with drive(None) as pilot:
        await opened(pilot)
        await pilot.press("slash", *typed("xyzzy"))
        await settle(pilot)
        assert "0 hits" in squeezed(pilot.app)
        await pilot.press("enter", "escape")
        await settle(pilot)
        assert "Getting started" in title(pilot) and "hit 1 of" not in seen(pilot.app)


async def test_links_are_followed_by_keys_and_by_the_mouse(drive: Drive) -> None:
    async with drive(None, BIG) as pilot:
        await opened(pilot)
        await pilot.press("l")
        await settle(pilot)
        assert "models.md#gpu" in seen(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: "has not run on a real GPU" in squeezed_page(pilot), "the part about GPUs")
        await pilot.press("b")
        await until(pilot, lambda: "Getting started" in title(pilot), "the way back")
        await pilot.press("G")
        await settle(pilot)
        lines = seen(pilot.app).splitlines()
        [y] = [at for at, line in enumerate(lines) if "describe the tasks you want" in line]
        await pilot.click(offset=(lines[y].index("Seed tasks:") + 2, y))
        await until(pilot, lambda: "Seed tasks" in title(pilot), "the page behind the link")


async def test_an_address_outside_is_shown_and_not_opened(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a browser was opened")

    monkeypatch.setattr(QuorumApp, "open_url", never)
    monkeypatch.setattr(pages, "links", lambda _: [("the paper", "https://arxiv.org/abs/2310.13961")])
    async with drive(None) as pilot:
        await opened(pilot)
        await pilot.press("l", "enter")
        await until(pilot, lambda: "https://arxiv.org" in seen(pilot.app), "the address")
        assert "Getting started" in title(pilot)


async def test_whatever_is_searched_for_is_shown_harmlessly(drive: Drive) -> None:
    async with drive(None) as pilot:
        await opened(pilot)
        await pilot.press("slash")
        await settle(pilot)
        for text in HOSTILE.values():
            pilot.app.screen.query_one(PathInput).post_message(Paste(text))
            await settle(pilot)
            assert "Search the manual" in seen(pilot.app)
            await pilot.press("ctrl+u")
        await pilot.press("escape")
        await settle(pilot)
        assert "Getting started" in title(pilot)


async def test_the_manual_from_its_own_help_is_the_same_screen(drive: Drive) -> None:
    async with drive(None) as pilot:
        await opened(pilot)
        await pilot.press("right", "question_mark", "m")
        await settle(pilot)
        assert "How it works" in title(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "Home" in title(pilot)


async def test_a_terminal_that_is_too_small_says_so_and_keeps_the_place(drive: Drive) -> None:
    async with drive(None) as pilot:
        await opened(pilot)
        await pilot.press("right")
        await settle(pilot)
        await pilot.resize_terminal(59, 20)
        await settle(pilot)
        assert "60 × 20" in squeezed(pilot.app)
        await pilot.press("right")
        await pilot.resize_terminal(120, 36)
        await settle(pilot)
        assert "How it works" in title(pilot)
        assert pilot.app.screen.query_one(PageList).highlighted == 1
