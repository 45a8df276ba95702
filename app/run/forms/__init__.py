"""Which module conducts a stage: the forms a recipe may give it."""

from __future__ import annotations

from app.method.recipe_forms import (
    BareInstances,
    BlockInstances,
    ClassifiedInstances,
    EvolvedInstructions,
    ExampleInstructions,
    GivenInstructions,
    ListInstructions,
    MixedInstructions,
    NoInstances,
    Waves,
    WholeTasks,
)
from app.run.admission import KindState
from app.run.context import RunContext
from app.run.forms import blocks, classified, evolved, examples, given, listed, whole_tasks


async def write_wave(ctx: RunContext, state: KindState) -> None:
    """Make the next instructions of a kind, a wave at most."""
    match ctx.recipe.instructions:
        case ListInstructions() | MixedInstructions() as stage:
            await listed.write_wave(ctx, stage, state)
        case WholeTasks() as stage:
            await whole_tasks.write_wave(ctx, stage, state)
        case ExampleInstructions() as stage:
            await examples.write_wave(ctx, stage, state)
        case EvolvedInstructions() as stage:
            await evolved.write_wave(ctx, stage, state)
        case GivenInstructions():
            await given.admit(ctx, state)


async def write_instances(ctx: RunContext, state: KindState) -> None:
    """Make the missing instances of a kind."""
    match ctx.recipe.instances:
        case BlockInstances() as stage:
            await blocks.write_instances(ctx, stage, state)
        case ClassifiedInstances() as stage:
            await classified.write_instances(ctx, stage)
        case BareInstances():
            await given.make_instances(ctx)
        case NoInstances():
            pass  # they came with their instructions


def exhausted(ctx: RunContext, state: KindState) -> bool:
    """Say whether there is nothing new to get for a kind, whatever its target."""
    match ctx.recipe.instructions:
        case EvolvedInstructions() as stage:
            return state.next_request >= evolved.requests(ctx, stage)
        case Waves() as stage:
            return state.waves_without_result(stage.wave) >= stage.patience
        case GivenInstructions():
            return state.next_request >= len(ctx.seeds_of(state.kind))


def finished(ctx: RunContext, state: KindState) -> bool:
    """Say whether a kind needs no further wave."""
    return state.kept >= state.target or exhausted(ctx, state)
