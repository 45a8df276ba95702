"""Find model files on this machine, and say what each can do here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.engine.gguf import ModelHeader, read_header
from app.engine.places import Place, Source, Walk, home_expanded, other_tools
from app.errors import ModelError

Style = Literal["few-shot", "zero-shot", "chat"]

WRITER = "quorum-writer.q8_0.gguf"
ANSWERERS = ("quorum-chat.q8_0.gguf", "quorum-t5.q8_0.gguf")

_MAX_FILES = 1_000


@dataclass(frozen=True, slots=True)
class BundledModels:
    """The models that come with the product."""

    writer: Path
    answerers: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A model file: its header, or in `problem` why it cannot be used.

    `label` is what the tool that keeps the file calls it, else empty. All texts are foreign.
    """

    path: Path
    source: Source
    header: ModelHeader | None
    problem: str = ""
    label: str = ""

    @property
    def why(self) -> str:
        """The problem without the file's name in front, for where the name stands already."""
        return self.problem.removeprefix(f"{self.path.name}: ")

    @property
    def name(self) -> str:
        """What to call the model in a list."""
        return self.label or (self.header.name if self.header else self.path.name)


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
    """List the models of this machine and `extra`; each file once, under the first place that has it.

    These are the bundled ones, those in $QUORUM_MODELS and ./models, and those that other tools keep.
    $QUORUM_MODELS holds files or folders, separated like PATH. A file in `extra` that is not there is
    listed with its problem, so that a typing error is seen. Reading a header takes up to a quarter of a
    second for the largest vocabularies and is remembered: call this outside the event loop.
    """
    found: dict[Path, Found] = {}
    for place in list(_places(extra)):  # all of them first: searching is limited in time
        try:
            key = place.path.resolve()
        except (OSError, RuntimeError):  # a link to itself
            key = place.path
        if key not in found and len(found) < _MAX_FILES:
            found[key] = _inspect(place)
    return list(found.values())


def default_style(header: ModelHeader) -> Style:
    """Return how to ask this model: an encoder-decoder zero-shot, one with a chat template by chat."""
    if header.encoder_decoder:
        return "zero-shot"
    return "chat" if header.has_chat_template else "few-shot"


def can_write(header: ModelHeader) -> bool:
    """Say whether a model can be the writer: it continues a text, which an encoder-decoder does not."""
    return not header.encoder_decoder


def _inspect(place: Place) -> Found:
    problem = place.problem
    header = None
    if not problem:
        try:
            header = read_header(place.path)
        except ModelError as error:
            problem = str(error)
    return Found(place.path, place.source, header, problem, place.name)


def _places(extra: Sequence[Path]) -> Iterator[Place]:
    try:
        models = bundled()
        yield from (Place("bundled", path) for path in (models.writer, *models.answerers))
    except ModelError:
        pass  # a checkout without them still has the user's own models
    for entry in os.environ.get("QUORUM_MODELS", "").split(os.pathsep):
        if entry:
            yield from Walk().files("QUORUM_MODELS", home_expanded(entry))
    yield from Walk().files("folder", Path("models"))
    for given in extra:
        path = home_expanded(str(given))
        yield from Walk().files("given", path) if path.is_dir() else [Place("given", path)]
    yield from other_tools()
