"""`quorum models check FILE`: does this model load here, and does it write?"""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from app.engine.check import Step, check
from app.engine.state import EngineState
from app.visible import visible_line

TEXT_LIMIT = 400


@click.command("check", short_help="Load a model and let it answer a tiny prompt.")
@click.argument("file", type=click.Path(path_type=Path))
def check_model(file: Path) -> None:
    """Check FILE: its header, loading, its chat template, one token, and a tiny prompt.

    Prints what each step found. Ends with an error that names the reason if one fails.
    """
    asyncio.run(_check(file))


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
    print(f"✓ {step.name:<9} {visible_line(step.found)}")
    if step.name == "answer":
        wrote = visible_line(step.text, TEXT_LIMIT) or "(nothing)"
        print(f"            {wrote}")
