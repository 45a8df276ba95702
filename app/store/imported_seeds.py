"""Seed tasks that were imported: each import is a run of its own, in which no model takes part."""

from __future__ import annotations

from collections.abc import Sequence

from app.store import runs
from app.store.connection import Connection
from app.store.rows import NewRun, NewSeed, RunRow, SeedRow
from app.store.text import storable

RUN_NAME = "seed tasks"
"""What stands where other runs name their recipe."""


def save(c: Connection, seeds: Sequence[NewSeed], source: str) -> tuple[RunRow | None, list[NewSeed]]:
    """Store the seeds that no import brought before; return their run, None without any, and them.

    The same texts are the same seed, whatever their kind. `source` names the file.
    """
    there = {(one.instruction, one.input, one.output) for one in everything(c)}
    new: dict[tuple[str, ...], NewSeed] = {}
    for seed in seeds:
        texts = (storable(seed.instruction), storable(seed.input), storable(seed.output))
        if texts not in there:
            new.setdefault(texts, seed)
    if not new:
        return None, []
    run = runs.create(c, NewRun(RUN_NAME, "{}", "", 0, 0, state=runs.IMPORTED))
    runs.set_seeds(c, run.id, list(new.values()))
    of_a = sum(seed.kind == "A" for seed in new.values())
    runs.set_state(
        c, run.id, runs.IMPORTED, f"{of_a} of kind A and {len(new) - of_a} of kind B from {source}"
    )
    return run, list(new.values())


def everything(c: Connection) -> list[SeedRow]:
    """Return the imported seeds of a project, in the order they came."""
    return [seed for run in _imports(c) for seed in runs.seeds_of(c, run.id)]


def waiting(c: Connection) -> list[SeedRow]:
    """Return the same where seeds came since the newest run that models make began; else nothing."""
    made = runs.newest_made(c)
    newest = max((run.number for run in _imports(c)), default=0)
    return everything(c) if newest > (made.number if made else 0) else []


def _imports(c: Connection) -> list[RunRow]:
    return [run for run in runs.all_runs(c) if (run.state, run.recipe_name) == (runs.IMPORTED, RUN_NAME)]
