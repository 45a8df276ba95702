"""Look at a file before it is imported: as what it can be, its first rows, and what would be left out.

Only the beginning of a long file is looked at, and the look says how far it went.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from app.errors import IntakeError
from app.intake import decided, reader
from app.intake.decided import GivenDecision
from app.intake.forms import MEANINGS
from app.intake.given import GoodLine, read_candidates
from app.intake.reader import Account
from app.intake.seeds import nothing_in, seed_tasks

What = Literal["seeds", "candidates", "decisions"]
"""As what a file can be imported."""
ROWS = 5
MOST_ENTRIES, MOST_OCTETS = 5_000, 8 << 20
"""How far a file is looked at, about."""
UNNAMED = "(not named)"
"""Stands for the model of an answer for which the file names nobody."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it would be taken: the task, its input, and the answers as (model or "", text).

    `references` counts those of the task: they are not shown before a decision. `decision` is what a row of
    decisions says, its item `task`.
    """

    task: str
    input: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    references: int = 0
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What a file would be as one kind of import.

    `rows` are the first, `usable` counts all that were seen; `account` is about what was looked at, which is
    all of the file if `whole`. `nameless` says that answers are there whose model the file does not name.
    """

    what: What
    account: Account
    rows: tuple[Row, ...]
    usable: int
    whole: bool
    nameless: bool = False


NAMES = tuple(dict.fromkeys((*MEANINGS, *decided.FIELDS)))
"""What a field of a file can be named as, in any kind of import."""
_PAIR = re.compile(rf"(?:^|[\s,;]+)({'|'.join(NAMES)})\s*=\s*")


def named_columns(text: str) -> dict[str, str]:
    """Read `instruction=Question, output=Answer` as somebody types it: which field is which of `NAMES`.

    A field's name may hold anything but another such beginning. Raises IntakeError.
    """
    before, *parts = _PAIR.split(text.strip())
    pairs = dict(zip(parts[::2], (part.strip(" ,;") for part in parts[1::2]), strict=True))
    if before.strip() or not all(pairs.values()):
        raise IntakeError(
            f"{text.strip()!r} does not say which field is what.",
            f"Write it as instruction=Question, output=Answer. Names: {', '.join(NAMES)}.",
        )
    return pairs


def columns_for(what: What, columns: Mapping[str, str]) -> dict[str, str]:
    """Return the named fields that this kind of import knows."""
    known = decided.FIELDS if what == "decisions" else MEANINGS
    return {name: field for name, field in columns.items() if name in known}


class _EnoughError(Exception):
    """The beginning was looked at."""


@dataclass(slots=True)
class _Watch:
    """Ends a look after the beginning, or as soon as `stopped` says so."""

    stopped: Callable[[], bool]
    account: Account = field(default_factory=Account)

    def reached(self, octets: int) -> None:
        seen = self.account.entries > 1
        if self.stopped() or (seen and (self.account.entries > MOST_ENTRIES or octets > MOST_OCTETS)):
            raise _EnoughError


def look(
    path: Path, columns: Mapping[str, str] | None = None, stopped: Callable[[], bool] = lambda: False
) -> tuple[Look, ...]:
    """Return a look at a file for each kind of import that it can be, the likeliest first.

    `columns` says which field of the file is which of `NAMES`; `stopped` can end the look early. Raises
    IntakeError where the file cannot be read as a whole, and where nothing in it can be used.
    """
    looks: list[Look] = []
    errors: list[IntakeError] = []
    for what in get_args(What):
        try:
            looks.append(_look(path, what, columns or {}, stopped))
        except IntakeError as error:
            errors.append(error)
    possible = [one for one in looks if one.usable]
    if not possible:
        raise errors[0] if errors else nothing_in(path, looks[0].account.first_bad, "task")
    return tuple(sorted(possible, key=_likely))


def _likely(one: Look) -> int:
    """Return how late a kind of import is offered: decisions, answers of named models, seeds, the others."""
    if one.what == "decisions":
        return 0 if "decision" in one.account.taken["decisions"].values() else 4
    if one.what == "candidates":
        return 1 if any(row.answers and not one.nameless for row in one.rows) else 3
    return 2


def _look(path: Path, what: What, columns: Mapping[str, str], stopped: Callable[[], bool]) -> Look:
    """Read the beginning of a file as this kind of import does."""
    watch = _Watch(stopped)
    rows: list[Row] = []
    usable, whole, nameless = 0, True, False
    try:
        for row in _rows(path, what, columns_for(what, columns), watch):
            usable += 1
            rows += [row] if len(rows) < ROWS else []
            nameless = nameless or any(model == UNNAMED for model, _ in row.answers)
    except _EnoughError:
        whole = False
    return Look(what, watch.account, tuple(rows), usable, whole, nameless)


def _rows(path: Path, what: What, columns: Mapping[str, str], watch: _Watch) -> Iterator[Row]:
    if what == "decisions":
        with decided.opened(path, columns=columns, progress=watch.reached) as deciding:
            watch.account = deciding.account
            yield from (_decision(line) for line in deciding if isinstance(line, GivenDecision))
        return
    with reader.opened(path, columns=columns, progress=watch.reached) as reading:
        watch.account = reading.account
        if what == "candidates":
            for line in read_candidates(reading, UNNAMED):
                if isinstance(line, GoodLine):
                    task = line.task
                    answers = tuple((output.model, output.output) for output in task.outputs)
                    yield Row(task.instruction, task.input, answers, len(task.references))
            return
        for seed in seed_tasks(reading):
            for place, (given, output) in enumerate(seed.instances):
                known = len(seed.references[place]) if seed.references else 0
                yield Row(seed.instruction, given, (("", output),) if output else (), known)


def _decision(line: GivenDecision) -> Row:
    number = None if line.number is None else f"#{line.number:04d}"
    task, given = line.task or (number or line.key or "", "")
    grade = line.grade.grade if line.grade else None
    flag = None if line.flag is None else "flag" if line.flag else "unflag"
    said = (line.decision, line.reason, grade, line.tags, line.note, flag)
    answers = (("", line.output),) if line.output else ()
    return Row(task, given or "", answers, decision=" · ".join(filter(None, said)))
