"""Read seed tasks from whatever form they have: JSONL, a JSON array, CSV, or bare instructions.

JSON has the forms that `app.intake.seeds` reads; CSV has a header, whose columns are `instruction`, `input`,
`output`, `is_classification`, `source`, `name` and `id`, or are named in a mapping; a text file has an
instruction a line. Inputs and outputs may be missing. What cannot be used is set aside, with its place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.errors import IntakeError
from app.intake import jsonl
from app.intake.jsonl import Fault
from app.intake.seeds import MAX_LINE_BYTES, SeedTask, read_whole, task_of
from app.method.kinds import Kind

FIELDS = ("instruction", "input", "output", "is_classification", "source", "name", "id")
_DELIMITERS = ",;\t"
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
_JSON_HINT = "Put one complete JSON object on each line."


@dataclass(frozen=True, slots=True)
class BadTask:
    """A task that cannot be used: where it stands ("line 3", "task 3"), what is wrong, what to do."""

    place: str
    what: str
    hint: str


def read_seeds(
    path: Path, columns: Mapping[str, str] | None = None, kind: Kind | None = None
) -> Iterator[SeedTask | BadTask]:
    """Read the tasks of a file in its order; `columns` maps fields to the columns of a CSV file.

    `kind` is what all of them are, whatever their inputs. Raises IntakeError for a file that cannot be read
    as a whole.
    """
    data = read_whole(path)
    for place, record in _records(path, data, columns or {}):
        try:
            if isinstance(record, Fault):
                raise record
            yield replace(task_of(record, place, answered=False), given_kind=kind)
        except Fault as fault:
            yield BadTask(place, fault.what, fault.hint)


def _records(path: Path, data: bytes, columns: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield (place, record or what is wrong with it)."""
    if columns or path.suffix.lower() in (".csv", ".tsv"):
        return _table(path, data, columns)
    if path.suffix.lower() == ".txt":
        return _bare(path, data)
    return _array(path, data) if data.lstrip()[:1] == b"[" else _lines(data)


def _lines(data: bytes) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            if len(line) > MAX_LINE_BYTES:
                raise Fault("it is longer than 1 MiB", "Is this a file of seed tasks?")
            yield f"line {number}", jsonl.parse(line, _JSON_HINT)
        except Fault as fault:
            yield f"line {number}", fault


def _array(path: Path, data: bytes) -> Iterator[tuple[str, Any]]:
    try:
        records = jsonl.parse(data, "A file that begins with [ must be one complete JSON array.")
    except Fault as fault:
        raise IntakeError(f"{path}: {fault.what}.", fault.hint) from None
    for number, record in enumerate(records, start=1):
        yield f"task {number}", record


def _bare(path: Path, data: bytes) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(_decoded(path, data).split("\n"), start=1):
        if line.strip():
            yield f"line {number}", {"instruction": line.strip()}


def _table(path: Path, data: bytes, columns: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    text = _decoded(path, data)
    first = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        places = _places(path, header, columns)
        for row in rows:
            if any(cell.strip() for cell in row):
                yield f"line {rows.line_num}", _row(row, places, len(header))
    except csv.Error as error:
        raise IntakeError(f"{path}, line {rows.line_num}: this is not CSV ({error}).", "") from None


def _places(path: Path, header: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Find the column of every field; raises IntakeError for one that is named but not there."""
    there = ", ".join(name for name in header if name) or "none"
    for column in columns.values():
        if column not in header:
            raise IntakeError(f"{path} has no column {column!r}.", f"Its columns: {there}.")
    names = {field: columns.get(field, field) for field in FIELDS}
    found = {field: header.index(name) for field, name in names.items() if name in header}
    if "instruction" not in found:
        raise IntakeError(
            f"{path} has no column for the instruction; its columns: {there}.",
            "Name it, for example with --column instruction=Question.",
        )
    return found


def _row(row: list[str], places: Mapping[str, int], width: int) -> dict[str, Any] | Fault:
    if len(row) != width:
        return Fault(f"it has {len(row)} cells, not {width}", "Put texts with commas in quotation marks.")
    record: dict[str, Any] = {field: row[place] for field, place in places.items()}
    if "is_classification" in record:
        said = record["is_classification"].strip().lower()
        if said not in _TRUTHS:
            return Fault(f"is_classification is {said!r}", "It must be true or false.")
        record["is_classification"] = _TRUTHS[said]
    return record


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise IntakeError(
            f"{path}: byte {error.start + 1} is not UTF-8.", "Save the file as UTF-8."
        ) from None
