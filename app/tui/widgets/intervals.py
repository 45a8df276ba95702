"""Shares as dots and intervals on a common axis, drawn as text. Pure: numbers in, Content out."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

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
    inside = (line[first : last + 1], style or "$primary")
    return Content.assemble((line[:first], _OUTSIDE), inside, (line[last + 1 :], _OUTSIDE))


def scale(axis: Axis, mark: float | None = None) -> Content:
    """Write the ends of an axis below it, and with an arrow the share at `mark` between them."""
    left, right = _percent(axis.start), _percent(axis.end)
    between = axis.width - len(left) - len(right)
    if mark is None or not axis.start <= mark <= axis.end:
        return Content.styled(f"{left}{' ' * between}{right}", _OUTSIDE)
    arrow, text = axis.cell(mark), _percent(mark)
    if axis.width - 1 - arrow > len(right) + len(text) + 2:
        label, at = f"▲ {text}", arrow
    else:  # no room to the right of the arrow before the end's own label
        label, at = f"{text} ▲", arrow - len(text) - 1
    line = left.ljust(axis.width - len(right)) + right
    if at > len(left) and at + len(label) < axis.width - len(right):
        line = line[:at] + label + line[at + len(label) :]
    else:
        line = line[:arrow] + "▲" + line[arrow + 1 :]
    return Content.styled(line, _OUTSIDE)


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
