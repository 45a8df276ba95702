"""Find the model files of this machine, and say what each can do here.

They lie in Quorum's own places and in those of the tools people already use. Nothing is written, and no
file is opened but Ollama's small manifests, packages' lists of files and the headers of models. Every place
is walked within limits on depth, entries and time: a folder can be a network drive, a link to itself or a
whole home.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import distributions
from pathlib import Path
from typing import Literal

from app.engine.gguf import ModelHeader, read_header
from app.errors import ModelError
from app.method.terms import Style

Source = Literal[
    "bundled",
    "QUORUM_MODELS",
    "folder",
    "given",
    "Hugging Face",
    "LM Studio",
    "llama.cpp",
    "Ollama",
    "Python package",
]

MAX_DEPTH = 4
MAX_ENTRIES = 50_000
SECONDS = 5.0
MANIFEST_BYTES = 2**20

_MODEL_LAYER = "application/vnd.ollama.image.model"
_OLLAMA_LIBRARY = ("registry.ollama.ai", "library")
_OWN_PACKAGE = "quorum-instruct"
_LATER_PART = re.compile(r"-(?!00001)\d{5}-of-\d{5}\.gguf$", re.IGNORECASE)
_COMPANION = re.compile(r"mmproj|imatrix", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ModelPath:
    """A file that looks like a model, or in `problem` why a place could not be searched (foreign text).

    `name` is what the tool that keeps the file calls it; empty where the file's name says it.
    """

    source: Source
    path: Path
    name: str = ""
    problem: str = ""


@dataclass(slots=True)
class Walk:
    """One search for model files, with what is left of its limits."""

    entries: int = MAX_ENTRIES
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def files(self, source: Source, place: Path, depth: int = MAX_DEPTH) -> Iterator[ModelPath]:
        """Yield the .gguf files of a folder and the folders in it, sorted; links to folders are not followed.

        Links to files are, since the Hugging Face cache is made of them; broken ones are yielded too. Left
        out are later parts of split models and files that only go with a model.
        """
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except NotADirectoryError:
            yield ModelPath(source, place)
            return
        except FileNotFoundError:
            return
        except OSError as error:
            yield ModelPath(source, place, problem=f"cannot be searched: {error.strerror or error}.")
            return
        for entry in entries:
            self.entries -= 1
            if self.entries < 0 or time.monotonic() > self.until:
                break
            yield from self._entry(source, entry, depth)
        if self.spent and depth == MAX_DEPTH:
            yield ModelPath(source, place, problem="there is too much in it: only a part was searched.")

    @property
    def spent(self) -> bool:
        """Whether a limit was reached."""
        return self.entries < 0 or time.monotonic() > self.until

    def _entry(self, source: Source, entry: os.DirEntry[str], depth: int) -> Iterator[ModelPath]:
        path = Path(entry.path)
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
        except OSError:
            return
        if is_folder:
            if depth > 0:
                yield from self.files(source, path, depth - 1)
        elif is_model_name(entry.name) and (entry.is_symlink() or entry.is_file()) and not path.is_dir():
            yield ModelPath(source, path)


def is_model_name(name: str) -> bool:
    """Say whether a file of that name can be a model: a .gguf, and neither a later part nor a companion."""
    return name.lower().endswith(".gguf") and not _LATER_PART.search(name) and not _COMPANION.search(name)


def home_expanded(text: str) -> Path:
    """Return the path with ~ as the home folder; a ~name nobody has stays as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 — `Path.expanduser` raises for ~nobody


def other_tools() -> Iterator[ModelPath]:
    """Yield the model files that other tools keep on this machine."""
    for cache in _hugging_face():
        yield from _from_snapshots(cache)
    for source, folder in _folders():
        yield from Walk().files(source, folder)
    for folder in _ollama():
        yield from _from_manifests(folder)
    yield from _from_packages()


def _home(*parts: str) -> Path:
    return Path.home().joinpath(*parts)


def _named(variable: str) -> list[Path]:
    """Return the folder an environment variable names, if it names one."""
    value = os.environ.get(variable, "")
    return [home_expanded(value)] if value else []


