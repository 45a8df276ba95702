"""Which words of one text are not in another, in order. Pure."""

from __future__ import annotations

import re

from rapidfuzz.distance import LCSseq

MAX_WORDS = 3000
"""Beyond this the comparison would take longer than a key press may."""

_PIECES = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


def differing(text: str, other: str) -> list[tuple[int, int]] | None:
    """Return the (start, end) ranges of `text` whose words a longest common subsequence with `other` lacks.

    Words count without regard to case; spaces alone never differ. None when the texts are too long.
    """
    pieces = [match for match in _PIECES.finditer(text) if not match.group().isspace()]
    wanted = [piece.casefold() for piece in _PIECES.findall(other) if not piece.isspace()]
    if len(pieces) > MAX_WORDS or len(wanted) > MAX_WORDS:
        return None
    words = [match.group().casefold() for match in pieces]
    ranges: list[tuple[int, int]] = []
    for op in LCSseq.opcodes(words, wanted):
        if op.tag in ("delete", "replace") and op.src_end > op.src_start:
            start, end = pieces[op.src_start].start(), pieces[op.src_end - 1].end()
            if ranges and text[ranges[-1][1] : start].isspace():
                start = ranges.pop()[0]
            ranges.append((start, end))
    return ranges
