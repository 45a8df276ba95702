"""Stage 1 of a recipe: where instructions come from. Each field's docstring is its manual."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.method.recipe_parts import (
    CallHeader,
    Comparison,
    InstructionFilters,
    ListPrompt,
    NoveltyRule,
    Question,
    Sampling,
    Shown,
    Table,
    TaskPrompt,
    Words,
)


class Admission(Table):
    """Which instructions that a model wrote may stay."""

    filters: InstructionFilters
    novelty: NoveltyRule


class Waves(Admission):
    """What the forms share that ask a model: requests go in waves, whose results count for the next."""

    wave: int = Field(default=16, ge=1, le=10_000)
    """Requests whose demonstrations are drawn from the same state of the pool."""
    patience: int = Field(default=5, ge=1, le=10_000)
    """Waves in a row that may keep nothing before a kind ends early."""
    sampling: Sampling


class ListWaves(Waves):
    """What the forms share whose prompts are numbered lists."""

    continuations: int = Field(default=1, ge=1, le=64)
    """Requests in a row that share all their demonstrations; the prompt is then read once for all of them."""

    @model_validator(mode="after")
    def _continuations_stay_together(self) -> Self:
        if self.wave % self.continuations:
            raise ValueError("wave is no multiple of continuations")
        return self


class ListInstructions(ListWaves):
    """A numbered list for each kind: the writer goes on with it (Ensemble-Instruct)."""

    form: Literal["list"] = "list"
    a: ListPrompt
    b: ListPrompt


class MixedInstructions(ListWaves):
    """One numbered list for tasks of every kind (Self-Instruct)."""

    form: Literal["mixed-list"]
    prompt: ListPrompt
    drop_cut: bool = False
    """Whether everything in a completion that the length limit ended is dropped, not its last item alone."""


class WholeTasks(Waves):
    """One list of whole tasks: instruction, input and the writer's output in one call (Alpaca)."""

    form: Literal["whole-tasks"]
    prompt: TaskPrompt
    no_input: Words = ()
    """What stands for an empty input, whatever its case and final period."""
    no_output: Words = ()
    """What stands for an output that is none."""


class ExampleInstructions(Waves):
    """A few examples of one source, and as many new ones as asked for between tags (LaMini-LM)."""

    form: Literal["examples"]
    header: CallHeader
    """What is asked, with `count` and `topics` ("a, b, c")."""
    demonstration: Shown
    """Once per example, with `instruction` and `input`."""
    target: str = ""
    """What a model without chat template goes on from."""
    open: str = Field(min_length=1)
    """The tag before each new instruction."""
    close: str = Field(min_length=1)
    """The tag after it."""
    examples: int = Field(default=3, ge=1, le=100)
    """Seed tasks shown a call, all of one `source`."""
    count: int = Field(default=20, ge=1, le=1000)
    """Instructions asked for in one call."""
    count_long: int = Field(default=10, ge=1, le=1000)
    """The same where the examples are long."""
    long_words: int = Field(default=40, ge=1)
    """Examples are long if they have more words than this on average."""
    topics_per_call: int = Field(default=0, ge=0, le=100)
    topics: Words = ()
    """What topics are drawn from; where there are none, those that ship with Quorum."""

    @model_validator(mode="after")
    def _has_topics(self) -> Self:
        if self.topics and len(self.topics) < self.topics_per_call:
            raise ValueError("topics_per_call is larger than the number of topics")
        return self


class Operator(Table):
    """One way to evolve an instruction."""

    name: str = Field(min_length=1, max_length=80)
    prompt: Question
    """What is asked, with `instruction`."""


class GainJudge(Table):
    """A question whether a rewritten instruction asks for anything new."""

    prompt: Comparison
    """With `instruction`, the old one, and `rewritten`."""
    equal: Words
    """How an answer begins that says it does not, whatever its case."""
    target: str = ""
    """What a model without chat template goes on from."""
    sampling: Sampling


class EvolvedInstructions(Waves):
    """Seed tasks are rewritten in rounds, each time by an operator drawn at random (Evol-Instruct)."""

    form: Literal["evolve"]
    rounds: int = Field(default=4, ge=1, le=100)
    """How often each seed task is rewritten; where a rewriting fails, its last good form is tried again."""
    operators: Annotated[tuple[Operator, ...], Field(strict=False, min_length=1)]
    target: str = ""
    """What a model without chat template goes on from."""
    leaks: Words = ()
    """Words of the prompts that a rewritten instruction must not hold, whatever their case."""
    judge: GainJudge | None = None


class GivenInstructions(Table):
    """No model: the seed tasks are the instructions, with their inputs."""

    form: Literal["given"]
