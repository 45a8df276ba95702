"""Find a model by what people call it: its own name, its file's, or how one begins. Names are foreign."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from app.engine.catalog import ModelFile, find_models, home_expanded
from app.errors import ModelError, did_you_mean

T = TypeVar("T")

_LATEST = ":latest"
"""The tag that Ollama adds where none is given."""


def model_path(text: str) -> Path:
    """Return the file that is meant: a path as it is, else the model of this machine with that name.

    Searching takes as long as `find_models` does. Raises ModelError, with the names that fit, where there is
    none or more than one.
    """
    path = home_expanded(text)
    if path.is_file() or os.sep in text or text.lower().endswith(".gguf"):
        return path
    files = find_models()
    found = meant(text, ((file, names(file)) for file in files))
    if len(found) == 1:
        return found[0].path
    if found:
        listed = ", ".join(f"{file.name} ({file.path})" for file in found)
        raise ModelError(f"{text} is the name of {len(found)} models.", f"Name one by more of it: {listed}.")
    guess = did_you_mean(text, (name for file in files for name in names(file)))
    raise ModelError(
        f"There is no model {text!r} on this machine.",
        f"{guess}`quorum models` lists them; or give the path of a GGUF file.",
    )


def names(file: ModelFile) -> list[str]:
    """Return all by which a model that was found can be called."""
    label = file.label.removesuffix(_LATEST)
    own = [file.header.name, f"{file.header.name} {file.header.quantisation}"] if file.header else []
    tool = [label, file.label, label.rsplit("/", 1)[-1]]
    paths = [name for path in file.paths for name in file_names(path)]
    return [name for name in (*own, *tool, *paths) if name]


def file_names(path: Path) -> Sequence[str]:
    """Return what a file can be called: its path, its name, and that without its ending."""
    return str(path), path.name, path.stem


def told_apart(models: Mapping[str, tuple[str, Path]]) -> dict[str, str]:
    """Map models (their fingerprints) with their names and files to what they are called beside each other.

    Files of one family often have the same name: these are called by their files, and if those are called the
    same too, as versions of one file are, by their fingerprints as well.
    """
    called = {key: name for key, (name, _) in models.items()}
    files = {key: file.name for key, (_, file) in models.items()}
    for further in (files, {key: f"{file} {key[:8]}" for key, file in files.items()}):
        often = Counter(called.values())
        called = {key: further[key] if often[name] > 1 else name for key, name in called.items()}
    return called


def meant(name: str, known: Iterable[tuple[T, Collection[str]]]) -> list[T]:
    """Return those that are called so, else those with a name that begins so: `phi-4` is Phi 4 Q4_K_M.

    How a name begins is compared without what people write differently: case, blanks and signs.
    """
    known = list(known)
    if exact := [thing for thing, called in known if name in called]:
        return exact
    wanted = _letters(name)
    return [
        thing for thing, called in known if wanted and any(_letters(n).startswith(wanted) for n in called)
    ]


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
