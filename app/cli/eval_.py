"""`quorum eval MODEL… TASKS`: how near models come to answers that are known to be right."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from app.cli.cluster_option import connected, on_option
from app.cli.common import Model, open_for_writing
from app.cli.completion import complete_recipe
from app.engine.gguf import read_header
from app.engine.names import model_path
from app.errors import EXIT_INTERRUPTED
from app.intake.benchmark import Benchmark, read_benchmark
from app.intake.seeds import read_seed_tasks, seed_file, seed_rows
from app.method.answers import SHOWS_EXAMPLES
from app.method.evaluation import Measured, between
from app.method.intervals import Estimate
from app.method.recipe import load
from app.run.evaluation import ModelScores, Wanted, evaluate
from app.run.plan import DEFAULT_RECIPE
from app.store.evaluations import Evaluation
from app.visible import visible_json, visible_line
from app.words import plural

if TYPE_CHECKING:
    from app.cluster.site import ClusterSite

PROJECT = Path("quorum-eval.db")
_NAME, _CATEGORY = 24, 28
"""Cells of a model's name and of a category at most."""
Row = tuple[str, str, str, str, str]


@click.command("eval", short_help="Measure models on tasks with known answers.")
@click.argument("names", nargs=-1, required=True, metavar="[MODEL]... TASKS")
@click.option("--model", "models", type=Model(), multiple=True, help="Model to ask; repeatable.")
@click.option(
    "--shots",
    type=click.IntRange(0, 50),
    default=0,
    show_default=True,
    help="Worked examples shown before each task.",
)
@click.option(
    "--project",
    type=click.Path(path_type=Path, dir_okay=False),
    default=PROJECT,
    show_default=True,
    help="Project that keeps the answers; made if it does not exist.",
)
@click.option("--per-task", type=click.IntRange(1), metavar="N", help="First N instances of each task only.")
@click.option(
    "--max-tokens", type=click.IntRange(1, 8192), help="Tokens of an answer [default: the recipe's]"
)
@click.option(
    "--recipe",
    metavar="NAME|FILE",
    default=DEFAULT_RECIPE,
    show_default=True,
    shell_complete=complete_recipe,
    help="The recipe that says how models are asked.",
)
@click.option(
    "--seed-tasks",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE|NAME",
    default="general",
    show_default=True,
    help="Seed tasks to show where TASKS has no worked examples of its own.",
)
@click.option("--no-calibration", is_flag=True, help="Do not measure first what is fastest for new models.")
@on_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def eval_command(
    names: tuple[str, ...],
    models: tuple[Path, ...],
    shots: int,
    project: Path,
    per_task: int | None,
    max_tokens: int | None,
    recipe: str,
    seed_tasks: Path,
    no_calibration: bool,
    cluster: str | None,
    as_json: bool,
) -> int:
    """Ask each MODEL the tasks in the file or folder TASKS, and print ROUGE-L and exact match by category.

    TASKS is anything that `quorum import` reads and that says which answers are right: tasks of
    Super-NaturalInstructions, the 252 user-oriented tasks, rows with a `reference` or an output. Of several
    right answers the best one counts, and figures equal those of SuperNI's public script. Intervals hold
    95% and come from a bootstrap over the tasks. Sampling is greedy.

    Answers are kept in a project as they come: the same command resumes, and asks only what is missing.
    `quorum judge PROJECT --evaluation` rates the answers of two models side by side, blind.
    """
    paths = [*models, *map(model_path, names[:-1])]
    if not paths:
        raise click.UsageError("Name a model, then the file of tasks.")
    for path in paths:
        read_header(path)
    source = Path(names[-1])
    read = read_benchmark(source, per_task)
    for line in _reading(read):
        click.echo(visible_line(line, 400), err=True)
    wanted = Wanted(
        source.name,
        read.tasks,
        load(recipe),
        shots,
        max_tokens,
        seed_rows(read_seed_tasks(seed_file(seed_tasks))) if shots else (),
    )
    with connected(cluster) as site, open_for_writing(project, create=True) as opened:
        try:
            evaluation, scores = asyncio.run(
                _evaluated(opened, wanted, paths, site, calibrate=not no_calibration)
            )
        except KeyboardInterrupt:
            click.echo("stopped; run the same command to resume", err=True)
            return EXIT_INTERRUPTED
    if as_json:
        click.echo(visible_json(as_dict(evaluation, scores), indent=2))
        return 0
    for line in lines_of(evaluation, scores, str(project)):
        click.echo(visible_line(line, 400))
    return 0


