"""Candidates that were made elsewhere, out of any file of tasks with answers that the reader knows.

The first output of a task counts as the writer's. An answer needs the name of its model: from the file, or
one name for all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.intake.lines import BadLine, Fault
from app.intake.reader import Reading
from app.intake.record import Record
from app.method.turns import to_json
from app.store.imported import GivenCandidates, GivenOutput


class GoodLine(NamedTuple):
    """A task that can be used, with the number of its line."""

    line: int
    task: GivenCandidates


def read_candidates(reading: Reading, model: str = "") -> Iterator[GoodLine | BadLine]:
    """Yield the tasks of a file that is being read, repeats left out; what cannot be used is set aside.

    `model` is who wrote the outputs for which the file names nobody.
    """
    for entry in reading:
        if entry.fault:
            yield entry.bad(entry.fault)
        for record in entry.fresh:
            try:
                yield GoodLine(entry.number, _task(record, model))
            except Fault as fault:
                bad = entry.bad(fault)
                reading.account.note_bad(bad)
                yield bad


def _task(record: Record, model: str) -> GivenCandidates:
    if not record.outputs and not record.references:
        raise Fault("it has no outputs", 'Give them as "outputs": [{"model": …, "output": …}].')
    if not model and not all(output.model for output in record.outputs):
        hint = "Name it with --model, or its field with --column model=FIELD."
        raise Fault("it does not say which model wrote the output", hint)
    outputs = tuple(GivenOutput(output.model or model, output.text) for output in record.outputs)
    return GivenCandidates(
        record.instruction, record.input, outputs, to_json(record.turns), record.references
    )
