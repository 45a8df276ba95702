"""How long the programme runs, and the figures that it prints at its end as a table."""

from __future__ import annotations

import os

LONG = os.environ.get("QUORUM_FAULTS") == "long"
"""Whether everything is tried (`make faults`), and not only what a check of every change has time for."""

FIGURES: dict[str, dict[str, object]] = {}
"""What was tried, how often, and what came of it."""


def note(what: str, **figures: object) -> None:
    """Keep the figures of a fault for the table; those of its parts are added up."""
    row = FIGURES.setdefault(what, {})
    for name, value in figures.items():
        before = row.get(name)
        row[name] = before + value if isinstance(before, int) and isinstance(value, int) else value


def chosen(points: int, most: int) -> list[int]:
    """Return the numbers 1 to `points`, or as many as `most` of them, evenly spread."""
    if LONG or points <= most:
        return list(range(1, points + 1))
    return sorted({1 + round(at * (points - 1) / (most - 1)) for at in range(most)})


def table() -> list[str]:
    """Return the figures as lines."""
    width = max(map(len, FIGURES), default=0)
    return [
        f"{what:<{width}}  " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.items())
        for what, row in FIGURES.items()
    ]
