"""`quorum audition`: in which style each model answers and writes best, found out without a run."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from app.cli.cluster_option import connected, on_option
from app.cli.common import Model, open_for_reading
from app.cli.completion import complete_recipe
from app.cli.intake import tell
from app.engine.gguf import read_header
from app.errors import IntakeError, ModelError
from app.intake.seeds import SeedTask, read_seed_tasks, seed_file, seed_rows
from app.method.audition import LEAST, Audition, Score, far_behind
from app.method.recipe import Recipe, load
from app.method.writer_audition import REQUESTS, WriterAudition, WriterScore
from app.run.audition import audition_models, enough_tasks
from app.run.plan import DEFAULT_RECIPE, next_plan
from app.run.writer_audition import audition_writers
from app.visible import visible_json, visible_line

if TYPE_CHECKING:
    from app.cluster.site import ClusterSite

WRITER_HEADINGS = ("", "form and sampling", "requests", "written", "usable", "share", "per 1,000 tokens")
HEADINGS = ("", "style", "tasks", "score", "exact", "ROUGE-L", "length", "cut", "refused", "echo", "loop")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is auditioned: recipe, writers, answerers and seed tasks."""

    recipe: Recipe
    writers: Sequence[Path]
    answerers: Sequence[Path]
    tasks: Sequence[SeedTask]
    again: bool


