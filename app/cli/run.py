"""`quorum run PROJECT`: a run without screens."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from app.cli.cluster_option import connected, on_option
from app.cli.common import Model
from app.cli.completion import complete_recipe
from app.cli.intake import tell
from app.cli.progress import RunNarrator
from app.cli.start import ENDING, heeded
from app.engine.context import AUTO, Context
from app.engine.devices import find_devices
from app.engine.gguf import MAX_LAYERS, read_header
from app.errors import EXIT_INTERRUPTED, ProjectError, QuorumError
from app.intake.seeds import read_seed_tasks, seed_file
from app.intake.topics import read_topics
from app.method.recipe import load
from app.method.recipe_parts import LONGEST_CONTEXT, SHORTEST_CONTEXT
from app.method.terms import STYLES, WRITER_STYLES, StageName, WriterStyle
from app.run.answerers import change_answerers
from app.run.beginning import beginning
from app.run.plan import DEFAULT_RECIPE, Plan, default_plan, next_plan, with_topics
from app.run.progress import RunSnapshot, RunState
from app.run.samples import chosen_samples
from app.run.session import RunSession
from app.run.styles import chosen_styles, with_writer_style
from app.store import runs
from app.store.project import Connection, Project
from app.visible import visible_line

if TYPE_CHECKING:
    from app.cluster.site import ClusterSite

_FILE = click.Path(path_type=Path, dir_okay=False)
_AUTO = -1


def _layers(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int | None:
    """Turn `auto` or a number of layers into a number, `auto` into -1."""
    if value is None or value == "auto":
        return None if value is None else _AUTO
    if not (value.isascii() and value.isdecimal() and int(value) <= MAX_LAYERS + 1):
        raise click.BadParameter(f"{value!r} is neither auto nor a number of layers.")
    return int(value)


def _context(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Context | None:
    """Read `auto` or a number of tokens."""
    if value is None:
        return None
    if value == AUTO:
        return AUTO
    if not (value.isascii() and value.isdecimal() and SHORTEST_CONTEXT <= int(value) <= LONGEST_CONTEXT):
        raise click.BadParameter(
            f"{value!r} is neither auto nor a number of tokens of at least {SHORTEST_CONTEXT}."
        )
    return int(value)


@click.command("run", short_help="Write, answer and vote without screens.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--recipe",
    metavar="NAME|FILE",
    shell_complete=complete_recipe,
    help="A built-in recipe or a TOML file.",
)
@click.option(
    "--writer", type=Model(), help="Model that writes instructions and inputs: a GGUF file or a name."
)
@click.option("--answerer", "answerers", type=Model(), multiple=True, help="Model that answers; repeatable.")
@click.option(
    "--seed-tasks",
    type=_FILE,
    metavar="FILE|NAME",
    help="File of seed tasks in any form that import seeds reads, or general or small, which ship with "
    "Quorum.",
)
@click.option("--topics", type=_FILE, help="Topics to draw from, one per line (recipe lamini-topic).")
@click.option("--instructions", type=click.IntRange(1, 10_000_000), help="Kept instructions to reach [24].")
@click.option("--until", type=click.Choice(get_args(StageName)), help="Stop after this stage.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Run seed [1].")
@click.option(
    "--gpu-layers",
    metavar="auto|N",
    callback=_layers,
    help="Layers of each model that go to the GPU [auto: all that fit].",
)
@click.option(
    "--context",
    metavar="auto|N",
    callback=_context,
    help="Tokens of each model's context [the recipe's, or auto: as many as the prompts need].",
)
@click.option(
    "--add-answerer",
    "joining",
    type=Model(),
    multiple=True,
    help="Add an answerer to the existing run; repeatable.",
)
@click.option(
    "--remove-answerer",
    "leaving",
    metavar="NAME",
    multiple=True,
    help="Remove an answerer from the existing run; repeatable.",
)
@click.option(
    "--hide",
    "hidden",
    type=int,
    metavar="RUN",
    multiple=True,
    help="Hide a run from the pool, Review and exports, and start nothing; repeatable.",
)
@click.option(
    "--show",
    "shown",
    type=int,
    metavar="RUN",
    multiple=True,
    help="Show a hidden run again, and start nothing; repeatable.",
)
@click.option(
    "--style",
    "styles",
    metavar="MODEL=STYLE",
    multiple=True,
    help=f"How an answerer is asked, in place of its audition; repeatable. Styles: {', '.join(STYLES)}.",
)
@click.option(
    "--samples",
    metavar="N|MODEL=N",
    multiple=True,
    help="Further answers of each answerer, or of one, at a higher temperature: they count as one voice with "
    "its own [the recipe's, mostly 0]; repeatable. More extend an existing run.",
)
@click.option(
    "--writer-style",
    type=click.Choice(list(WRITER_STYLES)),
    help="How the writer is asked, in place of its audition and of what the recipe says.",
)
@click.option(
    "--no-audition",
    is_flag=True,
    help="Do not find out in which style new models answer and write best; what an earlier audition found "
    "is used.",
)
@click.option("--no-calibration", is_flag=True, help="Do not measure what is fastest for new models.")
@on_option
def run(
    project: Path,
    recipe: str | None,
    writer: Path | None,
    answerers: tuple[Path, ...],
    seed_tasks: Path | None,
    topics: Path | None,
    instructions: int | None,
    until: StageName | None,
    seed: int | None,
    gpu_layers: int | None,
    context: Context | None,
    joining: tuple[Path, ...],
    leaving: tuple[str, ...],
    hidden: tuple[int, ...],
    shown: tuple[int, ...],
    styles: tuple[str, ...],
    samples: tuple[str, ...],
    writer_style: WriterStyle | None,
    no_audition: bool,
    no_calibration: bool,
    cluster: str | None,
) -> int:
    """Make or continue a run in PROJECT, which is created if it does not exist.

    The same command resumes an existing run, a larger number of instructions extends it, and other
    settings start a new run in the same project. Options that are not given come from the latest run, or
    else are the defaults: the bundled models, recipe ensemble-instruct, 24 instructions.

    A model is the path of a GGUF file, or its name as `quorum models` lists it, or how that begins:
    --writer gemma.

    --add-answerer and --remove-answerer change the existing run: only missing answers are written, and
    votes are renewed. What a removed model wrote stays stored.

    --hide takes a run out of the pool, Review and exports until --show brings it back; nothing is deleted,
    and neither starts a run.
    """
    if hidden or shown:
        _hide(project, dict.fromkeys(hidden, True) | dict.fromkeys(shown, False))
        return 0
    if (joining or leaving) and (recipe or writer or answerers or seed_tasks or seed is not None):
        raise click.UsageError(
            "--add-answerer and --remove-answerer change the existing run; --recipe, --writer, "
            "--answerer, --seed-tasks and --seed start another."
        )
    # All that can be refused is read first: a project must not be made for it.
    drawn = read_topics(topics) if topics else []
    method = load(recipe) if recipe else None
    if drawn and (method or not project.exists()):
        method = with_topics(method or load(DEFAULT_RECIPE), drawn)
    changes: dict[str, object] = {
        "recipe": method,
        "writer": writer,
        "answerers": answerers or None,
        "seeds": tuple(read_seed_tasks(seed_file(seed_tasks), told=tell)) if seed_tasks else None,
        "target": instructions,
        "until": until,
        "seed": seed,
        "gpu_layers": None if gpu_layers == _AUTO else gpu_layers,
        "context": context,
        "calibrate": not no_calibration,
        "audition": not no_audition,
    }
    given = {name: value for name, value in changes.items() if value is not None}
    for model in (writer, *answerers, *joining):
        if model:
            read_header(model)
    if not project.exists() and not (joining or leaving):
        fresh = _changed(default_plan(), given)
        fresh.check()
        chosen_styles(fresh.recipe.answers, fresh.answerers, styles)
        chosen_samples(fresh.answerers, samples)
        if writer_style:
            with_writer_style(fresh.recipe, fresh.writer, writer_style)
    if gpu_layers is not None and not cluster and (reason := asyncio.run(find_devices()).without_gpu()):
        click.echo(reason, err=True)
    creating = not (joining or leaving)
    with connected(cluster) as site, Project.open(project, create=creating) as opened:
        if not (writer and answerers) and beginning(opened).holds_data:
            raise ProjectError(
                f"{project} holds imported tasks and answers, and no run that could be resumed.",
                "Name who makes new ones: --writer MODEL --answerer MODEL; or give another project.",
            )
        before = _changed(next_plan(opened), given)
        chosen = chosen_styles(before.recipe.answers, [*before.answerers, *joining], styles)
        sampled = chosen_samples([*before.answerers, *joining], samples)
        if joining or leaving:
            for line in change_answerers(opened, joining, leaving):
                click.echo(visible_line(line), err=True)
        plan = _changed(next_plan(opened), given | {"styles": chosen, "samples": sampled})
        if drawn and not method:
            plan = replace(plan, recipe=with_topics(plan.recipe, drawn))
        if writer_style:
            plan = replace(plan, recipe=with_writer_style(plan.recipe, plan.writer, writer_style))
        if instructions and not plan.recipe.instructions.writes:
            taken = f"the instructions of recipe {plan.recipe.name} are all seed tasks"
            click.echo(visible_line(f"{taken}: --instructions changes nothing"), err=True)
        last = asyncio.run(_run(opened, plan, site))
    if last.error:
        raise QuorumError(last.error)
    if last.state is RunState.HELD and until == "instructions":
        click.echo(visible_line(f"decide on the instructions first: quorum {project}, then r"), err=True)
    return EXIT_INTERRUPTED if last.state is RunState.STOPPED else 0


def _hide(project: Path, hidden: Mapping[int, bool]) -> None:
    """Hide these runs, or show them again, all or none."""
    with Project.open(project) as opened:

        def change(c: Connection) -> None:
            for number, hides in hidden.items():
                runs.hide(c, number, hidden=hides)

        opened.write_now(change)
    for number, hides in hidden.items():
        click.echo(f"run {number} is {'hidden' if hides else 'shown'}", err=True)


def _changed(plan: Plan, given: Mapping[str, object]) -> Plan:
    return replace(plan, **given)  # type: ignore[arg-type]


async def _run(project: Project, plan: Plan, site: ClusterSite | None) -> RunSnapshot:
    """Run to the end; Ctrl+C and SIGTERM stop it in order, with everything stored."""
    with RunNarrator(sys.stderr) as narrator:
        session = RunSession(project, plan, narrator.show, headless=True, site=site)
        loop = asyncio.get_running_loop()
        stopping: set[asyncio.Task[None]] = set()
        for number in filter(heeded, (signal.SIGINT, *ENDING)):
            loop.add_signal_handler(number, lambda: stopping.add(loop.create_task(session.stop())))
        try:
            last = await session.run()
        finally:
            if site:
                await site.close()
        narrator.finish(last)
        return last
