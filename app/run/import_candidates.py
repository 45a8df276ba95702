"""Take candidates that exist already into a project, and vote on them: one transaction, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from app.errors import ProjectError
from app.intake.given import GoodLine
from app.intake.lines import SHOWN, BadLine, SetAside
from app.method.rouge import chosen
from app.run.revoting import uncollected, vote_as_stored, vote_where_missing
from app.run.voting import IMPORTS
from app.store import votes
from app.store.filling import filling
from app.store.imported import Import, Stored
from app.store.project import Connection, Project

_AT_ONCE = 1_000
"""Lines that are stored together."""
_SIGNS = 4_000_000
"""Letters that are stored together: a line can have many."""


@dataclass(slots=True)
class ImportReport(SetAside):
    """What an import brought: tasks that are new, those that were there and got further candidates or
    none, candidates left out because their model's stored answer is another, lines that cannot be used.

    `references` counts reference answers that are new, `unicode` the new tasks whose answers have letters
    that ROUGE-L as the papers use it does not see.
    """

    run: int | None = None
    new: int = 0
    extended: int = 0
    there: int = 0
    candidates: int = 0
    voted: int = 0
    differing: int = 0
    first_differing: list[tuple[int, str]] = field(default_factory=list)
    references: int = 0
    unicode: int = 0


def import_candidates(
    project: Project,
    source: str,
    lines: Iterable[GoodLine | BadLine],
    voted: Callable[[int], object] = lambda _voted: None,
) -> ImportReport:
    """Store the tasks of `lines` with their candidates and vote on them; bad lines are set aside.

    `source` names the file in the run that holds them; `voted` gets the number of votes made once the
    vote has begun. Importing the same again adds nothing.
    """
    with uncollected():
        return project.write_now(lambda c: _import(c, source, lines, voted))


def _import(
    c: Connection, source: str, lines: Iterable[GoodLine | BadLine], voted: Callable[[int], object]
) -> ImportReport:
    report = ImportReport()
    into = Import(c, source, json.dumps({"tokeniser": IMPORTS.tokeniser, "voters": IMPORTS.voters}))
    others = votes.votable(c) > 0
    with filling(c):
        report.voted = vote_as_stored(c, _stored(into, lines, report))
    into.finish()
    report.run = into.run.number if into.run else None
    if report.candidates:
        voted(report.voted)
    if into.extended or (others and report.candidates):
        votes.forget(c, into.extended_anew)
        report.voted -= len(into.extended_anew)
        before = report.voted
        report.voted += vote_where_missing(c, told=lambda count: voted(before + count))
    return report


def _stored(into: Import, lines: Iterable[GoodLine | BadLine], report: ImportReport) -> Iterator[votes.Rows]:
    """Store the lines, and yield what the ballots of new tasks are made of."""
    for batch in _batches(lines):
        stored = into.add([line.task for line in batch if isinstance(line, GoodLine)])
        for line in batch:
            if isinstance(line, BadLine):
                report.note_bad(line)
            else:
                _note(report, line, stored.pop(0))
        if (rows := into.taken()).instances:
            yield rows


def _batches(lines: Iterable[GoodLine | BadLine]) -> Iterator[list[GoodLine | BadLine]]:
    """Yield lines some at a time, as few as hold little text."""
    batch: list[GoodLine | BadLine] = []
    signs = 0
    for line in lines:
        batch.append(line)
        if isinstance(line, GoodLine):
            signs += len(line.task.instruction) + sum(len(output.output) for output in line.task.outputs)
        if len(batch) == _AT_ONCE or signs > _SIGNS:
            yield batch
            batch, signs = [], 0
    if batch:
        yield batch


def _note(report: ImportReport, line: GoodLine, stored: Stored | ProjectError) -> None:
    if isinstance(stored, ProjectError):
        report.note_bad(BadLine(line.line, stored.message.rstrip("."), stored.hint))
        return
    report.new += stored.new
    report.extended += not stored.new and stored.added > 0
    report.there += not stored.new and not stored.added
    report.candidates += stored.added
    report.references += stored.references
    outputs = [output.output for output in line.task.outputs]
    report.unicode += stored.new and chosen(IMPORTS.tokeniser, outputs) == "unicode"
    for model in stored.differing:
        report.differing += 1
        if len(report.first_differing) < SHOWN:
            report.first_differing.append((line.line, model))
