"""Bindings made one way: every key has an id, a verb for the footer and a sentence for the help.

A person's own keys come from a TOML file that names bindings and gives them other keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Flag, auto
from pathlib import Path

import platformdirs
from textual.binding import Binding
from textual.dom import DOMNode

from app import regular, toml
from app.errors import QuorumError, did_you_mean

_NAMES = {
    **{"esc": "Esc", "tab": "Tab", "shift+tab": "Shift+Tab", "space": "Space", "⏎": "Enter", "f1": "F1"},
    **{"home": "Home", "end": "End", "pgdn": "PgDn", "pgup": "PgUp"},
}
_DISPLAY = {"plus": "+", "slash": "/"}
EXAMPLE = 'review.accept = "z"'


def key(
    keys: str,
    action: str,
    verb: str,
    sentence: str,
    id: str,
    *,
    show: bool = True,
    display: str | None = None,
    group: Binding.Group | None = None,
    priority: bool = False,
) -> Binding:
    """Return the binding of `keys` (comma-separated) to `action`; `id` is what a user's keymap names.

    Bindings of one `group` are one line of the help, under the keys and sentence of the first. One with
    `priority` works everywhere, also while something is typed.
    """
    return Binding(keys, action, verb, show, display, priority=priority, tooltip=sentence, id=id, group=group)


class Trait(Flag):
    """What holds for a key of a screen."""

    NONE = 0
    FOOTER = auto()
    """The footer shows it, not the help alone."""
    NEEDS_ITEM = auto()
    """It is off where no item is shown."""
    CHANGES = auto()
    """It stores something, so it is off in a read-only project."""


NONE, FOOTER, NEEDS_ITEM, CHANGES = Trait.NONE, Trait.FOOTER, Trait.NEEDS_ITEM, Trait.CHANGES
DECIDES = NEEDS_ITEM | CHANGES


@dataclass(frozen=True, slots=True)
class ScreenKey:
    """A key declared in one line. Verb and id follow from the action where they are not given."""

    keys: str
    action: str
    sentence: str
    traits: Trait
    verb: str = ""
    id: str = ""
    display: str | None = None
    group: Binding.Group | None = None

    @property
    def name(self) -> str:
        """The action without its parameters."""
        return self.action.partition("(")[0]

    def binding(self, screen: str) -> Binding:
        """Return the key as Textual takes it; a capital letter is shown as itself."""
        return key(
            self.keys,
            self.action,
            self.verb or self.name.replace("_", " "),
            self.sentence,
            f"{screen}.{self.id or self.name.replace('_', '-')}",
            show=FOOTER in self.traits,
            display=self.display or (self.keys if self.keys.isupper() else _DISPLAY.get(self.keys)),
            group=self.group,
        )


LONG_TEXT = (
    ScreenKey("pagedown", "scroll(0.8)", "Scroll long texts down.", Trait.NEEDS_ITEM, "scroll down", "down"),
    ScreenKey("pageup", "scroll(-0.8)", "Scroll long texts up.", Trait.NEEDS_ITEM, "scroll up", "up"),
    ScreenKey(
        "greater_than_sign", "part(1)", "Show the next part of a long text.", Trait.NEEDS_ITEM, "next part"
    ),
    ScreenKey(
        "less_than_sign", "part(-1)", "Show the part before it.", Trait.NEEDS_ITEM, "part before", "part-back"
    ),
)
"""The keys of every screen that shows texts of any length."""


def written(shown: str, *, as_bound: bool) -> str:
    """Return what Textual shows for a key as people write it; `as_bound`: the binding says how itself."""
    if shown.startswith("^") and not as_bound:
        return "Ctrl+" + shown[1:].upper()
    return _NAMES.get(shown, shown)


BACK = key("escape", "back", "back", "Go back to the previous screen.", "screen.back", show=False)

SCREEN_KEYS = [
    key("tab", "app.focus_next", "next field", "Go to the next field.", "screen.next", show=False),
    key(
        "shift+tab",
        "app.focus_previous",
        "previous field",
        "Go to the previous field.",
        "screen.previous",
        show=False,
    ),
    key(
        "ctrl+c",
        "screen.copy_text",
        "copy",
        "Copy what is marked with the mouse (terminals also select with Shift and drag).",
        "screen.copy",
        show=False,
    ),
]

TAB = key("tab", "app.focus_next", "next field", "Go to the next field.", "screen.next")
"""The same as on every screen, shown in the footer of forms."""

APP_KEYS = [
    key(
        "question_mark,f1",
        "help",
        "help",
        "Explain this screen and list its keys.",
        "app.help",
        display="?",
    ),
    key(
        "q",
        "quit",
        "quit",
        "Quit Quorum; asks first if a run, an import or an export is in progress.",
        "app.quit",
        show=False,
    ),
    key(
        "ctrl+q",
        "quit",
        "quit",
        "Quit Quorum from anywhere, even while typing.",
        "app.quit-anywhere",
        show=False,
        priority=True,
    ),
    key("ctrl+c", "hint", "how to quit", "Say which key quits Quorum.", "app.hint", show=False),
    key("ctrl+p", "command_palette", "commands", "Find a command by name.", "app.commands", show=False),
]


def default_place() -> Path:
    """Return the file in the user's settings directory."""
    return Path(platformdirs.user_config_dir("quorum")) / "keys.toml"


