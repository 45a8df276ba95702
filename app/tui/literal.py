"""The one door for foreign text into the screens: visible, never markup, never an escape sequence.

Everything that was not typed in this repository (model output, seeds, paths, names, reasons, error
texts) passes here before a widget sees it. Styles and foreign text are joined with
`Content.assemble`, never with markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual.content import Content

from app.method.terms import in_words
from app.visible import visible, visible_line

_HEADING, _BOLD = re.compile(r"#{1,6} +"), re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")

SLICE = 64 * 1024
"""Characters of one text that are drawn at a time: a Static of a megabyte blocks the loop for a second."""


def literal(text: str, style: str = "") -> Content:
    """Return `text` as it is, hidden characters made visible, line feeds kept."""
    shown = visible(text)
    return Content.assemble((shown, style)) if style else Content(shown)


def with_emphasis(text: str) -> Content:
    """Return `text` with what Markdown sets in bold: headings, and words between two asterisks."""
    lines = []
    for line in visible(text).split("\n"):
        if heading := _HEADING.match(line):
            lines.append(Content.styled(line[heading.end() :], "bold"))
        else:
            parts = enumerate(_BOLD.split(line))  # every second one stood between asterisks
            lines.append(Content.assemble(*((part, "bold") if at % 2 else part for at, part in parts)))
    return Content("\n").join(lines)


def literal_line(text: str, limit: int = 1000, style: str = "") -> Content:
    """Return `text` as one line of at most `limit` characters."""
    shown = visible_line(text, limit)
    return Content.assemble((shown, style)) if style else Content(shown)


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of a long text: `number` of `of`, and whether the text was cut at all."""

    text: str
    number: int
    of: int

    @property
    def cut(self) -> bool:
        """Whether there is more text than this slice."""
        return self.of > 1


def slice_of(text: str, number: int, size: int = SLICE) -> Slice:
    """Return slice `number` (from 0, clamped to the last one) of `text`."""
    of = max(1, -(-len(text) // size))
    at = min(max(number, 0), of - 1)
    return Slice(text[at * size : (at + 1) * size], at, of)


def field_text(text: str) -> str:
    """Return `text` for an Input or TextArea, which write what they hold to the terminal unchanged.

    Tabs stay; a carriage return before a line feed goes, since an editor has lines, not line endings.
    """
    return "\t".join(visible(part) for part in text.replace("\r\n", "\n").split("\t"))


def reason_words(reason: str, limit: int = 60) -> Content:
    """Return a machine-readable reason (`too_similar`) as words."""
    return literal_line(in_words(reason), limit)


def failed_line(what: str, why: str) -> Content:
    """Return "Not counted: the disk is failing.": what was not done, in our words, and why (foreign)."""
    return Content.assemble((f"{what}: ", "$text-warning"), literal_line(why, 300))
