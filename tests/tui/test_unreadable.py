"""What cannot be read or stored is told on every screen, and ends none: the person can go elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest

from app.errors import ProjectError, RecipeError
from app.method.recipe import Recipe
from app.store.project import Project
from app.tui.host import Place
from app.tui.queue_state import QueueState
from tests.tui.conftest import Drive, OpenReview
from tests.tui.visible_text import settle, squeezed


@contextmanager
def failing(of: type, name: str, error: Exception) -> Iterator[None]:
    """Have a method fail meanwhile."""

    def fail(*_: object, **__: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of, name, fail)
        yield


def unreadable() -> ProjectError:
    return ProjectError("The project cannot be read.", "Look at the disk.")


@pytest.mark.parametrize(
    "fails",
    [
        lambda: failing(Project, "read", unreadable()),
        lambda: failing(Recipe, "from_json", RecipeError("The stored recipe: `x` is unknown.")),
    ],
    ids=["project", "recipe"],
)
async def test_every_screen_can_be_opened_and_left(
    drive: Drive, project: Path, fails: Callable[[], contextmanager[None]]
) -> None:
    async with drive(project) as pilot:
        for place in get_args(Place):
            with fails():
                pilot.app.go(place)  # type: ignore[attr-defined]
                await settle(pilot)
                await pilot.press("escape")
                await settle(pilot)
            assert pilot.app.is_running, place


@pytest.mark.parametrize(
    "keys", ["a", "1", "x", "f", "u", "e y ctrl+s", "t w enter", "m n ctrl+s", "b enter enter"]
)
async def test_what_cannot_be_stored_is_told(review: OpenReview, keys: str) -> None:
    async with review() as pilot:
        with failing(Project, "_commit", ProjectError("The disk is failing.", "Look at it.")):
            await pilot.press(*keys.split())
            await settle(pilot)
        assert "The disk is failing." in squeezed(pilot.app)


async def test_bulk_says_what_was_not_counted_or_stored_and_does_it_once_it_can(review: OpenReview) -> None:
    async with review() as pilot:
        with failing(Project, "read", unreadable()):
            await pilot.press("b")
            await settle(pilot)
            await pilot.press("escape")
            await settle(pilot)
            text = squeezed(pilot.app)
            assert "Not counted: The project cannot be read. Enter tries again." in text
            assert "counting" not in text
        with failing(Project, "_commit", ProjectError("The disk is failing.", "Look at it.")):
            await pilot.press("enter")
            await settle(pilot)
            assert "1 undecided of them Enter once more accepts 1 item" in squeezed(pilot.app)
            await pilot.press("enter", "escape")
            await settle(pilot)
            text = squeezed(pilot.app)
            assert "1 undecided of them" in text and "once more" not in text and "Storing" not in text
        await pilot.press("enter", "enter")
        await settle(pilot)
        assert "accepted: 1 item." in squeezed(pilot.app)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("D", "Not counted:"),
        ("E", "Not checked:"),
        ("T", "The votes are not read:"),
        ("t", "in use: not read:"),
    ],
)
async def test_what_is_not_counted_is_not_waited_for(review: OpenReview, key: str, told: str) -> None:
    async with review() as pilot:
        with failing(Project, "read", unreadable()):
            await pilot.press(key)
            await settle(pilot)
            await pilot.press("escape")  # the message, if it is a window
            await settle(pilot)
        text = squeezed(pilot.app)
        assert f"{told} The project cannot be read." in text
        assert not any(waits in text for waits in ("checking …", "counting …", "Reading", "in use: …"))


@pytest.mark.parametrize(("place", "told"), [("card", "Not read:"), ("audit", "Not drawn:")])
async def test_what_is_not_read_is_not_waited_for(drive: Drive, project: Path, place: str, told: str) -> None:
    async with drive(project) as pilot:
        with failing(Project, "read", unreadable()):
            pilot.app.go(place)  # type: ignore[attr-defined]
            await settle(pilot)
            await pilot.press("escape")
            await settle(pilot)
        text = squeezed(pilot.app)
        assert f"{told} The project cannot be read." in text and "…" not in text


async def test_a_line_of_the_list_that_cannot_be_read_ends_nothing(
    review: OpenReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QueueState, "take_ahead", lambda *_: None)
    async with review(size=(150, 36)) as pilot:
        with failing(Project, "read", unreadable()):
            await pilot.click("#review-list", offset=(8, 5))
            await settle(pilot)
        assert "The project cannot be read." in squeezed(pilot.app)
