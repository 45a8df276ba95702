"""Suggest: which models suit this machine, and one key that gets them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.engine.catalog import ModelFile
from app.engine.devices import find_devices
from app.engine.machine import total_memory
from app.engine.suggest import ModelSet, Suggested, missing, sibling_lines, suggestions
from app.errors import QuorumError
from app.tui.download import Download, DownloadStopped
from app.tui.host import host, shows_errors
from app.tui.keys import key
from app.tui.literal import literal, literal_line
from app.tui.screens.base import Question
from app.words import about, bar, percent, plural, size

FOLDER = Path("models")
BAR = 30


class SuggestScreen(Question[bool]):
    """Shows the set for this machine's memory; the answer says whether a download was tried."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("enter", "pull", "download", "Download the models that are missing.", "suggest.pull")
    ]

    def __init__(self, found: Sequence[ModelFile]) -> None:
        super().__init__(classes="wide")
        self._found = [file for file in found if file.header is not None]
        self._lacking: list[Suggested] = []
        self._download: Download | None = None
        self._tried = False

    def compose_window(self) -> ComposeResult:
        """Compose title, models, what can be done."""
        yield Static("looking at this machine …", id="suggest-title", classes="window-title")
        with VerticalScroll(classes="window-text", can_focus=False):
            yield Static(id="suggest-models")
        yield Static(id="suggest-state")
        yield Static("Esc  close", id="suggest-keys", classes="window-keys")

    def on_mount(self) -> None:
        """Ask what this machine has."""
        self.set_interval(0.5, self._draw)
        self.run_worker(self._choose())

    @shows_errors
    async def _choose(self) -> None:
        devices = await find_devices()
        chosen = suggestions().for_machine(total_memory(), devices.gpus)
        self._lacking = missing(chosen.models, [path.name for file in self._found for path in file.paths])
        self.query_one("#suggest-title", Static).update(literal(f"Models for {chosen.name}"))
        self.query_one("#suggest-models", Static).update(set_text(chosen, self._lacking, self._found))
        self._show_state(Content())

    def _show_state(self, words: Content) -> None:
        """Show how things stand, and the keys for that."""
        keys = "Esc  close"
        if self._download is not None:
            keys = "Esc  stop: what has come stays, and Enter resumes"
        elif self._lacking:
            total = size(sum(model.size for model in self._lacking))
            files = plural(len(self._lacking), "file")
            keys = f"Enter  download {files}, about {total}, to ./{FOLDER}     Esc  close"
        self.query_one("#suggest-state", Static).update(words)
        self.query_one("#suggest-keys", Static).update(literal(keys))

    def action_pull(self) -> None:
        """Begin the download, or resume it."""
        if self._lacking and self._download is None:
            self._download, self._tried = Download(self._lacking, FOLDER), True
            self._show_state(Content("asking the Hugging Face Hub …"))
            self.run_worker(self._pull(self._download))

    async def _pull(self, download: Download) -> None:
        words = Content.styled("✓ All of them are here.", "$text-success")
        try:
            await asyncio.to_thread(download.run)
            self._lacking = []
        except DownloadStopped:
            words = Content("Stopped; what has come stays.")
        except QuorumError as error:
            words = Content()
            host(self).show_error(error)
        finally:
            self._download = None
        if not self.is_attached:
            return
        self._show_state(words)

    def _draw(self) -> None:
        """Draw how far the download is."""
        if self._download is not None and self._download.total:
            self._show_state(progress_text(self._download))

    def action_back(self) -> None:
        """Stop a download that is going on; else close."""
        if self._download is not None:
            self._download.stop()
        else:
            self.dismiss(self._tried)

    def on_unmount(self) -> None:
        """End the download with the screen."""
        if self._download is not None:
            self._download.stop()


def set_text(chosen: ModelSet, lacking: Sequence[Suggested], found: Sequence[ModelFile]) -> Content:
    """Return a set, two lines a model, and which pairs are siblings."""
    lines = []
    for model in chosen.models:
        here = "" if model in lacking else "  ✓ already here"
        facts = f"{model.family} · {model.licence} · {model.context:,} tokens · {model.repository}"
        lines.append(
            Content.assemble(
                literal(f"{model.role:<10}", "$foreground-muted"),
                literal(model.file),
                f"  {size(model.size)}",
                (here, "$text-success"),
            )
        )
        lines.append(literal(" " * 10 + facts, "$foreground-muted"))
    lines += [literal_line(line, 300, "$text-warning") for line in sibling_lines(chosen.models, found)]
    looked_up = (
        f"Names, sizes and licences were looked up on {suggestions().checked}; "
        "how well the models write or answer was not measured."
    )
    return Content("\n").join([*lines, literal(looked_up, "$foreground-muted")])


def progress_text(download: Download) -> Content:
    """Return a bar, the share and size, and how long it still takes."""
    done, left = bar(download.present, download.total, BAR)
    share = f"  {percent(download.present, download.total)} of {size(download.total)}"
    seconds = download.seconds_left
    rest = "" if seconds is None else f", {about(seconds)} left"
    return Content.assemble((done, "$primary"), (left, "$foreground-muted"), share, rest)
