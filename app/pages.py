"""The pages of the manual: which there are, what they say, and where a phrase stands in them.

The pages are Markdown in `app/manual`, written in this repository. The command line and the screens show
them; this module knows neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from app.errors import QuorumError, did_you_mean

TOPICS = (
    *("start", "method", "models", "seeds", "recipes", "import", "votes", "right", "evaluation", "review"),
    *(
        "filters",
        "data",
        "exports",
        "files",
        "commands",
        "cluster",
        "keys",
        "speed",
        "trust",
        "troubleshooting",
        "changelog",
    ),
)
"""Every page, in the order in which they are read."""

_COMMENT = re.compile(r"^<!--.*-->\n", re.MULTILINE)
_DECORATION = re.compile(r"\*\*|`|^[\s#>|*-]+|\|\s*$|\\(?=\|)|\]\([^)]*\)|\[(?=[^\]]*\]\()")
_HEADING = re.compile(r"(#{2,4}) (.+)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its topic is the name of its file, its purpose the first sentence under the title."""

    topic: str
    title: str
    purpose: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of a page in which a searched phrase begins; `line` counts from 0."""

    topic: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a page; `anchor` is what a link calls it."""

    level: int
    title: str
    anchor: str
    line: int


def page(topic: str) -> Page:
    """Return the page of a topic. Raises QuorumError, with what may have been meant, where there is none."""
    if topic not in TOPICS:
        raise QuorumError(f"There is no topic {topic!r}.", suggestion(topic, TOPICS))
    return _read(topic)


def all_pages() -> list[Page]:
    """Return every page in reading order."""
    return [_read(topic) for topic in TOPICS]


@cache
def _read(topic: str) -> Page:
    text = (resources.files("app") / "manual" / f"{topic}.md").read_text("utf-8")
    title, purpose = [block.strip() for block in text.split("\n\n", 2)[:2]]
    return Page(topic, title.removeprefix("# "), " ".join(purpose.split()), _COMMENT.sub("", text))


def headings(page: Page) -> list[Heading]:
    """Return the headings of a page under its title."""
    parts: list[Heading] = []
    code = False
    for line, text in enumerate(page.text.splitlines()):
        code ^= text.startswith("```")
        if match := None if code else _HEADING.match(text):
            title = plain(match[2])
            parts.append(Heading(len(match[1]), title, _slug(title), line))
    return parts


def _slug(title: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def place(target: str) -> tuple[Page, int]:
    """Return the page and line that a link between pages leads to: `models.md`, `models.md#memory`.

    Raises QuorumError where it leads nowhere.
    """
    name, _, anchor = target.partition("#")
    linked = page(name.removesuffix(".md"))
    if not anchor:
        return linked, 0
    for heading in headings(linked):
        if heading.anchor == anchor:
            return linked, heading.line
    raise QuorumError(f"The page {linked.topic} has no part {anchor!r}.")


def links(page: Page) -> list[tuple[str, str]]:
    """Return text and target of every link of a page, each target once."""
    texts = {match[2]: " ".join(match[1].split()) for match in reversed(list(_LINK.finditer(page.text)))}
    return [(text, target) for target, text in reversed(texts.items())]


def find(phrase: str) -> list[Hit]:
    """Return every line of every page in which `phrase` begins, whatever its case and line breaks."""
    words = [re.escape(word) for word in phrase.split()]
    if not words:
        return []
    wanted = re.compile(r"\s+".join(words), re.IGNORECASE)
    return [hit for page in all_pages() for hit in _hits(page, wanted)]


def _hits(page: Page, wanted: re.Pattern[str]) -> Iterable[Hit]:
    lines = page.text.splitlines()
    starts = (page.text.count("\n", 0, match.start()) for match in wanted.finditer(page.text))
    for line in dict.fromkeys(starts):
        yield Hit(page.topic, line, plain(lines[line]))


def plain(line: str) -> str:
    """Return a line of Markdown without what only lays it out."""
    return _DECORATION.sub("", line).replace(" | ", "  ").strip()[:_SHOWN]


def suggestion(typed: str, known: Sequence[str]) -> str:
    """Say which known word may have been meant, and list all topics."""
    return f"{did_you_mean(typed, known)}Topics: {', '.join(TOPICS)}."
