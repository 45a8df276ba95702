"""Read seed tasks: the human-written examples a run starts from.

The form is that of Self-Instruct's `seed_tasks.jsonl`: one JSON object per line with `instruction` and
`instances` (each `input` and `output`), perhaps `id`, `name`, `is_classification`, `source`. The same
objects in one JSON array are read too, and so are rows with `instruction`, `input` and `output` of their
own (the Alpaca form). An import also takes CSV with a header, whose columns have these names or are named
in a mapping, and a text file with an instruction a line; inputs and outputs may be missing there, and what
cannot be used is set aside with its place. Text is kept to the last character.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from app.errors import IntakeError
from app.intake import lines
from app.intake.lines import Fault
from app.method.terms import Kind
from app.store import runs
from app.store.rows import NewSeed

MAX_FILE_BYTES = 64 << 20
MAX_LINE_BYTES = 1 << 20

_FOLDER = Path(__file__).resolve().parent.parent / "seeds"
BUNDLED = {"small": _FOLDER / "seed_tasks.jsonl", "general": _FOLDER / "general_tasks.jsonl"}
"""The sets that ship with Quorum: for its own small models, and for real ones."""
_FORM = '{"instruction": …, "instances": […]}'


@dataclass(frozen=True, slots=True)
class SeedTask:
    """One seed task; each instance is (input, output), the input empty where the task needs none."""

    id: str
    name: str
    instruction: str
    instances: tuple[tuple[str, str], ...]
    is_classification: bool
    source: str
    given_kind: Kind | None = None
    """What a person said the kind is, whatever the inputs."""

    @property
    def kind(self) -> Kind:
        """A if the first instance has an input, else B (the split of Ensemble-Instruct), unless given."""
        return self.given_kind or ("A" if self.input.strip() else "B")

    @property
    def input(self) -> str:
        """The first instance's input."""
        return self.instances[0][0]

    @property
    def output(self) -> str:
        """The first instance's output."""
        return self.instances[0][1]


def bundled_seed_tasks() -> list[SeedTask]:
    """Return the seed tasks that ship with the product, in the world of the bundled models."""
    return read_seed_tasks(BUNDLED["small"])


def seed_file(name: Path | str) -> Path:
    """Return the file of a set that ships with Quorum by its name, and any other name as the path it is."""
    path = Path(name)
    return path if path.exists() else BUNDLED.get(str(name), path)


def read_seed_tasks(path: Path | str, *, answered: bool = True) -> list[SeedTask]:
    """Read a file of seed tasks, in its order.

    Where they need not be `answered`, an output may be missing or empty: they are tasks to answer.
    Raises IntakeError for the first thing wrong: the file, the line (or the task's number in a JSON
    array), and what to do about it.
    """
    path = Path(path)
    tasks: list[SeedTask] = []
    places: dict[object, str] = {}
    for place, record in _json_records(path, _whole(path)):
        try:
            if isinstance(record, Fault):
                raise record
            task = task_of(record, place, answered)
            for key in (("id", task.id), (task.instruction, task.instances)):
                if key in places:
                    same = "has the id of" if key[0] == "id" else "repeats"
                    raise Fault(f"this task {same} {places[key]}", "Remove it or change it.")
                places[key] = place
        except Fault as fault:
            _refuse(path, place, fault)
        tasks.append(task)
    if not tasks:
        raise IntakeError(f"{path} holds no seed task.", "Give at least one line with a task.")
    return tasks


def seed_rows(tasks: Iterable[SeedTask]) -> list[NewSeed]:
    """Return a row for the store per instance of every task; equal ones count once."""
    rows = [
        NewSeed(task.kind, task.name, task.instruction, given, output, task.is_classification, task.source)
        for task in tasks
        for given, output in task.instances
    ]
    return list({runs.seed_id(row): row for row in rows}.values())


def _refuse(path: Path, place: str, fault: Fault) -> NoReturn:
    raise IntakeError(f"{path}, {place}: {fault.what}.", fault.hint) from None


