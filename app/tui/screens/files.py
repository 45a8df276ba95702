"""Choose a file: typed with completion, or taken out of a list of the folder; no key needs a mouse."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from app.errors import IntakeError, QuorumError
from app.tui.host import shows_errors
from app.tui.keys import key
from app.tui.literal import literal_line
from app.tui.screens.base import Question
from app.tui.widgets.fields import PathInput, typed_path
from app.visible import hidden_count
from app.words import count, size

LISTED = 300
"""More names than this are counted, not listed."""

WIDTH = 64
"""Characters of a folder's path that fit into the window."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What lies in a folder (its name is foreign); `octets` of a file."""

    name: str
    folder: bool
    octets: int = 0


BESIDE_A_PROJECT = ("-wal", "-shm", ".lock")
"""Ends of the names of files that lie beside an open project and are nobody's to choose."""


def entries_of(folder: Path, begins: str) -> list[Entry]:
    """Return the folders, then the files in `folder` whose names begin so, in any case.

    Hidden ones only where a dot is typed, none that lie beside an open project. Raises IntakeError where the
    folder cannot be read.
    """
    entries: list[Entry] = []
    try:
        with os.scandir(folder) as found:
            for one in found:
                shown = begins.startswith(".") or not one.name.startswith(".")
                if shown and one.name.casefold().startswith(begins.casefold()):
                    entries.append(_entry(one))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise IntakeError(f"{folder} cannot be read: {why}.") from None
    names = {entry.name for entry in entries}
    beside = {name + end for name in names for end in BESIDE_A_PROJECT}
    return sorted(
        (entry for entry in entries if entry.name not in beside),
        key=lambda entry: (not entry.folder, entry.name.casefold(), entry.name),
    )


def _entry(one: os.DirEntry[str]) -> Entry:
    try:
        return Entry(one.name, one.is_dir(), one.stat().st_size)
    except OSError:  # a link that leads nowhere
        return Entry(one.name, folder=False)


def split_typed(folder: Path, text: str) -> tuple[Path, str]:
    """Return the folder that a typed path leads to from `folder`, and the beginning of a name in it.

    Raises QuorumError for an unknown ~name.
    """
    before, slash, name = text.rpartition("/")
    if text.strip() in ("~", "..", "."):
        before, slash, name = text.strip(), "/", ""
    return (folder / typed_path(before + slash) if slash else folder), name


class Completion(Suggester):
    """Completes a typed path by the first name in its folder that begins so."""

    def __init__(self, screen: FileScreen) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._screen = screen

    async def get_suggestion(self, value: str) -> str | None:
        """Return the path completed; names with hidden characters are only chosen from the list."""
        try:
            folder, begins = split_typed(self._screen.folder, value)
            entries = await asyncio.to_thread(entries_of, folder, begins)
        except QuorumError:
            return None
        for entry in entries if begins else ():
            if entry.name.startswith(begins) and not hidden_count(entry.name):
                return value + entry.name[len(begins) :] + ("/" if entry.folder else "")
        return None


