"""What every recipe is made of: sampling, prompts, filters, novelty. Each field's docstring is its manual."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from app.method import templates
from app.method.marks import END

NEAR_DUPLICATE = 0.7
"""Above this ROUGE-L F1 two instructions count as the same (Self-Instruct, section 2.2)."""

Rule = Literal["released", "paper", "quorum", "learned"]
AtLeast = Literal["half"] | int | float
"""How many answers must be equal for their group to decide: "half" is more than half of those that take
part; else a number of answers, from 2, or a share of them as a decimal number up to 1.0."""
Voters = Literal["sound", "all"]
"""Which answers vote: "sound" ones do not repeat the task or its input, refuse, loop, or break off where
the length limit cut them."""
Tokeniser = Literal["rouge-score", "unicode"]
SHORTEST_CONTEXT, LONGEST_CONTEXT = 256, 1 << 27
TokeniserChoice = Literal["auto", "rouge-score", "unicode"]
"""A tokeniser, or for each item the one that its own letters need."""


def check_at_least(value: object) -> AtLeast | None:
    """Return `value` if it says how many answers must be equal, or None; else raise ValueError."""
    if value is None or value == "half":
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 2:
        return value
    if isinstance(value, float) and 0 < value <= 1:
        return value
    raise ValueError('must be "half", a whole number from 2, or a share above 0 and up to 1.0')


def template(*variables: str, required: tuple[str, ...] = ()) -> AfterValidator:
    """Return the check of a template field over `variables`, of which it must use the `required` ones."""
    return AfterValidator(lambda source: templates.check(source, variables, required))


Header = Annotated[str, template()]
ListItem = Annotated[str, template("number", "instruction", required=("instruction",))]
ListTarget = Annotated[str, template("number")]
Block = Annotated[str, template("instruction", "input", "output", required=("instruction", "output"))]
Question = Annotated[str, template("instruction", "input", required=("instruction",))]
System = Annotated[str, template("words")]
Task = Annotated[
    str, template("number", "instruction", "input", "output", required=("instruction", "output"))
]
Shown = Annotated[str, template("number", "instruction", "input", required=("instruction",))]
Answered = Annotated[str, template("instruction", "answer", required=("instruction", "answer"))]
Case = Annotated[str, template("number", "input", "output", required=("output",))]
CaseLine = Annotated[str, template("number", "input", required=("input",))]
Cases = Annotated[str, template("instruction", "cases", required=("instruction", "cases"))]
CallHeader = Annotated[str, template("count", "topics")]
Comparison = Annotated[str, template("instruction", "rewritten", required=("instruction", "rewritten"))]
# TOML and JSON give lists; everything else is strict, so that "4" is not a number and true is not 1.
Words = Annotated[tuple[str, ...], Field(strict=False)]


def _context(value: object) -> object:
    # In one message, where a union of types would give one for each of them.
    if value == "auto" or (type(value) is int and SHORTEST_CONTEXT <= value <= LONGEST_CONTEXT):
        return value
    raise ValueError(
        f'must be "auto" or a number of tokens of at least {SHORTEST_CONTEXT}, not {value!r:.60}'
    )


Context = Annotated[int | Literal["auto"], BeforeValidator(_context)]


class Table(BaseModel):
    """What all tables of a recipe share: immutable, strict, nothing unknown, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class SamplingTable(Table):
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
    """Until then nothing ends a completion: stop strings are text like any other."""
    max_new_tokens: int = Field(ge=1, le=1 << 16)
    max_thinking_tokens: int = Field(default=1024, ge=1, le=1 << 16)
    """What a model may think before its answer where its chat template cannot switch thinking off."""
    stop: Words = ()
    """Texts that end a completion; they are not part of it."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.min_new_tokens > self.max_new_tokens:
            raise ValueError("min_new_tokens is larger than max_new_tokens")
        if "" in self.stop:
            raise ValueError("stop holds an empty text, which would end every completion at once")
        return self


class ListPrompt(Table):
    """A prompt for new instructions: header, numbered demonstrations, the number to continue from."""

    header: Header
    demonstration: ListItem
    """Once per demonstration, with `number` and `instruction`."""
    target: ListTarget
    seeds: int = Field(ge=1, le=1000)
    """Demonstrations from the seed tasks."""
    machine: int = Field(ge=0, le=1000)
    """Demonstrations from instructions kept earlier, as many as there are; seeds fill the rest."""

    @property
    def has_end_marks(self) -> bool:
        """Whether a mark ends each demonstration before its line does."""
        return f" {END}\n" in self.demonstration

    def without_end_marks(self) -> ListPrompt:
        """Return the prompt whose demonstrations end with their lines."""
        return self.model_copy(update={"demonstration": self.demonstration.replace(f" {END}\n", "\n")})


class Example(Table):
    """A worked example that a recipe brings along; `input` is empty for a task without one."""

    instruction: str
    input: str = ""
    output: str


class BlockPrompt(Table):
    """A prompt for instances or answers: header, worked examples, the task to work out."""

    header: Header
    demonstration: Block
    target: Question
    demonstrations: int = Field(ge=0, le=1000)
    examples: Annotated[tuple[Example, ...], Field(strict=False)] = ()
    """The recipe's own worked examples; where there are none, they are drawn from the seed tasks."""


class TaskPrompt(Table):
    """A prompt for whole tasks: what they must be like, numbered ones, the number to continue from."""

    header: Header
    demonstration: Task
    """Once per seed task, with `number`, `instruction`, `input` and `output`."""
    target: ListTarget
    seeds: int = Field(ge=1, le=1000)


class CasePrompt(Table):
    """A prompt for several instances of one instruction: header, worked tasks with their cases, the task."""

    header: Header
    case: Case
    """Once per instance of a demonstration, with `number`, `input` and `output`."""
    demonstration: Cases
    """Once per seed task, with `instruction` and its `cases`."""
    target: Question
    demonstrations: int = Field(ge=0, le=1000)
    sampling: SamplingTable


class InstructionFilters(Table):
    """What an instruction must look like to be kept."""

    min_words: int = Field(ge=0)
    max_words: int = Field(ge=1)
    """Characters count as words where a script puts no spaces between them."""
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


class NoveltyRule(Table):
    """How different from everything in its pool a new instruction must be."""

    threshold: float = Field(default=NEAR_DUPLICATE, ge=0, le=1)
    """Dropped if the ROUGE-L F1 with any instruction of the pool is above this."""
