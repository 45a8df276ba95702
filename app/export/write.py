"""Write the rows of a project to files, or show what would be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.errors import ExportError
from app.export.arrange import arrange, arranged
from app.export.encode import line
from app.export.lint import Lint, LintReport
from app.export.request import Request
from app.export.sinks import open_sink
from app.export.split import SplitReport
from app.export.stream import Counts, Taken, fields_of, stream
from app.export.target import Nowhere, check_target, whole_file
from app.store import files
from app.store.connection import Connection
from app.store.project import Project


@dataclass(frozen=True, slots=True)
class Written:
    """One file: which part of a split it holds ("" where nothing is split), where, how much."""

    part: str
    path: Path
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, or would be: `human` of the `rows` are human-written.

    `empty_skipped` counts rows whose output is empty, `left_out` what else did not go out, by the
    reasons of `app.export.pairs`.
    """

    rows: int
    human: int
    empty_skipped: int
    left_out: Mapping[str, int]
    files: tuple[Written, ...]
    split: SplitReport | None
    lint: LintReport

    @property
    def path(self) -> Path:
        """The file, or the first part's."""
        return self.files[0].path

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would write; `first` is its first row as a line, empty where there is none."""

    rows: int
    empty_skipped: int
    first: str
    left_out: Mapping[str, int] = field(default_factory=dict)


def export(
    project: Project, out: str | Path, request: Request, *, force: bool = False, dry_run: bool = False
) -> ExportReport:
    """Write what `request` asks for to `out`, from one snapshot; a split makes a file for each part.

    An existing file is replaced only with `force`, and never a folder, a link, a device or the
    project itself. A dry run does everything but write. Raises ExportError, or ProjectError when the
    project cannot be read; what stood at `out` is then as it was.
    """
    target = Path(out).expanduser().absolute()
    paths = {part: part_path(target, part) for part in request.parts}
    for path in paths.values():
        check_not_project(project, path)
        check_target(path, force=force)
    with ExitStack() as stack:
        opened: dict[str, BinaryIO] = {
            part: Nowhere() if dry_run else stack.enter_context(whole_file(path, force=force))
            for part, path in paths.items()
        }
        return project.read(lambda c: _fill(c, request, opened, paths))


def preview(project: Project, request: Request) -> Preview:
    """Count what an export would write and show its first row; writes nothing."""

    def look(c: Connection) -> Preview:
        counts = Counts()
        first = ""
        for taken in stream(c, request, counts):
            first = first or line(fields_of(taken, request))
        return Preview(counts.rows, counts.empty, first, counts.left_out)

    return project.read(look)


def lint(project: Project, request: Request) -> LintReport:
    """Look at every row that an export would write, and at the empty ones; writes nothing."""

    def look(c: Connection) -> LintReport:
        counts = Counts(Lint(request.no_lint))
        for _ in stream(c, request, counts):
            pass
        assert counts.lint is not None
        return counts.lint.report()

    return project.read(look)


def part_path(target: Path, part: str) -> Path:
    """Name the file of a part: `data.jsonl` gives `data.train.jsonl`."""
    return target.with_name(f"{target.stem}.{part}{target.suffix}") if part else target


def _fill(
    c: Connection, request: Request, opened: Mapping[str, BinaryIO], paths: Mapping[str, Path]
) -> ExportReport:
    """Write every part into its file."""
    checks = Lint(request.no_lint)
    counts = Counts(checks)
    if request.in_order:
        done = {"": _pour(stream(c, request, counts), request, opened[""])}
        split = None
    else:
        arrangement = arrange(c, request, counts)
        split = arrangement.split
        done = {
            part: _pour(arranged(c, request, arrangement, part), request, file)
            for part, file in opened.items()
        }
    written = tuple(Written(part, paths[part], done[part], file.tell()) for part, file in opened.items())
    return ExportReport(
        counts.rows, counts.human, counts.empty, counts.left_out, written, split, checks.report()
    )


def _pour(rows: Iterator[Taken], request: Request, file: BinaryIO) -> int:
    """Write rows into a file and return how many they were."""
    sink = open_sink(request, file)
    count = 0
    for taken in rows:
        sink.write(fields_of(taken, request))
        count += 1
    sink.close()
    return count


def check_not_project(project: Project, target: Path) -> None:
    """Refuse the project, and what SQLite and the lock keep beside it, there at this moment or not."""
    own = target.parent.resolve() / target.name in {project.path, *files.companions(project.path)}
    if own or (target.is_file() and target.samefile(project.path)):
        raise ExportError(f"{target} belongs to the project itself.", "Choose another name.")
