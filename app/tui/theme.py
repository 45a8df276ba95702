"""Two calm themes: one accent, everything else a shade of the ground."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="quorum-dark",
    primary="#7fb8c4",
    secondary="#8a97a6",
    accent="#7fb8c4",
    foreground="#d8dce2",
    background="#15181d",
    surface="#1b1f26",
    panel="#232932",
    success="#9cc28a",
    warning="#dcb56f",
    error="#dd8078",
    dark=True,
    variables={
        "border": "#39424f",
        "border-blurred": "#2c343f",
        "footer-background": "#15181d",
        "footer-item-background": "#15181d",
        "footer-key-foreground": "#7fb8c4",
        "footer-description-foreground": "#98a2af",
        "block-cursor-background": "#2b3a44",
        "block-cursor-foreground": "#eef2f6",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#232932",
        "scrollbar": "#333c48",
        "scrollbar-background": "#15181d",
        "scrollbar-background-hover": "#15181d",
        "scrollbar-background-active": "#15181d",
        "scrollbar-corner-color": "#15181d",
    },
)

LIGHT = Theme(
    name="quorum-light",
    primary="#1f6f80",
    secondary="#66717e",
    accent="#1f6f80",
    foreground="#22272e",
    background="#f7f7f4",
    surface="#efefea",
    panel="#e4e5df",
    success="#3d7a35",
    warning="#8c6208",
    error="#b0392f",
    dark=False,
    variables={
        "border": "#c3c6c2",
        "border-blurred": "#d6d8d3",
        "footer-background": "#f7f7f4",
        "footer-item-background": "#f7f7f4",
        "footer-key-foreground": "#1f6f80",
        "footer-description-foreground": "#5b6570",
        "block-cursor-background": "#d5e4e6",
        "block-cursor-foreground": "#14181c",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#e4e5df",
        "scrollbar": "#c3c6c2",
        "scrollbar-background": "#f7f7f4",
        "scrollbar-background-hover": "#f7f7f4",
        "scrollbar-background-active": "#f7f7f4",
        "scrollbar-corner-color": "#f7f7f4",
    },
)