def places() -> Iterator[tuple[type[DOMNode], list[Binding]]]:
    """Yield the app, every screen and every widget that binds keys, with its own bindings."""
    waiting: list[type[DOMNode]] = [DOMNode]
    seen: set[type[DOMNode]] = set()
    while waiting:
        owner = waiting.pop(0)
        waiting += [below for below in owner.__subclasses__() if below not in seen]
        seen |= set(waiting)
        own = list(Binding.make_bindings(owner.__dict__.get("BINDINGS", [])))
        if own and owner.__module__.startswith("app.tui"):
            yield owner, own


def keys_of(bindings: list[Binding]) -> dict[str, list[str]]:
    """Map the id of each binding to its keys, as Textual names them."""
    keys_by_id: dict[str, list[str]] = {}
    for binding in bindings:
        keys_by_id.setdefault(str(binding.id), []).append(binding.key)
    return keys_by_id


def load(place: Path) -> dict[str, str]:
    """Return the keymap in the file at `place`, only what differs; empty where there is no file.

    Raises QuorumError for a file that cannot be read, an id that names nothing, and a key that would then
    do two things on one screen.
    """
    try:
        table = toml.parsed(regular.text(place, "utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise QuorumError(
            f"{place} cannot be read: {error}.", f"A line of it looks like {EXAMPLE}."
        ) from error
    known: dict[str, list[str]] = {}
    for _, bindings in places():
        known |= keys_of(bindings)
    changed: dict[str, str] = {}
    for name, value in _flat(table):
        if name not in known:
            raise QuorumError(
                f"{place}: no key is called {name!r}.",
                f"{did_you_mean(name, known)}`quorum keys` lists them all.",
            )
        keys = _keys(place, name, value)
        if keys != known[name]:
            changed[name] = ",".join(keys)
    _check_clashes(place, changed)
    return changed


def _flat(table: dict[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """Yield the values of nested tables under their dotted names."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _keys(place: Path, name: str, value: object) -> list[str]:
    """Return the keys of a value as Textual names them: `plus` for +."""
    if isinstance(value, str):
        # Without blanks, but the blank itself may be meant: it is written `space`.
        parts = [part.strip() for part in value.split(",")] if value != "," else [","]
        if all(part and part.isprintable() and " " not in part for part in parts):
            return [
                binding.key
                for part in parts
                for binding in Binding.make_bindings([Binding(_named(part), "")])
            ]
    raise QuorumError(f"{place}: {name} has no key.", f"A line of it looks like {EXAMPLE}.")


def _named(key: str) -> str:
    return "comma" if key == "," else key


def _check_clashes(place: Path, changed: dict[str, str]) -> None:
    for _, bindings in places():
        taken: dict[str, str] = {}
        # Those that were set come last, so that one of them is always named.
        for name, keys in sorted(keys_of(bindings).items(), key=lambda pair: pair[0] in changed):
            for key in changed[name].split(",") if name in changed else keys:
                other = taken.setdefault(key, name)
                if other != name and name in changed:
                    raise QuorumError(
                        f"{place}: {key} would be the key for both {other} and {name}.",
                        "Give one of them another key.",
                    )
