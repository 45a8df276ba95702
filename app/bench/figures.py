"""Figures with their bars: what a comparison found, as a table and as data."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number measured in several rounds, and the bar it is held to.

    `rounds` is empty if it was not measured, `why` says why. `bar` is a lower limit, or an upper one if
    `at_most`; None for figures that are only reported.
    """

    key: str
    words: str
    rounds: tuple[float, ...] = ()
    unit: str = "x"
    bar: float | None = None
    at_most: bool = False
    why: str = ""

    @property
    def median(self) -> float | None:
        """The middle of the rounds."""
        return statistics.median(self.rounds) if self.rounds else None

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a figure or a bar."""
        median = self.median
        if median is None or self.bar is None:
            return None
        return median <= self.bar if self.at_most else median >= self.bar

    def line(self) -> str:
        """The figure as a line of the table."""
        if self.median is None:
            return f"  {self.words:<52}{'–':>9}   {self.why}"
        value = f"{_number(self.median)} {self.unit}".rstrip()
        spread = f"{_number(min(self.rounds))} to {_number(max(self.rounds))}"
        if self.bar is None:
            return f"  {self.words:<52}{value:>9}   {spread}"
        sign = "at most" if self.at_most else "at least"
        verdict = "" if self.met else "   missed"
        return f"  {self.words:<52}{value:>9}   {spread:<18} {sign} {self.bar:g}{verdict}"


def as_data(figures: Iterable[Figure]) -> dict[str, object]:
    """Turn figures into plain JSON values: the median by key, and every round under `rounds`."""
    known = list(figures)
    medians: dict[str, object] = {figure.key: figure.median for figure in known}
    return medians | {"rounds": {figure.key: list(figure.rounds) for figure in known}}


def _number(value: float) -> str:
    """Three digits that mean something."""
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:,.1f}"
