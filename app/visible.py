"""Foreign text made harmless and honest: every hidden or controlling character becomes a visible mark.

Model output, seeds, file names, metadata and log tails can hold escape sequences that drive the
terminal, and characters that hide or reorder text. Terminals and widgets must only ever see what
these functions return. Imports nothing of ours.
"""

from __future__ import annotations

import re


def _marks() -> dict[int, str]:
    """Map each hidden code point to the visible text that stands for it."""
    marks: dict[int, str] = {code: chr(0x2400 + code) for code in range(0x20)}
    marks[0x7F] = "\u2421"
    hidden = [
        *range(0x80, 0xA0),  # C1 controls: 8-bit CSI and OSC
        0xAD,
        0x034F,
        0x061C,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        *range(0x180B, 0x180F),
        *range(0x200B, 0x200D),
        *range(0x200E, 0x2010),
        *range(0x2028, 0x202F),  # line separators and bidirectional overrides
        *range(0x2060, 0x2070),
        0x3164,
        0xFEFF,
        0xFFA0,
        *range(0xFFF9, 0xFFFC),
        *range(0xD800, 0xE000),  # lone surrogates
        *range(0xE0000, 0xE0080),  # tag characters
    ]
    marks.update({code: f"\u27e8{code:04X}\u27e9" for code in hidden})
    return marks


_MARKS = _marks()
_BLOCK_MARKS = {**_MARKS, 0x0A: "\n", 0x09: "    "}
_LINE_MARKS = {**_MARKS, 0x0A: "\u23ce", 0x09: " "}
_HIDDEN = re.compile("[" + "".join(re.escape(chr(code)) for code in _MARKS if code not in (0x09, 0x0A)) + "]")


def visible(text: str) -> str:
    """Return `text` with hidden characters shown as marks; line feeds stay, tabs become four spaces."""
    return text.translate(_BLOCK_MARKS)


def visible_line(text: str, limit: int | None = None) -> str:
    """Return `text` as one harmless line (line feed shown as ⏎), cut with … beyond `limit` characters."""
    cut = text if limit is None or len(text) <= limit else text[: max(limit - 1, 0)] + "…"
    return cut.translate(_LINE_MARKS)


def hidden_count(text: str) -> int:
    """Count the characters of `text` that a terminal would hide or obey."""
    return len(_HIDDEN.findall(text))
