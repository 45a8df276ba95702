"""The file an engine was made for, and whether it still is that file. App side.

A worker reads its weights from the file all the time (it is mapped into memory). One that is overwritten or
truncated in place changes under it: it computes nonsense, or is ended by SIGBUS.
"""

from __future__ import annotations

from pathlib import Path

from app.engine.gguf import file_version
from app.errors import ModelError


class MappedFile:
    """Remembers a file as it was when this was made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = _inode(path)
        self._version = file_version(path)

    def check_same(self) -> None:
        """ModelError unless the path still leads to the same file, unchanged."""
        if (_inode(self._path), file_version(self._path)) != (self._inode, self._version):
            raise ModelError(f"{self._path.name} has changed since it was loaded.", "Start a new run.")

    def check_intact(self) -> None:
        """ModelError if the file was changed in place; one that was removed or replaced stays mapped."""
        if _inode(self._path) == self._inode:
            self.check_same()


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0
