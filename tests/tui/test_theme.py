"""What a terminal of few colours shows: Rich takes the nearest colour it has, which must still differ."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem

from app.tui.theme import SIXTEEN, TRUE_COLOUR, XTERM_256, Shades, themes

SYSTEMS = {
    "256": (ColorSystem.EIGHT_BIT, XTERM_256),
    "standard": (ColorSystem.STANDARD, SIXTEEN),
}


def shown(colour: str, system: ColorSystem) -> tuple[int, int, int]:
    """Return what such a terminal shows for a colour."""
    return tuple(Color.parse(colour).downgrade(system).get_truecolor())


@pytest.mark.parametrize("shade", ["dark", "light"])
def test_every_shade_for_256_colours_is_shown_as_it_is_or_a_step_of_grey_beside_it(shade: str) -> None:
    shades: Shades = getattr(XTERM_256, shade)
    for field in Shades.__dataclass_fields__:
        colour = getattr(shades, field)
        there = shown(colour, ColorSystem.EIGHT_BIT)
        for wanted, is_shown in zip(Color.parse(colour).get_truecolor(), there, strict=True):
            assert abs(wanted - is_shown) <= 10, (field, colour)


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("shade", ["dark", "light"])
def test_the_selected_line_and_the_field_in_use_stand_out_from_the_ground(name: str, shade: str) -> None:
    system, pair = SYSTEMS[name]
    shades: Shades = getattr(pair, shade)
    ground = shown(shades.background, system)
    for raised in (shades.cursor, shades.panel, shades.border, shades.foreground, shades.accent):
        assert shown(raised, system) != ground
    assert shown(shades.cursor, system) != shown(shades.panel, system)
    assert shown(shades.cursor, system) != shown(shades.cursor_text, system)


def luminance(colour: tuple[int, int, int]) -> float:
    """Return the relative luminance that WCAG 2 defines, 0 to 1."""
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("pair", [TRUE_COLOUR, XTERM_256, SIXTEEN])
@pytest.mark.parametrize("shade", ["dark", "light"])
def test_a_key_and_a_mark_can_be_read_on_the_selected_line(pair: object, shade: str) -> None:
    shades: Shades = getattr(pair, shade)
    for written in (shades.cursor_text, shades.accent, shades.foreground):
        high, low = sorted(luminance(Color.parse(c).get_truecolor()) for c in (written, shades.cursor))[::-1]
        assert (high + 0.05) / (low + 0.05) >= 3, written


@pytest.mark.parametrize("pair", [TRUE_COLOUR, XTERM_256, SIXTEEN])
@pytest.mark.parametrize("shade", ["dark", "light"])
def test_what_is_typed_can_be_read(pair: object, shade: str) -> None:
    shades: Shades = getattr(pair, shade)
    written, field = (luminance(Color.parse(c).get_truecolor()) for c in (shades.cursor_text, shades.panel))
    high, low = max(written, field), min(written, field)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_true_colours_would_lose_the_selection_on_256_colours() -> None:
    """Why there are other shades: windows and fields of the true colours are the ground itself there."""
    lost = [
        shown(TRUE_COLOUR.dark.background, ColorSystem.EIGHT_BIT),
        shown(TRUE_COLOUR.dark.surface, ColorSystem.EIGHT_BIT),
    ]
    assert lost[0] == lost[1]


@pytest.mark.parametrize(
    ("colours", "pair"),
    [("truecolor", TRUE_COLOUR), ("256", XTERM_256), ("standard", SIXTEEN), (None, SIXTEEN)],
)
def test_the_themes_are_those_of_the_terminal_under_the_same_names(colours: str | None, pair: object) -> None:
    dark, light = themes(colours)
    assert (dark.name, light.name) == ("quorum-dark", "quorum-light")
    assert dark.background == pair.dark.background and light.background == pair.light.background  # type: ignore[attr-defined]
