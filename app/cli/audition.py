"""`quorum audition`: in which style each model answers best, found out without a run."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from app.cli.common import Model
from app.cli.intake import tell
from app.engine.gguf import read_header
from app.errors import IntakeError, ModelError
from app.intake.seeds import read_seed_tasks, seed_file, seed_rows
from app.method.audition import LEAST, Audition, Score, far_behind
from app.method.recipe import Recipe, load
from app.run.audition import audition_models, enough_tasks
from app.run.plan import DEFAULT_RECIPE, next_plan
from app.store.project import Project
from app.store.rows import NewSeed
from app.visible import visible_json, visible_line

HEADINGS = ("", "style", "tasks", "score", "exact", "ROUGE-L", "length", "cut", "refused", "echo", "loop")


@click.command("audition", short_help="Find out in which style models answer best.")
@click.argument("project", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--recipe", metavar="NAME|FILE", help="The recipe that says how models are asked.")
@click.option("--model", "models", type=Model(), multiple=True, help="Model to audition; repeatable.")
@click.option(
    "--seed-tasks",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE|NAME",
    help="File of seed tasks with outputs, or general or small, which ship with Quorum [general].",
)
@click.option("--again", is_flag=True, help="Ask again what an earlier audition asked.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def audition_command(
    project: Path | None,
    recipe: str | None,
    models: tuple[Path, ...],
    seed_tasks: Path | None,
    again: bool,
    as_json: bool,
) -> None:
    """Ask models about 40 seed tasks in every style they can take, and print how they answered.

    Recipe, answerers and seed tasks are those of the newest run of PROJECT, or what the options name. The
    outputs of the tasks are taken to be right, and the tasks are not among the worked examples. A model takes
    at most two minutes. Later runs with the same recipe and seed tasks use what was found.

    Exact: equal after normalising. Length: the median of an answer's length by that of the task's output.
    Score: 1 for an exact answer, else its ROUGE-L, 0 if it is cut, refuses, repeats the task or loops.
    """
    method, answerers, seeds = _asked(project, recipe, models, seed_tasks)
    if not enough_tasks(seeds):
        raise IntakeError(
            f"Fewer than {2 * LEAST} seed tasks have an output that answers could be compared with.",
            "Name others with --seed-tasks, for example general.",
        )
    found = asyncio.run(_audition(answerers, method, seeds, again=again, as_json=as_json))
    behind = far_behind({name: heard for _, name, heard in found})
    if as_json:
        click.echo(visible_json([_facts(*entry, method, behind) for entry in found], indent=2))
        return
    for name, (score, best) in behind.items():
        click.echo(
            visible_line(f"{name} could be left out: its score is {score:.2f}, the best model's {best:.2f}.")
        )


def _asked(
    project: Path | None, recipe: str | None, models: Sequence[Path], seed_tasks: Path | None
) -> tuple[Recipe, Sequence[Path], Sequence[NewSeed]]:
    """Return recipe, models and seed tasks: those that are named, else those of the project."""
    if project is None and not models:
        raise click.UsageError("Name a project, or models with --model.")
    plan = None
    if project is not None:
        with Project.open(project, read_only=True) as opened:
            plan = next_plan(opened)
    for path in models:
        read_header(path)
    tasks = plan.seeds if plan and not seed_tasks else None
    if tasks is None:
        tasks = tuple(read_seed_tasks(seed_file(seed_tasks or Path("general")), told=tell))
    method = load(recipe) if recipe else plan.recipe if plan else load(DEFAULT_RECIPE)
    return method, models or (plan.answerers if plan else ()), seed_rows(tasks)


async def _audition(
    paths: Sequence[Path], recipe: Recipe, seeds: Sequence[NewSeed], *, again: bool, as_json: bool
) -> list[tuple[Path, str, Audition]]:
    """Audition the models one by one, tell how far it is, and print each table as soon as it is known."""
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    found: list[tuple[Path, str, Audition]] = []
    with console.status(Text("looking at the models"), spinner="dots") as status:

        def show(words: str) -> None:
            status.update(Text(visible_line(words, 100)))

        async with aclosing(audition_models(paths, recipe, seeds, again=again, tell=show)) as heard:
            async for path, name, outcome in heard:
                if outcome is None:
                    raise ModelError(f"{path.name} answered nothing in the time that an audition takes.")
                found.append((path, name, outcome))
                if not as_json:
                    for line in table(name, outcome):
                        print(visible_line(line), flush=True)
    return found


def table(name: str, heard: Audition) -> list[str]:
    """Return the lines of an audition: the model, a line for each style, the one that is taken."""
    rows = [HEADINGS, *(_cells(score, heard.best) for score in heard.scores)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    lines = [
        "  ".join(
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return [name, *(line.rstrip() for line in lines), f"asked in style {heard.line()}", ""]


def _cells(score: Score, best: Score) -> tuple[str, ...]:
    return (
        "✓" if score is best else "",
        score.style,
        str(score.count),
        f"{score.score:.2f}",
        f"{score.exact:.0%}",
        f"{score.rouge:.2f}",
        f"{score.ratio:.1f}",
        *(f"{share:.0%}" for share in (score.cut, score.refused, score.echoed, score.repeated)),
    )


def _facts(
    path: Path, name: str, heard: Audition, recipe: Recipe, behind: Mapping[str, object]
) -> dict[str, object]:
    return {
        "model": name,
        "file": str(path),
        "recipe": recipe.name,
        "tasks": heard.tasks,
        "whole": heard.whole,
        "style": heard.best.style,
        "leave_out": name in behind,
        "scores": heard.to_json()["scores"],
    }