def _reading(read: Benchmark) -> Iterator[str]:
    """Say as what the files were read, each alone where they are few, and what was left out."""
    if len(read.accounts) > 3:
        yield f"{plural(len(read.accounts), 'file')} read"
    for name, account in read.accounts.items():
        if len(read.accounts) <= 3:
            yield f"{name}: read as {', '.join(account.forms)}"
        if account.bad:
            first = account.first_bad[0]
            yield f"{name}: {plural(account.bad, account.unit)} left out; {first}"
    if read.without:
        yield f"{plural(read.without, 'task')} left out: no right answer is known"


async def _evaluated(
    opened: Any, wanted: Wanted, paths: Sequence[Path], site: ClusterSite | None, *, calibrate: bool
) -> tuple[Evaluation, list[ModelScores]]:
    """Evaluate, and tell on stderr how far it is."""
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    with console.status(Text("looking at the models"), spinner="dots") as status:

        def show(words: str) -> None:
            status.update(Text(visible_line(words, 100)))

        try:
            return await evaluate(opened, wanted, paths, tell=show, calibrate=calibrate, site=site)
        finally:
            if site:
                await site.close()


def lines_of(evaluation: Evaluation, scores: Sequence[ModelScores], project: str) -> Iterator[str]:
    """Yield the result as lines (foreign: it names models and categories)."""
    asked = plural(evaluation.size, "task")
    shown = f"{plural(evaluation.shots, 'worked example')} each" if evaluation.shots else "zero-shot"
    yield f"{evaluation.source}: {asked}, {shown}; scores in per cent with 95% intervals"
    yield ""
    yield from _table(list(_rows(scores)))
    yield ""
    for one in scores:
        faults = [
            *(["it takes no worked examples"] if shots_of(evaluation, one) < evaluation.shots else []),
            *([f"{plural(one.cut, 'answer')} cut at {evaluation.max_tokens} tokens"] if one.cut else []),
            *([f"{plural(one.failed, 'task')} without an answer, which score 0"] if one.failed else []),
        ]
        yield "; ".join([f"{one.name}: asked in style {one.style}", *faults])
    for other in scores[1:]:
        apart = _points(between(scores[0].scores, other.scores))
        yield f"{scores[0].name} minus {other.name}: ROUGE-L {apart} points"
    yield f"Kept in {project}."


def shots_of(evaluation: Evaluation, model: ModelScores) -> int:
    """Return how many worked examples a model was shown before a task, where they fit."""
    return evaluation.shots if model.style in SHOWS_EXAMPLES else 0


def _rows(scores: Sequence[ModelScores]) -> Iterator[Row]:
    """Yield headings, and for all tasks and for each category a row for each model."""
    yield ("", "", "tasks", "ROUGE-L", "exact match")
    yield from _of_models("all", [(one.name, one.all) for one in scores])
    categories = list(scores[0].categories)
    for category in categories if len(categories) > 1 else ():
        measured = [(one.name, one.categories[category]) for one in scores]
        yield from _of_models(category or "(no category)", measured)


def _of_models(category: str, measured: Sequence[tuple[str, Measured]]) -> Iterator[Row]:
    for at, (name, held) in enumerate(measured):
        first = visible_line(category, _CATEGORY) if at == 0 else ""
        count = f"{held.count:,}" if at == 0 else ""
        yield (first, visible_line(name, _NAME), count, _percent(held.rouge), _percent(held.exact))


def _percent(share: Estimate) -> str:
    return f"{100 * share.value:.1f} ({100 * share.low:.1f}–{100 * share.high:.1f})"


def _points(share: Estimate) -> str:
    return f"{100 * share.value:+.1f} ({100 * share.low:+.1f} to {100 * share.high:+.1f})"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if at == 2 else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def as_dict(evaluation: Evaluation, scores: Sequence[ModelScores]) -> Mapping[str, Any]:
    """Give the result as plain data for JSON; scores from 0 to 1."""
    return {
        "tasks": evaluation.size,
        "source": evaluation.source,
        "shots": evaluation.shots,
        "recipe": evaluation.recipe,
        "max_tokens": evaluation.max_tokens,
        "models": [
            {
                "model": one.name,
                "fingerprint": one.model,
                "style": one.style,
                "shots": shots_of(evaluation, one),
                "cut": one.cut,
                "failed": one.failed,
                "all": one.all.as_dict(),
                "categories": {name: held.as_dict() for name, held in one.categories.items()},
                "minus_first": None
                if one is scores[0]
                else {"rouge_l": between(one.scores, scores[0].scores).as_dict()},
            }
            for one in scores
        ],
    }
