"""Which models to get for a machine: a short list that ships as data, and which models are siblings.

Models of one family learned from the same texts and share their mistakes, so that their agreement says less.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import combinations
from typing import Final

from app.engine.catalog import ModelFile
from app.engine.gguf import ModelHeader
from app.engine.memory import Gpu
from app.method.terms import Role

NEARLY = 0.9
"""Of its nominal size, a machine or a card has at least this much memory by its own account."""
FAMILIES: Final = {
    "SmolLM": "smollm",
    "Mistral": "mistral|mixtral|ministral",
    "Qwen": "qwen|qwq",
    "Gemma": "gemma",
    "Phi": r"\bphi",
    "Llama": "llama",
    "Granite": "granite",
    "OLMo": "olmo",
    "Falcon": "falcon",
    "StableLM": "stablelm",
    "Command": "command-r|c4ai|aya",
    "DeepSeek": "deepseek",
    "T5": r"t5\b",
}
"""Families by the words that their models' names hold; the first that matches counts."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A model file on the Hub; `size` in bytes as its page rounds it, `context` in tokens."""

    repository: str
    file: str
    size: int
    licence: str
    role: Role
    context: int
    family: str


@dataclass(frozen=True, slots=True)
class ModelSet:
    """One writer and the answerers beside it for a machine of that memory, in bytes; `name` says which."""

    name: str
    models: tuple[Suggested, ...]
    memory: int = 0
    gpu_memory: int = 0

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(model.size for model in self.models)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All sets, smallest first, and when their names and sizes were looked up."""

    checked: date
    sets: tuple[ModelSet, ...]

    def named(self, name: str) -> ModelSet | None:
        """Return the set of that name, in any case and spacing, "GB" at its end left out or not; or None."""
        typed = _squeezed(name)
        names = [(known, _squeezed(known.name)) for known in self.sets]
        return next((known for known, own in names if typed in (own, own.removesuffix("gb"))), None)

    def for_machine(self, memory: int, gpus: Sequence[Gpu] = ()) -> ModelSet:
        """Return the largest set for that memory and these GPUs; the smallest where even that is too large.

        A GPU that shares the main memory adds none.
        """
        own = sum(gpu.total for gpu in gpus if not gpu.shared)
        large = [known for known in self.sets if 0 < known.gpu_memory * NEARLY <= own]
        fitting = [known for known in self.sets if 0 < known.memory * NEARLY <= memory]
        return (large or fitting or list(self.sets[:1]))[-1]


def _squeezed(name: str) -> str:
    return "".join(name.split()).casefold()


@cache
def suggestions() -> Suggestions:
    """Read the list that ships."""
    data = tomllib.loads(resources.files("app.engine").joinpath("suggested.toml").read_text("utf-8"))
    models = {key: Suggested(**values) for key, values in data["models"].items()}
    sets = tuple(
        ModelSet(**{**values, "models": tuple(models[key] for key in values["models"])})
        for values in data["sets"]
    )
    return Suggestions(data["checked"], sets)


def family_of(name: str) -> str:
    """Return the family a model's name tells; empty if it tells none."""
    found = (family for family, words in FAMILIES.items() if re.search(words, name, re.IGNORECASE))
    return next(found, "")


def family(header: ModelHeader) -> str:
    """Return a model's family, by its name, its file's, or its architecture where that is one family's own.

    Many families have the architecture "llama".
    """
    own = "" if header.architecture == "llama" else header.architecture
    return family_of(header.name) or family_of(header.path.stem) or family_of(own)


def missing(models: Iterable[Suggested], files: Collection[str]) -> list[Suggested]:
    """Return the models whose files' names are not among those found here."""
    return [model for model in models if model.file not in files]


def sibling_lines(models: Sequence[Suggested], found: Iterable[ModelFile]) -> list[str]:
    """Say which pairs of suggested and found models are siblings, bundled ones aside; names are foreign."""
    named = {model.file: model.family for model in models}
    own = (file for file in found if file.header is not None and file.source != "bundled")
    here = {file.name: family(file.header) for file in own if file.header and file.path.name not in named}
    return [
        f"{one} and {other} are siblings (family {kind}): where they agree says less."
        for one, other, kind in siblings([*named.items(), *here.items()])
    ]


def siblings(models: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return the pairs of one family among (name, family) as (name, name, family)."""
    return [
        (one, other, kind) for (one, kind), (other, its) in combinations(models, 2) if kind and kind == its
    ]
