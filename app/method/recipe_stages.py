"""The stages of a recipe, and the forms that the first two can have. Each field's docstring is its manual.

A form is a way of getting what a stage makes, named by the key `form` of its table; `app/run/forms.py` says
which module conducts it.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from app.method.recipe_instances import BareInstances, BlockInstances, ClassifiedInstances, NoInstances
from app.method.recipe_instructions import (
    EvolvedInstructions,
    ExampleInstructions,
    GivenInstructions,
    ListInstructions,
    MixedInstructions,
    WholeTasks,
)
from app.method.recipe_parts import BlockPrompt, Question, Rule, Sampling, System, Table, Words


def by_form(default: str) -> Discriminator:
    """Choose the form of a stage by its key `form`, which may be missing for the `default` one."""

    def form(table: Any) -> Any:
        return table.get("form", default) if isinstance(table, dict) else getattr(table, "form", default)

    return Discriminator(form)


InstructionStage = Annotated[
    Annotated[ListInstructions, Tag("list")]
    | Annotated[MixedInstructions, Tag("mixed-list")]
    | Annotated[WholeTasks, Tag("whole-tasks")]
    | Annotated[ExampleInstructions, Tag("examples")]
    | Annotated[EvolvedInstructions, Tag("evolve")]
    | Annotated[GivenInstructions, Tag("given")],
    by_form("list"),
]

InstanceStage = Annotated[
    Annotated[BlockInstances, Tag("blocks")]
    | Annotated[ClassifiedInstances, Tag("classified")]
    | Annotated[BareInstances, Tag("bare")]
    | Annotated[NoInstances, Tag("none")],
    by_form("blocks"),
]

GO_TOGETHER = {
    "list": ("blocks",),
    "mixed-list": ("classified", "bare"),
    "whole-tasks": ("none",),
    "examples": ("bare",),
    "evolve": ("bare",),
    "given": ("none",),
}
"""Which forms of instances each form of instructions can have."""


class AnswerFilters(Table):
    """Which answers take no part in the vote."""

    refusals: Words = ()
    """Words that a refusal holds, whatever their case."""
    refusal_words: int = Field(default=80, ge=0)
    """An answer of as many words or more is none, whatever it holds."""
    empty_words: Words = ()
    """Words that say nothing: an answer of nothing else, and punctuation, does not count."""


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
    filters: AnswerFilters = AnswerFilters()


class ConsensusStage(Table):
    """Stage 5: which candidate stands for the ensemble, and whether it is kept."""

    rule: Rule
    threshold: float = Field(default=0.01, ge=0, le=1)
