"""`quorum import topics FILE`: the common ones among categories, as a list for `quorum run --topics`."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.words import counted
from app.export.target import whole_file
from app.intake.topics import Chosen, Limits, choose_topics
from app.visible import visible_line

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
    return f"{chosen.lines:,} categories, {counted(len(chosen.topics), 'topic')}{left_out}"
