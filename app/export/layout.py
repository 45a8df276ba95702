"""Where the files of an export stand, and how each is replaced: whole and old, or whole and new."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app import atomic
from app.errors import ExportError
from app.export.request import ExportRequest
from app.store import files
from app.store.project import Project

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
    with _explained(target), atomic.written(target, replace=force) as file:
        yield file


@contextmanager
def whole_folder(target: Path, *, force: bool) -> Iterator[Path]:
    """Give a folder to fill that becomes `target` when the block ends well, and vanishes when it does not.

    An existing folder is replaced only if it is empty, or with `force` if an export made it. Raises
    ExportError.
    """
    check_folder(target, force=force)
    with _explained(target), atomic.folder(target) as building:
        yield building


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(
            f"{target} could not be written ({why}).", "Nothing was changed there. Choose another place."
        ) from error


def check_folder(target: Path, *, force: bool) -> None:
    """Refuse to make a folder of a data set where something else stands; raises ExportError."""
    _check_place(target)
    if not os.path.lexists(target):
        return
    if target.is_symlink() or not target.is_dir():
        raise ExportError(f"{target} is not a folder.", "This format is a folder: choose another name.")
    names = {path.name for path in target.iterdir()}
    if not names:
        return
    if strange := names - FOLDER:
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


class Passing(Nowhere):
    """A file that passes all on to a stream and keeps only its size: a stream need not know its place."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, data: Buffer, /) -> int:
        """Pass the bytes on."""
        self._stream.write(data)
        return super().write(data)

    def flush(self) -> None:
        """Send what the stream holds back."""
        self._stream.flush()


def check_stream(request: ExportRequest) -> None:
    """Refuse what would put anything but rows into a stream; raises ExportError."""
    several = {
        "a folder of files": request.container == "folder",
        "a file for each part": bool(request.split),
        "a second file": request.provenance or bool(request.trainers),
    }
    if named := [what for what, wanted in several.items() if wanted]:
        raise ExportError(
            f"Standard output takes rows alone, and this export makes {named[0]}.",
            "Name a file in place of -, or leave out --format datasets, --split, --provenance and --for.",
        )


def check_target(target: Path, *, force: bool) -> None:
    """Refuse what must never be written to; raises ExportError."""
    _check_place(target)
    if not os.path.lexists(target):
        return
    if target.is_dir():
        raise _is_folder(target)
    if target.is_symlink() or not target.is_file():
        raise ExportError(f"{target} is not an ordinary file.", "Choose another name.")
    _check_replaced(target, force)


def _is_folder(target: Path) -> ExportError:
    return ExportError(f"{target} is a folder.", "Name a file in it, for example data.jsonl.")


def _check_place(target: Path) -> None:
    if "\0" in str(target):
        raise ExportError(f"{target} is not a valid file name.", "Choose another name.")
    if not target.parent.is_dir():
        raise ExportError(
            f"The folder {target.parent} does not exist.", "Create it, or choose another place."
        )
    if owner := files.owner_of(target):
        raise ExportError(f"{target} belongs to {owner.name}.", "Choose another name.")


def _check_replaced(target: Path, force: bool) -> None:
    if not force:
        raise ExportError(f"{target} already exists.", "Choose another name, or replace it with --force.")


Opener = Callable[[Path, bool], BinaryIO]
"""Opens a file to write; the flag says whether an existing one may be replaced."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the rows of a part go ("" where nothing is split), and their sidecar if there is one."""

    part: str
    data: Path
    sidecar: Path | None


def places(target: Path, request: ExportRequest) -> tuple[Placement, ...]:
    """Name the files: `data.jsonl` gives `data.train.jsonl` and `data.train.provenance.jsonl`.

    Raises ExportError where `target` has no name, as the root of all folders.
    """
    if not target.name:
        raise _is_folder(target)
    return tuple(_place(target, part, request) for part in request.parts)


def _place(target: Path, part: str, request: ExportRequest) -> Placement:
    if request.container == "folder":
        name = f"{part or 'train'}.jsonl"
        return Placement(
            part, target / "data" / name, target / "provenance" / name if request.provenance else None
        )
    stem = f"{target.stem}.{part}" if part else target.stem
    data = target.with_name(stem + target.suffix)
    sidecar = target.with_name(f"{stem}.provenance.jsonl") if request.provenance else None
    return Placement(part, data, sidecar)


def standing_at(target: Path, request: ExportRequest) -> Path | None:
    """Return what an export would have to replace, None where nothing stands in its way."""
    if request.container == "folder":
        return target if target.is_dir() and any(target.iterdir()) else None
    paths = (path for place in places(target, request) for path in (place.data, place.sidecar) if path)
    return next((path for path in paths if path.is_file()), None)


@contextmanager
def outputs(
    project: Project, target: Path, request: ExportRequest, *, force: bool, dry_run: bool
) -> Iterator[Opener]:
    """Give the way to open the files of an export; they get their names when the block ends well.

    In a dry run they are only checked. Raises ExportError.
    """
    folder = request.container == "folder"
    check_not_project(project, target)
    if folder:
        check_folder(target, force=force)
    for place in () if folder else places(target, request):
        for path in filter(None, (place.data, place.sidecar)):
            check_not_project(project, path)
            check_target(path, force=force)
    with ExitStack() as stack:
        if dry_run:
            yield lambda _path, _replace: Nowhere()
        elif folder:
            building = stack.enter_context(whole_folder(target, force=force))
            yield lambda path, _replace: stack.enter_context(_open_in(building, path.relative_to(target)))
        else:

            def opened(path: Path, replace: bool) -> BinaryIO:
                check_not_project(project, path)
                return stack.enter_context(whole_file(path, force=replace))

            yield opened


def _open_in(building: Path, path: Path) -> BinaryIO:
    own = building / path
    own.parent.mkdir(exist_ok=True)
    return own.open("xb")


def check_not_project(project: Project, target: Path) -> None:
    """Refuse the project file and what SQLite and the lock keep next to it, whether it exists or not."""
    own = target.parent.resolve() / target.name in {project.path, *files.companions(project.path)}
    if own or (target.is_file() and target.samefile(project.path)):
        raise ExportError(f"{target} belongs to the project itself.", "Choose another name.")
