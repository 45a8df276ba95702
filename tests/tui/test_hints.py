"""Every key that a hint of a screen names works there; hints are found by how the source draws them."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widget import Widget

from app.tui.keys import APP_KEYS
from app.tui.screens.base import Question, QuorumScreen
from app.tui.screens.review import ReviewScreen

TUI = Path(__file__).resolve().parents[2] / "app" / "tui"
MODULES = [path for path in sorted(TUI.rglob("*.py")) if path.name != "__init__.py"]
NAMED = {
    **{"↑": "up", "↓": "down", "Esc": "escape", "Enter": "enter", "Space": "space", "Tab": "tab"},
    **{"←": "left", "→": "right"},
    **{"?": "question_mark", "+": "plus", "/": "slash"},
}
ELSEWHERE: dict[str, type[DOMNode]] = {"review_progress": ReviewScreen}
"""Whose hints a module without a screen writes."""


def textual_key(written: str) -> str:
    """Return a key as Textual names it; of several, as in 1-9, the first."""
    first = written.split("-")[0] if re.fullmatch(r"\w-\w", written) else written
    return NAMED.get(first, first.lower() if first.startswith("Ctrl+") else first)


def hinted(words: str) -> list[str]:
    """Return the keys of a line such as "↑ ↓  scroll     Esc  close"."""
    parts = [part.split("  ") for part in re.split(r" {3,}", words.strip())]
    return [key for *groups, _ in parts for group in groups for key in group.split(" ") if key]


def bound(owner: type[DOMNode]) -> set[str]:
    """Return the keys of a screen or widget, its parents' included."""
    own = [binding for one in owner.__mro__ for binding in one.__dict__.get("BINDINGS", ())]
    return {binding.key for binding in Binding.make_bindings(own)}


def works(module: ModuleType, screen: type[DOMNode]) -> set[str]:
    """Return the keys that work on a screen: its own, the app's, and those of its widgets."""
    names = {node.id for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Name)}
    widgets = [vars(module).get(name) for name in names]
    made_of = [one for one in widgets if isinstance(one, type) and issubclass(one, Widget)]
    return set().union(
        *(bound(one) for one in (screen, *made_of)), (b.key for b in Binding.make_bindings(APP_KEYS))
    )


def hints(tree: ast.AST) -> list[str]:
    """Return the keys that are named: in the last line of a window, and alone in the accent's bold."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(
            isinstance(one.value, ast.Constant) and one.value.value == "window-keys" for one in node.keywords
        ):
            texts = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
            found += [key for text in texts if isinstance(text, str) and "  " in text for key in hinted(text)]
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            key, style = (one.value if isinstance(one, ast.Constant) else None for one in node.elts)
            if (
                style == "bold $primary"
                and isinstance(key, str)
                and re.fullmatch(r"\w|space|Enter", key.strip())
            ):
                found.append(key.strip())
    return found


def cases() -> list[tuple[str, type[DOMNode], str]]:
    """Return module, screen and key of every hint."""
    found: list[tuple[str, type[DOMNode], str]] = []
    for path in MODULES:
        name = ".".join(("app", "tui", *path.relative_to(TUI).with_suffix("").parts))
        tree = ast.parse(path.read_text("utf-8"))
        if not hints(tree):
            continue
        module = import_module(name)
        for node in tree.body:
            owner = vars(module).get(getattr(node, "name", ""))
            if isinstance(node, ast.ClassDef) and isinstance(owner, type) and issubclass(owner, Question):
                found += [(name, owner, key) for key in hints(node)]
        screens = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == name]
        whole = [one for one in screens if issubclass(one, QuorumScreen)] or [ELSEWHERE.get(path.stem)]
        loose = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        found += [(name, one, key) for one in whole if one for node in loose for key in hints(node)]
    return found


@pytest.mark.parametrize(
    ("module", "screen", "key"), cases(), ids=lambda case: getattr(case, "__name__", str(case))
)
def test_a_key_that_is_named_works_there(module: str, screen: type[DOMNode], key: str) -> None:
    assert textual_key(key) in works(import_module(module), screen), f"{screen.__name__} names {key}"


def test_hints_are_found() -> None:
    assert hinted("↑ ↓  move     1-9  Enter  take     Esc  cancel") == ["↑", "↓", "1-9", "Enter", "Esc"]
    assert {screen.__name__ for _, screen, _ in cases()} >= {"MenuScreen", "RunScreen", "HelpScreen"}
