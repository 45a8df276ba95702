"""Find model files on this machine, and say what each can do here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.engine.gguf import ModelHeader, read_header
from app.errors import ModelError

Style = Literal["few-shot", "zero-shot", "chat"]
Source = Literal["bundled", "QUORUM_MODELS", "folder", "given"]

WRITER = "quorum-writer.q8_0.gguf"
ANSWERERS = ("quorum-chat.q8_0.gguf", "quorum-t5.q8_0.gguf")

_MAX_DEPTH = 4
_MAX_FILES = 5_000


@dataclass(frozen=True, slots=True)
class BundledModels:
    """The models that come with the product."""

    writer: Path
    answerers: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A model file: its header, or in `problem` why it cannot be used (foreign text)."""

    path: Path
    source: Source
    header: ModelHeader | None
    problem: str = ""


def bundled() -> BundledModels:
    """Return the models that come with the product; ModelError when the installation lacks them."""
    here = Path(__file__).resolve().parent.parent
    for folder in (here / "models", here.parent / "models"):
        paths = [folder / name for name in (WRITER, *ANSWERERS)]
        if all(path.is_file() for path in paths):
            return BundledModels(writer=paths[0], answerers=tuple(paths[1:]))
    raise ModelError(
        "The models that come with Quorum are missing from this installation.",
        "Install it again, or name your own models.",
    )


def find_models(extra: Sequence[Path] = ()) -> list[Found]:
    """List the bundled models, those in $QUORUM_MODELS and ./models, and `extra`; each file once.

    $QUORUM_MODELS holds files or folders, separated like PATH. A file in `extra` that is not there is
    listed with its problem, so that a typing error is seen.
    """
    found: dict[Path, Found] = {}
    for source, path in _candidates(extra):
        key = path.resolve()
        if key not in found and len(found) < _MAX_FILES:
            found[key] = _inspect(path, source)
    return list(found.values())


def default_style(header: ModelHeader) -> Style:
    """Return how to ask this model: an encoder-decoder zero-shot, one with a chat template by chat."""
    if header.encoder_decoder:
        return "zero-shot"
    return "chat" if header.has_chat_template else "few-shot"


def _inspect(path: Path, source: Source) -> Found:
    try:
        return Found(path, source, read_header(path))
    except ModelError as error:
        return Found(path, source, None, str(error))


def _candidates(extra: Sequence[Path]) -> Iterator[tuple[Source, Path]]:
    try:
        models = bundled()
        yield from (("bundled", path) for path in (models.writer, *models.answerers))
    except ModelError:
        pass  # a checkout without them still has the user's own models
    for entry in os.environ.get("QUORUM_MODELS", "").split(os.pathsep):
        if entry:
            yield from (("QUORUM_MODELS", path) for path in _files(Path(entry).expanduser()))
    yield from (("folder", path) for path in _files(Path("models")))
    for given in extra:
        path = Path(given).expanduser()
        yield from (("given", file) for file in (_files(path) if path.is_dir() else [path]))


def _files(place: Path, depth: int = 0) -> Iterator[Path]:
    """Yield the .gguf files of a folder and the folders in it, sorted; links to folders are not followed."""
    if place.is_file():
        yield place
        return
    try:
        entries = sorted(place.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.suffix.lower() == ".gguf" and entry.is_file():
            yield entry
        elif depth < _MAX_DEPTH and entry.is_dir() and not entry.is_symlink():
            yield from _files(entry, depth + 1)
