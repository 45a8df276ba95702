"""From the rows of a project to the rows of an export, one by one, counting what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from app.export.formats import Fields
from app.export.human import HumanRow, likeness
from app.export.lint import Lint
from app.export.pairs import LeftOut, judgement_of, pair_of, ranking_of
from app.export.request import ExportRequest
from app.store import audits, exportable
from app.store.audits import RowKey
from app.store.connection import Connection
from app.store.exportable import Detail
from app.store.views import ExportRow

_BATCH = 256


def _answer_of(row: ExportRow, _detail: Detail) -> ExportRow | LeftOut:
    return row if row.output.strip() else "empty"


_MAKERS: dict[str, Callable[[ExportRow, Detail], Any]] = {
    "answer": _answer_of,
    "pair": pair_of,
    "judgement": judgement_of,
    "ranking": ranking_of,
}


@dataclass(slots=True)
class Counts:
    """How many rows went out, how many had an empty output, and the rest by the reason they stayed.

    `human` of the rows are human-written, `human_short` more would be needed for the share asked for.
    `lint` looks at every row that goes out or is empty; `taken` are rows that an audit found wrong.
    """

    lint: Lint | None = None
    rows: int = 0
    human: int = 0
    human_short: int = 0
    empty: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    taken: list[RowKey] = field(default_factory=list)


@dataclass(slots=True)
class Taken:
    """A row that goes out: what its form is built from, and what led to it where that was asked for."""

    row: ExportRow | HumanRow
    what: Any
    detail: Detail | None


def stream(c: Connection, request: ExportRequest, counts: Counts) -> Iterator[Taken]:
    """Yield what goes out of the project, in order of number; use it up inside one read."""
    if differing := exportable.conflicts(c, request.selection.run):
        counts.left_out["conflict"] = differing
    rows = _not_wrong(c, exportable.rows(c, request.selection), request, counts)
    taken = from_rows(c, request, rows, counts)
    return taken if request.cap is None else _capped(taken, request.cap, counts)


def _not_wrong(
    c: Connection, rows: Iterable[ExportRow], request: ExportRequest, counts: Counts
) -> Iterator[ExportRow]:
    """Let rows pass that no audit found wrong as they read, and rejected ones that show what is bad."""
    wrong = audits.taken_out(c)
    for row in rows:
        shows_bad = request.selection.include == "judged" and row.status == "rejected"
        if row.instance_id in wrong and not shows_bad:
            key = audits.key_of(row)
            if key.content in wrong[row.instance_id]:
                counts.left_out["audit"] += 1
                counts.taken.append(key)
                continue
        yield row


def from_rows(
    c: Connection, request: ExportRequest, rows: Iterable[ExportRow | HumanRow], counts: Counts
) -> Iterator[Taken]:
    """Yield what goes out of these rows."""
    if request.form.takes == "answer" and not request.provenance:
        lint = counts.lint
        for row in rows:
            if lint is not None and isinstance(row, ExportRow):
                lint.see(row)
            if row.output.strip():
                counts.rows += 1
                yield Taken(row, row, None)
            else:
                counts.empty += 1
        return
    make = _MAKERS[request.form.takes]
    for row, detail in _detailed(c, rows):
        if isinstance(row, HumanRow):
            counts.rows += 1
            yield Taken(row, row, None)
            continue
        assert detail is not None
        made = make(row, detail)
        if counts.lint is not None and (not isinstance(made, str) or made == "empty"):
            counts.lint.see(row)
        if not isinstance(made, str):
            counts.rows += 1
            yield Taken(row, made, detail)
        elif made == "empty":
            counts.empty += 1
        else:
            counts.left_out[made] += 1


def _capped(rows: Iterator[Taken], cap: int, counts: Counts) -> Iterator[Taken]:
    """Let the first `cap` rows of each instruction pass."""
    passed: Counter[bytes] = Counter()
    for taken in rows:
        key = likeness(taken.row.instruction, "")
        if passed[key] < cap:
            passed[key] += 1
            yield taken
        else:
            counts.rows -= 1
            counts.left_out["cap"] += 1


def fields_of(taken: Taken, request: ExportRequest) -> Fields:
    """Build the fields of a row."""
    what = taken.what
    if taken.row.turns and request.fixed:
        bare = replace(taken.row, turns=())
        what = bare if what is taken.row else replace(what, task=bare)
    return request.form.build(what, request.system)


def _detailed(
    c: Connection, rows: Iterable[ExportRow | HumanRow]
) -> Iterator[tuple[ExportRow | HumanRow, Detail | None]]:
    """Pair each row with what led to it, a batch at a time; nothing led to human-written ones."""
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        made = [row.instance_id for row in batch if isinstance(row, ExportRow)]
        details = exportable.details(c, made)
        for row in batch:
            yield row, details[row.instance_id] if isinstance(row, ExportRow) else None
