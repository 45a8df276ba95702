"""The stages of a recipe, and the forms each can have. Each field's docstring is its manual.

A form is a way of getting what a stage makes, named by the key `form` of its table; `app/run/forms.py` says
which module conducts it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from app.method.recipe_parts import (
    BlockPrompt,
    InstructionFilters,
    ListPrompt,
    NoveltyRule,
    Question,
    Rule,
    Sampling,
    System,
    Table,
)


def by_form(default: str) -> Discriminator:
    """Choose the form of a stage by its key `form`, which may be missing for the `default` one."""

    def form(table: Any) -> Any:
        return table.get("form", default) if isinstance(table, dict) else getattr(table, "form", default)

    return Discriminator(form)


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


class ListInstructions(Waves):
    """Stage 1 by a numbered list: the writer goes on with it."""

    form: Literal["list"] = "list"
    sampling: Sampling
    a: ListPrompt
    b: ListPrompt
    continuations: int = Field(default=1, ge=1, le=64)
    """Requests in a row that share all their demonstrations; the prompt is then read once for all of them."""

    @model_validator(mode="after")
    def _continuations_stay_together(self) -> Self:
        if self.wave % self.continuations:
            raise ValueError("wave is no multiple of continuations")
        return self


class GivenInstructions(Table):
    """Stage 1 without a model: the seed tasks are the instructions, with their inputs."""

    form: Literal["given"]


InstructionStage = Annotated[
    Annotated[ListInstructions, Tag("list")] | Annotated[GivenInstructions, Tag("given")], by_form("list")
]


class BlockInstances(Table):
    """Stage 2 by worked examples: the writer makes up an input and gives its own output."""

    form: Literal["blocks"] = "blocks"
    sampling: Sampling
    a: BlockPrompt
    b: BlockPrompt


class NoInstances(Table):
    """Stage 2 without a model: instances come with their instructions."""

    form: Literal["none"]


InstanceStage = Annotated[
    Annotated[BlockInstances, Tag("blocks")] | Annotated[NoInstances, Tag("none")], by_form("blocks")
]


class AnswerStage(Table):
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


class ConsensusStage(Table):
    """Stage 5: which candidate stands for the ensemble, and whether it is kept."""

    rule: Rule
    threshold: float = Field(default=0.01, ge=0, le=1)
