"""Read tasks whose right answers are known, for `quorum eval`: what a benchmark has beside tasks.

The reader recognises the file. A task's right answers are its references, else its outputs that name no
model. Its category, and the worked examples that a file of Super-NaturalInstructions has for its task, are
looked for in the fields of its entry. A folder stands for the files in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import IntakeError
from app.intake.reader import Account, Entry, opened
from app.intake.record import Record
from app.method.prompts import Demonstration
from app.method.terms import Kind
from app.method.turns import to_json

CATEGORIES = ("categories", "category", "task_category", "motivation_app")
"""Names of the field that says of which sort a task is, in lower case; the first that a file has counts."""
EXAMPLES = "positive examples"
ENDINGS = (".json", ".jsonl", ".csv", ".tsv", ".parquet")


@dataclass(frozen=True, slots=True)
class BenchmarkTask:
    """A task (foreign), the answers known to be right, and worked examples that belong to it, if any do."""

    kind: Kind
    instruction: str
    input: str
    context: str
    category: str
    expected: tuple[str, ...]
    examples: tuple[Demonstration, ...] = ()


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The tasks of a file or folder with at least one right answer; `without` others have none.

    `accounts` say how each file was read, by its name.
    """

    tasks: tuple[BenchmarkTask, ...]
    without: int
    accounts: Mapping[str, Account]


def read_benchmark(path: Path, per_task: int | None = None) -> Benchmark:
    """Read the tasks of a file or of every file in a folder; of each entry at most `per_task` instances.

    Raises IntakeError where nothing can be read or no task has an answer known to be right.
    """
    tasks: list[BenchmarkTask] = []
    accounts: dict[str, Account] = {}
    without = 0
    for file in _files(path):
        with opened(file) as reading:
            for entry in reading:
                found = [task for record in entry.records if (task := _task(record, entry)) is not None]
                without += len(entry.records) - len(found)
                tasks += found[:per_task]
        accounts[file.name] = reading.account
    if not tasks:
        raise IntakeError(
            f"{path} has no task with an answer that is known to be right.",
            'Such answers stand in "reference", in "output", or in the instances of a task.',
        )
    return Benchmark(tuple(tasks), without, accounts)


def _files(path: Path) -> Sequence[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in ENDINGS)
    if not files:
        raise IntakeError(f"{path} has no file of tasks.", f"Looked for: {', '.join(ENDINGS)}.")
    return files


def _task(record: Record, entry: Entry) -> BenchmarkTask | None:
    """Return a task with its right answers, None without any."""
    given = record.references or tuple(output.text for output in record.outputs if not output.model)
    expected = tuple(dict.fromkeys(text for text in given if text.strip()))
    if not expected:
        return None
    # The kind of a record is that of its whole task, some instances of which may have no input.
    return BenchmarkTask(
        "A" if record.input else "B",
        record.instruction,
        record.input,
        to_json(record.turns),
        category_of(entry.fields) or record.name,
        expected,
        tuple(_examples(entry.fields, record)),
    )


def category_of(fields: Mapping[str, Any]) -> str:
    """Return the category that the fields of an entry name; of several the first. Empty without any."""
    named = {name.casefold(): value for name, value in fields.items()}
    for name in CATEGORIES:
        value = named.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _examples(fields: Mapping[str, Any], record: Record) -> Iterator[Demonstration]:
    """Yield the worked examples of a task in their order, but for the task itself."""
    given = next((value for name, value in fields.items() if name.casefold() == EXAMPLES), None)
    for shown in given if isinstance(given, list) else ():
        if not isinstance(shown, dict):
            continue
        text, output = shown.get("input", ""), shown.get("output")
        if isinstance(output, list):
            output = output[0] if output else None
        if isinstance(text, str) and isinstance(output, str) and output.strip() and text != record.input:
            yield Demonstration(record.instruction, text, output)
