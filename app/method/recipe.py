"""A recipe: the whole method as data, read from TOML, checked at the door, stored with every run.

Each field's docstring is its manual. Imports nothing of ours but errors and the method.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from app.errors import RecipeError
from app.method import templates
from app.method.recipe_errors import explain_validation

MAX_RECIPE_BYTES = 1 << 20

Rule = Literal["released", "paper", "quorum"]
Tokeniser = Literal["rouge-score", "unicode"]


def _template(*variables: str, required: tuple[str, ...] = ()) -> AfterValidator:
    """Make the check of a template field over `variables`."""
    return AfterValidator(lambda source: templates.check(source, variables, required))


Header = Annotated[str, _template()]
ListItem = Annotated[str, _template("number", "instruction", required=("instruction",))]
ListTarget = Annotated[str, _template("number")]
Block = Annotated[str, _template("instruction", "input", "output", required=("instruction", "output"))]
Question = Annotated[str, _template("instruction", "input", required=("instruction",))]
System = Annotated[str, _template()]
# TOML and JSON give lists; everything else is strict, so that "4" is no number and true no 1.
Words = Annotated[tuple[str, ...], Field(strict=False)]


class _Table(BaseModel):
    """What all tables of a recipe share: immutable, strict, nothing unknown, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Sampling(_Table):
    """How a model picks its next token. Every figure is explicit: runtimes differ in their defaults."""

    temperature: float = Field(ge=0, le=5)
    """0 is greedy."""
    top_k: int = Field(default=50, ge=0)
    """0 leaves all tokens."""
    top_p: float = Field(default=1.0, gt=0, le=1)
    min_p: float = Field(default=0.0, ge=0, le=1)
    repeat_penalty: float = Field(default=1.0, gt=0, le=5)
    presence_penalty: float = Field(default=0.0, ge=-2, le=2)
    frequency_penalty: float = Field(default=0.0, ge=-2, le=2)
    min_new_tokens: int = Field(default=0, ge=0)
    max_new_tokens: int = Field(ge=1, le=1 << 16)
    stop: Words = ()
    """Texts that end a completion; they are not part of it."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.min_new_tokens > self.max_new_tokens:
            raise ValueError("min_new_tokens is larger than max_new_tokens")
        if "" in self.stop:
            raise ValueError("stop holds an empty text, which would end every completion at once")
        return self


class ListPrompt(_Table):
    """A prompt for new instructions: header, numbered demonstrations, the number to go on from."""

    header: Header
    demonstration: ListItem
    """Once per demonstration, with `number` and `instruction`."""
    target: ListTarget
    seeds: int = Field(ge=1, le=1000)
    """Demonstrations from the seed tasks."""
    machine: int = Field(ge=0, le=1000)
    """Demonstrations from instructions kept earlier, as many as there are; seeds fill the rest."""


class BlockPrompt(_Table):
    """A prompt for instances or answers: header, worked examples, the task to work out."""

    header: Header
    demonstration: Block
    target: Question
    demonstrations: int = Field(ge=0, le=1000)


class InstructionFilters(_Table):
    """What an instruction must look like to be kept."""

    min_words: int = Field(ge=0)
    max_words: int = Field(ge=1)
    banned_words: Words = ()
    """Whole words or phrases, whatever their case."""
    banned_starts: Words = ()
    """Beginnings, whatever their case."""
    punctuation_start: bool = False
    """Whether it may begin with ASCII punctuation."""
    non_ascii_start: bool = False
    """Whether it may begin with a character outside ASCII."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.min_words > self.max_words:
            raise ValueError("min_words is larger than max_words")
        if not all(text.strip() for text in (*self.banned_words, *self.banned_starts)):
            raise ValueError("a banned text is empty, which would drop everything")
        return self


class NoveltyRule(_Table):
    """How different from everything in its pool a new instruction must be."""

    threshold: float = Field(default=0.7, ge=0, le=1)
    """Dropped if the ROUGE-L F1 with any instruction of the pool is above this."""