@click.command("audition", short_help="Find out in which style models answer and write best.")
@click.argument("project", required=False, type=click.Path(path_type=Path))
@click.option(
    "--recipe",
    metavar="NAME|FILE",
    shell_complete=complete_recipe,
    help="The recipe that says how models are asked.",
)
@click.option("--model", "models", type=Model(), multiple=True, help="Answerer to audition; repeatable.")
@click.option("--writer", "writers", type=Model(), multiple=True, help="Writer to audition; repeatable.")
@click.option(
    "--seed-tasks",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE|NAME",
    help="File of seed tasks with outputs, or general or small, which ship with Quorum [general].",
)
@click.option("--again", is_flag=True, help="Ask again what an earlier audition asked.")
@on_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def audition_command(
    project: Path | None,
    recipe: str | None,
    models: tuple[Path, ...],
    writers: tuple[Path, ...],
    seed_tasks: Path | None,
    again: bool,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Ask models about 40 seed tasks in every style they can take, and print how they answered.

    Recipe, models and seed tasks are those of the newest run of PROJECT, or what the options name. The
    outputs of the tasks are taken to be right, and the tasks are not among the worked examples. It takes
    two minutes a model at most, without loading: slow models are asked fewer tasks. Later runs with the
    same recipe and seed tasks use what was found.

    Exact: equal after normalising. Length: the median of an answer's length by that of the task's output.
    Score: 1 for an exact answer, else its ROUGE-L, 0 if it is cut, refuses, repeats the task or loops.

    A writer is asked for instructions: 16 requests in every form it can take, and 16 more in the best form
    with cooler sampling. Usable: those that the recipe would keep, of all that were whole.
    """
    asked = _asked(project, recipe, models, writers, seed_tasks, again=again)
    if asked.answerers and not enough_tasks(seed_rows(asked.tasks)):
        raise IntakeError(
            f"Fewer than {2 * LEAST} seed tasks have an output that answers could be compared with.",
            "Name others with --seed-tasks, for example general.",
        )
    with connected(cluster) as site:
        wrote, answered = asyncio.run(_auditioned(asked, site, as_json=as_json))
    behind = far_behind({name: heard for _, name, heard in answered})
    if as_json:
        facts = [_writer_facts(*entry, asked.recipe) for entry in wrote]
        facts += [_facts(*entry, asked.recipe, behind) for entry in answered]
        click.echo(visible_json(facts, indent=2))
        return
    for name, (score, best) in behind.items():
        click.echo(
            visible_line(f"{name} could be left out: its score is {score:.2f}, the best model's {best:.2f}.")
        )


def _asked(
    project: Path | None,
    recipe: str | None,
    models: Sequence[Path],
    writers: Sequence[Path],
    seed_tasks: Path | None,
    *,
    again: bool,
) -> _Asked:
    """Return recipe, models and seed tasks: those that are named, else those of the project."""
    if project is None and not (models or writers):
        raise click.UsageError("Name a project, or models with --model and --writer.")
    plan = None
    if project is not None:
        with open_for_reading(project) as opened:
            plan = next_plan(opened)
    for path in (*models, *writers):
        read_header(path)
    tasks = plan.seeds if plan and not seed_tasks else None
    if tasks is None:
        tasks = tuple(read_seed_tasks(seed_file(seed_tasks or Path("general")), told=tell))
    method = load(recipe) if recipe else plan.recipe if plan else load(DEFAULT_RECIPE)
    if writers and not method.instructions.writes:
        raise click.UsageError(f"No model writes by recipe {method.name}.")
    if plan and not (models or writers):
        models = plan.answerers
        writers = (plan.writer,) if method.instructions.writes and not method.writer_style else ()
    return _Asked(method, writers, models, tasks, again)


Wrote = tuple[Path, str, WriterAudition]
Answered = tuple[Path, str, Audition]


async def _auditioned(
    asked: _Asked, site: ClusterSite | None, *, as_json: bool
) -> tuple[list[Wrote], list[Answered]]:
    try:
        return await _audition(asked, site, as_json=as_json)
    finally:
        if site:
            await site.close()


async def _audition(
    asked: _Asked, site: ClusterSite | None, *, as_json: bool
) -> tuple[list[Wrote], list[Answered]]:
    """Audition the models one by one, tell how far it is, and print each table as soon as it is known."""
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    wrote: list[Wrote] = []
    answered: list[Answered] = []
    with console.status(Text("looking at the models"), spinner="dots") as status:

        def show(words: str) -> None:
            status.update(Text(visible_line(words, 100)))

        def print_lines(lines: Sequence[str]) -> None:
            for line in lines if not as_json else ():
                print(visible_line(line), flush=True)

        recipe, again = asked.recipe, asked.again
        async with aclosing(
            audition_writers(asked.writers, recipe, asked.tasks, again=again, tell=show, site=site)
        ) as writing:
            async for path, name, written in writing:
                if written is None:
                    raise ModelError(f"{path.name} wrote nothing in the time that an audition takes.")
                wrote.append((path, name, written))
                print_lines(writer_table(name, written))
        if not asked.answerers:
            return wrote, answered
        seeds = seed_rows(asked.tasks)
        async with aclosing(
            audition_models(asked.answerers, recipe, seeds, again=again, tell=show, site=site)
        ) as answering:
            async for path, name, outcome in answering:
                if outcome is None:
                    raise ModelError(f"{path.name} answered nothing in the time that an audition takes.")
                answered.append((path, name, outcome))
                print_lines(table(name, outcome))
    return wrote, answered


def table(name: str, heard: Audition) -> list[str]:
    """Return the lines of an audition: the model, a line for each style, the one that is taken."""
    rows = [HEADINGS, *(_cells(score, heard.best) for score in heard.scores)]
    return [name, *_aligned(rows), f"asked in style {heard.line()}", ""]


def writer_table(name: str, heard: WriterAudition) -> list[str]:
    """Return the lines of a writer's audition: the model, a line for each manner, the one that is taken."""
    rows = [WRITER_HEADINGS, *(_writer_cells(score, heard.best) for score in heard.scores)]
    return [name, *_aligned(rows), f"writes as {heard.line()}", ""]


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the lines of a table whose first two columns are words and whose others are figures."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return [line.rstrip() for line in lines]


def _writer_cells(score: WriterScore, best: WriterScore) -> tuple[str, ...]:
    return (
        "✓" if score is best else "",
        str(score.manner),
        *(str(count) for count in (score.requests, score.written, score.kept)),
        f"{score.share:.0%}",
        f"{score.per_thousand:.1f}",
    )


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
        "role": "answerer",
        "file": str(path),
        "recipe": recipe.name,
        "tasks": heard.tasks,
        "whole": heard.whole,
        "style": heard.best.style,
        "leave_out": name in behind,
        "scores": heard.to_json()["scores"],
    }


def _writer_facts(path: Path, name: str, heard: WriterAudition, recipe: Recipe) -> dict[str, object]:
    found = heard.to_json()
    return {
        "model": name,
        "role": "writer",
        "file": str(path),
        "recipe": recipe.name,
        "requests": REQUESTS,
        "whole": heard.whole,
        **found["taken"],
        "scores": found["scores"],
    }
