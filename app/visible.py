"""Foreign text made harmless and honest: every hidden or controlling character becomes a visible mark.

Model output, seeds, file names, metadata and log tails can hold escape sequences that drive the
terminal, and characters that hide or reorder text. Terminals and widgets must only ever see what
these functions return. Imports nothing of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable


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
        0x2800,  # a Braille cell without dots
        0x3164,
        *range(0xFE00, 0xFE0E),  # variation selectors: a sentence can be written in them
        0xFEFF,
        0xFFA0,
        *range(0xFFF9, 0xFFFC),
        *range(0xD800, 0xE000),  # lone surrogates
        *range(0x1D173, 0x1D17B),  # where beams and slurs of music begin and end
        *range(0xE0000, 0xE01F0),  # tag characters, what is reserved beside them, more variation selectors
    ]
    marks.update({code: f"\u27e8{code:04X}\u27e9" for code in hidden})
    return marks


_MARKS = _marks()
_BLOCK_MARKS = {**_MARKS, 0x0A: "\n", 0x09: "    "}
_LINE_MARKS = {**_MARKS, 0x0A: "\u23ce", 0x09: " "}

_PICTURE = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf\ua840-\uabff"
"""Scripts whose letters take another form beside a joiner: Arabic, those of India and of its neighbours."""
# One selector behind a sign says whether it is drawn as a picture, and a joiner makes one picture of two or a
# form of a letter; anywhere else the same characters are only hidden.
_SELECTED = re.compile(f"[{_PICTURE}#*0-9]")
_JOINED = re.compile(f"[{_PICTURE}\ufe0f]\u200d[{_PICTURE}]|[{_JOINING}]\u200d")
_PLACED = re.compile("[\u200d\ufe0e\ufe0f]")
_HIDDEN = re.compile("[" + "".join(re.escape(chr(code)) for code in _MARKS if code not in (0x09, 0x0A)) + "]")


def _is_stray(found: re.Match[str]) -> bool:
    """Whether a joiner or selector that was found has nothing to join or select."""
    text, at = found.string, found.start()
    before = max(at - 1, 0)
    return not (_JOINED if found[0] == "\u200d" else _SELECTED).match(text, before, at + 2)


def _replace_strays(text: str, mark: Callable[[re.Match[str]], str]) -> str:
    return _PLACED.sub(lambda found: mark(found) if _is_stray(found) else found[0], text)


def _marked(found: re.Match[str]) -> str:
    return f"\u27e8{ord(found[0]):04X}\u27e9"


def visible(text: str) -> str:
    """Return `text` with hidden characters shown as marks; line feeds stay, tabs become four spaces."""
    return _replace_strays(text, _marked).translate(_BLOCK_MARKS)


def visible_line(text: str, limit: int | None = None) -> str:
    """Return `text` as one harmless line (line feed shown as ⏎), cut with … beyond `limit` characters."""
    cut = text if limit is None or len(text) <= limit else text[: max(limit - 1, 0)] + "…"
    return _replace_strays(cut, _marked).translate(_LINE_MARKS)


def hidden_count(text: str) -> int:
    """Count the characters of `text` that a terminal would hide or obey."""
    return len(_HIDDEN.findall(text)) + sum(map(_is_stray, _PLACED.finditer(text)))


def visible_json(value: object, indent: int | None = None) -> str:
    """Return `value` as JSON that can be printed: what a terminal would hide or obey is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _HIDDEN.sub(_escaped, _replace_strays(text, _escaped))


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if found[0] != "\x7f" else "\\u007f"
