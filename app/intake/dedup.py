"""Take near-duplicates out of any JSONL file: lines that a known text, or an earlier line, already says.

The rule of Self-Instruct and Ensemble-Instruct: ROUGE-L F1 without stemmer above the threshold drops a
line, first come first kept. Lines are read one after the other; only the pool grows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from app.errors import IntakeError
from app.method.novelty import Pool
from app.method.recipe_parts import Tokeniser

BATCH = 40
LONGEST_LINE = 64 << 20

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that was left out: its number from 1, its text, the nearest text before it and their score."""

    line: int
    text: str
    nearest: str
    score: float


@dataclass(frozen=True, slots=True)
class DedupReport:
    """How many lines came, and how many of them were kept."""

    lines: int
    kept: int


def dedup(
    source: BinaryIO,
    name: str,
    keep: Callable[[bytes], object],
    *,
    field: str = "instruction",
    threshold: float = 0.7,
    against: Sequence[Path] = (),
    tokeniser: Tokeniser = "rouge-score",
    dropped: Callable[[Dropped], object] = lambda _drop: None,
    progress: Callable[[int], object] = lambda _bytes: None,
) -> DedupReport:
    """Hand every line of `source` that says something new to `keep`, unchanged and in order.

    `against` are JSONL files whose texts count as known. `dropped` gets what is left out, `progress` the
    bytes read so far. `name` stands for `source` in messages. Blank lines are left out and not counted.
    Raises IntakeError naming the first line that has no text in `field`.
    """
    pool = Pool(tokeniser)
    for path in against:
        _fill(pool, path, field)
    lines = kept = 0
    records = _records(source, name, field, progress)
    while batch := list(islice(records, BATCH)):
        judged = pool.judge([text for _, text, _ in batch], threshold)
        for (number, text, line), judgement in zip(batch, judged, strict=True):
            lines += 1
            if judgement.keep:
                kept += 1
                keep(line)
            else:
                dropped(Dropped(number, text, judgement.nearest, judgement.score))
    return DedupReport(lines, kept)


def _fill(pool: Pool, path: Path, field: str) -> None:
    """Add the texts of a file to the pool, without judging them."""
    try:
        with path.open("rb") as file:
            records = _records(file, str(path), field, lambda _bytes: None)
            while batch := list(islice(records, BATCH)):
                pool.add([text for _, text, _ in batch])
    except OSError as error:
        raise IntakeError(f"{path} cannot be read: {error.strerror or error}.") from None


def _records(
    source: BinaryIO, name: str, field: str, progress: Callable[[int], object]
) -> Iterator[tuple[int, str, bytes]]:
    """Yield (line number, text of the field, the line as it came) of every line that is not blank."""
    read = number = 0
    while line := source.readline(LONGEST_LINE + 1):
        number += 1
        read += len(line)
        progress(read)
        if len(line) > LONGEST_LINE:
            raise IntakeError(f"{name}, line {number}: it is longer than 64 MiB.", "Is this a JSONL file?")
        content = line.removeprefix(_BOM) if number == 1 else line
        if content.strip():
            yield number, _text(content, f"{name}, line {number}", field), line


def _text(line: bytes, place: str, field: str) -> str:
    """Return the text of a line's field; raises IntakeError."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise IntakeError(
            f"{place}: this is not JSON.", "Every line must be one JSON object (JSONL, in UTF-8)."
        ) from None
    text = record.get(field) if isinstance(record, dict) else None
    if not isinstance(text, str):
        raise IntakeError(f"{place}: it has no text in {field!r}.", "Name the field with --field.")
    return text
