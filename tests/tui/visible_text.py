"""What a person would see: the text of the screen, read from Textual's own picture of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from textual.app import App
from textual.pilot import Pilot

from app.tui.app import QuorumApp

CELL = 12.2
"""Width of a cell in the picture's units (rich draws 20 px Fira Code)."""


def seen(app: App[None]) -> str:
    """Return the visible text line by line. A control character in it is an error: no picture can hold it."""
    root = ElementTree.fromstring(app.export_screenshot())
    lines: dict[float, dict[int, str]] = {}
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        text = (element.text or "").replace("\u00a0", " ")
        if "clip-path" in element.attrib:
            row = lines.setdefault(float(element.attrib["y"]), {})
            row[round(float(element.attrib["x"]) / CELL)] = text
    drawn: list[str] = []
    for _, row in sorted(lines.items()):
        line = ""
        for column, text in sorted(row.items()):
            line = line.ljust(column) + text
        drawn.append(line.rstrip())
    return "\n".join(drawn)


def squeezed(app: App[None]) -> str:
    """Return the visible text with every run of blanks and line ends as one blank."""
    return re.sub(r"\s+", " ", seen(app))


def lines_of(path: Path | str) -> list[str]:
    """Return the lines of a file that the app wrote."""
    return Path(path).read_text("utf-8").splitlines()


def files() -> list[str]:
    """Return what is in the current folder."""
    return sorted(path.name for path in Path().iterdir())


_NUMBER = re.compile(r"[\s›▌]*(\d)  [·✓✗?]")


def numbered(text: str) -> dict[int, str]:
    """Return the numbers of the answers that Judge shows and how each begins."""
    lines = [line.partition("│")[0] for line in text.splitlines()]
    heads = [(at, found) for at, line in enumerate(lines) if (found := _NUMBER.match(line))]
    return {int(found[1]): lines[at + 1].strip(" ▌") for at, found in heads}


async def settle(pilot: Pilot[None], seconds: float = 300.0) -> None:
    """Wait until every key is carried out, every worker but a run has finished and the screen is drawn."""
    app = pilot.app
    try:
        async with asyncio.timeout(seconds):
            await _at_rest(pilot)
    except TimeoutError:
        working = [worker.name for worker in app.workers if not worker.is_finished]
        keys = isinstance(app, QuorumApp) and app.late_keys.waiting
        raise AssertionError(
            f"no rest: keys waiting: {keys}, working: {working}; the screen shows:\n{seen(app)}"
        ) from None


async def _at_rest(pilot: Pilot[None]) -> None:
    await pilot.pause()
    app = pilot.app
    while isinstance(app, QuorumApp) and app.late_keys.waiting:
        await pilot.pause(0.01)
    waiting = [worker for worker in app.workers if worker.group != "run" and not worker.is_finished]
    if waiting:
        await app.workers.wait_for_complete(waiting)
    await pilot.pause()
    await pilot.pause()


async def until(pilot: Pilot[None], condition: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Wait until something has come true; fail with `what` and the screen after `seconds`."""
    for _ in range(int(seconds / 0.05)):
        if condition():
            await pilot.pause()
            return
        await pilot.pause(0.05)
    raise AssertionError(f"{what} did not happen; the screen shows:\n{seen(pilot.app)}")
