"""`quorum models`: what is on this machine and what it could do in a run; check one."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from app.cli.common import Model
from app.cli.pull import pull_model, suggest_models
from app.cli.start import DefaultGroup
from app.engine.calibration.record import stored
from app.engine.catalog import ModelFile, can_write, default_style, find_models
from app.engine.check import Step, check
from app.engine.gguf import ModelHeader
from app.engine.machine import available_memory
from app.engine.memory import memory_needed
from app.engine.settings import default_settings
from app.engine.state import EngineState
from app.errors import did_you_mean
from app.visible import visible_line
from app.words import size

TEXT_LIMIT = 400


@click.command("check", short_help="Load a model and let it answer a tiny prompt.")
@click.argument("model", type=Model())
def check_model(model: Path) -> None:
    """Check MODEL, a GGUF file or the name of a model here.

    Looks at its header, loading, its chat template, one token, and a tiny prompt.

    Prints what each step found. Ends with an error that names the reason if one fails.
    """
    asyncio.run(_check(model))


async def _check(file: Path) -> None:
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    with console.status(Text("reading the header"), spinner="dots") as status:

        def show(state: EngineState) -> None:
            status.update(Text(visible_line(state.note or state.state, 60)))

        async with aclosing(check(file, headless=True, on_state=show)) as steps:
            async for step in steps:
                _print(step)
    print("✓ This model can be used.")


def _print(step: Step) -> None:
    print(f"✓ {step.name:<9} {visible_line(step.result)}")
    if step.name == "answer":
        wrote = visible_line(step.text, TEXT_LIMIT) or "(nothing)"
        print(f"            {wrote}")


HEADINGS = ("model", "arch.", "size", "type", "context", "template", "roles", "needs")
_NUMBERS = frozenset({2, 4, 7})
_SPARE = (5, 1)
"""Columns a narrow terminal does without: how a model answers tells whether it has a template."""
_NARROWEST = 20


@click.group(
    "models",
    cls=DefaultGroup,
    default="list",
    default_if_no_args=True,
    short_help="List the GGUF models found here; suggest, check or pull some.",
)
def models() -> None:
    """List GGUF models, suggest some, check or pull one. `quorum models FOLDER` looks into FOLDER too."""


@click.command("list", short_help="List the models found here (the default).")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything known about each as JSON.")
def list_models(folders: tuple[Path, ...], as_json: bool) -> None:
    """List GGUF models and what each can do.

    These are the bundled ones, those in ./models, $QUORUM_MODELS and FOLDERS, and those that Hugging Face,
    LM Studio, llama.cpp, Ollama and Python packages keep on this machine. Roles: who can write tasks, and
    how a model answers: by its chat template, few-shot after worked examples, or zero-shot.
    """
    for folder in folders:
        if not folder.exists() and (guess := did_you_mean(str(folder), models.commands)):
            raise click.UsageError(f"There is no folder {str(folder)!r}. {guess}".rstrip())
    files = find_models(folders)
    if as_json:
        print(json.dumps([_facts(file) for file in files], indent=2))
        return
    # A pipe has no width: there every model keeps to its line.
    if not sys.stdout.isatty():
        for line in _lines(files, None):
            print(line)
        return
    console = Console(highlight=False, markup=False, emoji=False)
    for line in _lines(files, console.width):
        head, _, rest = line.partition("\n")
        console.print(Text(head), soft_wrap=True)
        if rest:
            console.print(Text(rest, style="dim"), soft_wrap=True)
    console.print(Text(f"\n{size(available_memory())} of memory are free; ! needs more.", style="dim"))


for command in (list_models, suggest_models, check_model, pull_model):
    models.add_command(command)


def _lines(files: Sequence[ModelFile], width: int | None) -> list[str]:
    """Lay out a line a model under a heading, the path below it, or behind it where there is no `width`."""
    rows = [HEADINGS, *(_cells(file, file.header) for file in files if file.header)]
    columns = _columns(rows, width)
    lines = [_line(HEADINGS, columns) + ("" if width else "  file")]
    for file in files:
        path, why = visible_line(str(file.path)), visible_line(file.why)
        parts = [f"✗ {visible_line(file.name)}", why]
        if file.header is not None:
            parts = [_line(_cells(file, file.header), columns)]
        lines += [f"{'  '.join(parts)}  {path}"] if width is None else ["\n  ".join([*parts, path])]
    return lines


def _columns(rows: Sequence[Sequence[str]], width: int | None) -> dict[int, int]:
    """Return the columns to show and their widths; a narrow terminal has fewer and a shorter name."""
    columns = {at: max(cell_len(row[at]) for row in rows) for at in range(len(HEADINGS))}
    if width is None:
        return columns
    for spare in _SPARE:
        if width - _rest(columns) < min(columns[0], _NARROWEST):
            del columns[spare]
    columns[0] = min(columns[0], max(width - _rest(columns), _NARROWEST))
    return columns


def _rest(columns: Mapping[int, int]) -> int:
    """Return what all columns but the first take, gaps included."""
    return sum(columns.values()) - columns[0] + 2 * (len(columns) - 1)


def _line(cells: Sequence[str], columns: Mapping[int, int]) -> str:
    """Return the cells of these columns padded, numbers to the right, cut where they are too long."""
    padded: list[str] = []
    for at, width in columns.items():
        cut = cells[at] if cell_len(cells[at]) <= width else set_cell_size(cells[at], width - 1) + "…"
        gap = " " * (width - cell_len(cut))
        padded.append(gap + cut if at in _NUMBERS else cut + gap)
    return "  ".join(padded)


def _cells(file: ModelFile, header: ModelHeader) -> tuple[str, ...]:
    facts = _facts(file)
    cells = (
        facts["name"],
        facts["architecture"],
        size(facts["bytes"]),
        facts["quantisation"],
        f"{facts['context']:,}",
        "yes" if facts["chat_template"] else "–",
        f"writer, {default_style(header)}" if can_write(header) else default_style(header),
        size(facts["memory_needed"]) + ("" if facts["fits"] else " !"),
    )
    return tuple(visible_line(cell) for cell in cells)


def _facts(file: ModelFile) -> dict[str, Any]:
    """Return what is known about a model as plain JSON values; sizes in bytes."""
    known: dict[str, Any] = {
        "name": _storable(file.name),
        "path": _storable(str(file.path.absolute())),
        "source": file.source,
        "problem": _storable(file.problem) or None,
    }
    if (header := file.header) is None:
        return known
    needed = memory_needed(header, default_settings(header, headless=True))
    calibration = stored(header, gpu=True) or stored(header)
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
        "calibration": calibration.line() if calibration is not None else None,
        "memory_needed": needed,
        "fits": needed <= available_memory(),
    }


def _storable(text: str) -> str:
    """Return `text` with bytes of a file name that are no UTF-8 replaced, since JSON must be."""
    return text.encode("utf-8", "replace").decode("utf-8")