def _hugging_face() -> list[Path]:
    """Return the cache, found the way huggingface_hub finds it."""
    if given := _named("HF_HUB_CACHE") or _named("HUGGINGFACE_HUB_CACHE"):
        return given
    homes = _named("HF_HOME") or [place / "huggingface" for place in _named("XDG_CACHE_HOME")]
    return [home / "hub" for home in homes or [_home(".cache", "huggingface")]]


def _folders() -> Iterator[tuple[Source, Path]]:
    """Yield the plain folders of LM Studio and llama.cpp."""
    yield "LM Studio", _home(".lmstudio", "models")
    yield "LM Studio", _home(".cache", "lm-studio", "models")
    caches = [place / "llama.cpp" for place in _named("XDG_CACHE_HOME")] or [_home(".cache", "llama.cpp")]
    if sys.platform == "darwin":
        caches = [_home("Library", "Caches", "llama.cpp")]
    for cache in _named("LLAMA_CACHE") or caches:
        yield "llama.cpp", cache


def _ollama() -> list[Path]:
    system = [Path("/usr/share/ollama/.ollama/models")] if sys.platform == "linux" else []
    return _named("OLLAMA_MODELS") or [_home(".ollama", "models"), *system]


def _from_snapshots(cache: Path) -> Iterator[ModelPath]:
    """Yield the files of every repository's snapshots; other things in the cache are not models."""
    walk = Walk()
    for repository in _children(cache):
        if repository.name.startswith("models--"):
            yield from walk.files("Hugging Face", repository / "snapshots", MAX_DEPTH - 1)
    if walk.spent:
        yield ModelPath("Hugging Face", cache, problem="there is too much in it: only a part was searched.")


def _from_manifests(models: Path) -> Iterator[ModelPath]:
    """Yield the weights that Ollama's manifests (registry/owner/name/tag) name."""
    entries = MAX_ENTRIES
    for registry in _children(models / "manifests"):
        for owner in _children(registry):
            for name in _children(owner):
                for manifest in _children(name):
                    entries -= 1
                    if entries < 0:
                        return
                    yield from _from_manifest(models, manifest)


def _from_manifest(models: Path, manifest: Path) -> Iterator[ModelPath]:
    *origin, name, tag = manifest.relative_to(models / "manifests").parts
    prefix = "" if tuple(origin) == _OLLAMA_LIBRARY else origin[1] + "/"
    label = f"{prefix}{name}:{tag}"
    try:
        digest = _weights_of(manifest)
    except ModelError as error:
        yield ModelPath("Ollama", manifest, label, str(error))
        return
    if digest:
        yield ModelPath("Ollama", models / "blobs" / digest.replace(":", "-", 1), label)


def _weights_of(manifest: Path) -> str:
    """Return the digest of the model in a manifest, "" if it has none; ModelError if it is broken."""
    try:
        with manifest.open("rb") as file:
            layers = json.loads(file.read(MANIFEST_BYTES))["layers"]
        digests = [str(layer["digest"]) for layer in layers if layer["mediaType"] == _MODEL_LAYER]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is not a manifest"
        raise ModelError(f"Ollama's manifest cannot be read: {reason}.") from None
    if digests and not re.fullmatch(r"[a-z0-9]+:[0-9a-f]{32,128}", digests[0]):
        raise ModelError("Ollama's manifest names no blob.")
    return digests[0] if digests else ""  # models that run elsewhere have no weights here


def _from_packages() -> Iterator[ModelPath]:
    """Yield the models that Python packages installed beside Quorum carry, by their lists of files."""
    for package in distributions():
        listed = package.read_text("RECORD") or ""
        if ".gguf" not in listed.lower() or package.name == _OWN_PACKAGE:
            continue
        for name, *_ in filter(None, csv.reader(listed.splitlines())):
            if is_model_name(name):
                yield ModelPath("Python package", Path(str(package.locate_file(name))))


