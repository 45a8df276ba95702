"""Which rows go where, in which order: human-written rows, shuffle and split.

A row is held by one number: that of its instance, or below zero the place of a human-written one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from app.errors import ExportError
from app.export.human import HumanRow, drawn, likeness, new_ones, wanted_rows
from app.export.request import ExportRequest
from app.export.split import SplitReport, split
from app.export.stream import Counts, Taken, from_rows, stream
from app.method.turns import from_json
from app.store import exportable
from app.store.connection import Connection
from app.store.views import ExportRow

_BATCH = 512


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The rows of each part in order; one part without a name where nothing is split."""

    parts: Mapping[str, Sequence[int]]
    human: Sequence[HumanRow]
    split: SplitReport | None


@dataclass(slots=True)
class _Seen:
    """What one pass over the rows leaves: eight bytes a row, and the texts only where they are needed."""

    keys: array[int] = field(default_factory=lambda: array("q"))
    tasks: list[tuple[str, str]] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)


def arrange(c: Connection, request: ExportRequest, counts: Counts) -> Arrangement:
    """Look at every row once and say which goes where. Raises ExportError."""
    seen = _Seen()
    mixing = bool(request.human) or request.with_seeds
    # What led to a row is asked for when it is written, not now.
    for taken in stream(c, replace(request, provenance=False), counts):
        row = taken.row
        assert isinstance(row, ExportRow)
        seen.keys.append(row.number)
        if request.split:
            seen.tasks.append((row.instruction, row.input))
        if mixing:
            seen.known.add(likeness(row.instruction, row.input, row.turns))
    human = _human(c, request, seen, counts) if mixing else []
    if request.seed is not None:
        _shuffle(seen, Random(request.seed))
    if not request.split:
        return Arrangement({"": seen.keys}, human, None)
    if not seen.keys:
        raise ExportError("There is nothing to split.", "Choose what goes in so that there are rows.")
    sides, report = split(seen.tasks, dict(request.split), request.seed or 0)
    parts = {name: array("q") for name, _ in request.split}
    for key, side in zip(seen.keys, sides, strict=True):
        parts[side].append(key)
    return Arrangement(parts, human, report)


def arranged(c: Connection, request: ExportRequest, arrangement: Arrangement, part: str) -> Iterator[Taken]:
    """Yield the rows of a part in order; use it up inside the read that arranged them."""
    rows = _rows(c, arrangement.parts[part], arrangement.human)
    return from_rows(c, request, rows, Counts())


def _human(c: Connection, request: ExportRequest, seen: _Seen, counts: Counts) -> list[HumanRow]:
    """Add human-written rows to what was seen; return them."""
    seeds = exportable.seeds(c, request.selection.run) if request.with_seeds else []
    own = [
        HumanRow(seed.instruction, seed.input, seed.output, seed.source, "seed", from_json(seed.context))
        for seed in seeds
    ]
    fresh = new_ones((*own, *request.human), seen.known)
    wanted = None if request.share is None else wanted_rows(len(seen.keys), request.share)
    places = drawn(fresh, wanted, request.seed or 0)
    chosen = [fresh[place] for place in places]
    for at, row in enumerate(chosen):
        seen.keys.append(-1 - at)
        if request.split:
            seen.tasks.append((row.instruction, row.input))
    counts.human = len(chosen)
    counts.human_short = max(0, (wanted or 0) - len(chosen))
    counts.rows += len(chosen)
    return chosen


def _shuffle(seen: _Seen, random: Random) -> None:
    order = array("q", range(len(seen.keys)))
    random.shuffle(order)
    seen.keys = array("q", (seen.keys[place] for place in order))
    if seen.tasks:
        seen.tasks = [seen.tasks[place] for place in order]


def _rows(c: Connection, keys: Sequence[int], human: Sequence[HumanRow]) -> Iterator[ExportRow | HumanRow]:
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        numbers = [key for key in batch if key > 0]
        made = {row.number: row for row in exportable.numbered(c, numbers)}
        yield from (made[key] if key > 0 else human[-1 - key] for key in batch)
