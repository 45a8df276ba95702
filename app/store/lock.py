"""One writer per project file: a lock file beside it, held by `flock`, that names its holder."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from pathlib import Path

from app.errors import ProjectError

_BEGINNING = b'{"pid": '
"""What every lock file begins with."""


class ProjectLocked(ProjectError):
    """Another process writes to the project; it can still be opened read-only. `pid` may be None."""

    def __init__(self, message: str, hint: str = "", pid: int | None = None) -> None:
        super().__init__(message, hint)
        self.pid = pid


def lock_path(project: Path) -> Path:
    """Return the path of the lock file that belongs to a project file."""
    return project.with_name(project.name + ".lock")


class WriterLock:
    """The right to write to one project file, from `acquire` to `release` or the end of the process."""

    def __init__(self, project: Path, descriptor: int) -> None:
        self._project = project
        self._path = lock_path(project)
        self._descriptor = descriptor

    def keep(self) -> None:
        """Take the lock again where somebody removed its file, which lets others in.

        Raises ProjectLocked where somebody came in, ProjectError where it cannot be taken.
        """
        if _same_file(self._descriptor, self._path):
            return
        again = acquire(self._project)
        os.close(self._descriptor)
        self._descriptor = again._descriptor

    def release(self) -> None:
        """Give the lock back and take its file away."""
        if self._descriptor < 0:
            return
        # Removed while still held: whoever waits for this file sees that its path is gone and
        # takes a new one (see `acquire`), so two holders cannot meet.
        if _same_file(self._descriptor, self._path):
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = -1


def acquire(project: Path) -> WriterLock:
    """Take the lock of `project` (a resolved path). Raises ProjectLocked or ProjectError."""
    path = lock_path(project)
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ProjectError(
                f"The lock file {path} cannot be opened ({error.strerror}).",
                "Put the project into a folder you can write to, or open it read-only.",
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise _refusal(project, holder, error) from error
        if not _same_file(descriptor, path):
            os.close(descriptor)
            continue
        if not _is_lock(descriptor):
            os.close(descriptor)
            raise ProjectError(
                f"{path}, which would be the lock file of the project, is another file.",
                "It was left unchanged. Move it away, or give the project another name.",
            )
        _sign(descriptor)
        return WriterLock(project, descriptor)


def is_held(project: Path) -> bool:
    """Say whether a process, this one included, has the lock of `project` (a resolved path)."""
    try:
        descriptor = os.open(lock_path(project), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False


def _is_lock(descriptor: int) -> bool:
    """Say whether a file is a lock, or one that was not written to its end: programs name files so too."""
    said = os.pread(descriptor, len(_BEGINNING), 0).rstrip(b"\0")
    return _BEGINNING.startswith(said)


def _sign(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode(), 0)


def _holder(descriptor: int) -> tuple[int | None, str]:
    """Read pid and host of the holder; the file may be half written or foreign."""
    try:
        holder = json.loads(os.pread(descriptor, 1000, 0))
        return int(holder["pid"]), str(holder["host"])
    except (ValueError, KeyError, TypeError, OSError):
        return None, ""


def _refusal(project: Path, holder: tuple[int | None, str], error: OSError) -> ProjectError:
    if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
        return ProjectError(
            f"{project} cannot be locked ({error.strerror}).", "Keep projects on a local disk."
        )
    pid, host = holder
    who = f"process {pid} on {host}" if pid else "another process"
    return ProjectLocked(
        f"{project} is open for writing in {who}.",
        "Wait until its run is over, or stop it; what it has stored stays.",
        pid,
    )
