"""Write a file so that its name always means something whole: the old content or the new, never a part.

What is new is built under another name in the same folder, forced to disk, and then given its name in one
step. Imports nothing of ours. All functions raise OSError.
"""

from __future__ import annotations

import errno
import glob
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_LONGEST_NAME = 100
"""Characters of the target's name in the name it is built under: file systems end at 255 bytes."""
_LEFT_BEHIND = 24 * 60 * 60
"""Seconds since the last change after which nobody is still building something."""


@contextmanager
def written(target: Path, *, replace: bool = True) -> Iterator[BinaryIO]:
    """Open a file that gets the name `target` when the block ends well, and vanishes when it does not.

    An existing file is replaced and its permissions are kept; a link is followed. Without `replace` an
    existing file raises FileExistsError and stays.
    """
    real = Path(os.path.realpath(target))
    with beside(real) as building, building.open("xb") as file:
        if replace:
            _keep_permissions(real, file)
        yield file
        file.flush()
        os.fsync(file.fileno())
        if not replace:
            place(building, real)
            return
        replace_by(building, real)
        if not os.path.samestat(os.fstat(file.fileno()), real.stat()):
            raise FileNotFoundError(errno.ENOENT, "another file was put in its place", str(real))


def write_text(target: Path, text: str) -> None:
    """Write a small text file in UTF-8; its folder is made where it is missing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with written(target) as file:
        file.write(text.encode("utf-8"))


@contextmanager
def folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill that becomes `target` when the block ends well, and vanishes when it does not.

    An existing folder is replaced with all that is in it.
    """
    with beside(target) as building:
        building.mkdir()
        yield building
        for path in sorted(building.rglob("*"), reverse=True):
            sync(path)
        sync(building)
        before = building.with_suffix(".old")
        try:
            if target.is_dir():
                target.rename(before)
            try:
                building.rename(target)
            except OSError:
                before.rename(target)
                raise
            sync(target.parent)
        finally:
            shutil.rmtree(before, ignore_errors=True)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Give a free name beside `target` to build under; what stands there at the end is removed.

    So is what processes that were killed left beside `target` under such names.
    """
    name = f".{target.name[:_LONGEST_NAME]}"
    remove_leftovers(target.parent, name)
    building = target.with_name(f"{name}.{secrets.token_hex(4)}.tmp")
    try:
        yield building
    finally:
        _remove(building)


def remove_leftovers(folder: Path, name: str = "") -> None:
    """Remove what was being built in a folder, for names that begin with `name`, and was left for a day."""
    oldest = time.time() - _LEFT_BEHIND
    for path in folder.glob(f"{glob.escape(name) or '.*'}.{'[0-9a-f]' * 8}.tmp"):
        with suppress(OSError):
            if path.lstat().st_mtime < oldest:
                _remove(path)


def place(built: Path, target: Path) -> None:
    """Give a finished file its name, durably and never over another file."""
    try:
        os.link(built, target)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no hard links; then another process could take the name in this instant.
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        built.rename(target)
    sync(target.parent)
    with suppress(OSError):
        built.unlink(missing_ok=True)


def replace_by(built: Path, target: Path) -> None:
    """Give a finished file its name, durably, in place of what had it."""
    built.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Force a file, or a folder's list of names, to disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_permissions(target: Path, file: BinaryIO) -> None:
    with suppress(OSError):  # nothing to replace, or a file system without permissions
        os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)
