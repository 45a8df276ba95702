"""What a person asks a run to do: recipe, models by role, seed tasks, how many, run seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.engine import catalog
from app.engine.machine import available_memory
from app.errors import IntakeError
from app.intake.seeds import SeedTask, bundled_seed_tasks
from app.method.kinds import Kind
from app.method.recipe import Recipe, load
from app.run.ensemble import needed_memory
from app.store import runs
from app.store.project import Connection, Project
from app.store.rows import SeedRow

DEFAULT_RECIPE = "ensemble-instruct"
DEFAULT_TARGET = 24
DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """A run to be made; `target` counts kept instructions of both kinds together."""

    recipe: Recipe
    writer: Path
    answerers: tuple[Path, ...]
    seeds: tuple[SeedTask, ...]
    target: int = DEFAULT_TARGET
    seed: int = DEFAULT_SEED

    def targets(self, target: int | None = None) -> dict[Kind, int]:
        """Split `target` (default: the plan's) between the kinds as the recipe says, half each by default."""
        if self.recipe.instructions.form == "given":  # every one of them
            rows = [(seed.kind, given) for seed in self.seeds for given in seed.instances]
            return {"A": sum(kind == "A" for kind, _ in rows), "B": sum(kind == "B" for kind, _ in rows)}
        whole = self.target if target is None else target
        of_a = round(whole * self.recipe.share_a)
        return {"A": of_a, "B": whole - of_a}

    def check(self) -> None:
        """Raise IntakeError when there is a kind to write and no seed task to show for it."""
        for kind, target in self.targets().items():
            if target and not any(seed.kind == kind for seed in self.seeds):
                what = "with an input" if kind == "A" else "without an input"
                raise IntakeError(
                    f"The seed tasks hold none {what} (kind {kind}), and the recipe asks for some.",
                    "Add at least one, or use a recipe whose share_a leaves that kind out.",
                )


def default_plan(target: int = DEFAULT_TARGET) -> Plan:
    """Return the run that needs nothing but Quorum itself: bundled models, recipe and seed tasks."""
    models = catalog.bundled()
    return Plan(
        recipe=load(DEFAULT_RECIPE),
        writer=models.writer,
        answerers=models.answerers,
        seeds=tuple(bundled_seed_tasks()),
        target=target,
    )


def resume_plan(project: Project) -> Plan | None:
    """Return the plan of the newest run that models made as it was stored, or None without one."""

    def stored(c: Connection) -> Plan | None:
        run = runs.newest_made(c)
        if run is None:
            return None
        # Without a path it is a model whose answers came from elsewhere: it cannot be asked.
        models = [part for part in runs.run_models(c, run.id) if part.model.path]
        return Plan(
            recipe=Recipe.from_json(run.recipe_json),
            writer=next(Path(m.model.path) for m in models if m.role == "writer"),
            answerers=tuple(Path(m.model.path) for m in models if m.role == "answerer"),
            seeds=tuple(_task(seed) for seed in runs.seeds_of(c, run.id)),
            target=run.target,
            seed=run.seed,
        )

    return project.read(stored)


def memory_line(plan: Plan) -> tuple[int, int]:
    """Return the bytes that the plan's models need together, and those this machine has free."""
    return needed_memory([plan.writer, *plan.answerers]), available_memory()


def _task(seed: SeedRow) -> SeedTask:
    return SeedTask(
        id=seed.id,
        name=seed.name,
        instruction=seed.instruction,
        instances=((seed.input, seed.output),),
        is_classification=seed.is_classification,
        source=seed.source,
    )
