"""Draw the README's pictures from a real run of the real app: `make screenshots`.

Writes SVG with Textual and turns it into PNG with Chromium, which must be installed.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from app.run.progress import RunState
from app.tui.app import FIRST_PROJECT, QuorumApp
from app.tui.memory import Memory

HERE = Path(__file__).resolve().parent
WIDE, SMALL = (120, 36), (80, 24)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)
TRUE_COLOUR = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
TERMINALS = {
    "review-80": TRUE_COLOUR,
    "review-256": {"TERM": "xterm-256color", "COLORTERM": ""},
    "review-16": {"TERM": "xterm", "COLORTERM": ""},
}
"""The pictures of a small terminal: what it can draw decides on the theme."""
DECISIONS = ("n", "2", "a", "a", "a", "x", "a", "a", "space", "a", "g")
"""All but on the item with the most disagreement, which is what the pictures show."""


async def draw(folder: Path) -> None:
    """Use the app as a newcomer would, taking a picture of every screen on the way."""
    app = QuorumApp(None, "ann", memory=Memory.load(folder / "screens.json"))
    async with app.run_test(size=WIDE) as pilot:
        await _settle(pilot)
        _picture(app, "home")
        await pilot.press("enter")
        await _until(pilot, lambda: app.running.snapshot is not None and _votes(app) >= 5)
        await _settle(pilot)
        _picture(app, "run")
        await _until(pilot, lambda: app.running.snapshot.state is RunState.DONE)
        await pilot.press("r")
        await _settle(pilot)
        for key in DECISIONS:
            await pilot.press(key)
            await _settle(pilot)
        _picture(app, "review")
        await pilot.press("w")
        await _settle(pilot)
        _picture(app, "why")
        await pilot.press("escape", "E")
        await _settle(pilot)
        _picture(app, "export")
        await app.close_project()
    for name, terminal in TERMINALS.items():
        os.environ |= terminal
        app = QuorumApp(folder / FIRST_PROJECT, "ann", memory=Memory.load(folder / "screens.json"))
        async with app.run_test(size=SMALL) as pilot:
            await _settle(pilot)
            await pilot.press("r")
            await _settle(pilot)
            _picture(app, name)
            await app.close_project()


def _votes(app: QuorumApp) -> int:
    snapshot = app.running.snapshot
    return snapshot.stages[-1].done if snapshot else 0


async def _settle(pilot: Pilot[None]) -> None:
    """Wait for everything but the run, then for the screen."""
    await pilot.pause()
    busy = [worker for worker in pilot.app.workers if worker.group != "run" and not worker.is_finished]
    if busy:
        await pilot.app.workers.wait_for_complete(busy)
    await pilot.pause(0.3)


async def _until(pilot: Pilot[None], reached: Callable[[], bool]) -> None:
    while not reached():
        await pilot.pause(0.1)


def _picture(app: QuorumApp, name: str) -> None:
    path = HERE / f"{name}.svg"
    app.save_screenshot(path.name, str(HERE))
    print(f"drew {path.name}")


def to_png(path: Path, chromium: str) -> None:
    """Turn an SVG into a PNG of the same size."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', path.read_text("utf-8"))
    assert found, f"{path} has no size"
    size = ",".join(str(round(float(part))) for part in found.groups())
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                chromium,
                *QUIET,
                f"--user-data-dir={profile}",
                f"--window-size={size}",
                f"--screenshot={path.with_suffix('.png')}",
                path.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main() -> None:
    """Draw all pictures."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("Chromium turns the pictures into PNG and was not found. Debian: apt-get install chromium.")
    os.environ |= {"TEXTUAL_ANIMATIONS": "none", **TRUE_COLOUR}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        asyncio.run(draw(Path(folder)))
        os.chdir(HERE)
    for path in sorted(HERE.glob("*.svg")):
        to_png(path, chromium)


if __name__ == "__main__":
    main()