class FileScreen(Question[Path]):
    """Gives a file that exists. The field keeps the keys; the list follows what is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("down", "move(1)", "next name", "Go down in the list.", "file.down", show=False),
        key("up", "move(-1)", "name before", "Go up in the list.", "file.up", show=False),
        key("pagedown", "move(8)", "further down", "Go down eight names.", "file.page-down", show=False),
        key("pageup", "move(-8)", "further up", "Go up eight names.", "file.page-up", show=False),
        key("tab", "complete", "complete", "Complete what is typed.", "file.complete", show=False),
    ]

    def __init__(self, title: Content, folder: Path) -> None:
        super().__init__()
        self._title = title
        self.folder = folder
        self._listed: list[Path] = []

    def compose_window(self) -> ComposeResult:
        """Compose the folder, the field and the list."""
        yield Static(self._title, classes="window-title")
        yield Static(id="file-folder", classes="dim")
        yield PathInput(placeholder="path of a file", suggester=Completion(self), id="file-path")
        yield OptionList(id="file-list", compact=True)
        yield Static(id="file-note", classes="warning")
        yield Static("↑ ↓  choose   Tab  complete   Enter  take   Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """List the folder and begin in the field."""
        self.set_focus(self.query_one(PathInput))
        self._list("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._list(event.value)

    def _list(self, text: str) -> None:
        self.run_worker(self.list_names(text), group="list", exclusive=True)

    async def list_names(self, text: str) -> None:
        """List what the typed path may become; what cannot be listed is said in a line."""
        note, entries = Content(), []
        folder = self.folder
        try:
            folder, begins = split_typed(self.folder, text)
            entries = await asyncio.to_thread(entries_of, folder, begins)
        except QuorumError as error:
            note = literal_line(error.message, 200)
        more = len(entries) - LISTED
        if more > 0:
            note = Content.assemble("and ", count(more), " more: type how the name begins")
        above = [Entry("..", folder=True)] if not text and folder.parent != folder else []
        shown = [*above, *entries[:LISTED]]
        self._listed = [folder / entry.name for entry in shown]
        listed = self.query_one("#file-list", OptionList)
        listed.clear_options()
        listed.add_options([Option(entry_line(entry)) for entry in shown])
        listed.highlighted = None
        self.query_one("#file-folder", Static).update(folder_text(folder))
        self.query_one("#file-note", Static).update(note)

    @on(OptionList.OptionSelected)
    async def _taken(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.take(self._listed[event.option_index])

    @on(Input.Submitted)
    async def _entered(self, event: Input.Submitted) -> None:
        """Take the highlighted name, else what is typed, else the one name that is left."""
        event.stop()
        at = self.query_one("#file-list", OptionList).highlighted
        if at is not None:
            await self.take(self._listed[at])
        elif event.value.strip():
            await self._take_typed(event.value)

    @shows_errors
    async def _take_typed(self, text: str) -> None:
        path = self.folder / typed_path(text)
        exists = await asyncio.to_thread(os.path.exists, path)
        if not exists and len(self._listed) == 1:
            path = self._listed[0]
        await self.take(path)

    async def take(self, path: Path) -> None:
        """Give a file; go into a folder."""
        path = Path(os.path.normpath(path))  # noqa: ASYNC240 - it looks at the text alone
        if await asyncio.to_thread(os.path.isdir, path):
            self.folder = path
            field = self.query_one(PathInput)
            if field.value:
                field.value = ""  # lists, since it changes
            else:
                self._list("")
        elif await asyncio.to_thread(os.path.exists, path):
            self.dismiss(path)
        else:
            self.query_one("#file-note", Static).update("There is no file of this name.")

    def action_move(self, by: int) -> None:
        """Move in the list; above the first name nothing is chosen."""
        listed = self.query_one("#file-list", OptionList)
        if not listed.option_count:
            return
        at = -1 if listed.highlighted is None else listed.highlighted
        at = max(-1, min(at + by, listed.option_count - 1))
        listed.highlighted = None if at < 0 else at

    def action_complete(self) -> None:
        """Complete what is typed as far as it is suggested."""
        field = self.query_one(PathInput)
        if field.cursor_at_end:
            field.action_cursor_right()


def folder_text(folder: Path) -> Content:
    """Return the path of a folder; of a long one the end, which tells where one is."""
    path = str(folder)
    return literal_line(path if len(path) <= WIDTH else f"…{path[1 - WIDTH :]}", 4 * WIDTH)


def entry_line(entry: Entry) -> Content:
    """Return "answers.jsonl   8.3 MB", a folder with a slash."""
    name = literal_line(entry.name, 200)
    if entry.folder:
        return Content.assemble(name, ("/", "$foreground-muted"))
    return Content.assemble(name, "   ", (size(entry.octets), "$foreground-muted"))