def task_of(record: Any, place: str, answered: bool) -> SeedTask:
    """Turn one JSON value into a seed task; raises Fault."""
    if not isinstance(record, dict):
        raise Fault("this is not a JSON object", f"A task looks like {_FORM}.")
    instruction = _text(record, "instruction")
    if not instruction.strip():
        raise Fault("the instruction is empty", "Write what is to be done.")
    classification = record.get("is_classification", False)
    if not isinstance(classification, bool):
        raise Fault("is_classification must be true or false")
    return SeedTask(
        id=_text(_with_text_id(record), "id", place.replace(" ", "-")),
        name=_text(record, "name", ""),
        instruction=instruction,
        instances=_instances(record, answered),
        is_classification=classification,
        source=_text(record, "source", ""),
    )


def _with_text_id(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with a numeric id as text: ids are names, never counted with."""
    number = record.get("id")
    return {**record, "id": str(number)} if type(number) is int else record


def _instances(record: dict[str, Any], answered: bool) -> tuple[tuple[str, str], ...]:
    """Return the (input, output) pairs of a task; raises Fault."""
    # An Alpaca row is its own only instance.
    given = record.get("instances", [record] if "output" in record or not answered else None)
    if not isinstance(given, list) or not given:
        raise Fault("it has no instances", 'Add "instances": [{"input": "", "output": "…"}].')
    pairs = []
    for instance in given:
        if not isinstance(instance, dict):
            raise Fault("an instance is not a JSON object", 'It looks like {"input": "", "output": "…"}.')
        pair = (_text(instance, "input", ""), _text(instance, "output", None if answered else ""))
        if answered and not pair[1].strip():
            raise Fault("an instance has an empty output", "Write the answer, or remove the task.")
        pairs.append(pair)
    return tuple(pairs)


def _text(record: dict[str, Any], key: str, default: str | None = None) -> str:
    """Return a text of the record exactly as it is; raises Fault where it is missing or unusable."""
    value = lines.text(record, key, default)
    if "\0" in value:
        raise Fault(f"{key!r} holds a NUL character", r"Remove \u0000 from it.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Fault(f"{key!r} holds half of a surrogate pair", r"Remove the lone \ud8… or \udc….")
    return value


FIELDS = ("instruction", "input", "output", "is_classification", "source", "name", "id")
_DELIMITERS = ",;\t"
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


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
    data = _whole(path)
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
    return _json_records(path, data)


def _json_records(path: Path, data: bytes) -> Iterator[tuple[str, Any]]:
    """Yield (place, record or what is wrong with it) per line, or per element of one JSON array."""
    if data.lstrip()[:1] != b"[":
        for line in lines.records(io.BytesIO(data), str(path), _FORM, MAX_LINE_BYTES):
            yield f"line {line.number}", line.record
        return
    try:
        records = lines.parse(data, "A file that begins with [ must be one complete JSON array.")
    except Fault as fault:
        raise IntakeError(f"{path}: {fault.what}.", fault.hint) from None
    for number, record in enumerate(records, start=1):
        yield f"task {number}", record


def _whole(path: Path) -> bytes:
    return lines.whole(path, MAX_FILE_BYTES, "Seed tasks are a few hundred examples.")


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
    places = {field: header.index(name) for field, name in names.items() if name in header}
    if "instruction" not in places:
        raise IntakeError(
            f"{path} has no column for the instruction; its columns: {there}.",
            "Name it, for example with --column instruction=Question.",
        )
    return places


def _row(row: list[str], places: Mapping[str, int], width: int) -> dict[str, Any] | Fault:
    if len(row) != width:
        return Fault(f"it has {len(row)} cells, not {width}", "Put texts with commas in quotation marks.")
    record: dict[str, Any] = {field: row[place] for field, place in places.items()}
    if "is_classification" in record:
        answer = record["is_classification"].strip().lower()
        if answer not in _TRUTHS:
            return Fault(f"is_classification is {answer!r}", "It must be true or false.")
        record["is_classification"] = _TRUTHS[answer]
    return record


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise IntakeError(
            f"{path}: byte {error.start + 1} is not UTF-8.", "Save the file as UTF-8."
        ) from None
