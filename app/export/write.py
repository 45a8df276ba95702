"""Write the rows of a project to files, or show what would be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import BinaryIO

from app.export.audit import certificates, sentence
from app.export.card import CardFacts, card
from app.export.companions import write_companions
from app.export.layout import Nowhere, Opener, Passing, check_stream, outputs, places
from app.export.lint import Lint, LintReport
from app.export.order_and_split import arrange, arranged
from app.export.request import ExportRequest
from app.export.sinks import line
from app.export.split import SplitReport
from app.export.stream import Counts, fields_of, stream
from app.export.write_rows import Figures, pour
from app.method.agreement import agreement
from app.store import exportable, provenance
from app.store.connection import Connection, roomy
from app.store.log import opinions
from app.store.project import Project


@dataclass(frozen=True, slots=True)
class Written:
    """One file of rows: which part of a split it holds ("" where nothing is split), where, how much."""

    part: str
    path: Path
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """How many items stay out as their runs are hidden; `exact` but for a condition, which was not asked."""

    items: int = 0
    exact: bool = True

    def __str__(self) -> str:
        """Say it: "12 items of hidden runs"."""
        items = "item" if self.items == 1 else "items"
        return f"{'' if self.exact else 'up to '}{self.items:,} {items} of hidden runs"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, or would be: `human` of the `rows` are human-written, `human_short` more would be
    needed for the share that was asked for.

    `empty_skipped` counts rows whose output is empty, `left_out` what else did not go out, by the
    reasons of `app.export.pairs`; `escaped` the cells of a table that a spreadsheet would have run;
    `turns_lost` the rows whose turns before the task the form cannot carry; `audit` is what audits say of
    the rows, a text each; `hidden` is what stays out with hidden runs.
    """

    rows: int
    human: int
    human_short: int
    empty_skipped: int
    left_out: Mapping[str, int]
    escaped: int
    files: tuple[Written, ...]
    split: SplitReport | None
    lint: LintReport
    turns_lost: int = 0
    audit: tuple[str, ...] = ()
    hidden: Hidden = Hidden()

    @property
    def path(self) -> Path:
        """The file of rows, or the first part's."""
        return self.files[0].path

    @property
    def bytes(self) -> int:
        """The size of all files of rows together."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would write; `first` is its first row as a line, empty where there is none."""

    rows: int
    empty_skipped: int
    first: str
    left_out: Mapping[str, int] = field(default_factory=dict)


def export(
    project: Project, out: str | Path, request: ExportRequest, *, force: bool = False, dry_run: bool = False
) -> ExportReport:
    """Write what `request` asks for to `out`, from one snapshot; a split makes a file for each part.

    An existing file is replaced only with `force`, and never a folder, a link, a device or the
    project itself. A dry run does everything but write. Raises ExportError, or ProjectError when the
    project cannot be read or is damaged; what stood at `out` is then as it was.
    """
    target = Path(out).expanduser().absolute()
    project.check()
    with outputs(project, target, request, force=force, dry_run=dry_run) as opened:

        def fill(c: Connection) -> ExportReport:
            with roomy(c):
                return _fill(c, target=target, request=request, opened=opened, force=force)

        return project.read(fill)


def export_to(
    stream: BinaryIO, project: Project, request: ExportRequest, *, dry_run: bool = False
) -> ExportReport:
    """Write the rows that `request` asks for to a stream, and nothing else, from one snapshot.

    Raises ExportError for an export of several files.
    """
    check_stream(request)
    project.check()
    file = Nowhere() if dry_run else Passing(stream)

    def fill(c: Connection) -> ExportReport:
        with roomy(c):
            return _fill(
                c, target=Path("-"), request=request, opened=lambda _path, _replace: file, force=False
            )

    report = project.read(fill)
    file.flush()
    return report


def first_row(project: Project, request: ExportRequest) -> str:
    """Return the first row that an export would write, as a line; empty where there is none."""

    def look(c: Connection) -> str:
        return next((line(fields_of(taken, request)) for taken in stream(c, request, Counts())), "")

    return project.read(look)


