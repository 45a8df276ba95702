"""Keys that a person sets: read from a file, taken by the app, refused where they make no sense."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.errors import QuorumError
from app.tui import keys
from tests.cli.commands import quorum
from tests.tui.conftest import Drive, OpenReview
from tests.tui.visible_text import seen, settle, squeezed


def load(tmp_path: Path, text: str) -> dict[str, str]:
    place = tmp_path / "keys.toml"
    place.write_text(text, "utf-8")
    return keys.load(place)


def test_only_what_differs_is_taken_in_either_form(tmp_path: Path) -> None:
    text = """
        "review.flag" = "f"
        export.write = "f2"
        [review]
        accept = "K, f3"
        ask = ","
        find = "+"
    """
    assert load(tmp_path, text) == {
        "export.write": "f2",
        "review.accept": "K,f3",
        "review.ask": "comma",
        "review.find": "plus",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('"review.accept" = ' + "9" * 5000, "a number of thousands of digits", id="digits"),
        ("review.acept = 'z'", "no key is called 'review.acept'"),
        ("review.accept = 1", "review.accept has no key"),
        ("review.accept = ''", "review.accept has no key"),
        ("review.accept = 'a b'", "review.accept has no key"),
        ("review.accept = 'x'", "x would be the key for both review.reject and review.accept"),
        ("review.accept = 'f9'\nreview.edit = 'f9'", "f9 would be the key for both"),
        ("review.accept", "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(QuorumError, match=re.escape(told)):
        load(tmp_path, text)


def test_two_keys_can_change_places(tmp_path: Path) -> None:
    text = "review.accept = 'x'\nreview.reject = 'a'"
    assert load(tmp_path, text) == {"review.accept": "x", "review.reject": "a"}


def test_there_may_be_no_file(tmp_path: Path) -> None:
    assert keys.load(tmp_path / "none.toml") == {}


async def test_the_app_takes_them_and_shows_them(review: OpenReview, tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text("review.accept = 'x,f5'\nreview.reject = 'a'\n", "utf-8")
    async with review() as pilot:
        assert "x accept" in squeezed(pilot.app) and "a reject" in squeezed(pilot.app)
        await pilot.press("x", "a", "f5")
        await settle(pilot)
        await pilot.press("p", "p", "p")
        await settle(pilot)
        assert "✓ accepted" in seen(pilot.app)
        await pilot.press("n")
        await settle(pilot)
        assert "✗ rejected" in seen(pilot.app)


async def test_a_bad_file_is_told_and_the_keys_stay(drive: Drive, project: Path, tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text("review.nothing = 'x'\n", "utf-8")
    async with drive(project) as pilot:
        assert "no key is called 'review.nothing'" in squeezed(pilot.app)
        await pilot.press("escape", "r", "x")
        await settle(pilot)
        assert "2 of 3" in seen(pilot.app)


def test_the_list_of_keys_is_a_file_of_keys(tmp_path: Path) -> None:
    told = quorum("keys").stdout
    assert "review.accept" in told and "Take the winner as the answer." in told
    lines = [line.removeprefix("# ") for line in told.splitlines() if " = " in line]
    assert len(lines) > 100
    assert load(tmp_path, "\n".join(lines)) == {}
