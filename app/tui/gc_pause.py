"""Collect garbage while nobody types: a full look at all objects takes a tenth of a second and more."""

from __future__ import annotations

import gc
from time import monotonic

QUIET = 2.0
"""Seconds without a key after which nobody is thought to wait for the next one."""
LOOK = 10.0
"""Seconds from one look whether it is quiet to the next."""
_NEVER = 100_000
_OFTEN = 30
"""After so many looks garbage is collected whether it is quiet or not: five minutes of typing."""


class GcPause:
    """Takes full collections out of Python's hands and makes them when it is quiet."""

    def __init__(self) -> None:
        self._touched = 0.0
        self._looks = 0

    def begin(self) -> None:
        """Leave what is loaded out of every later collection, and stop those that come at any time."""
        gc.collect()
        gc.freeze()
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, _NEVER)

    def touch(self) -> None:
        """Note that a key was pressed."""
        self._touched = monotonic()

    def look(self) -> None:
        """Collect if it is quiet."""
        self._looks += 1
        if monotonic() - self._touched > QUIET or self._looks >= _OFTEN:
            self._looks = 0
            gc.collect()
