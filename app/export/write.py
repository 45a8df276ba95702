"""Write the rows of a project to a file, or show what would be written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.errors import ExportError
from app.export.formats import Format, line
from app.export.target import whole_file
from app.store import exportable, files
from app.store.connection import Connection
from app.store.project import Project
from app.store.rows import Include
from app.store.views import ExportRow


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: lines, rows left out because their output is empty, where, how many bytes."""

    rows: int
    empty_skipped: int
    path: Path
    bytes: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would write; `first` is its first line, empty where there is none."""

    rows: int
    empty_skipped: int
    first: str


class _Lines:
    """The lines of an export as bytes, counting what goes out and what is left out."""

    def __init__(self, rows: Iterator[ExportRow], format: Format) -> None:
        self._rows = rows
        self._format = format
        self.written = 0
        self.empty = 0

    def __iter__(self) -> Iterator[bytes]:
        for row in self._rows:
            if not row.output.strip():
                self.empty += 1
                continue
            self.written += 1
            yield (line(row, self._format) + "\n").encode()


def export(
    project: Project,
    out: str | Path,
    format: Format,
    include: Include,
    run: int | None = None,
    force: bool = False,
) -> ExportReport:
    """Write the rows that `include` names to `out`, one JSON object per line, from one snapshot.

    `run` is a run's number; None takes all. An existing file is replaced only with `force`, and
    never a folder, a link, a device or the project itself. Raises ExportError, or ProjectError when
    the project cannot be read; `out` is then as it was.
    """
    target = Path(out).expanduser().absolute()
    check_not_project(project, target)
    with whole_file(target, force=force) as file:
        lines = project.read(lambda c: _fill(file, _Lines(exportable.rows(c, include, run), format)))
        size = file.tell()
    return ExportReport(lines.written, lines.empty, target, size)


def preview(project: Project, format: Format, include: Include, run: int | None = None) -> Preview:
    """Count what an export would write and show its first line; writes nothing."""

    def look(c: Connection) -> Preview:
        lines = _Lines(exportable.rows(c, include, run), format)
        first = ""
        for text in lines:
            first = first or text.decode().rstrip("\n")
        return Preview(lines.written, lines.empty, first)

    return project.read(look)


def _fill(file: BinaryIO, lines: _Lines) -> _Lines:
    for text in lines:
        file.write(text)
    return lines


def check_not_project(project: Project, target: Path) -> None:
    """Refuse the project, and what SQLite and the lock keep beside it, there at this moment or not."""
    own = target.parent.resolve() / target.name in {project.path, *files.companions(project.path)}
    if own or (target.is_file() and target.samefile(project.path)):
        raise ExportError(f"{target} belongs to the project itself.", "Choose another name.")
