"""How long this machine takes for calls of the model and to read its file, as measured. Worker side."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

NEWEST = 0.2
"""The weight of the newest measurement against all earlier ones."""
PLACES = 8
SAMPLE = 2**20
"""How many bytes are read at each of these places of a file."""


class Pace:
    """Seconds a token, for each order of magnitude of a call: many tokens at once take less time each."""

    def __init__(self) -> None:
        self._each: dict[int, float] = {}

    def note(self, tokens: int, seconds: float) -> None:
        """Add a call of that many tokens that took so long."""
        order = tokens.bit_length()
        each = seconds / tokens
        before = self._each.get(order, each)
        self._each[order] = before + NEWEST * (each - before)

    def expected(self, tokens: int) -> float:
        """Return the seconds that a call of that many tokens takes; 0 before anything was measured."""
        if not self._each:
            return 0.0
        order = tokens.bit_length()
        return tokens * self._each[min(self._each, key=lambda known: (abs(known - order), known))]


def reading_speed(path: Path) -> float:
    """Return at how many bytes a second a file is read here, by samples from all over it; 0 if it is not."""
    taken, began = 0, time.perf_counter()
    with suppress(OSError), path.open("rb", buffering=0) as file:
        size = path.stat().st_size
        for place in range(PLACES):
            file.seek(max(size - SAMPLE, 0) * place // PLACES)
            taken += len(file.read(SAMPLE))
    return taken / max(time.perf_counter() - began, 1e-6)
