"""`quorum dedup FILE`: near-duplicates out of any file of tasks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, get_args

import click

from app.cli.common import Threshold
from app.cli.intake import delimiter_option, progress, tell
from app.export.layout import whole_file
from app.intake.dedup import DedupReport, NearLine, Ways, dedup
from app.intake.lines import BadLine, opened
from app.method.recipe_parts import NEAR_DUPLICATE, TokeniserChoice
from app.visible import visible_line
from app.words import plural

_SHOWN = 10
_WIDTH = 100
_DIFFERS = "differs in sign, number or symbol"
_SEES = {"rouge-score": "a-z and 0-9", "unicode": "every script"}


@click.command("dedup", short_help="Take near-duplicates out of a file of tasks.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--field",
    "fields",
    multiple=True,
    help="Field to compare, as in answer.text: dots lead into objects; repeatable "
    "[default: instruction, input and earlier turns].",
)
@click.option(
    "--threshold",
    type=Threshold(),
    default=NEAR_DUPLICATE,
    show_default=True,
    help="A line is left out if its ROUGE-L with an earlier one is above this.",
)
@click.option(
    "--aggressive", is_flag=True, help="Leave out those that differ in sign, number or symbol as well."
)
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path),
    help="File whose tasks count as known; repeatable.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write kept lines to this file.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Write what is left out, set aside or differs to this file, as JSONL.",
)
@click.option(
    "--tokeniser",
    type=click.Choice(get_args(TokeniserChoice)),
    default="auto",
    show_default=True,
    help="rouge-score sees a-z and 0-9, unicode every script; auto looks at the letters of each line.",
)
@delimiter_option
@click.option("--force", is_flag=True, help="Replace the files to write if they exist.")
def dedup_file(
    file: Path,
    fields: tuple[str, ...],
    threshold: float,
    aggressive: bool,
    against: tuple[Path, ...],
    out: Path | None,
    report: Path | None,
    tokeniser: TokeniserChoice,
    delimiter: str | None,
    force: bool,
) -> None:
    """Keep the lines of FILE (- for standard input) that are not near-duplicates of an earlier line.

    FILE may have any form that `quorum help import` lists. Kept lines are written unchanged, in order and in
    the same form. Two tasks are near-duplicates if each compared field is; those that differ in a sign, a
    number or a symbol are kept and listed. Lines that cannot be read are named and not written.
    """
    if out and report and out.resolve() == report.resolve():
        raise click.UsageError("--out and --report name the same file.")
    read = {path.resolve() for path in against}
    if (report and report.resolve() in read | {file.resolve()}) or (out and out.resolve() in read):
        raise click.UsageError("A file that is read cannot be replaced by what is found in it.")
    ways = Ways(tuple(dict.fromkeys(fields)), threshold, tokeniser, aggressive, delimiter)
    with ExitStack() as stack:
        source = stack.enter_context(_source(file))
        keep = stack.enter_context(whole_file(out.absolute(), force=force)) if out else sys.stdout.buffer
        listing = stack.enter_context(whole_file(report.absolute(), force=force)) if report else None
        told = _Told(listing)
        shown = stack.enter_context(progress(file))
        done = dedup(
            *(source, str(file), keep, ways),
            against=against,
            near=told.near,
            aside=told.aside,
            progress=shown.reached,
        )
    told.show(done, report is not None)


@contextmanager
def _source(file: Path) -> Iterator[BinaryIO]:
    """Open FILE, or standard input for a single dash."""
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    with opened(file) as source:
        yield source


class _Told:
    """The first lines that were left out and that were kept though they are near, all of them in a report."""

    def __init__(self, listing: BinaryIO | None) -> None:
        self._listing = listing
        self._dropped: list[NearLine] = []
        self._twins: list[NearLine] = []

    def near(self, line: NearLine) -> None:
        """Take note of a line that is near an earlier one."""
        first = self._twins if line.kept else self._dropped
        if len(first) < _SHOWN:
            first.append(line)
        if self._listing:
            why = _DIFFERS if line.differs else "near-duplicate"
            self._write({**asdict(line), "why": why})

    def aside(self, bad: BadLine, raw: bytes) -> None:
        """Take note of a line that cannot be used."""
        if self._listing:
            text = raw.decode("utf-8", "backslashreplace")
            self._write({"line": bad.line, "kept": False, "why": f"set aside: {bad.what}", "text": text})

    def _write(self, row: dict[str, object]) -> None:
        assert self._listing is not None
        self._listing.write(json.dumps(row).encode() + b"\n")

    def show(self, done: DedupReport, reported: bool) -> None:
        """Say on standard error what was done."""
        unit = done.account.unit
        left_out = done.lines - done.kept
        for path, account in done.known.items():
            if account.bad:
                click.echo(visible_line(f"{path}: {plural(account.bad, account.unit)} set aside"), err=True)
        hint = "" if reported else "; --report FILE writes all of them"
        for lines, count in ((self._dropped, left_out), (self._twins, done.twins)):
            for line in lines:
                click.echo(_line(line, unit), err=True)
            if count > len(lines):
                click.echo(f"… and {count - len(lines):,} more{hint}", err=True)
        tell(done.account)
        for text in _summary(done, left_out):
            click.echo(text, err=True)


def _line(line: NearLine, unit: str) -> str:
    what = f"{'kept, ' if line.kept else ''}{_DIFFERS}: " if line.differs else ""
    where = f"{unit} {line.nearest_line}"
    if line.nearest_file:
        where += f" of {visible_line(line.nearest_file)}"
    text, nearest = visible_line(line.text, _WIDTH), visible_line(line.nearest, _WIDTH)
    return f"{unit} {line.line}, {line.score:.2f}: {what}{text}\n        like {where}: {nearest}"


def _summary(done: DedupReport, left_out: int) -> Iterator[str]:
    ways = [
        f"{name} ({_SEES[name]}) for {plural(count, done.account.unit)}"
        for name, count in done.tokenisers.most_common()
    ]
    if ways:
        yield f"compared by the tokeniser {', '.join(ways)}"
    parts = [f"{plural(done.lines, done.account.unit)}, {done.kept:,} kept"]
    parts += [f"{plural(left_out, 'near-duplicate')} left out"]
    parts += [f"{done.account.bad:,} set aside and not written"] if done.account.bad else []
    if done.twins:
        parts += [f"{done.twins:,} of these kept as they differ in sign, number or symbol"]
    yield ", ".join(parts)
