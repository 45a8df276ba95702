"""Where the files of an export stand, and the one way to open them for writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.errors import ExportError
from app.export.request import Request
from app.export.target import Nowhere, check_folder, check_target, whole_file, whole_folder
from app.store import files
from app.store.project import Project

Opener = Callable[[Path, bool], BinaryIO]
"""Opens a file to write; the flag says whether one that is there may be replaced."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows of a part go ("" where nothing is split), and their sidecar if there is one."""

    part: str
    data: Path
    sidecar: Path | None


def places(target: Path, request: Request) -> tuple[Place, ...]:
    """Name the files: `data.jsonl` gives `data.train.jsonl` and `data.train.provenance.jsonl`."""
    return tuple(_place(target, part, request) for part in request.parts)


def _place(target: Path, part: str, request: Request) -> Place:
    if request.container == "folder":
        name = f"{part or 'train'}.jsonl"
        return Place(
            part, target / "data" / name, target / "provenance" / name if request.provenance else None
        )
    stem = f"{target.stem}.{part}" if part else target.stem
    data = target.with_name(stem + target.suffix)
    sidecar = target.with_name(f"{stem}.provenance.jsonl") if request.provenance else None
    return Place(part, data, sidecar)


def standing_at(target: Path, request: Request) -> Path | None:
    """Return what an export would have to replace, None where nothing stands in its way."""
    if request.container == "folder":
        return target if target.is_dir() and any(target.iterdir()) else None
    paths = (path for place in places(target, request) for path in (place.data, place.sidecar) if path)
    return next((path for path in paths if path.is_file()), None)


@contextmanager
def outputs(
    project: Project, target: Path, request: Request, *, force: bool, dry_run: bool
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
    """Refuse the project, and what SQLite and the lock keep beside it, there at this moment or not."""
    own = target.parent.resolve() / target.name in {project.path, *files.companions(project.path)}
    if own or (target.is_file() and target.samefile(project.path)):
        raise ExportError(f"{target} belongs to the project itself.", "Choose another name.")
