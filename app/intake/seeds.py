"""Seed tasks: the human-written examples a run starts from, out of any file that the reader knows.

Inputs and outputs may be missing: a recipe that answers given tasks needs no outputs, and a run whose recipe
shows them says so. A task that an earlier line gives word for word is left out; one with another output is a
seed task of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import IntakeError
from app.intake.lines import BadLine
from app.intake.reader import Account, Entry, Reading, opened
from app.method.terms import Kind
from app.method.turns import Turn, to_json
from app.store import runs
from app.store.rows import NewSeed

_FOLDER = Path(__file__).resolve().parent.parent / "seeds"
BUNDLED = {"small": _FOLDER / "seed_tasks.jsonl", "general": _FOLDER / "general_tasks.jsonl"}
"""The sets that ship with Quorum: for its own small models, and for real ones."""
FURTHER = "further outputs"
"""What the account calls the outputs after the first: a seed task has one."""


@dataclass(frozen=True, slots=True)
class SeedTask:
    """One seed task; each instance is (input, output), the input empty where the task needs none.

    `turns` stand before the task. `references` holds for each instance the answers known to be right.
    """

    id: str
    name: str
    instruction: str
    instances: tuple[tuple[str, str], ...]
    is_classification: bool
    source: str
    given_kind: Kind | None = None
    """What a person or a file said the kind is, whatever the inputs."""
    turns: tuple[Turn, ...] = ()
    references: tuple[tuple[str, ...], ...] = ()

    @property
    def kind(self) -> Kind:
        """A if the first instance has an input, else B (the split of Ensemble-Instruct), unless given."""
        return self.given_kind or ("A" if self.input.strip() else "B")

    @property
    def context(self) -> str:
        """The turns before the task as the store holds them."""
        return to_json(self.turns)

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


def read_seed_tasks(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    delimiter: str | None = None,
    told: Callable[[Account], object] = lambda _account: None,
) -> list[SeedTask]:
    """Read the seed tasks of a file, in its order; `told` gets the account of what was done with it.

    Raises IntakeError where it cannot be read, and where it holds none.
    """
    with opened(Path(path), columns=columns, delimiter=delimiter) as reading:
        tasks = list(seed_tasks(reading))
    if not tasks:
        raise nothing_in(path, reading.account.first_bad)
    told(reading.account)
    return tasks


def nothing_in(path: Path | str, bad: Iterable[BadLine], what: str = "seed task") -> IntakeError:
    """Return the error for a file in which nothing can be used: it names the first bad line."""
    for line in bad:
        return IntakeError(f"{path} holds no {what}: {line.unit} {line.line}: {line.what}.", line.hint)
    return IntakeError(f"{path} holds no {what}.", "Give at least one line with a task.")


def seed_tasks(reading: Reading, kind: Kind | None = None) -> Iterator[SeedTask]:
    """Yield the seed tasks of a file that is being read; `kind` is what all of them are.

    What cannot be used is set aside in the account.
    """
    for entry in reading:
        further = sum(len(record.outputs) > 1 for record in entry.fresh)
        if further:
            reading.account.left[FURTHER] += sum(len(record.outputs) - 1 for record in entry.fresh)
        if entry.fresh:
            yield _task(entry, kind)


def _task(entry: Entry, kind: Kind | None) -> SeedTask:
    first = entry.fresh[0]
    by_input: Kind = "A" if first.input.strip() else "B"
    references = tuple(record.references for record in entry.fresh)
    return SeedTask(
        id=first.id or f"{entry.unit}-{entry.number}",
        name=first.name,
        instruction=first.instruction,
        instances=tuple((record.input, record.output) for record in entry.fresh),
        is_classification=first.is_classification,
        source=first.source,
        given_kind=kind or (None if first.kind == by_input else first.kind),
        turns=first.turns,
        references=references if any(references) else (),
    )


def seed_rows(tasks: Iterable[SeedTask]) -> list[NewSeed]:
    """Return a row for the store per instance of every task; equal ones count once."""
    return list({runs.seed_id(row): row for task in tasks for row in rows_of(task)}.values())


def rows_of(task: SeedTask) -> Iterator[NewSeed]:
    """Yield a row for the store per instance of a task."""
    context = task.context
    for place, (given, output) in enumerate(task.instances):
        yield NewSeed(
            *(task.kind, task.name, task.instruction, given, output, task.is_classification, task.source),
            context,
            task.references[place] if task.references else (),
        )
