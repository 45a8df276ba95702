"""`quorum bench`: how fast Quorum's ways are beside the plain ones, on this machine, now."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.bench import BY_DEFAULT, TITLES, Shape
from app.bench.scale import SIZES, WORKS


@click.command("bench", short_help="Measure Quorum on this machine.")
@click.option(
    "--only",
    type=click.Choice(list(TITLES)),
    multiple=True,
    help="Measure this area; repeatable. [all but continuations, real, scale, cluster and ui]",
)
@click.option("--rounds", type=click.IntRange(1, 100), default=3, show_default=True)
@click.option(
    "--native",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with llama-server and llama-batched-bench, to measure against them too.",
)
@click.option(
    "--shape",
    type=click.Choice(["0.5B", "1.5B"]),
    default="0.5B",
    show_default=True,
    help="The size of the random-weight decoder to measure with.",
)
@click.option(
    "--models",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the GGUF files that `--only real` measures. [$QUORUM_MODELS]",
)
@click.option(
    "--size",
    "sizes",
    type=click.IntRange(min=100),
    multiple=True,
    help="Items that `--only scale` works on; repeatable. [2000 and 8000]",
)
@click.option(
    "--work",
    "works",
    type=click.Choice(list(WORKS)),
    multiple=True,
    help="What `--only scale` measures; repeatable. [all]",
)
@click.option(
    "--project",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Project whose copy `--only ui` works on, without a run. [one that is made up]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as data.")
def bench(
    only: tuple[str, ...],
    rounds: int,
    native: Path | None,
    shape: Shape,
    models: Path | None,
    sizes: tuple[int, ...],
    works: tuple[str, ...],
    project: Path | None,
    as_json: bool,
) -> None:
    """Run both sides of each comparison in turns and print how many times faster Quorum's is.

    The engine is measured with models of real shapes and random weights; nothing is downloaded. Takes about
    a quarter of an hour, with --native over half an hour, on an otherwise idle machine. `--only real`
    measures models of your own; `--only scale` how time and memory grow.
    """
    if project is not None and "ui" not in only:
        raise click.UsageError("--project goes with --only ui.")
    if (sizes or works) and "scale" not in only:
        raise click.UsageError("--size and --work go with --only scale.")
    # The reference scorer takes a good part of a second to import; only this command needs it.
    from app.bench.areas import measure
    from app.bench.figures import Figure, as_data

    areas = [area for area in TITLES if area in (only or BY_DEFAULT)]
    figures: list[Figure] = []
    shown = ""
    for area, figure in measure(areas, rounds, native, shape, models, sizes or SIZES, works, project):
        figures.append(figure)
        if as_json:
            continue
        if area != shown:
            click.echo(("\n" if shown else "") + TITLES[area])
            shown = area
        click.echo(figure.line())
    if as_json:
        click.echo(json.dumps(as_data(figures), indent=1))
