"""Bars and lines with axes, drawn by textual-plot in the colours of the theme.

The library writes labels as markup: whatever is written on an axis here is a number or a word of ours.
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static
from textual_plot import HiResMode, NumericAxisFormatter, PlotWidget

from app.insight.sheets import Bars, Lines
from app.tui.literal import literal

COLOURS = ("primary", "success", "warning", "secondary")
"""Of the lines of one picture, in order."""
MARKS = ("━", "◆", "○", "▲")
"""What each line is drawn with: nothing is told by colour alone."""


class Plot(PlotWidget, can_focus=False, inherit_bindings=False):
    """The picture itself: nothing to zoom or pan, so that no key is taken from the screen."""

    DEFAULT_CSS = """
    Plot { height: 1fr; }
    Plot > .plot--axis { color: $border; }
    Plot > .plot--tick { color: $foreground-muted; text-style: none; }
    Plot > .plot--label { color: $foreground-muted; text-style: none; }
    """

    margin_top = reactive(1)
    margin_bottom = reactive(3)
    margin_left = reactive(9)

    def __init__(self, shown: Bars | Lines) -> None:
        super().__init__(allow_pan_and_zoom=False)
        self._shown = shown

    def on_mount(self, event: events.Mount) -> None:  # type: ignore[override]
        """Let the library set up what it draws on, then draw: coming second, it would clear the picture."""
        event.prevent_default()
        super().on_mount()
        self.draw()

    def notify_style_update(self) -> None:
        """Draw in the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted:
            self.draw()

    def draw(self) -> None:
        """Draw what is shown, axes from zero."""
        self.clear()
        self.set_xlabel(ours(self._shown.across))
        self.set_y_formatter(NumericAxisFormatter())
        if isinstance(self._shown, Bars):
            self._draw_bars(self._shown)
        else:
            self._draw_lines(self._shown)

    def _draw_bars(self, shown: Bars) -> None:
        first, last = shown.bars[0][0], shown.bars[-1][1]
        width = shown.bars[0][1] - first
        self.bar(
            [(start + end) / 2 for start, end, _ in shown.bars],
            [number for _, _, number in shown.bars],
            width=width * (0.8 if len(shown.bars) < 20 else 1.0),
            bar_style=self._colour("primary"),
            hires_mode=HiResMode.HALFBLOCK,
        )
        self.set_xlimits(first, last)
        self.set_ylimits(0, 1.05 * max(1, *(number for _, _, number in shown.bars), 1))

    def _draw_lines(self, shown: Lines) -> None:
        points = [point for _, line in shown.lines for point in line]
        for at, (_, line) in enumerate(shown.lines):
            across, up = zip(*line, strict=True)
            style = self._colour(COLOURS[at % len(COLOURS)])
            if at:
                self.scatter(across, up, marker=MARKS[at % len(MARKS)], marker_style=style)
            else:
                self.plot(across, up, line_style=style, hires_mode=HiResMode.BRAILLE)
        self.set_xlimits(min(0.0, *(x for x, _ in points), 0.0), max(x for x, _ in points) or 1.0)
        self.set_ylimits(0, shown.up_to or 1.05 * max(y for _, y in points) or 1.0)

    def _colour(self, name: str) -> str:
        return self.app.theme_variables[name]


def ours(label: str) -> str:
    """Return a label for an axis without what the library would take as markup."""
    return label.replace("[", "(").replace("]", ")")


class PlotBox(Vertical):
    """A picture under its title, with what each line is."""

    DEFAULT_CSS = """
    PlotBox { height: 17; max-width: 130; margin-bottom: 1; }
    PlotBox > Static { height: 1; }
    """

    def __init__(self, shown: Bars | Lines) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        """Compose title and picture."""
        yield Static(title_of(self._shown))
        yield Plot(self._shown)


def title_of(shown: Bars | Lines) -> Content:
    """Return the title of a picture, what is upright, and the name of each line in its colour."""
    parts = [literal(shown.title, "bold"), literal(f"  {shown.up}", "$foreground-muted")]
    if isinstance(shown, Lines) and len(shown.lines) > 1:
        for at, (name, _) in enumerate(shown.lines):
            colour = COLOURS[at % len(COLOURS)]
            parts += [Content("   "), literal(f"{MARKS[at % len(MARKS)]} ", f"${colour}"), literal(name)]
    return Content.assemble(*parts)
