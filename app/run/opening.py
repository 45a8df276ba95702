"""Find or begin the run that a plan means in a project: go on, extend, or start a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.engine.gguf import ModelHeader, fingerprint
from app.intake.seeds import seed_rows
from app.method.recipe import Recipe
from app.run.ensemble import Ensemble, Member
from app.run.plan import Plan
from app.store import runs
from app.store.project import Connection, Project
from app.store.rows import ModelRow, NewRun, NewRunModel, NewSeed, RunRow


@dataclass(frozen=True, slots=True)
class Opened:
    """The run to work on, and what is worth telling about the choice."""

    run: RunRow
    notice: str


async def open_run(project: Project, plan: Plan, ensemble: Ensemble) -> Opened:
    """Return the latest run if the plan is the same but for a larger target, else begin a new run."""
    return await project.write(lambda c: _open(c, plan, ensemble.members))


def _open(c: Connection, plan: Plan, members: Sequence[Member]) -> Opened:
    for member in members:
        runs.add_model(c, model_row(member.engine.header))  # a file may have been moved
    seeds = seed_rows(plan.seeds)
    latest = runs.newest_made(c)
    difference = "" if latest is None else _difference(c, latest, plan, members, seeds)
    if latest is not None and not difference:
        if plan.target > latest.target:
            runs.set_target(c, latest.id, plan.target)
            extended = f"Run {latest.number} goes on from {latest.target} to {plan.target} instructions."
            return Opened(runs.get(c, latest.number), extended)
        again = latest.state != "done"
        return Opened(latest, f"Run {latest.number} goes on where it stopped." if again else "")
    run = runs.create(c, _new_run(plan, members))
    runs.set_seeds(c, run.id, seeds)
    if latest is None:
        return Opened(run, "")
    return Opened(run, f"Run {run.number} is a new run: {difference} than in run {latest.number}.")


def _difference(
    c: Connection, run: RunRow, plan: Plan, members: Sequence[Member], seeds: Sequence[NewSeed]
) -> str:
    """Say what differs between a plan and a stored run, or "" when it is the same run."""
    # Hashed anew: a key that recipes got since the run began, with its default, is no difference.
    if Recipe.from_json(run.recipe_json).recipe_hash != plan.recipe.recipe_hash:
        return "it has another recipe"
    if run.seed != plan.seed:
        return "it has another run seed"
    parts = [part for part in runs.run_models(c, run.id) if part.model.path]
    if [(part.model.fingerprint, part.role) for part in parts] != [(one.model, one.role) for one in members]:
        paths = {part.model.path for part in parts}
        same_files = paths == {str(member.path) for member in members}
        return "a model file has another content" if same_files else "it has other models"
    if [runs.seed_id(seed) for seed in seeds] != [seed.id for seed in runs.seeds_of(c, run.id)]:
        return "it has other seed tasks"
    return ""


def _new_run(plan: Plan, members: Sequence[Member]) -> NewRun:
    return NewRun(
        recipe_name=plan.recipe.name,
        recipe_json=plan.recipe.to_json(),
        recipe_hash=plan.recipe.recipe_hash,
        seed=plan.seed,
        target=plan.target,
        models=tuple(
            NewRunModel(member.model, member.role, member.style, position)
            for position, member in enumerate(members)
        ),
    )


def model_row(header: ModelHeader) -> ModelRow:
    """Describe a model file for the store; reads all of it the first time, for its fingerprint."""
    return ModelRow(
        fingerprint=fingerprint(header.path),
        name=header.name,
        path=str(header.path),
        size=header.size,
        architecture=header.architecture,
        quantisation=header.quantisation,
        license=header.license,
    )
