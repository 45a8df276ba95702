"""Change who answers in an existing run: a model joins, and only its answers are missing; a model leaves,
and what it wrote stays stored but counts in no vote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.engine.gguf import ModelHeader, read_header
from app.engine.names import file_names, meant
from app.errors import ProjectError
from app.method.recipe import Recipe
from app.run.plan import model_row
from app.run.revoting import renew_votes
from app.run.styles import default_style
from app.store import runs
from app.store.project import Connection, Project
from app.store.rows import ModelRow, NewRunModel, RunModelRow, RunRow

Joining = tuple[ModelRow, ModelHeader]


def change_answerers(project: Project, join: Sequence[Path], leave: Sequence[str]) -> list[str]:
    """Add these files to the answerers of the newest run, and remove these models; return what was done.

    `leave` are names of models or of their files, or how those begin. Votes without those that leave are
    stored at once; answers of those that join are asked for when the run is resumed. All of it happens or
    nothing: raises ModelError or ProjectError.
    """
    joining = [_described(path) for path in join]
    return project.write_now(lambda c: _change(c, joining, leave))


def _described(path: Path) -> Joining:
    header = read_header(path)
    return model_row(header), header


def _change(c: Connection, joining: Sequence[Joining], leave: Sequence[str]) -> list[str]:
    run = runs.newest_made(c)
    if run is None:
        raise ProjectError(
            "The project has no run whose models could change.", "Start one with `quorum run`."
        )
    done = [_leave(c, run, name) for name in leave]
    done += [_join(c, run, model, header) for model, header in joining]
    if not any(part.model.can_be_asked for part in runs.answerers(c, run.id)):
        raise ProjectError("No model would be left to answer.", "Add another one with --add-answerer.")
    if leave:
        count = renew_votes(c, run.id)
        done.append(f"{count:,} votes were renewed.")
    if joining and run.state == "done":
        runs.set_state(c, run.id, "stopped")
    return done


def _join(c: Connection, run: RunRow, model: ModelRow, header: ModelHeader) -> str:
    if any(part.model.fingerprint == model.fingerprint for part in runs.answerers(c, run.id)):
        raise ProjectError(f"{model.name} already answers in run {run.number}.", "")
    position = runs.next_position(c, run.id)
    style = default_style(header, Recipe.from_json(run.recipe_json).answers)
    runs.add_model(c, model)
    runs.add_part(c, run.id, NewRunModel(model.fingerprint, "answerer", style, position))
    return f"{model.name} answers in run {run.number} from now on."


def _leave(c: Connection, run: RunRow, name: str) -> str:
    there = runs.answerers(c, run.id)
    found = meant(name, ((part, _names(part)) for part in there))
    if len(found) != 1:
        known = ", ".join(part.model.name if not found else _file(part) for part in found or there)
        why = "is the name of several models" if found else "does not answer"
        raise ProjectError(f"{name} {why} in run {run.number}.", f"Name one of these: {known}.")
    [part] = found
    runs.remove_part(c, run.id, part.model.fingerprint, "answerer")
    return f"{part.model.name} no longer counts in run {run.number}; its answers stay stored."


def _names(part: RunModelRow) -> list[str]:
    return [part.model.name, *(file_names(Path(part.model.path)) if part.model.path else ())]


def _file(part: RunModelRow) -> str:
    return part.model.path or part.model.name
