"""Shares as dots and intervals on a common axis, drawn as text: for screens and for the command line."""

from __future__ import annotations

from dataclasses import dataclass

from app.method.gain import Gain
from app.method.intervals import Estimate, probable

STARTS = (0.9, 0.8, 0.5, 0.0)
"""Where an axis may begin; it ends at 1."""
WIDTH = 32
"""Cells of a line of the reliability curve, which has to fit a window of 80 columns."""
RELIABILITY = "probability (◇), and what was judged right (● with its 95% interval)"
"""What the lines of a reliability curve show."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of shares from `start` to `end`, `width` cells wide."""

    start: float
    end: float
    width: int

    def cell(self, share: float) -> int:
        """Return the cell of a share; one beyond an end is at that end."""
        place = (share - self.start) / (self.end - self.start)
        return min(self.width - 1, max(0, round(place * (self.width - 1))))


def axis_for(least: float, width: int) -> Axis:
    """Return the shortest axis up to 1 that a share is on."""
    return Axis(next(start for start in STARTS if start <= least), 1.0, width)


def line(axis: Axis, low: float, high: float, point: float | None = None, mark: float | None = None) -> str:
    """Draw the interval from `low` to `high`: a dot at `point` and a diamond at `mark`, where there are any.

    Where both are in one cell, the dot has the diamond's form, filled.
    """
    first, last = axis.cell(low), axis.cell(high)
    cells = ["·"] * first + ["━"] * (last - first + 1) + ["·"] * (axis.width - 1 - last)
    if last > first:
        cells[first], cells[last] = "├", "┤"
    if mark is not None:
        cells[axis.cell(mark)] = "◇"
    if point is not None:
        at = axis.cell(point)
        cells[at] = "◆" if cells[at] == "◇" else "●"
    return "".join(cells)


def share_text(found: Estimate) -> str:
    """Write a share and its interval: 49% (40–59)."""
    return f"{found.value:.0%} ({100 * found.low:.0f}–{100 * found.high:.0f})"


def reliability_lines(gain: Gain) -> list[str]:
    """Return the reliability curve, a line for each bin; nothing where there is none."""
    axis = Axis(0.0, 1.0, WIDTH)
    lines = []
    for one in gain.reliability:
        judged = one.judged
        drawn = line(axis, judged.low, judged.high, judged.value, one.probability)
        lines.append(
            f"  {probable(one.probability):>4}  {drawn}  {share_text(judged):<13}  of {one.items:,.0f}"
        )
    return [RELIABILITY, *lines] if lines else []
