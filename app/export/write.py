"""Write the rows of a project to a file, or show what would be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.errors import ExportError
from app.export.encode import line
from app.export.request import Request
from app.export.sinks import open_sink
from app.export.stream import Counts, fields_of, stream
from app.export.target import whole_file
from app.store import files
from app.store.connection import Connection
from app.store.project import Project


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: rows, rows left out because their output is empty, where, how many bytes.

    `left_out` counts what else did not go out, by the reasons of `app.export.pairs`.
    """

    rows: int
    empty_skipped: int
    path: Path
    bytes: int
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would write; `first` is its first row as a line, empty where there is none."""

    rows: int
    empty_skipped: int
    first: str
    left_out: Mapping[str, int] = field(default_factory=dict)


def export(project: Project, out: str | Path, request: Request, *, force: bool = False) -> ExportReport:
    """Write what `request` asks for to `out`, from one snapshot.

    An existing file is replaced only with `force`, and never a folder, a link, a device or the
    project itself. Raises ExportError, or ProjectError when the project cannot be read; `out` is
    then as it was.
    """
    target = Path(out).expanduser().absolute()
    check_not_project(project, target)
    with whole_file(target, force=force) as file:
        counts = project.read(lambda c: _fill(c, request, file))
        size = file.tell()
    return ExportReport(counts.rows, counts.empty, target, size, counts.left_out)


def preview(project: Project, request: Request) -> Preview:
    """Count what an export would write and show its first row; writes nothing."""

    def look(c: Connection) -> Preview:
        counts = Counts()
        first = ""
        for taken in stream(c, request, counts):
            first = first or line(fields_of(taken, request))
        return Preview(counts.rows, counts.empty, first, counts.left_out)

    return project.read(look)


def _fill(c: Connection, request: Request, file: BinaryIO) -> Counts:
    counts = Counts()
    sink = open_sink(request, file)
    for taken in stream(c, request, counts):
        sink.write(fields_of(taken, request))
    sink.close()
    return counts


def check_not_project(project: Project, target: Path) -> None:
    """Refuse the project, and what SQLite and the lock keep beside it, there at this moment or not."""
    own = target.parent.resolve() / target.name in {project.path, *files.companions(project.path)}
    if own or (target.is_file() and target.samefile(project.path)):
        raise ExportError(f"{target} belongs to the project itself.", "Choose another name.")
