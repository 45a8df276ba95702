"""Stage 2 of a recipe: where instances come from. Each field's docstring is its manual."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.method.recipe_parts import (
    Answered,
    BlockPrompt,
    CasePrompt,
    Header,
    Question,
    Sampling,
    Table,
    Words,
)


class BlockInstances(Table):
    """Worked examples: the writer makes up an input and gives its own output (Ensemble-Instruct)."""

    form: Literal["blocks"] = "blocks"
    sampling: Sampling
    a: BlockPrompt
    b: BlockPrompt


class ClassifyPrompt(Table):
    """The question whether an instruction asks for one of a few labels."""

    header: Header
    demonstration: Answered
    """Once per seed task, with `instruction` and `answer` (Yes or No)."""
    target: Question
    sampling: Sampling
    yes: int = Field(ge=0, le=1000)
    """Seed tasks shown that are classification."""
    no: int = Field(ge=0, le=1000)
    """Seed tasks shown that are not."""
    yes_words: Words
    """What the completion must be, exactly, to mean yes; anything else means no."""


class ClassifiedInstances(Table):
    """Label first for classification, input first for all else (Self-Instruct)."""

    form: Literal["classified"]
    classify: ClassifyPrompt
    output_first: CasePrompt
    input_first: CasePrompt
    most: int = Field(default=5, ge=1, le=100)
    """Instances kept of one instruction."""


class BareInstances(Table):
    """No model: an instruction needs no input and has no output yet; the answerers give it."""

    form: Literal["bare"]


class NoInstances(Table):
    """No model: instances come with their instructions."""

    form: Literal["none"]
