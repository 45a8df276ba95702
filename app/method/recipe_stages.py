"""The stages of a recipe, and the forms each can have. Each field's docstring is its manual.

A form is a way of asking: `list` wants numbered instructions, `blocks` worked examples. Every form has its
parser in the method and its conductor in `app/run`.
"""

from __future__ import annotations

from pydantic import Field

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


class InstructionStage(Table):
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


class InstanceStage(Table):
    """Stage 2: the writer makes up an input and gives its own output."""

    sampling: Sampling
    a: BlockPrompt
    b: BlockPrompt


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
