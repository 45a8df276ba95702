"""Write a file so that its name is either the old complete file or the new complete one."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.errors import ExportError
from app.store import files

FOLDER = frozenset(("README.md", "data", "provenance", "dataset_info.json", "axolotl.yaml"))
"""What an export puts into a folder."""

if TYPE_CHECKING:
    from typing_extensions import Buffer


@contextmanager
def whole_file(target: Path, *, force: bool) -> Iterator[BinaryIO]:
    """Open a file that gets the name `target` when the block ends well, and vanishes when it does not.

    An existing file is replaced only with `force`, and never a folder, link or device. Raises ExportError.
    """
    check_target(target, force=force)
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if force:
            temporary.replace(target)
            files.sync(target.parent)
        else:
            files.place(temporary, target)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(
            f"{target} could not be written ({why}).", "Nothing was changed there. Choose another place."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path, *, force: bool) -> Iterator[Path]:
    """Give a folder to fill that becomes `target` when the block ends well, and vanishes when it does not.

    An existing folder is replaced only if it is empty, or with `force` if an export made it. Raises
    ExportError.
    """
    check_folder(target, force=force)
    mark = secrets.token_hex(4)
    building = target.with_name(f".{target.name[:100]}.{mark}.tmp")
    before = target.with_name(f".{target.name[:100]}.{mark}.old")
    try:
        building.mkdir()
        yield building
        for path in sorted(building.rglob("*"), reverse=True):
            files.sync(path)
        files.sync(building)
        if target.is_dir():
            target.rename(before)
        try:
            building.rename(target)
        except OSError:
            before.rename(target)
            raise
        files.sync(target.parent)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(
            f"{target} could not be written ({why}).", "Nothing was changed there. Choose another place."
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)


def check_folder(target: Path, *, force: bool) -> None:
    """Refuse to make a folder of a data set where something else stands; raises ExportError."""
    _check_place(target)
    if not os.path.lexists(target):
        return
    if target.is_symlink() or not target.is_dir():
        raise ExportError(f"{target} is no folder.", "This format is a folder: choose another name.")
    found = {path.name for path in target.iterdir()}
    if not found:
        return
    if strange := found - FOLDER:
        raise ExportError(
            f"{target} holds {min(strange)}, which no export wrote.", "Choose a folder that does not exist."
        )
    _check_replaced(target, force)


class Nowhere(BytesIO):
    """A file that keeps nothing but its size."""

    def __init__(self) -> None:
        super().__init__()
        self._size = 0

    def write(self, data: Buffer, /) -> int:
        """Count the bytes and forget them."""
        size = memoryview(data).nbytes
        self._size += size
        return size

    def tell(self) -> int:
        """Return how much was written."""
        return self._size


def check_target(target: Path, *, force: bool) -> None:
    """Refuse what must never be written to; raises ExportError."""
    _check_place(target)
    if not os.path.lexists(target):
        return
    if target.is_dir():
        raise ExportError(f"{target} is a folder.", "Name a file in it, for example data.jsonl.")
    if target.is_symlink() or not target.is_file():
        raise ExportError(f"{target} is no ordinary file.", "Choose another name.")
    _check_replaced(target, force)


def _check_place(target: Path) -> None:
    if "\0" in str(target):
        raise ExportError(f"{target} is no file name.", "Choose another name.")
    if not target.parent.is_dir():
        raise ExportError(
            f"The folder {target.parent} does not exist.", "Create it, or choose another place."
        )


def _check_replaced(target: Path, force: bool) -> None:
    if not force:
        raise ExportError(f"{target} exists already.", "Choose another name, or replace it with --force.")
