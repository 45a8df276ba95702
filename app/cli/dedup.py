"""`quorum dedup FILE`: the novelty filter for any JSONL file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, get_args

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from app.cli.common import Threshold
from app.export.layout import whole_file
from app.intake.dedup import Dropped, dedup
from app.intake.lines import opened
from app.method.recipe_parts import NEAR_DUPLICATE, Tokeniser
from app.visible import visible_line
from app.words import plural

_SHOWN = 10
_WIDTH = 100


@click.command("dedup", short_help="Take near-duplicates out of a JSONL file.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--field", default="instruction", show_default=True, help="The text that is compared.")
@click.option(
    "--threshold",
    type=Threshold(),
    default=NEAR_DUPLICATE,
    show_default=True,
    help="A line is left out if its ROUGE-L with an earlier one is above this.",
)
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path),
    help="JSONL whose texts count as known; repeatable.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write kept lines to this file.",
)
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write lines left out to this file, as JSONL."
)
@click.option(
    "--tokeniser",
    type=click.Choice(get_args(Tokeniser)),
    default="rouge-score",
    show_default=True,
    help="rouge-score sees a-z and 0-9, unicode every script.",
)
@click.option("--force", is_flag=True, help="Replace the files to write if they exist.")
def dedup_file(
    file: Path,
    field: str,
    threshold: float,
    against: tuple[Path, ...],
    out: Path | None,
    report: Path | None,
    tokeniser: Tokeniser,
    force: bool,
) -> None:
    """Keep the lines of FILE (- for standard input) that are not near-duplicates of an earlier line.

    Kept lines are written unchanged and in order; what was left out, and against what, is listed at the end.
    """
    if out and report and out.absolute() == report.absolute():
        raise click.UsageError("--out and --report name the same file.")
    with ExitStack() as stack:
        source = stack.enter_context(_source(file))
        keep = stack.enter_context(whole_file(out.absolute(), force=force)) if out else sys.stdout.buffer
        listing = stack.enter_context(whole_file(report.absolute(), force=force)) if report else None
        drops: list[Dropped] = []

        def note(drop: Dropped) -> None:
            if len(drops) < _SHOWN:
                drops.append(drop)
            if listing:
                listing.write(json.dumps(asdict(drop)).encode() + b"\n")

        progress = stack.enter_context(_progress(file))
        done = dedup(
            source,
            str(file),
            lambda line: keep.write(line if line.endswith(b"\n") else line + b"\n"),
            field=field,
            threshold=threshold,
            against=against,
            tokeniser=tokeniser,
            dropped=note,
            progress=progress,
        )
    left_out = done.lines - done.kept
    for drop in drops:
        click.echo(_line(drop), err=True)
    if left_out > len(drops):
        rest = f"… and {left_out - len(drops):,} more"
        click.echo(rest if report else f"{rest}; --report FILE writes all of them", err=True)
    counts = (
        f"{plural(done.lines, 'line')}, {done.kept:,} kept, {plural(left_out, 'near-duplicate')} left out"
    )
    click.echo(counts, err=True)


@contextmanager
def _source(file: Path) -> Iterator[BinaryIO]:
    """Open FILE, or standard input for a single dash."""
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    with opened(file) as source:
        yield source


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], object]]:
    """Show on a terminal how much of FILE is read; yields what to call with the bytes read so far."""
    console = Console(stderr=True)
    size = file.stat().st_size if file.is_file() else None
    if not console.is_terminal or size is None:
        yield lambda _bytes: None
        return
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(TextColumn("reading"), *columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=size)
        yield lambda read: bar.update(task, completed=read)


def _line(drop: Dropped) -> str:
    texts = f"{visible_line(drop.text, _WIDTH)}\n        like: {visible_line(drop.nearest, _WIDTH)}"
    return f"line {drop.line}, {drop.score:.2f}: {texts}"
