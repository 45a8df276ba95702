"""The options that say what goes out of a project and in which form; exporting and publishing share them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from app.cli.common import NUMBER
from app.cli.intake import tell
from app.export.formats import FORMS
from app.export.human import HumanRow
from app.export.lint import CHECKS
from app.export.request import ExportRequest
from app.export.request import request as make_request
from app.export.trainers import Trainer
from app.intake.seeds import read_seed_tasks
from app.store.decisions import login_name
from app.store.filters import OF_ROWS
from app.store.rows import Include

SEEDS = "seeds"

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--rows",
        type=click.Choice(tuple(FORMS)),
        help="The form of a row in csv (default alpaca-jsonl), parquet and datasets (default messages).",
    ),
    click.option(
        "--include",
        type=click.Choice(get_args(Include)),
        default="consensus",
        show_default=True,
        help="accepted: what a person accepted, chose or edited. consensus: these, and what the vote keeps "
        "undecided. all: every instance once.",
    ),
    click.option("--run", type=NUMBER, help="Only this run."),
    click.option(
        "--where",
        default="",
        help="Only rows that this filter lets through, as typed after / in Review, for example "
        f"'kind:A score>=0.5 status:edited,chosen -tag:hard'. Keys: {', '.join(OF_ROWS)}; the rest is text "
        "to search for.",
    ),
    click.option("--cap", type=NUMBER, help="Maximum rows per instruction."),
    click.option("--seed", type=click.IntRange(min=0), help="Shuffle the rows by this number."),
    click.option("--split", default="", help="Train/validation/test as 90/5/5, or 90/10: a file each."),
    click.option(
        "--with-human",
        metavar="FILE|seeds",
        help="Mix in human-written rows: a file of tasks with answers in any form that import seeds reads, "
        "or the seeds of the project's runs.",
    ),
    click.option("--share", type=float, help="Percentage of rows that should be human-written."),
    click.option("--system", default="", help="A system prompt for every row, if the format has a place."),
    click.option(
        "--no-lint",
        multiple=True,
        type=click.Choice([*CHECKS, "all"]),
        metavar="CHECK",
        help=f"Leave out a warning: {', '.join(CHECKS)}, or all; repeatable.",
    ),
    click.option(
        "--provenance", is_flag=True, help="Write a second file that says where each row came from."
    ),
    click.option(
        "--for",
        "trainers",
        multiple=True,
        type=click.Choice(get_args(Trainer)),
        help="Also write what this trainer needs beside the rows; repeatable.",
    ),
    click.option("--license", "licence", default="", help="Licence named in the card of a folder."),
    click.option("--language", default="", help="Language named in the card, for example en."),
)


def choosing(command: F) -> F:
    """Give a command the options, in the order they are listed."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen(typed: dict[str, Any]) -> ExportRequest:
    """Put together what was typed. Raises ExportError, ProjectError or IntakeError."""
    with_human = typed.pop("with_human")
    human = _human_rows(with_human) if with_human and with_human != SEEDS else ()
    return make_request(**typed, reviewer=login_name(), human=human, with_seeds=with_human == SEEDS)


def _human_rows(file: str) -> tuple[HumanRow, ...]:
    """Read the rows of a file of tasks with answers, and say what was done with it. Raises IntakeError."""
    return tuple(
        HumanRow(task.instruction, input, output, task.source, Path(file).name, task.turns)
        for task in read_seed_tasks(file, told=tell)
        for input, output in task.instances
    )
