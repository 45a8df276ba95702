"""Topics for instructions: a list of them, and the choice of common ones among categories.

The filters are those of LaMini-LM (arXiv 2304.14402, section 3.1) for the categories of Wikipedia: few words,
many sub-categories, many pages. What has a long title is known to few, and models invent facts about it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import IntakeError
from app.intake.lines import texts

MAX_LINE = 10_000
MAX_TOPICS = 100_000

_BUNDLED = Path(__file__).resolve().parent.parent / "seeds" / "topics.txt"
_TITLE = ("category", "title", "name", "topic", "cat_title")
_SUBCATEGORIES = ("subcategories", "sub-categories", "sub_categories", "subcats", "cat_subcats")
_PAGES = ("pages", "cat_pages")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """A category is a topic if it has fewer `words`, more `subcategories` and more `pages` than these."""

    words: int = 3
    subcategories: int = 10
    pages: int = 50


@dataclass(slots=True)
class Chosen:
    """The topics among categories, in their order, and how many lines each filter left out.

    `bad` holds the first lines that could not be read, each with its number and what is wrong with it.
    """

    topics: list[str] = field(default_factory=list)
    lines: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[int, str]] = field(default_factory=list)


def bundled_topics() -> list[str]:
    """Return the topics that ship with the product."""
    return read_topics(_BUNDLED)


def read_topics(path: Path) -> list[str]:
    """Read a list of topics, one a line, each once; blank lines are skipped. Raises IntakeError."""
    topics: dict[str, str] = {}
    for number, line in texts(path, MAX_LINE):
        topic = " ".join(line.split())
        if len(topic) > 200:
            raise IntakeError(
                f"{path}, line {number}: a topic of over 200 characters.",
                "Give one topic a line; `quorum import topics` makes such a list out of a CSV file.",
            )
        if topic:
            topics.setdefault(topic.casefold(), topic)
        if len(topics) > MAX_TOPICS:
            raise IntakeError(f"{path} holds more than {MAX_TOPICS:,} topics.", "Choose the common ones.")
    if not topics:
        raise IntakeError(f"{path} holds no topic.", "Give one topic a line.")
    return list(topics.values())


def choose_topics(path: Path, limits: Limits) -> Chosen:
    """Choose the topics among the categories of a CSV file with a header line. Raises IntakeError.

    Its columns are a title and the numbers of sub-categories and of pages, by these names or by those of
    Wikipedia's own tables; other columns are left alone.
    """
    chosen = Chosen()
    rows = csv.reader(line for _, line in texts(path, MAX_LINE))
    title, subcategories, pages = _columns(path, _next(path, rows))
    seen: set[str] = set()
    while (row := _next(path, rows)) is not None:
        if not any(cell.strip() for cell in row):
            continue
        chosen.lines += 1
        reason = _judge(row, title, subcategories, pages, limits, seen)
        if reason is None:
            chosen.topics.append(_topic(row[title]))
        else:
            chosen.left_out[reason] += 1
            if reason == "bad" and len(chosen.bad) < _SHOWN:
                chosen.bad.append((rows.line_num, "it needs a title and two whole numbers"))
    return chosen


def _judge(
    row: list[str], title: int, subcategories: int, pages: int, limits: Limits, seen: set[str]
) -> str | None:
    """Return why a category is not a topic, or None."""
    try:
        topic, parts, size = _topic(row[title]), int(row[subcategories]), int(row[pages])
    except (IndexError, ValueError):
        return "bad"
    if not topic:
        return "bad"
    if len(topic.split()) >= limits.words:
        return "words"
    if parts <= limits.subcategories:
        return "subcategories"
    if size <= limits.pages:
        return "pages"
    if topic.casefold() in seen:
        return "repeated"
    seen.add(topic.casefold())
    return None


def _topic(title: str) -> str:
    """Return a title as text: Wikipedia's tables have underscores for spaces."""
    return " ".join(title.replace("_", " ").split())


def _columns(path: Path, header: list[str] | None) -> tuple[int, int, int]:
    """Find the three columns by the names in the header; raises IntakeError."""
    names = [name.strip().casefold() for name in header or []]
    places = []
    for what, known in (("title", _TITLE), ("sub-categories", _SUBCATEGORIES), ("pages", _PAGES)):
        columns = [names.index(name) for name in known if name in names]
        if not columns:
            raise IntakeError(
                f"{path} has no column of {what}.", f"Its first line must name one: {', '.join(known)}."
            )
        places.append(columns[0])
    return places[0], places[1], places[2]


def _next(path: Path, rows: Iterator[list[str]]) -> list[str] | None:
    """Return the next row, None at the end; raises IntakeError for what is not CSV."""
    try:
        return next(rows, None)
    except csv.Error as error:
        raise IntakeError(f"{path} is not usable CSV: {error}.") from None
