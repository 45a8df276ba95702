"""Take near-duplicates out of any JSONL file: lines that a known text, or an earlier line, already says.

The rule of Self-Instruct and Ensemble-Instruct: ROUGE-L F1 without stemmer above the threshold drops a
line, first come first kept. Lines are read one after the other; only the pool grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from app.errors import IntakeError
from app.intake import lines
from app.intake.lines import Fault, Line
from app.method.novelty import Pool
from app.method.recipe_parts import NEAR_DUPLICATE, Tokeniser

BATCH = 40


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
    threshold: float = NEAR_DUPLICATE,
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
    count = kept = 0
    texts = _texts(source, name, field)
    while batch := list(islice(texts, BATCH)):
        judged = pool.judge([text for _, text in batch], threshold)
        for (line, text), judgement in zip(batch, judged, strict=True):
            count += 1
            if judgement.keep:
                kept += 1
                keep(line.raw)
            else:
                dropped(Dropped(line.number, text, judgement.nearest, judgement.score))
        progress(batch[-1][0].end)
    return DedupReport(count, kept)


def _fill(pool: Pool, path: Path, field: str) -> None:
    """Add the texts of a file to the pool, without judging them."""
    with lines.opened(path) as file:
        texts = _texts(file, str(path), field)
        while batch := list(islice(texts, BATCH)):
            pool.add([text for _, text in batch])


def _texts(source: BinaryIO, name: str, field: str) -> Iterator[tuple[Line, str]]:
    """Yield every line that is not blank with the text of its field.

    Raises IntakeError for the first one without.
    """
    for line in lines.records(source, name, f'{{"{field}": …}}'):
        try:
            if isinstance(line.record, Fault):
                raise line.record
            text = line.record.get(field)
            if not isinstance(text, str):
                raise Fault(f"it has no text in {field!r}", "Name the field with --field.")
            yield line, text
        except Fault as fault:
            raise IntakeError(f"{name}, line {line.number}: {fault.what}.", fault.hint) from None
