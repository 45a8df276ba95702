from __future__ import annotations

import pytest

from app.run.interval_lines import Axis, axis_for
from app.tui.widgets.intervals import interval, scale


@pytest.mark.parametrize(("least", "start"), [(0.97, 0.9), (0.9, 0.9), (0.85, 0.8), (0.6, 0.5), (0.2, 0.0)])
def test_an_axis_is_as_short_as_the_share_allows(least: float, start: float) -> None:
    assert axis_for(least, 60) == Axis(start, 1.0, 60)


@pytest.mark.parametrize("width", [40, 80, 112])
@pytest.mark.parametrize(
    ("low", "high", "point"), [(0.0, 1.0, 0.5), (0.3, 0.4, 0.35), (0.5, 0.5, 0.5), (-1, 2, 3)]
)
def test_a_line_is_as_wide_as_its_axis(width: int, low: float, high: float, point: float) -> None:
    axis = Axis(0.0, 1.0, width)
    assert interval(axis, low, high, point).cell_length == width
    assert scale(axis, point).cell_length == width


def test_ends_and_dot_stand_where_the_shares_are() -> None:
    axis = Axis(0.0, 1.0, 11)
    assert interval(axis, 0.2, 0.8, 0.5).plain == "··├━━●━━┤··"
    assert interval(axis, 0.2, 0.8).plain == "··├━━━━━┤··"
    assert interval(axis, 0.4, 0.4, 0.4).plain == "····●······"
    assert interval(axis, 1.0, 1.0).plain == "··········━"


def test_what_was_predicted_is_a_diamond_that_is_filled_where_the_dot_is() -> None:
    axis = Axis(0.0, 1.0, 11)
    assert interval(axis, 0.2, 0.8, 0.5, 0.9).plain == "··├━━●━━┤◇·"
    assert interval(axis, 0.2, 0.8, 0.5, 0.52).plain == "··├━━◆━━┤··"


@pytest.mark.parametrize(
    ("mark", "written"),
    [
        (None, "90%                                  100%"),
        (0.5, "90%                                  100%"),
        (0.9, "▲ 90%                                100%"),
        (0.902, " ▲ 90.2%                             100%"),
        (0.95, "90%                 ▲ 95%            100%"),
        (0.975, "90%                     97.5% ▲      100%"),
        (0.99, "90%                             99% ▲    "),
        (1.0, "90%                                100% ▲"),
    ],
)
def test_the_scale_names_its_ends_and_a_mark(mark: float | None, written: str) -> None:
    assert scale(Axis(0.9, 1.0, 41), mark).plain == written
