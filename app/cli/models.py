"""`quorum models`: what is on this machine and what it could do in a run."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from app.engine.catalog import Found, default_style, find_models
from app.visible import visible_line

_PIPE_WIDTH = 400


@click.command("models", short_help="List the GGUF models found here.")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
def models(folders: tuple[Path, ...]) -> None:
    """List GGUF models: the bundled ones, ./models, $QUORUM_MODELS and any FOLDERS given."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("model", "size", "quantisation", "architecture", "context", "answers by", "file"):
        table.add_column(heading, no_wrap=heading != "file", overflow="fold")
    for found in find_models(folders):
        table.add_row(*(Text(visible_line(cell)) for cell in _cells(found)))
    # A pipe has no width: there every model keeps to its line.
    console = Console() if sys.stdout.isatty() else Console(width=_PIPE_WIDTH)
    console.print(table)


def _cells(found: Found) -> tuple[str, ...]:
    if found.header is None:
        return (found.path.name, "", "", "", "", "", found.problem)
    header = found.header
    return (
        header.name,
        decimal(header.size),
        header.quantisation,
        header.architecture,
        f"{header.context_length:,}",
        default_style(header),
        str(found.path),
    )
