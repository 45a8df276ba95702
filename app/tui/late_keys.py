"""Keys in the order in which they were typed, however fast, and each for what the one before it has opened.

Textual sends a key to what has the focus when it arrives, and looks up what it is bound to when it comes
back. Typed in one go, the letters of `/words` would be keys of the screen, since `/` has not opened the field
yet; and in `ctrl+s a` the letter would be in the text that is saved.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input, TextArea

LOOK = 0.5
"""Seconds between looks at whether the widget that a key went to is gone, and the key with it."""
LOST = 30.0
"""Seconds after which a key counts as carried out, whatever keeps it: else no key would do anything again."""


class LateKeys:
    """Holds keys back until the one before is carried out."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._held: deque[events.Key] = deque()
        self._sent: WeakKeyDictionary[events.Key, Widget | None] = WeakKeyDictionary()
        self._turn = 0
        self._out = False
        self._with: MessagePump = app

    @property
    def waiting(self) -> bool:
        """Whether a key is not carried out yet; an app that has ended carries out none."""
        return self._app.is_running and (self._out or bool(self._held))

    def holds(self, event: events.Key) -> bool:
        """Return whether a key that was just typed must wait."""
        if self._out:
            self._held.append(event)
            return True
        self._sent[event] = self._app.focused
        self._follow(self._app.focused or self._app.screen)
        return False

    def takes(self, event: events.Key) -> bool:
        """Return whether a key that came back was given to the field opened since it was typed."""
        # Given once only: what the field does not use is a key of the screen.
        focused = self._app.focused
        before = self._sent.pop(event, focused)
        if before is focused or not isinstance(focused, Input | TextArea):
            return False
        # A new one: the other has ended its way up. Textual has no public name for giving a key to a widget.
        focused._forward_event(events.Key(event.key, event.character))
        self._follow(focused)
        return True

    def _follow(self, target: DOMNode) -> None:
        """Go the way of a key, behind it, from widget to widget up to the app."""
        self._out = True
        self._turn += 1
        turn = self._turn
        self._with = self._app
        self._app.set_timer(LOOK, partial(self._look, turn, monotonic() + LOST))
        self._app.call_later(self._step, target, turn)

    def _step(self, node: MessagePump | None, turn: int) -> None:
        if turn != self._turn:
            return
        if node is None or node is self._app or not node.call_later(self._step, node._parent, turn):
            self._with = self._app
            self._app.call_later(self._next, turn)
        else:
            self._with = node

    async def _look(self, turn: int, until: float) -> None:
        """Give the next key if the one before went to a widget that is gone; else look again."""
        if turn != self._turn or not self._out:
            return
        if not self._with.is_running or monotonic() > until:
            await self._next(turn)
        else:
            self._app.set_timer(LOOK, partial(self._look, turn, until))

    async def _next(self, turn: int) -> None:
        """Give the next key, once the one before is carried out."""
        if turn != self._turn or not self._out:
            return
        self._out = False
        if self._held:
            await self._app.on_event(self._held.popleft())
