"""A recipe: the whole method as data, read from TOML, checked at the door, stored with every run.

An error names what its author can act on: the key, and what is allowed there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, Self, TypeGuard, get_args, get_origin

from pydantic import BaseModel, Field, Tag, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from app import toml
from app.errors import RecipeError, did_you_mean
from app.method.consensus import RuleChoice
from app.method.recipe_forms import AnswerStage, ConsensusStage, InstanceStage, InstructionStage
from app.method.recipe_parts import Context, Table, Tokeniser, TokeniserChoice
from app.method.terms import WriterStyle

MAX_RECIPE_BYTES = 1 << 20
LATER_KEYS: dict[str, dict[str, object]] = {
    "instructions": {"senseless": "keep"},
    "consensus": {"at_least": None, "voters": "all", "containment": False, "before_learning": 0.25},
    "instances": {"missing_inputs": "drop"},
    "answers": {
        **{"style": None, "lengths": "recipe", "input_first": None, "few_shot_stop": []},
        **{"samples": 0, "samples_of": {}, "sample_temperature": 0.7},
    },
}
"""Keys of stages that recipes got later, with the values that change nothing: a recipe that has those keeps
the hash that it had before there were such keys."""


class Recipe(Table):
    """The method as data: what is asked, how, and which results are kept."""

    name: str = Field(min_length=1, max_length=80)
    title: str = ""
    description: str = ""
    version: int = Field(default=1, ge=1)
    share_a: float = Field(default=0.5, ge=0, le=1)
    """The share of instructions that need an input."""
    tokeniser: TokeniserChoice = "auto"
    """What ROUGE-L compares: `rouge-score` sees a-z and 0-9, `unicode` every script. `auto` chooses for the
    answers of each item by their own letters, and compares tasks with each other in every script."""
    context: Context = "auto"
    """Tokens of a model's context, prompt and answer together; "auto": as many as the run needs."""
    writer_style: WriterStyle | None = None
    """How the writer is asked: "continue", with a plain text that it continues; "continue-lines", with the
    recipe's list without the marks that end its entries; "chat", in one message through its chat template, if
    it has one. Without it each writer is auditioned; one that cannot be is asked as suits the form of the
    instructions."""
    instructions: InstructionStage
    instances: InstanceStage
    answers: AnswerStage
    consensus: ConsensusStage

    @model_validator(mode="after")
    def _forms_go_together(self) -> Self:
        stage = self.instructions
        if self.consensus.voters == "all" and (self.answers.samples or self.answers.samples_of):
            raise ValueError('answers.samples goes with consensus.voters "sound" only')
        if stage.form == "more-inputs" and self.share_a < 1:
            raise ValueError('with instructions.form "more-inputs", share_a must be 1.0')
        if self.instances.form not in stage.instance_forms:
            allowed = " or ".join(f'"{form}"' for form in stage.instance_forms)
            raise ValueError(f'with instructions.form "{stage.form}", instances.form must be {allowed}')
        return self

    @property
    def shows_outputs(self) -> bool:
        """Whether the writer is shown the outputs of seed tasks, which must therefore have some."""
        return self.instructions.shows_outputs or self.instances.shows_outputs

    def asks_by_chat(self, *, has_template: bool) -> bool:
        """Say whether a writer is asked through its chat template, if it has one."""
        return has_template and self.asked_by == "chat"

    @property
    def asked_by(self) -> WriterStyle:
        """How a writer is asked that was not auditioned."""
        return self.writer_style or self.instructions.asked_by

    @property
    def rule_choice(self) -> RuleChoice:
        """By what answers are voted on."""
        stage = self.consensus
        return RuleChoice(
            stage.rule, stage.threshold, self.tokeniser, stage.at_least, stage.voters, bool(stage.containment)
        )

    @property
    def choice_before_learning(self) -> RuleChoice:
        """By what answers are voted on that rule learned has no weights for: rule quorum."""
        stage = self.consensus
        return replace(
            self.rule_choice,
            rule="quorum",
            threshold=stage.before_learning,
            at_least=stage.at_least or "half",
        )

    @property
    def task_tokeniser(self) -> Tokeniser:
        """By what tasks are compared with each other."""
        return "unicode" if self.tokeniser == "auto" else self.tokeniser

    def with_samples(self, by_model: Mapping[str, int]) -> Recipe:
        """Return the recipe with these numbers of samples of all models that answer; empty for no samples."""
        return self.model_copy(update={"answers": self.answers.with_samples(by_model)})

    def to_json(self) -> str:
        """Return the recipe as canonical JSON (sorted keys), for the project file."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read what `to_json` wrote; raises RecipeError."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RecipeError(f"The stored recipe is not valid JSON: {error}.") from None
        try:
            return _validated(_as_stored(data), "The stored recipe")
        except RecipeError as error:  # nobody can mend it as they would a file
            hint = "Another version of Quorum made this run, or it was changed by hand: begin another."
            raise RecipeError(error.message, hint) from None

    def as_begun(self, stored: str) -> Recipe:
        """Return this recipe as it was before recipes named who votes, and earlier how many must be equal.

        Before the latter they had no tokeniser chosen by the item. Where the recipe of a run, as `stored`,
        names both it began later: then only the containment is taken from it that auditions settled.
        """
        named = json.loads(stored).get("consensus", {})
        if "voters" in named:
            return self.with_containment(bool(named.get("containment")))
        earlier = self.consensus.model_copy(update={"voters": "all"})
        if "at_least" in named:
            return self.model_copy(update={"consensus": earlier})
        earlier = earlier.model_copy(update={"at_least": None})
        tokeniser = "rouge-score" if self.tokeniser == "auto" else self.tokeniser
        return self.model_copy(update={"consensus": earlier, "tokeniser": tokeniser})

    def with_containment(self, contains: bool) -> Recipe:
        """Return the recipe with this containment, if it says nothing of it itself and its rule counts."""
        if not contains or self.consensus.containment is not None or self.consensus.rule != "quorum":
            return self
        return self.model_copy(update={"consensus": self.consensus.model_copy(update={"containment": True})})

    @property
    def recipe_hash(self) -> str:
        """SHA-256 over everything that changes what a run makes.

        Title and description do not, and the context is how a run is made: another one resumes it.
        """
        data = self.model_dump(mode="json", exclude={"title", "description", "context"})
        for stage, keys in LATER_KEYS.items():
            for key, absent in keys.items():
                if data[stage].get(key) in (absent, None):
                    data[stage].pop(key, None)
        if self.asked_by == self.instructions.asked_by:
            del data["writer_style"]
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
        return _parsed(source(name_or_path).encode(), f"{name_or_path}.toml")
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and path.suffix != ".toml" and not path.exists():
        raise RecipeError(
            f"There is no recipe {name_or_path!r}.",
            f"{did_you_mean(name_or_path, builtin_names())}Built-in recipes: {', '.join(builtin_names())}. "
            "Your own: give the path of a .toml file.",
        )
    return _parsed(_read(path), str(path))


def recipe_files(folder: Path) -> list[Path]:
    """Return the TOML files of a folder that look like recipes, valid or not, sorted by name."""
    return sorted(path for path in folder.glob("*.toml") if path.is_file() and _looks_like_recipe(path))


def _looks_like_recipe(path: Path) -> bool:
    try:
        text = _read(path)
    except RecipeError:
        return False
    return all(f"[{stage}".encode() in text for stage in ("instructions", "answers", "consensus"))


def source(name: str) -> str:
    """Return the file of a built-in recipe as it is; raises RecipeError where there is none."""
    if name not in builtin_names():
        raise RecipeError(
            f"There is no built-in recipe {name!r}.",
            f"{did_you_mean(name, builtin_names())}Built-in recipes: {', '.join(builtin_names())}.",
        )
    return (resources.files("app.method") / "recipes" / f"{name}.toml").read_text("utf-8")


def _read(path: Path) -> bytes:
    """Read a recipe file; raises RecipeError."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
            raise ValueError("it is a pipe or a device, not an ordinary file")
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
        table = toml.parsed(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RecipeError(f"The recipe {source} is not UTF-8 text.") from None
    except ValueError as error:
        raise RecipeError(f"The recipe {source} is not valid TOML: {error}.") from None
    return _validated(_present(table), f"The recipe {source}")


def _present(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a recipe file, in which rule quorum is its present version."""
    match data:
        case {"consensus": {"rule": "quorum"} as consensus}:
            return data | {"consensus": {"at_least": "half"} | consensus}
    return data


def _as_stored(data: Any) -> Any:
    """Return the data of a stored recipe as it is meant today.

    The first projects kept the tokeniser with the novelty rule, and compared a-z where none was named; until
    recipes said who votes, all answers did.
    """
    match data:
        case {"consensus": {"rule": _} as consensus} if "voters" not in consensus:
            data = data | {"consensus": {"voters": "all"} | consensus}
    match data:
        case {"instructions": {"novelty": {"tokeniser": tokeniser} as novelty}}:
            rest = {key: value for key, value in novelty.items() if key != "tokeniser"}
            moved = data["instructions"] | {"novelty": rest}
            return {"tokeniser": tokeniser} | data | {"instructions": moved}
        case {"instructions": _}:
            return {"tokeniser": "rouge-score"} | data
    return data


def _validated(data: Any, source: str) -> Recipe:
    """Check the data of a recipe; raises RecipeError that names `source`, key and what is allowed."""
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        message, hint = explain_validation(error, Recipe)
        raise RecipeError(f"{source}: {message}", hint) from None


KeyPath = tuple[int | str, ...]

MAX_SHOWN = 5


def explain_validation(error: ValidationError, root: type[BaseModel]) -> tuple[str, str]:
    """Return (message, hint) for a failed check of `root`; names the first five faults."""
    faults = error.errors(include_url=False)
    named = [_fault(fault, root) for fault in faults[:MAX_SHOWN]]
    more = f"; and {len(faults) - MAX_SHOWN} more" if len(faults) > MAX_SHOWN else ""
    hints = dict.fromkeys(hint for _, hint in named if hint)
    return "; ".join(text for text, _ in named) + more + ".", " ".join(hints)


def _fault(fault: ErrorDetails, root: type[BaseModel]) -> tuple[str, str]:
    """Return (what is wrong at which key, what may stand there) for one fault."""
    where = fault["loc"]
    key = ".".join(str(part) for part in _keys(root, where)) or "the file"
    match fault["type"]:
        case "extra_forbidden":
            return f"`{key}` is unknown", _known_keys(root, where[:-1], str(where[-1]))
        case "missing":
            return f"`{key}` is missing", ""
        case "value_error":
            return f"`{key}` {fault['ctx']['error']}", ""
        case "union_tag_invalid":
            known = fault["ctx"]
            guess = did_you_mean(
                str(known["tag"]).strip("'"), re.findall(r"'([^']+)'", known["expected_tags"])
            )
            return f"`{key}.form` may not be {known['tag']}", f"{guess}Allowed: {known['expected_tags']}."
        case "model_type" | "model_attributes_type":
            return f"`{key}` must be a table", _known_keys(root, where)
    wanted = fault["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    return f"`{key}` must be {wanted}, not {_shown(fault['input'])}", ""


def _keys(root: type[BaseModel], where: KeyPath) -> KeyPath:
    """Return the place of a fault as keys of the file: without the tags that name the form of a stage."""
    return tuple(part for part, _ in _walk(root, where))


def _known_keys(root: type[BaseModel], where: KeyPath, typed: str = "") -> str:
    """Say which keys the table at `where` may have, the one nearest to what was `typed` first."""
    steps = list(_walk(root, where))
    table = steps[-1][1] if steps else root
    if table is None:
        return ""
    name = ".".join(str(part) for part, _ in steps)
    place = f"in [{name}]" if name else "at the top"
    return f"{did_you_mean(typed, table.model_fields)}Allowed {place}: {', '.join(table.model_fields)}."


def _walk(root: type[BaseModel], where: KeyPath) -> Iterator[tuple[int | str, type[BaseModel] | None]]:
    """Yield each key of a place with the table that stands there, or None where none does."""
    table: type[BaseModel] | None = root
    parts = iter(where)
    for part in parts:
        field = table.model_fields.get(str(part)) if table else None
        table = None
        if field is not None and (row := _row_of(field)):
            yield part, None
            if (place := next(parts, None)) is None:
                return
            part, table = place, row
        elif field is not None and (own := _table_of(field)):
            table = own
        elif field is not None and (forms := _forms(field)):
            table = forms.get(next(parts, None))  # pydantic puts the form into the place of a fault
        yield part, table


def _is_table(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _table_of(field: FieldInfo) -> type[BaseModel] | None:
    """Return the table that a field holds, also one that may be left out."""
    return next((kind for kind in (field.annotation, *get_args(field.annotation)) if _is_table(kind)), None)


def _row_of(field: FieldInfo) -> type[BaseModel] | None:
    """Return the table that every entry of an array of tables is."""
    entry = get_args(field.annotation)[0] if get_origin(field.annotation) is tuple else None
    return entry if _is_table(entry) else None


def _forms(field: FieldInfo) -> dict[object, type[BaseModel]]:
    """Return the tables a field may hold by the name of their form; empty for any other field."""
    tagged = [get_args(member) for member in get_args(field.annotation)]
    pairs = [pair for pair in tagged if len(pair) == 2 and isinstance(pair[1], Tag)]
    return {tag.tag: table for table, tag in pairs}


def _shown(value: object) -> str:
    """Show a wrong value, cut to a reasonable length."""
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
