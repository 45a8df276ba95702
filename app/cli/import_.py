"""`quorum import …`: take what exists into a project: tasks, answers, topics, decisions, judgements."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import get_args

import click

from app.cli.common import Guessing
from app.cli.intake import file_options, progress, tell_aside
from app.errors import IntakeError
from app.intake import decided, judged
from app.intake.forms import MEANINGS
from app.intake.seeds import seed_file
from app.intake.topics import Chosen, Limits, choose_topics
from app.method.terms import Kind
from app.run import import_files
from app.run.import_files import Imported, Source, project_at
from app.store.decisions import login_name
from app.visible import visible_line
from app.words import plural

_LEFT_OUT = {
    "words": "too many words",
    "subcategories": "too few sub-categories",
    "pages": "too few pages",
    "repeated": "repeated",
    "bad": "unreadable",
}
_LIMITS = Limits()


@click.command("topics", short_help="Choose common topics out of a CSV file of categories.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--words", type=int, default=_LIMITS.words, show_default=True, help="Fewer words than this.")
@click.option(
    "--subcategories", type=int, default=_LIMITS.subcategories, show_default=True, help="More than this."
)
@click.option("--pages", type=int, default=_LIMITS.pages, show_default=True, help="More than this.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the topics there, not to the output.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
def topics(file: Path, words: int, subcategories: int, pages: int, out: Path | None, force: bool) -> None:
    """Print the categories of FILE that are common topics, one a line, for `quorum run --topics`.

    FILE is CSV with a header: a title, the number of its sub-categories and of its pages. The limits are
    those of LaMini-LM.
    """
    from app.export.layout import whole_file  # half of the export, which the other imports do not need

    chosen = choose_topics(file, Limits(words, subcategories, pages))
    text = "".join(f"{topic}\n" for topic in chosen.topics)
    if out:
        with whole_file(out.absolute(), force=force) as target:
            target.write(text.encode())
    else:
        click.echo(text, nl=False)
    click.echo(visible_line(_told(chosen)), err=True)
    for number, what in chosen.bad:
        click.echo(f"line {number}: {what}", err=True)


def _told(chosen: Chosen) -> str:
    parts = [f"{count:,} {_LEFT_OUT[why]}" for why, count in chosen.left_out.items()]
    left_out = f"; left out: {', '.join(parts)}" if parts else ""
    return f"{chosen.lines:,} categories, {plural(len(chosen.topics), 'topic')}{left_out}"


@click.command("seeds", short_help="Example tasks for the next run.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice(get_args(Kind)), help="The kind of all tasks, whatever their inputs."
)
@file_options(MEANINGS)
def seeds(
    project: Path, file: Path, kind: Kind | None, columns: dict[str, str], delimiter: str | None
) -> None:
    """Take the seed tasks of FILE into PROJECT, which is created if it does not exist.

    FILE may have any form that `quorum help import` lists; the command says what was read as what, and which
    fields were not taken over. Inputs and outputs may be missing: a recipe that answers given tasks needs no
    outputs. Tasks with an input are kind A, others kind B. The next run uses all imported tasks; the same
    file again adds nothing.
    """
    path = seed_file(file)
    with progress(path) as shown:
        source = Source(path, columns, delimiter, shown.reached)
        done = import_files.seeds(source, _into(project), file.name, kind)
    _tell(done, file)


@click.group("import", cls=Guessing, short_help="Import what already exists into a project.")
def import_group() -> None:
    """Import what already exists into a project."""


@import_group.command("candidates", short_help="Tasks with the answers of several models.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", default="", help="Who wrote the outputs for which FILE names no model.")
@file_options(MEANINGS)
def candidates(project: Path, file: Path, model: str, columns: dict[str, str], delimiter: str | None) -> None:
    """Take the tasks and answers of FILE into PROJECT, which is created if it does not exist, and vote.

    FILE is, for example, JSONL: {"instruction": …, "input": …, "outputs": [{"model": …, "output": …}, …]},
    the writer's output first; `quorum help import` lists all forms. Lines that cannot be used are named and
    set aside, all others are stored together. The same file again adds nothing; answers of other models to an
    existing task are added to it.
    """
    with progress(file) as shown:
        source = Source(file, columns, delimiter, shown.reached, shown.voted)
        done = import_files.candidates(source, _into(project), file.name, model)
    _tell(done, file)


@import_group.command("decisions", short_help="Decisions that were made elsewhere.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reviewer", help="Name stored with the decisions [default: the login name]")
@file_options(decided.FIELDS)
def decisions(
    project: Path, file: Path, reviewer: str | None, columns: dict[str, str], delimiter: str | None
) -> None:
    """Apply the decisions of FILE to PROJECT, as decisions of one reviewer.

    FILE is JSONL, a JSON array, CSV or Parquet: {"item": 142, "decision": "accept"}; accept, choose or edit
    (with "output"), reject (with "reason") or later. Name an item by its number, its "id", or its
    "instruction" and "input"; "note", "tags", "grade" and "flag" may accompany a decision. What already holds
    is not stored again.
    """
    with progress(file) as shown:
        source = Source(file, columns, delimiter, shown.reached)
        into = partial(project_at, project)
        done = import_files.decisions(source, into, reviewer or login_name())
    _tell(done, file)


@import_group.command("judgements", short_help="Judgements that were made elsewhere.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--reviewer", help="Name stored with judgements for which FILE names nobody [default: the login name]"
)
@file_options((*judged.FIELDS, *judged.ANSWER_FIELDS))
def judgements(
    project: Path, file: Path, reviewer: str | None, columns: dict[str, str], delimiter: str | None
) -> None:
    """Take the judgements of FILE into PROJECT, about items that it holds.

    FILE is JSONL, a JSON array, CSV or Parquet: {"instruction": …, "input": …, "task": true, "outputs":
    [{"model": …, "right": true}, …]}. An answer is named by its "model", its "output" or both; "right" may be
    null or missing, or a "grade" from A to D; "turns" hold what was said before the task. What already stands
    is not stored again. `quorum export --what judgements` writes this form.

    `quorum learn` uses them; the report card counts them apart, since they were not drawn here at random.
    """
    with progress(file) as shown:
        source = Source(file, columns, delimiter, shown.reached)
        done = import_files.judgements(source, partial(project_at, project), reviewer or login_name())
    _tell(done, file)


def _into(project: Path) -> import_files.Into:
    return partial(project_at, project, create=True)


def _tell(done: Imported, file: Path) -> None:
    """Say on standard error what an import did; raises IntakeError where nothing could be used."""
    tell_aside(done.aside)
    for sentence in done.sentences:
        click.echo(visible_line(sentence), err=True)
    if not done.applied:
        again = "Mend the lines named above, and import it again." if done.aside.bad else "It holds nothing."
        raise IntakeError(f"Nothing of {file} was applied.", again)


import_group.add_command(seeds)
import_group.add_command(topics)
