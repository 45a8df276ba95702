"""From the rows of a project to the rows of an export, one by one, counting what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from app.export.formats.form import Fields
from app.export.pairs import judgement_of, pair_of, ranking_of
from app.export.request import Request
from app.store import exportable
from app.store.connection import Connection
from app.store.exportable import Detail
from app.store.views import ExportRow

_BATCH = 256

_MAKERS: dict[str, Callable[[ExportRow, Detail], Any]] = {
    "pair": pair_of,
    "judgement": judgement_of,
    "ranking": ranking_of,
}


@dataclass(slots=True)
class Counts:
    """How many rows went out, how many had an empty output, and the rest by the reason they stayed."""

    rows: int = 0
    empty: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that goes out: what its form is built from, and what led to it where that was asked for."""

    row: ExportRow
    what: Any
    detail: Detail | None


def stream(c: Connection, request: Request, counts: Counts) -> Iterator[Taken]:
    """Yield what goes out, in order; use it up inside one read."""
    rows = exportable.rows(c, request.selection)
    yield from from_rows(c, request, rows, counts)


def from_rows(c: Connection, request: Request, rows: Iterable[ExportRow], counts: Counts) -> Iterator[Taken]:
    """Do the same for these rows."""
    if request.form.takes == "answer":
        for row in rows:
            if not row.output.strip():
                counts.empty += 1
                continue
            counts.rows += 1
            yield Taken(row, row, None)
        return
    make = _MAKERS[request.form.takes]
    for row, detail in _detailed(c, rows):
        made = make(row, detail)
        if isinstance(made, str):
            _leave_out(counts, made)
            continue
        counts.rows += 1
        yield Taken(row, made, detail)


def fields_of(taken: Taken, request: Request) -> Fields:
    """Build the fields of a row."""
    return request.form.build(taken.what, request.system)


def _leave_out(counts: Counts, reason: str) -> None:
    if reason == "empty":
        counts.empty += 1
    else:
        counts.left_out[reason] += 1


def _detailed(c: Connection, rows: Iterable[ExportRow]) -> Iterator[tuple[ExportRow, Detail]]:
    """Pair each row with what led to it, a batch at a time."""
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        found = exportable.details(c, [row.instance_id for row in batch])
        for row in batch:
            yield row, found[row.instance_id]
