"""Take a whole file into a project: read it by the one reader, store it, and say what was done.

An import opens its project only once the file has given something to store. One of seed tasks or candidates
is one transaction: whatever ends it before its end, what its progress raises included, leaves nothing of it.
Decisions and judgements are stored some lines at a time; importing the file again stores those that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from app.intake import decided, judged, reader
from app.intake.given import GoodLine, read_candidates
from app.intake.lines import BadLine, SetAside
from app.intake.reader import Account
from app.intake.seeds import nothing_in, rows_of, seed_tasks
from app.method.terms import Kind
from app.run.import_candidates import ImportReport, import_candidates
from app.run.import_decisions import apply_decisions
from app.run.import_judgements import apply_judgements
from app.store import runs
from app.store.project import Project
from app.words import plural

Into = Callable[[], AbstractContextManager[Project]]
"""Opens the project that an import goes into."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to import: how its fields are named and its cells separated, where a person says so.

    `read` gets the bytes that are read so far, `voted` the number of votes once the vote has begun.
    """

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    read: Callable[[int], object] = reader.ignore
    voted: Callable[[int], object] = lambda _voted: None

    def opened(self) -> AbstractContextManager[reader.Reading]:
        """Open it as a file of tasks; raises IntakeError as the reader does."""
        return reader.opened(self.path, columns=self.columns, delimiter=self.delimiter, progress=self.read)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: what was read as what, the lines that were set aside, and what was stored.

    `stored` are sentences, foreign names in them; `applied` is false where nothing could be used.
    """

    account: Account
    aside: SetAside
    stored: tuple[str, ...]
    applied: bool = True

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a person is told, beside the lines that were set aside."""
        return tuple(filter(None, (str(self.account), *self.stored)))


def project_at(path: Path, *, create: bool = False) -> AbstractContextManager[Project]:
    """Open the project file that an import goes into; one that is made for it stays only if it holds a run.

    Raises ProjectError as `Project.open` does.
    """
    return Project.filled(path) if create else Project.open(path)


def seeds(source: Source, into: Into, name: str, kind: Kind | None = None) -> Imported:
    """Take the seed tasks of a file; `name` stands for it in the project, `kind` is what all of them are.

    Raises IntakeError where it holds none, ProjectError where they cannot be stored.
    """
    with source.opened() as reading:
        tasks = seed_tasks(reading, kind)
        first = next(tasks, None)
        if first is None:
            raise nothing_in(source.path, reading.account.first_bad)
        rows = (row for task in chain([first], tasks) for row in rows_of(task))
        with into() as project:
            done = project.write_now(lambda c: runs.import_seeds(c, rows, name))
    parts = [plural(done.new, "new seed task")]
    if done.run:
        parts[0] += f" in run {done.run.number}: {done.of_a:,} of kind A (with an input), "
        parts[0] += f"{done.new - done.of_a:,} of kind B"
    parts += [f"{done.there:,} already existed"] if done.there else []
    parts += [f"{plural(done.references, 'reference answer')} kept"] if done.references else []
    parts += [f"{reading.account.bad:,} set aside"] if reading.account.bad else []
    return Imported(reading.account, reading.account, (", ".join(parts),))


def candidates(source: Source, into: Into, name: str, model: str = "") -> Imported:
    """Take the tasks and answers of a file, and vote; `model` wrote the outputs for which it names nobody.

    Raises IntakeError where it holds none, ProjectError where they cannot be stored.
    """
    with source.opened() as reading:
        lines = _from_first_good(source.path, read_candidates(reading, model))
        with into() as project:
            report = import_candidates(project, name, lines, source.voted)
    used = report.new or report.extended or report.there or report.references
    return Imported(reading.account, report, tuple(_candidate_sentences(report)), bool(used))


def _from_first_good(path: Path, lines: Iterator[GoodLine | BadLine]) -> Iterable[GoodLine | BadLine]:
    """Return all lines, those before the first good one read; raises IntakeError where none is good."""
    bad: list[BadLine] = []
    for line in lines:
        if isinstance(line, GoodLine):
            return chain(bad, [line], lines)
        bad.append(line)
    raise nothing_in(path, bad, "task with answers")


def _candidate_sentences(report: ImportReport) -> Iterator[str]:
    for number, model in report.first_differing:
        yield f"line {number}: {model} has another answer here already, which stays"
    if report.differing > len(report.first_differing):
        yield f"… and {report.differing - len(report.first_differing):,} more"
    where = f" in run {report.run}" if report.run else ""
    parts = [f"{plural(report.new, 'new task')}{where}"]
    parts += [f"{report.extended:,} got further candidates"] if report.extended else []
    parts += [f"{report.there:,} already existed"] if report.there else []
    parts += [f"{plural(report.references, 'reference answer')} kept"] if report.references else []
    parts += [f"{plural(report.bad, 'line')} set aside"] if report.bad else []
    yield ", ".join(parts)
    if report.unicode:
        yield (
            f"{plural(report.unicode, 'new task')} whose answers have over a fifth of their letters outside "
            "a-z: they are compared in their own script (tokeniser unicode)"
        )
    if report.candidates:
        yield f"{plural(report.candidates, 'candidate')} stored, {plural(report.voted, 'item')} voted on"


def decisions(source: Source, into: Into, reviewer: str) -> Imported:
    """Apply the decisions of a file as those of `reviewer`.

    Raises IntakeError where it cannot be read, ProjectError where they cannot be stored.
    """
    opened = decided.opened(
        source.path, columns=source.columns, delimiter=source.delimiter, progress=source.read
    )
    with opened as reading, into() as project:
        report = apply_decisions(project, reviewer, reading)
    parts = [f"{plural(report.applied, 'line')} applied"]
    parts += [f"{report.there:,} already held"] if report.there else []
    parts += [f"{plural(report.bad, 'line')} set aside"] if report.bad else []
    return Imported(reading.account, report, (", ".join(parts),), bool(report.applied or report.there))


def judgements(source: Source, into: Into, reviewer: str) -> Imported:
    """Take the judgements of a file, as those of `reviewer` where it names nobody.

    Raises IntakeError where it cannot be read, ProjectError where they cannot be stored.
    """
    opened = judged.opened(
        source.path, columns=source.columns, delimiter=source.delimiter, progress=source.read
    )
    with opened as reading, into() as project:
        report = apply_judgements(project, reviewer, reading)
    parts = [f"{plural(report.applied, 'judgement')} stored"]
    parts += [f"{report.there:,} already held"] if report.there else []
    parts += [f"{plural(report.unknown, 'answer')} not in the project"] if report.unknown else []
    parts += [f"{plural(report.bad, 'line')} set aside"] if report.bad else []
    return Imported(reading.account, report, (", ".join(parts),), bool(report.applied or report.there))