class InstructionStage(_Table):
    """Stage 1: the writer makes up instructions."""

    wave: int = Field(default=16, ge=1, le=10_000)
    """Requests whose demonstrations are drawn from the same state of the pool."""
    patience: int = Field(default=5, ge=1, le=10_000)
    """Waves in a row that may keep nothing before a kind ends early."""
    sampling: Sampling
    a: ListPrompt
    b: ListPrompt
    filters: InstructionFilters
    novelty: NoveltyRule


class InstanceStage(_Table):
    """Stage 2: the writer makes up an input and gives its own output."""

    sampling: Sampling
    a: BlockPrompt
    b: BlockPrompt


class AnswerStage(_Table):
    """Stage 4: every answerer answers every instance, in the style its model needs."""

    sampling: Sampling
    few_shot_a: BlockPrompt
    few_shot_b: BlockPrompt
    zero_shot: Question
    """The whole prompt of an instruction-tuned model without a chat template."""
    chat: Question
    """The user's message for a model with a chat template."""
    system: System = ""
    """The system message before it; none if empty."""


class ConsensusStage(_Table):
    """Stage 5: which candidate stands for the ensemble, and whether it is kept."""

    rule: Rule
    threshold: float = Field(default=0.01, ge=0, le=1)


class Recipe(_Table):
    """The method as data: what is asked, how, and which results are kept."""

    name: str = Field(min_length=1, max_length=80)
    title: str = ""
    description: str = ""
    version: int = Field(default=1, ge=1)
    share_a: float = Field(default=0.5, ge=0, le=1)
    """The share of instructions that need an input."""
    tokeniser: Tokeniser = "rouge-score"
    """What ROUGE-L compares: `rouge-score` sees a-z and 0-9, `unicode` every script."""
    instructions: InstructionStage
    instances: InstanceStage
    answers: AnswerStage
    consensus: ConsensusStage

    def to_json(self) -> str:
        """Return the recipe as canonical JSON (sorted keys), for the project file."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read what `to_json` wrote; raises RecipeError."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RecipeError(f"The stored recipe is no JSON: {error}.") from None
        return _validated(data, "The stored recipe")

    @property
    def recipe_hash(self) -> str:
        """SHA-256 over everything that changes what a run makes (title and description do not)."""
        data = self.model_dump(mode="json", exclude={"title", "description"})
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def builtin_names() -> tuple[str, ...]:
    """Return the names of the recipes that ship with the product, sorted."""
    folder = resources.files("app.method") / "recipes"
    return tuple(
        sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))
    )


def load(name_or_path: str | Path) -> Recipe:
    """Read a built-in recipe by name, or a TOML file by path.

    Raises RecipeError naming the file, the key and what is allowed there.
    """
    if isinstance(name_or_path, str) and name_or_path in builtin_names():
        source = resources.files("app.method") / "recipes" / f"{name_or_path}.toml"
        return _parsed(source.read_bytes(), f"{name_or_path}.toml")
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and path.suffix != ".toml" and not path.exists():
        raise RecipeError(
            f"There is no recipe {name_or_path!r}.",
            f"Built-in recipes: {', '.join(builtin_names())}. Your own: give the path of a .toml file.",
        )
    return _parsed(_read(path), str(path))


def _read(path: Path) -> bytes:
    """Read a recipe file; raises RecipeError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_RECIPE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RecipeError(f"The recipe {path} cannot be read: {reason}.") from None
    if len(data) > MAX_RECIPE_BYTES:
        raise RecipeError(f"The recipe {path} is larger than 1 MiB.", "A recipe is a short TOML file.")
    return data


def _parsed(data: bytes, source: str) -> Recipe:
    """Turn TOML bytes into a recipe; raises RecipeError."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RecipeError(f"The recipe {source} is not UTF-8 text.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RecipeError(f"The recipe {source} is not valid TOML: {error}.") from None
    return _validated(table, f"The recipe {source}")


def _validated(data: Any, source: str) -> Recipe:
    """Check the data of a recipe; raises RecipeError that names `source`, key and what is allowed."""
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        message, hint = explain_validation(error, Recipe)
        raise RecipeError(f"{source}: {message}", hint) from None