def _children(folder: Path) -> list[Path]:
    """Return what is in a folder, sorted; nothing where it is none or must not be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


WRITER = "quorum-writer.q8_0.gguf"
ANSWERERS = ("quorum-chat.q8_0.gguf", "quorum-t5.q8_0.gguf")

_MAX_FILES = 1_000
PLACES, SAMPLE = 16, 2**14
"""How many places of a file are looked at to tell it from others of its size, and how many bytes at each."""


@dataclass(frozen=True, slots=True)
class BundledModels:
    """The models that come with the product."""

    writer: Path
    answerers: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file: its header, or in `problem` why it cannot be used.

    `label` is what the tool that keeps the file calls it, else empty. All texts are foreign.
    """

    path: Path
    source: Source
    header: ModelHeader | None
    problem: str = ""
    label: str = ""
    copies: tuple[Path, ...] = ()
    """Where the same file lies again."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """Everywhere it lies."""
        return (self.path, *self.copies)

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


def find_models(extra: Sequence[Path] = ()) -> list[ModelFile]:
    """List the models of this machine and `extra`; each file once, under the first place that has it.

    A copy of one is the same model.

    These are the bundled ones, those in $QUORUM_MODELS and ./models, and those that other tools keep.
    $QUORUM_MODELS holds files or folders, separated like PATH. A file in `extra` that is not there is
    listed with its problem, so that a typing error is seen. Reading a header takes up to a quarter of a
    second for the largest vocabularies and is remembered: call this outside the event loop.
    """
    files: dict[Path, ModelFile] = {}
    for place in list(_places(extra)):  # all of them first: searching is limited in time
        try:
            key = place.path.resolve()
        except (OSError, RuntimeError):  # a link to itself
            key = place.path
        if key not in files and len(files) < _MAX_FILES:
            files[key] = _inspect(place)
    return _without_copies(files.values())


def _without_copies(files: Iterable[ModelFile]) -> list[ModelFile]:
    """Return each model once, with the paths of its copies: files of the same size with the same samples.

    A copy of a bundled model that a person made is one of their own.
    """
    found: dict[object, ModelFile] = {}
    for file in files:
        alone = file.header is None or file.source == "bundled"
        key: object = file.path if alone else _samples(file.path)
        first = found.setdefault(key, file)
        if first is not file:
            found[key] = replace(first, copies=(*first.copies, file.path))
    return list(found.values())


def _samples(path: Path) -> bytes | Path:
    """Return a digest of places all over a file; its path where it cannot be read, which equals no other."""
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            size = path.stat().st_size
            digest.update(b"%d " % size)
            for place in range(PLACES):
                file.seek(max(size - SAMPLE, 0) * place // (PLACES - 1))
                digest.update(file.read(SAMPLE))
    except OSError:
        return path
    return digest.digest()


def default_style(header: ModelHeader) -> Style:
    """Return how to ask this model: an encoder-decoder zero-shot, one with a chat template by chat."""
    if header.encoder_decoder:
        return "zero-shot"
    return "chat" if header.has_chat_template else "few-shot"


def can_write(header: ModelHeader) -> bool:
    """Say whether a model can be the writer: it continues a text, which an encoder-decoder does not."""
    return not header.encoder_decoder


def _inspect(place: ModelPath) -> ModelFile:
    problem = place.problem
    header = None
    if not problem:
        try:
            header = read_header(place.path)
        except ModelError as error:
            problem = str(error)
    return ModelFile(place.path, place.source, header, problem, place.name)


def _places(extra: Sequence[Path]) -> Iterator[ModelPath]:
    try:
        models = bundled()
        yield from (ModelPath("bundled", path) for path in (models.writer, *models.answerers))
    except ModelError:
        pass  # a checkout without them still has the user's own models
    for entry in os.environ.get("QUORUM_MODELS", "").split(os.pathsep):
        if entry:
            yield from Walk().files("QUORUM_MODELS", home_expanded(entry))
    yield from Walk().files("folder", Path("models"))
    for given in extra:
        path = home_expanded(str(given))
        yield from Walk().files("given", path) if path.is_dir() else [ModelPath("given", path)]
    yield from other_tools()
