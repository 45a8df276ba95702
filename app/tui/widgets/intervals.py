"""Shares as dots and intervals on a common axis, drawn as text. Pure: numbers in, Content out."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from app.tui.literal import literal

STARTS = (0.9, 0.8, 0.5, 0.0)
"""Where an axis may begin; it ends at 1."""
_OUTSIDE = "$foreground-muted"


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


def interval(axis: Axis, low: float, high: float, point: float | None = None, style: str = "") -> Content:
    """Draw the interval from `low` to `high` on one line, with a dot at `point` if one is given."""
    first, last = axis.cell(low), axis.cell(high)
    cells = ["·"] * first + ["━"] * (last - first + 1) + ["·"] * (axis.width - 1 - last)
    if last > first:
        cells[first], cells[last] = "├", "┤"
    if point is not None:
        cells[axis.cell(point)] = "●"
    line = "".join(cells)
    before, inside, behind = line[:first], line[first : last + 1], line[last + 1 :]
    return Content.assemble(
        literal(before, _OUTSIDE), literal(inside, style or "$primary"), literal(behind, _OUTSIDE)
    )


def scale(axis: Axis, mark: float | None = None) -> Content:
    """Write the ends of an axis below it, and with an arrow the share at `mark`.

    Where there is no room for both, the mark takes the place of an end.
    """
    cells = [" "] * axis.width
    left, right = _percent(axis.start), _percent(axis.end)
    labels = [(0, left), (axis.width - len(right), right)]
    if mark is not None and axis.start <= mark <= axis.end:
        arrow, text = axis.cell(mark), _percent(mark)
        after = arrow + len(text) + 2 < axis.width - len(right)
        marked = (arrow, f"▲ {text}") if after else (arrow - len(text) - 1, f"{text} ▲")
        labels = [label for label in labels if _apart(label, marked)] + [marked]
    for at, text in labels:
        cells[at : at + len(text)] = text
    return literal("".join(cells), _OUTSIDE)


def _apart(one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Whether a cell at least is free between two labels, each with the cell it begins at."""
    return one[0] + len(one[1]) < other[0] or other[0] + len(other[1]) < one[0]


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
