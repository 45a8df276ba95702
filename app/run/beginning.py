"""What a new run begins from: the newest run of the project, else models that suit what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.engine.catalog import ModelFile, can_write
from app.engine.memory import memory_needed
from app.engine.settings import default_settings
from app.intake.seeds import SeedTask
from app.run.plan import Plan, imported_tasks, next_plan
from app.store import runs
from app.store.project import Project

MOST_ANSWERERS = 3
"""A consensus needs two that differ; more than three cost time before anybody asked for them."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The plan that the newest run of a project had; None without one.

    `seeds` are that run's or those imported since, empty where the bundled models' own are left. `finished`
    says whether that run reached its end; `holds_data` whether a project without such a run holds imported
    tasks with answers.
    """

    plan: Plan | None = None
    seeds: tuple[SeedTask, ...] = ()
    finished: bool = False
    holds_data: bool = False


def beginning(project: Project | None) -> Beginning:
    """Return what a new run of a project begins from."""
    if project is None:
        return Beginning()
    newest = project.read(runs.newest_made)
    if newest is None:
        return Beginning(seeds=imported_tasks(project), holds_data=project.read(runs.holds_imported))
    plan = next_plan(project)
    return Beginning(plan, tuple(plan.seeds), newest.state == "done")


def suiting(files: Sequence[ModelFile], memory: int) -> tuple[Path, tuple[Path, ...]] | None:
    """Return a writer and answerers among a person's own models; None where none of them can be used.

    A base model writes best, so one without a chat template is preferred, and the others answer, those of
    different architectures first: siblings share their mistakes. Each must fit into `memory` (bytes) by
    itself. With a single model it does both.
    """
    own = [file for file in files if file.source != "bundled" and _fits(file, memory)]
    writers = [file for file in own if file.header is not None and can_write(file.header)]
    if not writers:
        return None
    writer = min(writers, key=lambda file: bool(file.header and file.header.has_chat_template))
    others = [file for file in own if file is not writer]
    chosen: list[ModelFile] = []
    for fresh in (True, False):  # first those of an architecture that does not answer yet
        for file in others:
            known = {_architecture(answerer) for answerer in chosen}
            if file not in chosen and (not fresh or _architecture(file) not in known):
                chosen.append(file)
    return writer.path, tuple(file.path for file in chosen[:MOST_ANSWERERS] or [writer])


def _fits(file: ModelFile, memory: int) -> bool:
    if file.header is None:
        return False
    return memory_needed(file.header, default_settings(file.header, headless=False)) <= memory


def _architecture(file: ModelFile) -> str:
    return file.header.architecture if file.header else ""
