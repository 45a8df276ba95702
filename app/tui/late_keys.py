"""Keys typed faster than a screen could open the field that they are meant for.

Textual sends a key to what has the focus when it arrives. While an earlier key is still being carried out
that is the screen, whose own keys are looked up when this one comes back, though a field is open by then.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from textual import events
from textual.widget import Widget
from textual.widgets import Input, TextArea


class LateKeys:
    """Knows where each key was sent that has not come back yet."""

    def __init__(self) -> None:
        self._sent: WeakKeyDictionary[events.Key, Widget | None] = WeakKeyDictionary()

    def take(self, event: events.Key, focused: Widget | None) -> bool:
        """Return whether `event` was given to the field that has been opened since it was typed."""
        if not event.is_forwarded:
            self._sent[event] = focused
            return False
        # Given once only: what the field does not use is a key of the screen.
        before = self._sent.pop(event, focused)
        if before is focused or not isinstance(focused, Input | TextArea):
            return False
        # A new one: the other has ended its way up. Textual has no public name for giving a key to a widget.
        focused._forward_event(events.Key(event.key, event.character))
        return True
