"""`quorum models pull` and `suggest`: get a model from the Hugging Face Hub, and say which would suit."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn
from rich.text import Text

from app.engine.catalog import ModelFile, find_models
from app.engine.check import facts
from app.engine.devices import find_devices
from app.engine.gguf import read_header
from app.engine.machine import total_memory
from app.engine.suggest import ModelSet, Suggested, missing, sibling_lines, suggestions
from app.visible import visible_line
from app.words import plural, size

_FOLDER = click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("models"),
    help="Where to put it [models].",
)


@click.command("pull", short_help="Download a model from the Hugging Face Hub.")
@click.argument("repository", metavar="REPO")
@click.argument("file")
@_FOLDER
def pull_model(repository: str, file: str, folder: Path) -> None:
    """Download FILE of REPO (owner/name) from the Hugging Face Hub and check its header.

    Run the same command to resume a download that stopped. A file that the Hugging Face cache has
    already is not downloaded again.
    """
    hub = _hub()
    path = hub.cached(repository, file)
    if path is not None:
        print("The Hugging Face cache already has it.", file=sys.stderr)
    else:
        with _Told() as progress:
            try:
                path = hub.pull(repository, file, folder, progress.show)
            except KeyboardInterrupt:
                progress.say(hub.RESUME_HINT)
                raise
    header = read_header(path)
    print(visible_line(str(path)))
    print(visible_line(facts(header)), file=sys.stderr)


class _Told:
    """Tells a download on standard error: a bar on a terminal, a line for each tenth elsewhere."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
        self._bar = Progress(
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)
        self._tenths = -1

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, there: int, total: int) -> None:
        """Say that `there` of `total` bytes have arrived."""
        self._bar.update(self._task, completed=there, total=total)
        tenths = there * 10 // max(total, 1)
        if not self._console.is_terminal and tenths != self._tenths:
            self._tenths = tenths
            self.say(f"{tenths * 10}% of {size(total)}")

    def say(self, text: str) -> None:
        """Say a line."""
        self._console.print(Text(visible_line(text)), soft_wrap=True)


def _hub() -> Any:
    """Return the module that knows the Hub's client, which takes a noticeable part of a second to import."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from app.engine import hub

    return hub


@click.command("suggest", short_help="Say which models to get for this machine, and get them.")
@click.option(
    "--for",
    "name",
    metavar="MEMORY",
    help='Suggest for this memory: "8 GB", "16 GB", "32 GB" or "24 GB GPU". [this machine\'s]',
)
@click.option("--pull", is_flag=True, help="Download them without asking.")
@_FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, and download nothing.")
def suggest_models(name: str | None, pull: bool, folder: Path, as_json: bool) -> None:
    """Name a writer and two or three answerers of different families that suit this machine's memory.

    The list ships with Quorum: names, sizes and licences were looked up in public documentation on the date
    it says. On a terminal, Enter downloads what is missing; run the command again to resume.
    """
    chosen = _for_this_machine() if name is None else suggestions().named(name)
    if chosen is None:
        names = ", ".join(known.name for known in suggestions().sets)
        raise click.UsageError(f"There is no list for {name!r}. There are: {names}.")
    if as_json:
        print(json.dumps({"checked": str(suggestions().checked)} | asdict(chosen), indent=2))
        return
    found = [file for file in find_models([folder]) if file.header is not None]
    lacking = missing(chosen.models, [path.name for file in found for path in file.paths])
    for line in _lines(chosen, lacking, found):
        print(line)
    if not lacking:
        return
    if not pull:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            print("`quorum models suggest --pull` downloads them.")
            return
        click.confirm(f"Download {plural(len(lacking), 'file')} to {folder}?", default=True, abort=True)
    hub = _hub()
    with _Told() as progress:
        try:
            wanted = [(model.repository, model.file) for model in lacking]
            paths = hub.pull_all(wanted, folder, progress.show)
        except KeyboardInterrupt:
            progress.say(hub.RESUME_HINT)
            raise
    for path in paths:
        print(f"{visible_line(str(path))}  {visible_line(facts(read_header(path)))}")


def _for_this_machine() -> ModelSet:
    devices = asyncio.run(find_devices())
    return suggestions().for_machine(total_memory(), devices.gpus)


def _lines(chosen: ModelSet, lacking: Sequence[Suggested], found: Sequence[ModelFile]) -> list[str]:
    """Lay out a set: a line a model, what is still to come, siblings among these models and those here."""
    names = max(len(model.file) for model in chosen.models)
    lines = [f"For {chosen.name}; names and sizes were looked up on {suggestions().checked}:"]
    for model in chosen.models:
        note = "" if model in lacking else "  already here"
        lines.append(
            f"  {model.role:<8}  {model.file:<{names}}  {size(model.size):>7}  {model.family:<8}"
            f"  {model.licence:<10}  {model.context:>7,} tokens  {model.repository}{note}"
        )
    if lacking:
        total = sum(model.size for model in lacking)
        lines.append(f"{plural(len(lacking), 'file')} to download, about {size(total)}.")
    else:
        lines.append("All of them are here.")
    return [*lines, *map(visible_line, sibling_lines(chosen.models, found))]
