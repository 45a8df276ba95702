"""Keys: each has an id, a verb and a sentence; the footer stays short; the help and the palette work."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Key
from textual.widgets import Footer, Input, OptionList, TextArea

import app.tui
from app.tui.app import QuorumApp
from tests.tui.conftest import Drive, OpenReview
from tests.tui.visible_text import seen, settle, squeezed, until

PLACES = ("home", "new", "models", "run", "review", "export")


def owners() -> list[type[DOMNode]]:
    """Return every class of app/tui that binds keys."""
    found: list[type[DOMNode]] = []
    for module in pkgutil.walk_packages(app.tui.__path__, "app.tui."):
        for _, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(one, DOMNode) and one.__module__ == module.name and one not in found:
                found.append(one)
    return found


def hint_of(owner: type[DOMNode]) -> str:
    """Return the line of keys at the foot of a window, as its source writes it; empty without one."""
    try:
        source = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    except OSError:
        return ""
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and any(
            keyword.arg == "classes" and ast.unparse(keyword.value) == "'window-keys'"
            for keyword in node.keywords
        ):
            said = node.args[0] if node.args else None
            if isinstance(said, ast.Constant) and "  " in str(said.value):
                return str(said.value)
    return ""


def keys_in(hint: str) -> list[str]:
    """Return the keys that a line such as "Ctrl+S  save     1-3  yes, no" names, as Textual calls them."""
    found: list[str] = []
    for part in re.split(r" {2,}", hint):
        words = [end for word in part.split() for end in re.split(r"(?<=\w)-(?=\w)", word)]
        if all(word in NAMED or word.startswith("Ctrl+") or len(word) == 1 for word in words):
            found += [NAMED.get(word, word.lower() if word.startswith("Ctrl+") else word) for word in words]
    return found


def own_bindings(node: type) -> list[Binding]:
    """Return what a class binds itself, one entry a key."""
    return list(Binding.make_bindings(node.__dict__.get("BINDINGS", [])))


WIDGETS: dict[type[DOMNode], tuple[str, ...]] = {
    Input: ("PathInput(", "NumberInput(", "Input("),
    TextArea: ("TextEditor(",),
    OptionList: ("Choices(", "OptionList(", "Pick(", "SelectionList("),
}
"""What a window types or chooses with, and how its source names it."""


@pytest.mark.parametrize("owner", owners(), ids=lambda owner: owner.__name__)
def test_every_binding_has_an_id_a_verb_and_a_sentence(owner: type[DOMNode]) -> None:
    for binding in Binding.make_bindings(owner.__dict__.get("BINDINGS", [])):
        assert binding.id and binding.description and binding.tooltip.endswith("."), binding


def test_an_id_names_one_action_only() -> None:
    actions: dict[str, set[str]] = {}
    for owner in owners():
        for binding in Binding.make_bindings(owner.__dict__.get("BINDINGS", [])):
            actions.setdefault(str(binding.id), set()).add(binding.action)
    assert {id: found for id, found in actions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("place", PLACES)
async def test_the_footer_shows_at_most_seven_keys_and_fits(
    drive: Drive, project: Path, size: tuple[int, int], place: str
) -> None:
    async with drive(project, size) as pilot:
        assert isinstance(pilot.app, QuorumApp)
        pilot.app.go(place)  # type: ignore[arg-type]
        await settle(pilot)
        shown = list(pilot.app.screen.query_one(Footer).children)
        assert 1 <= len(shown) <= 7
        assert sum(key.outer_size.width for key in shown) <= size[0]
        assert "? help" in seen(pilot.app).splitlines()[-1]


@pytest.mark.parametrize(
    ("place", "key"), [*((place, "question_mark") for place in PLACES), ("home", "f1"), ("review", "f1")]
)
async def test_the_help_says_what_the_screen_is_for_and_lists_its_keys(
    drive: Drive, project: Path, size: tuple[int, int], place: str, key: str
) -> None:
    async with drive(project, size) as pilot:
        assert isinstance(pilot.app, QuorumApp)
        pilot.app.go(place)  # type: ignore[arg-type]
        await settle(pilot)
        about = pilot.app.screen.ABOUT  # type: ignore[attr-defined]
        names = {str(b.id) for b in Binding.make_bindings(type(pilot.app.screen).BINDINGS)}
        await pilot.press(key)
        await settle(pilot)
        assert about[:40] in squeezed(pilot.app)
        assert names
        await pilot.press("end", *["pagedown"] * 5)
        await settle(pilot)
        assert "Quit Quorum" in squeezed(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Quit Quorum" not in seen(pilot.app)


async def test_the_palette_goes_to_every_screen(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        for typed, name in (
            ("export", "Export"),
            ("review", "Review"),
            ("new run", "New run"),
            ("models", "Models"),
            ("home", "Home"),
        ):
            await pilot.press("ctrl+p", *["space" if letter == " " else letter for letter in typed])
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            assert name in seen(pilot.app).splitlines()[0]


async def test_the_palette_has_what_the_screen_can_do_with_its_keys_in_aligned_rows(
    review: OpenReview,
) -> None:
    async with review() as pilot:
        await pilot.press("ctrl+p")
        await settle(pilot)
        lines = seen(pilot.app).splitlines()
        first = next(line for line in lines if "Take the winner as the answer." in line)
        other = next(line for line in lines if "Keep this item out of the data." in line)
        assert first.index("Take") == other.index("Keep") and " a " in first and "Accept" in first
        await pilot.press(*"reject", "enter")
        await settle(pilot)
        assert "#0002 rejected" in squeezed(pilot.app)


async def test_escape_goes_back_the_way_one_came_and_stays_on_home(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("E")
        await settle(pilot)
        for name in ("Review", "Home", "Home"):
            await pilot.press("escape")
            await settle(pilot)
            assert name in seen(pilot.app).splitlines()[0]


async def test_keys_can_be_given_to_other_actions_by_id(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        pilot.app.set_keymap({"home.review": "f5"})
        await pilot.press("r")
        await settle(pilot)
        assert "Home" in seen(pilot.app).splitlines()[0]
        await pilot.press("f5")
        await settle(pilot)
        assert "Review" in seen(pilot.app).splitlines()[0]


async def test_the_chosen_theme_is_there_the_next_time(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        assert pilot.app.theme == "quorum-dark"
        pilot.app.theme = "quorum-light"
        await settle(pilot)
    async with drive(project) as pilot:
        assert pilot.app.theme == "quorum-light"


@pytest.mark.parametrize("theme", ["quorum-light", "ansi-dark", "nord"])
async def test_every_screen_is_drawn_in_every_kind_of_theme(drive: Drive, project: Path, theme: str) -> None:
    async with drive(project) as pilot:
        pilot.app.theme = theme
        for place in PLACES:
            pilot.app.go(place)  # type: ignore[attr-defined]
            await settle(pilot)
            assert "Quorum" in seen(pilot.app)


NAMED = {
    "Esc": "escape",
    "Enter": "enter",
    "Tab": "tab",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
    "+": "plus",
    "/": "slash",
}
"""How hints write keys, and how Textual calls them."""


HINTING = [owner for owner in owners() if hint_of(owner)]


@pytest.mark.parametrize("owner", HINTING, ids=lambda owner: owner.__name__)
def test_every_key_that_a_window_names_works_there(owner: type[DOMNode]) -> None:
    bound = {binding.key for node in owner.__mro__ for binding in own_bindings(node)}
    source = inspect.getsource(inspect.getmodule(owner))  # type: ignore[arg-type]
    for widget in (Input, TextArea, OptionList):
        if any(name in source for name in WIDGETS[widget]):
            bound |= {binding.key for node in widget.__mro__ for binding in own_bindings(node)}
    for named in keys_in(hint_of(owner)):
        assert named in bound, f"{owner.__name__} names {named}"


async def test_passing_remarks_never_cover_the_title(drive: Drive, project: Path) -> None:
    async with drive(project, (80, 24)) as pilot:
        assert isinstance(pilot.app, QuorumApp)
        for number in range(12):
            pilot.app.say(Content(f"remark {number} " + "word " * 40))
        await settle(pilot)
        assert "thesis.db" in seen(pilot.app).splitlines()[0]
        assert "remark 11" in squeezed(pilot.app) and "remark 10" not in squeezed(pilot.app)


async def test_ctrl_c_ends_nothing_and_says_what_does(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("ctrl+c")
        await settle(pilot)
        assert "Press q to quit Quorum" in squeezed(pilot.app) and pilot.app.is_running


async def test_ctrl_q_leaves_from_an_editor_too(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("r", "e", "ctrl+q")
        await until(pilot, lambda: not pilot.app.is_running, "the end of the app")


async def test_an_app_that_ends_with_keys_on_their_way_waits_for_none(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        keys = pilot.app.late_keys  # type: ignore[attr-defined]
        assert [keys.holds(Key(name, name)) for name in "jj"] == [False, True] and keys.waiting
        pilot.app.exit()
        await until(pilot, lambda: not pilot.app.is_running, "the end of the app")
        assert not keys.waiting
