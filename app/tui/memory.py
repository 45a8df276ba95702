"""What the screens remember from one session to the next: recent projects and the theme.

A small JSON file in the user's state directory. Losing it costs nothing: an unreadable file counts
as empty, and a directory that cannot be written is no reason to stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

RECENT_LIMIT = 12


def default_place() -> Path:
    """Return the file under the user's state directory."""
    return Path(platformdirs.user_state_dir("quorum")) / "screens.json"


@dataclass
class Memory:
    """Recent project files, newest first, and the name of the chosen theme ("" = default)."""

    place: Path = field(default_factory=default_place)
    recent: list[Path] = field(default_factory=list)
    theme: str = ""

    @classmethod
    def load(cls, place: Path | None = None) -> Memory:
        """Read the memory at `place`; whatever is not understood is left out."""
        memory = cls(place or default_place())
        try:
            data = json.loads(memory.place.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return memory
        if not isinstance(data, dict):
            return memory
        recent, theme = data.get("recent"), data.get("theme")
        if isinstance(recent, list):
            memory.recent = [Path(p) for p in recent if isinstance(p, str) and "\0" not in p][:RECENT_LIMIT]
        if isinstance(theme, str):
            memory.theme = theme
        return memory

    def projects(self) -> list[Path]:
        """Return the recent projects that are still there."""
        there: list[Path] = []
        for path in self.recent:
            with contextlib.suppress(OSError):
                if path.is_file():
                    there.append(path)
        return there

    def opened(self, path: Path) -> None:
        """Put `path` first among the recent projects and save."""
        path = path.absolute()
        self.recent = [path, *(other for other in self.recent if other != path)][:RECENT_LIMIT]
        self.save()

    def chose_theme(self, name: str) -> None:
        """Keep the theme and save."""
        if name != self.theme:
            self.theme = name
            self.save()

    def save(self) -> None:
        """Write the memory in one piece; a place that cannot be written is left alone."""
        data = json.dumps({"recent": [str(path) for path in self.recent], "theme": self.theme})
        with contextlib.suppress(OSError):
            self.place.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.place.parent, prefix=".screens-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(data)
            Path(name).replace(self.place)
