"""Texts that were being edited as the app was ended and were not saved.

Each has a file of its own, since several apps are often ended at once, by a shutdown or a window that is
closed with its tabs: in one file for all of them only one of the texts would be left.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from app import atomic, regular

MOST = 30
"""Texts that are kept, the newest; who left more behind does not come back to them."""


@dataclass(frozen=True)
class Drafts:
    """A folder of texts; one that cannot be written or read is no reason to stop."""

    folder: Path

    def keep(self, name: str, text: str) -> None:
        """Keep the text of what is edited under this name, in place of an earlier one."""
        with contextlib.suppress(OSError):
            atomic.write_text(self._file(name), json.dumps(text))
            changed = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
            for old in changed[:-MOST]:
                old.unlink(missing_ok=True)

    def take(self, name: str) -> str | None:
        """Return, once, the text that was kept under this name."""
        file = self._file(name)
        try:
            text = json.loads(regular.text(file))
        except (OSError, ValueError, RecursionError):
            return None
        with contextlib.suppress(OSError):
            file.unlink()
        return text if isinstance(text, str) else None

    def _file(self, name: str) -> Path:
        return self.folder / f"{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()}.json"
