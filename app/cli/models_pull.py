"""`quorum models pull REPO FILE`: one model file from the Hugging Face Hub."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn
from rich.text import Text

from app.engine.check import facts
from app.engine.gguf import read_header
from app.visible import visible_line


@click.command("pull", short_help="Download a model from the Hugging Face Hub.")
@click.argument("repository", metavar="REPO")
@click.argument("file")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("models"),
    help="Where to put it [models].",
)
def pull_model(repository: str, file: str, folder: Path) -> None:
    """Download FILE of REPO (owner/name) from the Hugging Face Hub and check its header.

    A download that is stopped goes on with the same command. A file that the Hugging Face cache has
    already is not downloaded again.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from app.engine import hub  # the client takes a noticeable part of a second to import

    path = hub.cached(repository, file)
    if path is not None:
        print("The Hugging Face cache has it already.", file=sys.stderr)
    else:
        with _Told() as told:
            try:
                path = hub.pull(repository, file, folder, told.show)
            except KeyboardInterrupt:
                told.say(hub.GO_ON)
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

    def show(self, there: int, size: int) -> None:
        """Say that `there` of `size` bytes have arrived."""
        self._bar.update(self._task, completed=there, total=size)
        tenths = there * 10 // max(size, 1)
        if not self._console.is_terminal and tenths != self._tenths:
            self._tenths = tenths
            self.say(f"{tenths * 10} % of {decimal(size)}")

    def say(self, text: str) -> None:
        """Say a line."""
        self._console.print(Text(visible_line(text)), soft_wrap=True)
