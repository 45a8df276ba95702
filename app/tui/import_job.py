"""An import that is going on: what it takes where, how far it is, and how it is ended."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event

from app.intake.look import What, columns_for
from app.run import import_files
from app.run.import_files import Imported, Source, project_at
from app.store.project import Project


class ImportStopped(Exception):
    """The import was cancelled; nothing of it is stored, of decisions what was read so far."""


@dataclass(slots=True)
class ImportJob:
    """One file to import as one thing, into the open project or, where that is None, the one at `path`.

    `model` wrote the answers for which the file names nobody. A thread runs it; `octets` and `votes` can be
    read meanwhile, and `stop` ends it at its next line or vote.
    """

    file: Path
    what: What
    project: Project | None
    path: Path
    reviewer: str
    model: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    octets: int = 0
    votes: int | None = None
    """How many items are voted on; None before the vote."""
    stopped: Event = field(default_factory=Event)

    def stop(self) -> None:
        """End it; what is stored already stays."""
        self.stopped.set()

    def run(self) -> Imported:
        """Import the file; blocks. Raises ImportStopped, and the errors of reading and storing."""
        columns = columns_for(self.what, self.columns)
        source = Source(self.file, columns, read=self._read, voted=self._voted)
        if self.what == "decisions":
            return import_files.decisions(source, partial(self._into, create=False), self.reviewer)
        if self.what == "candidates":
            return import_files.candidates(source, self._into, self.file.name, self.model)
        return import_files.seeds(source, self._into, self.file.name)

    def _into(self, create: bool = True) -> AbstractContextManager[Project]:
        if self.project is not None:
            return nullcontext(self.project)
        return project_at(self.path, create=create)

    def _read(self, octets: int) -> None:
        self.octets = octets
        self._check()

    def _voted(self, votes: int) -> None:
        self.votes = votes
        self._check()

    def _check(self) -> None:
        if self.stopped.is_set():
            raise ImportStopped
