"""Bindings made one way, so that every key has an id, a verb for the footer and a sentence for the help."""

from __future__ import annotations

from textual.binding import Binding

_NAMES = {
    **{"esc": "Esc", "tab": "Tab", "shift+tab": "Shift+Tab", "space": "Space", "⏎": "Enter", "f1": "F1"},
    **{"home": "Home", "end": "End", "pgdn": "PgDn", "pgup": "PgUp"},
}


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


def written(shown: str, *, as_bound: bool) -> str:
    """Return what Textual shows for a key as people write it; `as_bound`: the binding says how itself."""
    if shown.startswith("^") and not as_bound:
        return "Ctrl+" + shown[1:].upper()
    return _NAMES.get(shown, shown)


BACK = key("escape", "back", "back", "Leave this screen for the one before it.", "screen.back", show=False)

SCREEN_KEYS = [
    key("tab", "app.focus_next", "next field", "Go to the next field.", "screen.next", show=False),
    key(
        "shift+tab", "app.focus_previous", "field before", "Go back one field.", "screen.previous", show=False
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
        "Say what this screen is for and list its keys.",
        "app.help",
        display="?",
    ),
    key("q", "quit", "quit", "Leave Quorum; a run that is going is asked about.", "app.quit", show=False),
    key(
        "ctrl+q",
        "quit",
        "quit",
        "Leave Quorum from anywhere, also while typing.",
        "app.quit-anywhere",
        show=False,
        priority=True,
    ),
    key("ctrl+c", "hint", "how to quit", "Say which key leaves Quorum.", "app.hint", show=False),
    key("ctrl+p", "command_palette", "commands", "Find a command by name.", "app.commands", show=False),
]
