"""Write rows into a file, with their sidecar next to it, and count them for the card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from app.export.human import HumanRow
from app.export.provenance import entry
from app.export.request import ExportRequest
from app.export.sinks import line, open_sink
from app.export.stream import Taken, fields_of
from app.method.lengths import length
from app.store import provenance
from app.store.connection import Connection
from app.store.views import ExportRow

_BATCH = 256


@dataclass(slots=True)
class Figures:
    """What the card says of the rows: lengths in words by column, kinds, review states, models.

    `models` has the fingerprint of the model that wrote the answer, "" for a person.
    """

    lengths: dict[str, Counter[int]] = field(
        default_factory=lambda: {name: Counter() for name in ("instruction", "input", "output")}
    )
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)

    def see(self, row: ExportRow | HumanRow) -> None:
        """Count a row that goes out."""
        for name, counter in self.lengths.items():
            counter[length(getattr(row, name))] += 1
        if isinstance(row, HumanRow):
            self.kinds["A" if row.input else "B"] += 1
            self.statuses["human-written"] += 1
            return
        self.kinds[row.kind] += 1
        self.statuses[row.status] += 1
        self.models[row.fingerprint] += 1


@dataclass(slots=True)
class Poured:
    """How many rows went into a file, how many cells of a table had to be changed, and of how
    many rows the form could not carry all turns before the task."""

    rows: int = 0
    escaped: int = 0
    turns_lost: int = 0


def pour(
    c: Connection,
    rows: Iterator[Taken],
    request: ExportRequest,
    file: BinaryIO,
    sidecar: BinaryIO | None,
    figures: Figures | None,
    audit: Sequence[str],
) -> Poured:
    """Write rows into a file, and what led to each into its sidecar; use inside the read they come from.

    `audit` is what audits say of all rows of the export.
    """
    done = Poured()
    sink = open_sink(request, file)
    if sidecar is None and figures is None:
        for taken in rows:
            done.rows += 1
            done.turns_lost += request.loses(taken.row.turns)
            done.escaped += len(sink.write(fields_of(taken, request)))
    else:
        while batch := list(islice(rows, _BATCH)):
            changed = [sink.write(fields_of(taken, request)) for taken in batch]
            if sidecar is not None:
                _tell(c, batch, done.rows, changed, sidecar, audit)
            if figures is not None:
                for taken in batch:
                    figures.see(taken.row)
            done.rows += len(batch)
            done.turns_lost += sum(request.loses(taken.row.turns) for taken in batch)
            done.escaped += sum(map(len, changed))
    sink.close()
    return done


def _tell(
    c: Connection,
    batch: Sequence[Taken],
    before: int,
    changed: Sequence[Sequence[str]],
    sidecar: BinaryIO,
    audit: Sequence[str],
) -> None:
    """Write the sidecar's lines of these rows, which come after `before` others."""
    made = [taken.row.instance_id for taken in batch if isinstance(taken.row, ExportRow)]
    origins = provenance.origins(c, made)
    for place, (taken, escaped) in enumerate(zip(batch, changed, strict=True), start=before + 1):
        origin = origins[taken.row.instance_id] if isinstance(taken.row, ExportRow) else None
        sidecar.write((line(entry(place, taken, origin, tuple(escaped), audit)) + "\n").encode())
