"""Pictures as SVG for a page: colours by classes that the page's style sheet defines, texts escaped."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from app.insight.sheets import Bars, Lines
from app.visible import visible_line

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 12, 12, 46
_TICKS = 5


def safe(text: str, limit: int = 400) -> str:
    """Return a foreign text as one line that HTML and SVG show as it is, hidden characters made visible."""
    return escape(visible_line(text, limit), quote=True)


def picture(shown: Bars | Lines) -> str:
    """Draw bars or lines with their axes."""
    drawn = list(_bars(shown) if isinstance(shown, Bars) else _lines(shown))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{safe(shown.title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(drawn)}</svg>'
    )


class _Axes:
    """Where numbers lie on the picture."""

    def __init__(self, first: float, last: float, top: float) -> None:
        self.first, self.last = first, last if last > first else first + 1
        self.top = top or 1.0

    def x(self, value: float) -> float:
        """Return the place of a number across."""
        return _LEFT + (value - self.first) / (self.last - self.first) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        """Return the place of a number upright."""
        return HEIGHT - _BOTTOM - min(1.0, value / self.top) * (HEIGHT - _TOP - _BOTTOM)

    def draw(self, across: str, up: str) -> Iterator[str]:
        """Yield grid, numbers and names."""
        for tick in ticks(0.0, self.top):
            at = self.y(tick)
            yield f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
            yield f'<text class="tick" x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{tick:,.6g}</text>'
        for tick in ticks(self.first, self.last):
            at = self.x(tick)
            yield (
                f'<text class="tick" x="{at:.1f}" y="{HEIGHT - _BOTTOM + 16}" text-anchor="middle">'
                f"{tick:,.6g}</text>"
            )
        base = self.y(0)
        yield f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{base:.1f}" y2="{base:.1f}"/>'
        below = f'x="{WIDTH / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle"'
        yield f'<text class="name" {below}>{safe(across)}</text>'
        middle = (HEIGHT - _BOTTOM) / 2
        yield (
            f'<text class="name" transform="translate(13 {middle:.0f}) rotate(-90)" text-anchor="middle">'
            f"{safe(up)}</text>"
        )


def _bars(shown: Bars) -> Iterator[str]:
    axes = _Axes(shown.bars[0][0], shown.bars[-1][1], 1.05 * max(number for _, _, number in shown.bars))
    yield from axes.draw(shown.across, shown.up)
    for start, end, number in shown.bars:
        if number:
            left, top = axes.x(start), axes.y(number)
            width = max(0.5, axes.x(end) - left - 1)
            yield (
                f'<rect class="bar" x="{left + 0.5:.1f}" y="{top:.1f}" width="{width:.1f}" '
                f'height="{axes.y(0) - top:.1f}"><title>{start:g}–{end:g}: {number:,}</title></rect>'
            )


def _lines(shown: Lines) -> Iterator[str]:
    points = [point for _, line in shown.lines for point in line]
    axes = _Axes(
        min(0.0, min(x for x, _ in points)),
        max(x for x, _ in points),
        shown.up_to or 1.05 * max(y for _, y in points),
    )
    yield from axes.draw(shown.across, shown.up)
    for at, (name, line) in enumerate(shown.lines):
        path = " ".join(f"{axes.x(x):.1f},{axes.y(y):.1f}" for x, y in line)
        yield f'<polyline class="line line{at % 4}" points="{path}"><title>{safe(name)}</title></polyline>'


def ticks(first: float, last: float) -> Sequence[float]:
    """Return about five round numbers from `first` to `last`."""
    step = (last - first) / _TICKS
    power = 10.0 ** math.floor(math.log10(step))
    nice = next(times * power for times in (1, 2, 5, 10) if times * power >= step * 0.999)
    begin = math.ceil(first / nice - 1e-9)
    return [round(at * nice, 10) for at in range(begin, math.floor(last / nice + 1e-9) + 1)]
