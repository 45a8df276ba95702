"""Numbers in words, for screens and commands. Pure: numbers in, short strings of our own out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_BLOCKS = "▁▂▃▄▅▆▇█"


def count(number: int) -> str:
    """Return a whole number with thousands separated."""
    return f"{number:,}"


def plural(number: int, noun: str, many: str = "") -> str:
    """Return "1 row", "2 rows"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"


def size(octets: int) -> str:
    """Return a file or memory size in decimal units: 512 bytes, 940 kB, 8.3 MB, 4.9 GB."""
    if octets < 1000:
        return plural(octets, "byte")
    for limit, divisor, unit in ((999_500, 1e3, "kB"), (999_500_000, 1e6, "MB")):
        if octets < limit:
            value = octets / divisor
            return f"{value:.1f} {unit}" if value < 10 and unit == "MB" else f"{value:.0f} {unit}"
    return f"{octets / 1e9:.1f} GB"


def clock(seconds: float) -> str:
    """Return a span as hh:mm:ss."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def about(seconds: float) -> str:
    """Return a span rounded to what matters while waiting: ≈ 40 s, ≈ 12 min, ≈ 2.5 h."""
    if seconds < 90:
        return f"≈ {max(5, round(seconds / 5) * 5)} s"
    if seconds < 90 * 60:
        return f"≈ {round(seconds / 60)} min"
    return f"≈ {seconds / 3600:.1f} h"


def ago(seconds: float) -> str:
    """Return how long ago something was: 40 s ago, 12 min ago."""
    return f"{about(seconds).removeprefix('≈ ')} ago"


def time_left(least: float, most: float) -> str:
    """Return "≈ 12 min left", or "8 to 14 min left" where no one figure can be given."""
    low, high = about(least), about(most)
    if low == high:
        return f"{low} left"
    number, unit = low.removeprefix("≈ ").split()
    same = high.endswith(f" {unit}")
    return f"{number if same else f'{number} {unit}'} to {high.removeprefix('≈ ')} left"


def rate(tokens_per_second: float) -> str:
    """Return tokens a second with one digit, or a dash when nothing flows."""
    return f"{tokens_per_second:.1f}" if tokens_per_second >= 0.05 else "–"


def score(value: float) -> str:
    """Return a score in 0 … 1 with two digits."""
    return f"{value:.2f}"


def percent(part: int, whole: int) -> str:
    """Return a share as whole per cent; of nothing it is 0."""
    return f"{round(100 * part / whole) if whole else 0}%"


def bar(done: int, target: int | None, width: int) -> tuple[str, str]:
    """Return the drawn and the open part of a progress bar of `width` cells."""
    share = min(1.0, done / target) if target else 0.0
    filled = int(share * width)
    if done and not filled:
        filled = 1
    return "━" * filled, "─" * (width - filled)


def means(values: Sequence[float], width: int) -> list[float]:
    """Return at most `width` values for all of these, each the mean of some that follow one another."""
    if len(values) <= width:
        return list(values)
    cuts = [len(values) * at // width for at in range(width + 1)]
    return [sum(values[begin:end]) / (end - begin) for begin, end in pairwise(cuts)]


def skyline(heights: Sequence[float], rows: int) -> list[str]:
    """Draw heights of 0 to 1 as columns of block characters, `rows` lines high, the topmost line first."""
    eighths = [min(1.0, max(0.0, height)) * rows * 8 for height in heights]
    return [
        "".join((" " + _BLOCKS)[int(min(8, max(0, height - row * 8)))] for height in eighths)
        for row in reversed(range(rows))
    ]


def sparkline(values: Sequence[float], width: int) -> str:
    """Return the values as at most `width` block characters, scaled to their own maximum."""
    shown = means(values, width)
    top = max(shown, default=0.0)
    if top <= 0:
        return ""
    return "".join(_BLOCKS[min(7, int(value / top * 7.999))] for value in shown)
