"""The files that workers write their standard error to: one for each engine, gone with it. App side.

Whoever is killed cannot remove his own, so the next process that needs one does. A file in use is locked by
its owner for as long as that lives, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

_PREFIX, _SUFFIX = "quorum-", ".log"
_YOUNG = 60.0
"""Seconds in which a file may be made and not locked yet."""


class WorkerLog:
    """A file in the temporary folder, from now until `close`; `path` is its name."""

    def __init__(self) -> None:
        sweep()
        self._file = tempfile.NamedTemporaryFile(prefix=_PREFIX, suffix=_SUFFIX)  # noqa: SIM115
        with suppress(OSError):  # a file system without locks
            fcntl.flock(self._file, fcntl.LOCK_SH)
        self.path = Path(self._file.name)

    def __enter__(self) -> WorkerLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the file; a second call does nothing."""
        with suppress(FileNotFoundError):
            self._file.close()


@cache
def sweep() -> None:
    """Remove this user's files of processes that are gone, once in the life of a process."""
    with suppress(OSError):
        for entry in os.scandir(tempfile.gettempdir()):
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX):
                with suppress(OSError):
                    _remove_unowned(Path(entry.path))


def _remove_unowned(path: Path) -> None:
    facts = path.lstat()
    ours = stat.S_ISREG(facts.st_mode) and facts.st_uid == os.getuid()
    if not ours or time.time() - facts.st_mtime < _YOUNG:
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(descriptor)