def at_most(project: Project, request: ExportRequest) -> int | None:
    """Return at once how many rows an export can have at most; None where it takes a look at each."""
    chosen = request.selection
    if request.form.takes != "answer" or chosen.run is not None or chosen.where.terms:
        return None
    return project.read(lambda c: exportable.at_most(c, chosen))


def hidden_items(project: Project, request: ExportRequest) -> Hidden:
    """Return at once how many items stay out as their runs are hidden."""
    return project.read(lambda c: _hidden(c, request))


def _hidden(c: Connection, request: ExportRequest) -> Hidden:
    chosen = request.selection
    return Hidden(exportable.at_most(c, chosen, hidden=True), exact=not chosen.where.terms)


def preview(project: Project, request: ExportRequest, stopped: Event | None = None) -> Preview:
    """Count what an export would write and show its first row; writes nothing.

    Once `stopped` is set the rest is left uncounted.
    """

    def look(c: Connection) -> Preview:
        counts = Counts()
        first = ""
        for taken in stream(c, request, counts):
            first = first or line(fields_of(taken, request))
            if stopped is not None and stopped.is_set():
                break
        return Preview(counts.rows, counts.empty, first, counts.left_out)

    return project.read(look)


def lint(project: Project, request: ExportRequest, stopped: Event | None = None) -> LintReport:
    """Look at every row that an export would write, and at the empty ones; writes nothing.

    Once `stopped` is set the rest is not looked at.
    """

    def look(c: Connection) -> LintReport:
        checks = Lint(request.no_lint)
        for _ in stream(c, request, Counts(checks)):
            if stopped is not None and stopped.is_set():
                break
        return checks.report(lambda: stopped is not None and stopped.is_set())

    return project.read(look)


def _fill(
    c: Connection, *, target: Path, request: ExportRequest, opened: Opener, force: bool
) -> ExportReport:
    """Write every part into its file, and the files that accompany them."""
    checks = Lint(request.no_lint)
    counts = Counts(checks)
    figures = Figures() if request.container == "folder" else None
    audit = tuple(map(sentence, certificates(c, request)))
    arrangement = None if request.in_order else arrange(c, request, counts)
    written, escaped, turns_lost = [], 0, 0
    placed = places(target, request)
    for place in placed:
        rows = arranged(c, request, arrangement, place.part) if arrangement else stream(c, request, counts)
        file = opened(place.data, force)
        sidecar = opened(place.sidecar, force) if place.sidecar else None
        done = pour(c, rows, request, file, sidecar, figures, audit)
        written.append(Written(place.part, place.data, done.rows, file.tell()))
        escaped += done.escaped
        turns_lost += done.turns_lost
    # Loaders refuse a file without a row, so none is asked to load one.
    filled = [place for place, file in zip(placed, written, strict=True) if file.rows]
    write_companions(target, request, filled or placed, opened, force=force)
    report = ExportReport(
        rows=counts.rows,
        human=counts.human,
        human_short=counts.human_short,
        empty_skipped=counts.empty,
        left_out=counts.left_out,
        escaped=escaped,
        files=tuple(written),
        split=arrangement.split if arrangement else None,
        lint=checks.report(),
        turns_lost=turns_lost,
        audit=audit,
        hidden=_hidden(c, request),
    )
    if figures is not None:
        opened(target / "README.md", force).write(_card(c, target, request, report, figures).encode())
    return report


def _card(c: Connection, target: Path, request: ExportRequest, report: ExportReport, figures: Figures) -> str:
    """Write the card of a folder."""
    return card(
        CardFacts(
            name=target.name,
            form=request.form.name,
            example=request.example(),
            parts={
                file.part or "train": (file.path.relative_to(target).as_posix(), file.rows)
                for file in report.files
            },
            figures=figures,
            project=provenance.facts(c, request.selection.run),
            run=request.selection.run,
            agreement=agreement(opinions(c)),
            split=report.split,
            licence=request.licence,
            language=request.language,
            left_out=report.empty_skipped + sum(report.left_out.values()),
            audit=report.audit,
        )
    )
