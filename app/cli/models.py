"""`quorum models`: what is on this machine and what it could do in a run; check one, pull one."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click_default_group import DefaultGroup
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

from app.cli.models_check import check_model
from app.cli.models_pull import pull_model
from app.engine.catalog import Found, can_write, default_style, find_models
from app.engine.machine import available_memory
from app.engine.memory import memory_needed
from app.engine.settings import default_settings
from app.visible import visible_line

HEADINGS = ("model", "arch.", "size", "type", "context", "template", "roles", "needs")
_NUMBERS = frozenset({2, 4, 7})
_NARROWEST = 16


@click.group(
    "models",
    cls=DefaultGroup,
    default="list",
    default_if_no_args=True,
    short_help="List the GGUF models found here; check or pull one.",
)
def models() -> None:
    """List GGUF models, check one, or pull one. `quorum models FOLDER` looks into FOLDER too."""


@click.command("list", short_help="List the models found here (the default).")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything known about each as JSON.")
def list_models(folders: tuple[Path, ...], as_json: bool) -> None:
    """List GGUF models and what each can do.

    These are the bundled ones, those in ./models, $QUORUM_MODELS and FOLDERS, and those that Hugging Face,
    LM Studio, llama.cpp and Ollama keep on this machine.
    """
    found = find_models(folders)
    if as_json:
        print(json.dumps([_facts(one) for one in found], indent=2))
        return
    # A pipe has no width: there every model keeps to its line.
    if not sys.stdout.isatty():
        for line in _lines(found, None):
            print(line)
        return
    console = Console(highlight=False, markup=False, emoji=False)
    for line in _lines(found, console.width):
        console.print(Text(line, style="dim" if line.startswith(" ") else ""), soft_wrap=True)
    console.print(Text(f"\n{decimal(available_memory())} of memory are free; ! needs more.", style="dim"))


for command in (list_models, check_model, pull_model):
    models.add_command(command)


def _lines(found: Sequence[Found], width: int | None) -> list[str]:
    """Lay out a line a model under a heading, the path below it, or behind it where there is no `width`."""
    rows = [HEADINGS, *(_cells(one) for one in found if one.header)]
    widths = [max(cell_len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    if width is not None:
        rest = sum(widths[1:]) + 2 * len(widths[1:])
        widths[0] = max(_NARROWEST, min(widths[0], width - rest))
    lines = [_line(HEADINGS, widths) + ("" if width else "  file")]
    for one in found:
        head = _line(_cells(one), widths) if one.header else f"✗ {visible_line(one.name)}"
        tail = visible_line(str(one.path) if one.header else f"{one.problem} ({one.path})")
        lines += [f"{head}  {tail}"] if width is None else [head.rstrip(), f"  {tail}"]
    return lines


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return the cells padded, numbers to the right, cut where they are too long."""
    padded: list[str] = []
    for at, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        cut = cell if cell_len(cell) <= width else set_cell_size(cell, width - 1) + "…"
        gap = " " * (width - cell_len(cut))
        padded.append(gap + cut if at in _NUMBERS else cut + gap)
    return "  ".join(padded)


def _cells(one: Found) -> tuple[str, ...]:
    facts = _facts(one)
    cells = (
        facts["name"],
        facts["architecture"],
        decimal(facts["bytes"]),
        facts["quantisation"],
        f"{facts['context']:,}",
        "yes" if facts["chat_template"] else "–",
        ", ".join(facts["roles"]),
        decimal(facts["memory_needed"]) + ("" if facts["fits"] else " !"),
    )
    return tuple(visible_line(cell) for cell in cells)


def _facts(one: Found) -> dict[str, Any]:
    """Return what is known about a model as plain JSON values; sizes in bytes."""
    known: dict[str, Any] = {
        "name": _storable(one.name),
        "path": _storable(str(one.path.absolute())),
        "source": one.source,
        "problem": _storable(one.problem) or None,
    }
    if (header := one.header) is None:
        return known
    needed = memory_needed(header, default_settings(header, headless=True))
    answers = f"answerer ({default_style(header)})"
    return known | {
        "architecture": header.architecture,
        "bytes": header.size,
        "quantisation": header.quantisation,
        "parameters": header.parameters,
        "context": header.context_length,
        "vocabulary": header.vocab_size,
        "chat_template": header.has_chat_template,
        "roles": ["writer", answers] if can_write(header) else [answers],
        "license": header.license or None,
        "memory_needed": needed,
        "fits": needed <= available_memory(),
    }


def _storable(text: str) -> str:
    """Return `text` with bytes of a file name that are no UTF-8 replaced, since JSON must be."""
    return text.encode("utf-8", "replace").decode("utf-8")
