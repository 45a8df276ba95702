"""Answers drawn as the Markdown they are written in, with code highlighted; what is stored stays as it is.

A text is made visible first, parsed into tokens, and put together again from their texts, each of which
passes `literal`. Nothing is handed to a widget that would interpret it: a link is its text and its address,
HTML is text. Characters that a renderer would swallow (entities, escapes, definitions of links, the stars of
`2*3*4`) stay, since a person decides on what they see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from textual.content import Content, Span

from app.tui.literal import literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LIMIT = 6_000
"""Characters of the longest text that is parsed; beyond, it takes longer than anybody wants to wait."""
KEPT = 256
"""Texts that are kept parsed."""
QUIET = "$foreground-muted"
_LIKELY = re.compile(r"(?m)^ {0,3}(?:#{1,6} |[-*+] |\d{1,9}[.)] |>|```|~~~|\|.*\|)|\*\*|`[^`\n]+`|\]\(")
_CODE = {
    "Keyword": "$text-primary",
    "Name.Function": "bold",
    "Name.Class": "bold",
    "Name.Builtin": "$text-primary",
    "Literal.String": "$text-success",
    "Literal.Number": "$text-warning",
    "Comment": f"{QUIET} italic",
}
_LANGUAGES = {
    "python": re.compile(
        r"(?:@\w+|(?:async )?def \w+\(|class \w+[(:]|import \w+|from [\w.]+ import )[^.?!]*(?:\n|$)"
    ),
    "javascript": re.compile(r"(?:function \w*\(|(?:const|let|var) \w+ ?=|export )"),
    "c": re.compile(r"#include [<\"]|int main\("),
    "sql": re.compile(r"(?:SELECT|INSERT|CREATE|UPDATE)\s(?=[^.?!]*\b(?:FROM|INTO|TABLE|SET)\b)"),
    "bash": re.compile(r"#!/(?:usr/)?bin/(?:env )?(?:ba)?sh"),
    "html": re.compile(r"<(?:!DOCTYPE|html|div|p|ul|table)\b[^>]*>"),
}
"""How code begins that stands in no fence."""
_KEPT: dict[str, Content] = {}


def is_likely(text: str) -> bool:
    """Say whether a text may hold Markdown that is worth drawing."""
    return len(text) <= LIMIT and (_LIKELY.search(text) is not None or bool(language_of(text)))


def language_of(text: str) -> str:
    """Return the language of a text that is nothing but code; empty for all others."""
    if "```" in text:
        return ""
    return next((name for name, begins in _LANGUAGES.items() if begins.match(text)), "")


def kept(text: str) -> Content | None:
    """Return a text as it was drawn before; None where it was not."""
    return _KEPT.get(text)


def drawn(text: str) -> Content:
    """Draw a text of at most `LIMIT` characters, and keep it. Takes milliseconds: not on the event loop."""
    shown = literal(text).plain
    if language := language_of(text):
        content = Content(shown, spans=_spans(shown, language))
    else:
        content = _Drawing(shown.split("\n")).of(_parser().parse(shown))
    while len(_KEPT) >= KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    _KEPT[text] = content
    return content


def prepare(texts: Sequence[str]) -> None:
    """Draw the texts that are worth it and were not yet."""
    for text in texts:
        if is_likely(text) and text not in _KEPT:
            drawn(text)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # takes a quarter of a second, which Review should not wait for

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return parser.disable(["reference", "entity", "escape", "html_block", "html_inline", "lheading"])


@dataclass(slots=True)
class _Drawing:
    """A text while it is put together, line by line."""

    source: Sequence[str]
    lines: list[Content] = field(default_factory=list)
    before: list[Content] = field(default_factory=list)
    """What stands before each line of the quotes and lists that are open."""
    mark: Content | None = None
    """The mark of an item whose first line is still to come."""
    end: int = 0
    """The line of the source after the last block."""

    def of(self, tokens: Sequence[Token]) -> Content:
        """Return the text of these tokens."""
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                at = self._table(tokens, at)
            else:
                self._take(token, tokens[at + 1] if at + 1 < len(tokens) else None)
            at += 1
        return Content("\n").join(self.lines)

    def _take(self, token: Token, following: Token | None) -> None:
        if token.type == "blockquote_open":
            self._gap(token)
            self.before.append(Content.styled("▌ ", QUIET))
        elif token.type == "list_item_open":
            self._gap(token)
            bullet = f"{int(token.info):d}" if token.info.isdecimal() else "•"
            self.mark = literal(f"{bullet}{token.markup if token.info else ''} ")
            self.before.append(Content.blank(self.mark.cell_length))
        elif token.type in ("blockquote_close", "list_item_close"):
            self._flush_mark()
            self.before.pop()
        elif token.type == "heading_open" and following is not None:
            self._gap(token)
            hashes = literal(f"{token.markup} ", QUIET)
            self._say(Content.assemble(hashes, inline(following, "bold $text-primary")))
            following.children = []
        elif token.type == "inline" and token.children:
            self._gap(token)
            self._say(inline(token))
        elif token.type in ("fence", "code_block"):
            self._gap(token)
            self._say(code(token.content, token.info.split(" ")[0]))
        elif token.type == "hr":
            self._gap(token)
            self._say(Content.styled("─" * 20, QUIET))

    def _gap(self, token: Token) -> None:
        """Leave an empty line where the source has one before this block."""
        if token.map is None:
            return
        if self.lines and token.map[0] > 0 and self.mark is None:
            above = self.source[token.map[0] - 1].strip(" >")
            if not above and len(self.lines[-1]):
                self.lines.append(Content())
        self.end = token.map[1]

    def _say(self, text: Content) -> None:
        for line in text.split("\n", allow_blank=True):
            before = list(self.before)
            if self.mark is not None:
                before[-1], self.mark = self.mark, None
            self.lines.append(Content().join([*before, line]))

    def _flush_mark(self) -> None:
        if self.mark is not None:
            self._say(Content())

    def _table(self, tokens: Sequence[Token], at: int) -> int:
        """Draw a table with its columns aligned; return the place of its last token."""
        self._gap(tokens[at])
        rows: list[list[Content]] = []
        head = 0
        while tokens[at].type != "table_close":
            token = tokens[at]
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(inline(token))
            elif token.type == "thead_close":
                head = len(rows)
            at += 1
        widths = [
            max((row[n].cell_length for row in rows if n < len(row)), default=0) for n in range(len(rows[0]))
        ]
        for number, row in enumerate(rows):
            cells = [
                cell.pad_right(max(0, width - cell.cell_length))
                for cell, width in zip(row, widths, strict=False)
            ]
            line = Content.styled(" │ ", QUIET).join(cells)
            self._say(line.stylize("bold") if number < head else line)
            if number == head - 1:
                self._say(Content.styled("─┼─".join("─" * width for width in widths), QUIET))
        return at


def inline(token: Token, style: str = "") -> Content:
    """Return what stands in one line or paragraph."""
    children = token.children or []
    shown = _shown_marks(children)
    parts: list[Content] = []
    styles: list[str] = [style] if style else []
    for at, child in enumerate(children):
        now = " ".join(styles)
        if child.type in ("em_open", "strong_open"):
            styles.append("italic" if child.type == "em_open" else "bold")
        elif child.type in ("em_close", "strong_close"):
            styles.pop()
        if child.nesting and child.markup and child.markup[0] in "*_":
            if at in shown:
                parts.append(literal(child.markup, QUIET))
        elif child.type == "code_inline":
            parts.append(literal(child.content, f"{now} $text-success".strip()))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(Content("\n"))
        elif child.type == "link_close" and children[_opens(children, at)].info != "auto":
            parts.append(_address(children[_opens(children, at)].attrGet("href")))
        elif child.type == "image":
            parts.append(Content.assemble(literal(f"!{child.content}", now), _address(child.attrGet("src"))))
        else:
            parts.append(literal(child.content, now))
    return Content.assemble(*parts)


def _address(address: object) -> Content:
    return Content.assemble(literal(f" <{address}>", QUIET))


def _opens(children: Sequence[Token], at: int) -> int:
    """Return the place of the token that opens what the one at `at` closes."""
    level = children[at].level
    return next(n for n in range(at - 1, -1, -1) if children[n].nesting == 1 and children[n].level == level)


def _shown_marks(children: Sequence[Token]) -> set[int]:
    """Return the places of the stars and underscores that stay: those inside a word, and all underscores.

    In `2*3*4` and `__init__` they are no emphasis to whoever wrote them.
    """
    shown: set[int] = set()
    for at, child in enumerate(children):
        if child.nesting != -1 or not child.markup or child.markup[0] not in "*_":
            continue
        begin = _opens(children, at)
        before = children[begin - 1].content[-1:] if begin else ""
        after = children[at + 1].content[:1] if at + 1 < len(children) else ""
        if child.markup[0] == "_" or before.isalnum() or after.isalnum():
            shown |= {begin, at}
    return shown


def code(text: str, language: str) -> Content:
    """Return code with its words coloured where the language is known, under a line that names it."""
    shown = literal(text.rstrip("\n")).plain
    content = Content(shown, spans=_spans(shown, language))
    bar = Content.styled("│ ", QUIET)
    lines = [Content().join([bar, line]) for line in content.split("\n", allow_blank=True)]
    if language:
        lines.insert(0, Content.assemble(bar, literal(language, f"{QUIET} italic")))
    return Content("\n").join(lines)


def _spans(text: str, language: str) -> list[Span]:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return []
    spans: list[Span] = []
    for start, kind, token in lexer.get_tokens_unprocessed(text):
        name = str(kind).removeprefix("Token.")
        style = next((style for part, style in _CODE.items() if name.startswith(part)), "")
        if style:
            spans.append(Span(start, start + len(token), style))
    return spans
