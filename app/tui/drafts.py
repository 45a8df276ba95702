"""Texts that are being edited and are not saved yet, so that nothing that ends the app loses them.

Each has a file of its own, since several apps are often ended at once, by a shutdown or a window that is
closed with its tabs: in one file for all of them only one of the texts would be left.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from app import atomic, regular
from app.store.project import Project

_LOG = logging.getLogger(__name__)
MOST = 30
"""Texts that are kept, the newest; who left more behind does not come back to them."""
MOST_BYTES = 16 * 2**20
"""The largest file that is read: no text that is edited comes near it, and reading more would be felt."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text, and the one that it was begun on."""

    text: str
    begun: str


def draft_of(project: Project, reviewer: str, *what: str) -> str:
    """Return the name under which a text is kept: whose it is, and of what in which project file.

    By its path, as everything is that is remembered of a project: its items are called the same in a copy.
    """
    return " ".join((reviewer, str(project.path), *what))


@dataclass(frozen=True)
class Drafts:
    """A folder of texts; one that cannot be written or read is no reason to stop."""

    folder: Path

    def keep(self, name: str, draft: Draft) -> None:
        """Keep what is edited under this name, in place of an earlier text."""
        try:
            atomic.write_text(self._file(name), json.dumps(asdict(draft)))
            changed = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
            for old in changed[:-MOST]:
                old.unlink(missing_ok=True)
        except OSError as error:
            _LOG.warning("a text that is being edited cannot be kept: %s", error)

    def read(self, name: str) -> Draft | None:
        """Return what is kept under this name; None where nothing is that can be read."""
        try:
            with regular.opened(self._file(name)) as file:
                kept = file.read(MOST_BYTES + 1)
            data = json.loads(kept) if len(kept) <= MOST_BYTES else None
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(data, dict):
            return None
        text, begun = data.get("text"), data.get("begun")
        return Draft(text, begun) if isinstance(text, str) and isinstance(begun, str) else None

    def drop(self, name: str) -> None:
        """Keep nothing under this name any more."""
        with contextlib.suppress(OSError):
            self._file(name).unlink()

    def _file(self, name: str) -> Path:
        return self.folder / f"{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()}.json"
