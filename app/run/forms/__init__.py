"""How a run makes instructions and instances: one object for each form that a recipe may give them.

A new form is a table in `app/method/recipe_forms.py`, a module here, and an entry in one of the two
registries below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from app.method.recipe_forms import (
    BareInstances,
    BlockInstances,
    ClassifiedInstances,
    EvolvedInstructions,
    ExampleInstructions,
    GivenInstructions,
    Instances,
    Instructions,
    ListInstructions,
    MixedInstructions,
    MoreInputs,
    NoInstances,
    WholeTasks,
)
from app.run.admission import KindState
from app.run.context import RunContext
from app.run.forms.blocks import Blocks
from app.run.forms.classified import Classified
from app.run.forms.evolved import Evolved
from app.run.forms.examples import Examples
from app.run.forms.given import Bare, Given, Included
from app.run.forms.listed import Listed
from app.run.forms.more_inputs import FurtherInputs
from app.run.forms.whole_tasks import WholeTaskList


class InstructionForm(Protocol):
    """A way of making instructions."""

    async def write_wave(self, state: KindState) -> None:
        """Make the next instructions of a kind, a wave at most."""

    def exhausted(self, state: KindState) -> bool:
        """Say whether there is nothing new to get for a kind, whatever its target."""


class InstanceForm(Protocol):
    """A way of making instances."""

    async def write_instances(self, state: KindState) -> None:
        """Make the missing instances of a kind."""


INSTRUCTIONS: Mapping[type[Instructions], Callable[[RunContext, Any], InstructionForm]] = {
    ListInstructions: Listed,
    MixedInstructions: Listed,
    WholeTasks: WholeTaskList,
    ExampleInstructions: Examples,
    EvolvedInstructions: Evolved,
    MoreInputs: FurtherInputs,
    GivenInstructions: Given,
}
INSTANCES: Mapping[type[Instances], Callable[[RunContext, Any], InstanceForm]] = {
    BlockInstances: Blocks,
    ClassifiedInstances: Classified,
    BareInstances: Bare,
    NoInstances: Included,
}


def instruction_form(ctx: RunContext) -> InstructionForm:
    """Return the way in which the recipe of a run makes instructions."""
    stage = ctx.recipe.instructions
    return INSTRUCTIONS[type(stage)](ctx, stage)


def instance_form(ctx: RunContext) -> InstanceForm:
    """Return the way in which the recipe of a run makes instances."""
    stage = ctx.recipe.instances
    return INSTANCES[type(stage)](ctx, stage)


def finished(form: InstructionForm, state: KindState) -> bool:
    """Say whether a kind needs no further wave."""
    return state.reached or form.exhausted(state)
