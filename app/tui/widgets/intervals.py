"""Shares as dots and intervals on a common axis, in colour, and the axis below them."""

from __future__ import annotations

from textual.content import Content

from app.run.interval_lines import Axis, line
from app.tui.literal import literal

_OUTSIDE = "$foreground-muted"


def interval(
    axis: Axis, low: float, high: float, point: float | None = None, mark: float | None = None
) -> Content:
    """Draw an interval as `app.run.interval_lines.line` does, in colour."""
    drawn = line(axis, low, high, point, mark)
    first, last = axis.cell(low), axis.cell(high) + 1
    return Content.assemble(
        literal(drawn[:first], _OUTSIDE),
        literal(drawn[first:last], "$primary"),
        literal(drawn[last:], _OUTSIDE),
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
    return f"{100 * share:.4g}%"
