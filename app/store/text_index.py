"""Whether the text index holds all that it says it does: a page of it that is lost finds nothing any more.

FTS5 keeps its index in ordinary tables (`texts_data`, `texts_idx`, `texts_docsize`); SQLite looks into them
only from 3.44 on. What they say of one another is compared here. The comments of `ext/fts5/fts5_index.c` in
SQLite's source say what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.store.connection import Connection

_TOTALS, _STRUCTURE = 1, 10
"""The rows of `texts_data` that say how many texts there are, and of which pages its segments are."""
_COOKIE = 4
"""Bytes at the beginning of the structure that say nothing of it."""
_SEGMENT, _BESIDE, _PAGE = 37, 36, (1 << 31) - 1
"""Where the number of a row of `texts_data` has its segment, whether it is a list beside a page, its page."""
_USED_UP = (0, 0)
"""What stands for first and last page of a segment whose words have all gone over into another one."""


@dataclass(slots=True)
class _Segment:
    """What there is of a segment: its pages, on which of them words begin, beside which there are lists."""

    first: int = 0
    last: int = 0
    count: int = 0
    with_words: set[int] = field(default_factory=set)
    beside: set[int] = field(default_factory=set)


def lost(c: Connection) -> Iterator[str]:
    """Yield in words what the text index lacks. Raises sqlite3.Error where it cannot be read at all."""
    c.tuples("SELECT rowid FROM texts WHERE texts MATCH 'a' LIMIT 1").fetchall()
    heads = dict(c.tuples("SELECT id, block FROM texts_data WHERE id IN (?, ?)", (_TOTALS, _STRUCTURE)))
    total = next(iter(_numbers(heads.get(_TOTALS, b""))), 0)
    [(texts,)] = c.tuples("SELECT COUNT(*) FROM texts_docsize")
    if total != texts:
        yield f"the text index knows the lengths of {texts:,} texts, and should of {total:,}"
    named, stored = _named(_numbers(heads.get(_STRUCTURE, b"")[_COOKIE:])), _stored(c)
    entries: dict[int, list[int]] = {segment: [] for segment in named}
    for segment, place in c.tuples("SELECT segid, pgno FROM texts_idx"):
        entries.setdefault(segment, []).append(place)
    for segment in sorted(named.keys() | stored.keys() | entries.keys()):
        pages = named.get(segment)
        if pages != _USED_UP and not _is_whole(
            pages, stored.get(segment, _Segment()), entries.get(segment, [])
        ):
            yield f"pages of the text index are lost (segment {segment})"


def _is_whole(pages: tuple[int, int] | None, found: _Segment, entries: list[int]) -> bool:
    """Say whether there is all of a segment: its pages, and for those on which words begin an entry.

    An entry is twice its page, and one more where there is a list beside that. Where a segment is being
    merged into another one, pages go from its beginning, and their entries stay.
    """
    if pages is None:
        return False
    first, last = pages
    listed = {place >> 1 for place in entries if place >> 1 >= first}
    with_lists = {place >> 1 for place in entries if place >> 1 >= first and place & 1}
    return (
        (found.first, found.last, found.count) == (first, last, last - first + 1)
        and listed == found.with_words
        and with_lists <= found.beside
    )


def _stored(c: Connection) -> dict[int, _Segment]:
    """Return what there is of each segment."""
    segments: dict[int, _Segment] = {}
    # Bytes 2 and 3 of a page say where its list of words begins, behind all else that it holds.
    query = "SELECT id, substr(block, 3, 2), length(block) FROM texts_data WHERE id > ? ORDER BY id"
    for row, end, length in c.tuples(query, (_STRUCTURE,)):
        segment, page = segments.setdefault(row >> _SEGMENT, _Segment()), row & _PAGE
        if row >> _BESIDE & 1:
            segment.beside.add(page)
            continue
        segment.first = segment.first or page
        segment.last = page
        segment.count += 1
        if int.from_bytes(end, "big") < length:
            segment.with_words.add(page)
    return segments


def _named(structure: list[int]) -> dict[int, tuple[int, int]]:
    """Return the first and last page of each segment, as the structure says.

    It is the numbers of levels, of segments and of writes, then the levels: how many of its segments are
    being merged, how many it has, and of each its number and its first and last page.
    """
    segments: dict[int, tuple[int, int]] = {}
    numbers = iter(structure)
    try:
        levels, _, _ = next(numbers), next(numbers), next(numbers)
        for _ in range(levels):
            next(numbers)
            for _ in range(next(numbers)):
                segment = next(numbers)
                segments[segment] = (next(numbers), next(numbers))
    except StopIteration:
        raise ValueError("the text index does not say what it consists of") from None
    return segments


def _numbers(block: bytes) -> list[int]:
    """Read integers of one to nine bytes: seven bits of each, the ninth whole."""
    found, value, length = [], 0, 0
    for byte in block:
        length += 1
        if length == 9:
            found.append(value << 8 | byte)
        elif byte < 0x80:
            found.append(value << 7 | byte)
        else:
            value = value << 7 | byte & 0x7F
            continue
        value = length = 0
    return found
