"""Take back into a run an instruction that was dropped before anything was made of it."""

from __future__ import annotations

from app.errors import ProjectError
from app.method.recipe import Recipe
from app.method.recipe_forms import NoInstances
from app.store import decisions, instruction_decisions, runs
from app.store.connection import Connection


def restore(c: Connection, reviewer: str, row: int) -> None:
    """Keep the instruction stored in that row: resumed, its run has it answered.

    ProjectError, and nothing is stored, where the run cannot be resumed or makes no inputs by themselves.
    """
    instruction, run_id = instruction_decisions.at(c, row)
    newest = runs.newest_made(c)
    if newest is None or newest.id != run_id:
        raise ProjectError(
            "Only an instruction of the newest run can still be answered.",
            "To have it answered, import it as a seed instruction of a new run.",
        )
    if newest.state == runs.RUNNING:
        raise ProjectError("The run is going on.", "Restore the instruction when it has ended.")
    if isinstance(Recipe.from_json(newest.recipe_json).instances, NoInstances):
        raise ProjectError(
            "This recipe makes instructions together with their inputs, so none is made for this one alone.",
            "To have it answered, import it as a seed instruction of a new run.",
        )
    instruction_decisions.decide(c, reviewer, "accept", instruction)
    if newest.state == "done":
        runs.set_state(c, run_id, "stopped")


def undo_newest(c: Connection, reviewer: str) -> str | None:
    """Take back the reviewer's newest decision, about an item or a dropped instruction; return what it was.

    None where there is none.
    """
    run = runs.newest_made(c)
    of_instruction = instruction_decisions.newest(c, reviewer, run.id) if run else None
    if run and of_instruction and of_instruction[0] > decisions.newest_at(c, reviewer):
        instruction_decisions.undo(c, reviewer, run.id)
        return of_instruction[1]
    undone = decisions.undo(c, reviewer)
    return undone.action if undone else None
