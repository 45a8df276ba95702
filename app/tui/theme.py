"""Two calm themes, dark and light: one accent, everything else a shade of the ground.

Each has three sets of shades, for what a terminal can draw. Textual mixes colours freely and Rich then takes
the nearest one that there is, so on 256 colours a dark ground with a touch of blue becomes black, and what
lies on it vanishes. The shades for 256 colours are colours of the xterm palette, those for 16 are its names.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme

DARK_NAME, LIGHT_NAME = "quorum-dark", "quorum-light"


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of one theme, each by what it is for."""

    accent: str
    secondary: str
    foreground: str
    background: str
    surface: str
    """Windows and fields."""
    panel: str
    """What is raised over them: the field in use, the line that was left."""
    success: str
    warning: str
    error: str
    border: str
    faint_border: str
    quiet: str
    """The words beside the keys at the foot."""
    cursor: str
    cursor_text: str

    def theme(self, name: str, *, dark: bool) -> Theme:
        """Return the theme of these colours."""
        return Theme(
            name=name,
            primary=self.accent,
            secondary=self.secondary,
            accent=self.accent,
            foreground=self.foreground,
            background=self.background,
            surface=self.surface,
            panel=self.panel,
            success=self.success,
            warning=self.warning,
            error=self.error,
            dark=dark,
            variables={
                "border": self.border,
                "border-blurred": self.faint_border,
                "footer-background": self.background,
                "footer-item-background": self.background,
                "footer-key-foreground": self.accent,
                "footer-description-foreground": self.quiet,
                "block-cursor-background": self.cursor,
                "block-cursor-foreground": self.cursor_text,
                "block-cursor-text-style": "bold",
                "block-cursor-blurred-background": self.panel,
                "block-cursor-blurred-foreground": self.cursor_text,
                "scrollbar": self.border,
                "scrollbar-background": self.background,
                "scrollbar-background-hover": self.background,
                "scrollbar-background-active": self.background,
                "scrollbar-corner-color": self.background,
            },
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """The dark and the light shades for one kind of terminal."""

    dark: Shades
    light: Shades


TRUE_COLOUR = Pair(
    dark=Shades(
        accent="#7fb8c4",
        secondary="#8a97a6",
        foreground="#d8dce2",
        background="#15181d",
        surface="#1b1f26",
        panel="#232932",
        success="#9cc28a",
        warning="#dcb56f",
        error="#dd8078",
        border="#39424f",
        faint_border="#2c343f",
        quiet="#98a2af",
        cursor="#2b3a44",
        cursor_text="#eef2f6",
    ),
    light=Shades(
        accent="#1f6f80",
        secondary="#66717e",
        foreground="#22272e",
        background="#f7f7f4",
        surface="#efefea",
        panel="#e4e5df",
        success="#3d7a35",
        warning="#8c6208",
        error="#b0392f",
        border="#c3c6c2",
        faint_border="#d6d8d3",
        quiet="#5b6570",
        cursor="#d5e4e6",
        cursor_text="#14181c",
    ),
)
XTERM_256 = Pair(
    dark=Shades(
        accent="#87d7d7",
        secondary="#949494",
        foreground="#dadada",
        background="#121212",
        surface="#1c1c1c",
        panel="#303030",
        success="#87d787",
        warning="#d7af5f",
        error="#d78787",
        border="#4e4e4e",
        faint_border="#3a3a3a",
        quiet="#a8a8a8",
        cursor="#005f5f",
        cursor_text="#ffffff",
    ),
    light=Shades(
        accent="#005f87",
        secondary="#626262",
        foreground="#1c1c1c",
        background="#ffffff",
        surface="#eeeeee",
        panel="#dadada",
        success="#008700",
        warning="#875f00",
        error="#af0000",
        border="#b2b2b2",
        faint_border="#d0d0d0",
        quiet="#585858",
        cursor="#afd7d7",
        cursor_text="#000000",
    ),
)
SIXTEEN = Pair(
    dark=Shades(
        accent="#55ffff",
        secondary="#aaaaaa",
        foreground="#aaaaaa",
        background="#000000",
        surface="#000000",
        panel="#555555",
        success="#55ff55",
        warning="#ffff55",
        error="#ff5555",
        border="#555555",
        faint_border="#555555",
        quiet="#aaaaaa",
        cursor="#0000aa",
        cursor_text="#ffffff",
    ),
    light=Shades(
        accent="#0000aa",
        secondary="#555555",
        foreground="#000000",
        background="#ffffff",
        surface="#ffffff",
        panel="#aaaaaa",
        success="#00aa00",
        warning="#aa5500",
        error="#aa0000",
        border="#aaaaaa",
        faint_border="#aaaaaa",
        quiet="#555555",
        cursor="#00aaaa",
        cursor_text="#000000",
    ),
)


def themes(colours: str | None) -> tuple[Theme, Theme]:
    """Return the dark and the light theme for a terminal; `colours` is what Rich calls its colour system.

    "truecolor", "256", "standard" (16) or None (none at all).
    """
    pair = {"truecolor": TRUE_COLOUR, "256": XTERM_256}.get(colours or "", SIXTEEN)
    return pair.dark.theme(DARK_NAME, dark=True), pair.light.theme(LIGHT_NAME, dark=False)
