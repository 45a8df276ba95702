"""`quorum judge PROJECT`: the screen on which a random sample is judged."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.cli.common import open_for_reading
from app.errors import QuorumError
from app.run.rating import comparison
from app.store.files import check_header
from app.store.filters import parse


@click.command("judge", short_help="Say of a random sample which answers are right.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--n", "size", type=click.IntRange(1, 100_000), default=30, show_default=True, help="Items to draw."
)
@click.option("--filter", "chosen", default="", help="Draw from these items, as Review's / finds them.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Draw the same again from the same items.")
@click.option("--reviewer", help="Name stored with your judgements [default: the login name]")
@click.option(
    "--evaluation", is_flag=True, help="Rate two models' answers of the newest `quorum eval`, blind."
)
@click.option(
    "--model", "models", multiple=True, metavar="NAME", help="Model to rate; twice, if there are more."
)
def judge(
    project: Path,
    size: int,
    chosen: str,
    seed: int | None,
    reviewer: str | None,
    evaluation: bool,
    models: tuple[str, ...],
) -> None:
    """Draw items of PROJECT at random and show them blind, to be judged by keyboard.

    A drawing that is not finished is resumed first; another is drawn from items that were never drawn.

    With --evaluation the tasks come from the newest evaluation that two models finished: their answers stand
    side by side without their names, and you say which is better.
    """
    if models and not evaluation:
        raise click.UsageError("--model goes with --evaluation.")
    wanted = parse(chosen)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QuorumError(
            "Judging needs a terminal.", "Judgements in a file come in with `quorum import judgements`."
        )
    check_header(project.expanduser())  # what is wrong is said before the screens open
    if evaluation:
        with open_for_reading(project) as opened:
            opened.read(lambda c: comparison(c, models))
    # Textual takes a noticeable part of a second to import.
    from app.tui.app import QuorumApp
    from app.tui.screens.judge import JudgeScreen
    from app.tui.screens.rate import RateScreen

    screens = QuorumApp(
        project,
        reviewer,
        begin_at=lambda: RateScreen(models, size) if evaluation else JudgeScreen(size, wanted, seed),
    )
    screens.run()
    sys.exit(screens.return_code)
