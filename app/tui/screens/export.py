"""Export: which form, what goes in, where to; the first row before anything is written."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar, Final, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from app.errors import ExportError, QuorumError
from app.export.request import FORMATS, about, request
from app.export.write import ExportReport, Preview, export, preview
from app.store.rows import Include
from app.tui.keys import TAB, key
from app.tui.literal import field_text, literal, literal_line
from app.tui.messages import ProjectChanged
from app.tui.screens.base import QuorumScreen, quorum, shows_errors
from app.tui.screens.confirm import ConfirmScreen
from app.tui.widgets.choices import Choice
from app.tui.widgets.fields import PathInput, typed_path
from app.tui.widgets.pick import Pick
from app.tui.widgets.table import Column, table
from app.tui.words import count, plural, size
from app.visible import hidden_count

PREVIEW = 4000
INCLUDES: Final[dict[Include, str]] = {
    "consensus": "what you took, else what the vote keeps",
    "accepted": "only what you accepted, chose or edited",
    "all": "every item once, whatever was decided",
}


class ExportScreen(QuorumScreen):
    """Shows what would be written, and writes it."""

    NAME = "Export"
    ABOUT = (
        "Writes the result as one JSON object a line. Choose the form and what goes in; the first row is "
        "shown as it will be written. Rows with an empty answer are never written; how many is said. A "
        "file that is there is only replaced when you say so."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "export", "export", "Write the file.", "export.write"),
        TAB,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._format = "alpaca-jsonl"
        self._include: Include = "consensus"
        self._writing = False

    def compose_body(self) -> ComposeResult:
        """Compose the choices on one side, the first row on the other."""
        with VerticalScroll(id="export-body", can_focus=False):
            with Vertical(id="export-form"):
                yield Static("format", classes="dim")
                yield Pick(id="export-format")
                yield Static("what goes in", classes="dim")
                yield Pick(id="export-include")
                yield Static("where to", classes="dim")
                with Horizontal(id="export-where"):
                    yield PathInput(placeholder="path of the new file", id="export-path")
                    yield Button("Export", id="export-go", compact=True)
            yield Static(id="export-result")
            yield Static("the first row", classes="dim", id="export-first-head")
            yield Static(id="export-first")

    def on_mount(self) -> None:
        """Count and show the first row; Enter on Export is ready to press."""
        self.show_title()
        self.query_one("#export-format", Pick).show(
            [Choice(name, Content(), format_line(name)) for name in FORMATS], self._format
        )
        self.query_one("#export-path", Input).value = field_text(self._default_path())
        self._look()
        self.query_one("#export-go").focus()

    @on(ProjectChanged)
    def _look(self) -> None:
        """Count anew; nobody waits for it, and only the newest answer is shown."""
        self.run_worker(self.look(), group="look", exclusive=True)

    @shows_errors
    async def look(self) -> None:
        """Count what each choice holds and show the first row of the chosen one."""
        project = quorum(self).require_project()
        format = self._format
        found = {
            include: await asyncio.to_thread(preview, project, request(format, include))
            for include in get_args(Include)
        }
        self.query_one("#export-include", Pick).show(
            [Choice(name, Content(), include_line(name, found[name])) for name in INCLUDES],
            self._include,
        )
        chosen = found[self._include]
        first = Content.styled("Nothing to write with this choice.", "$foreground-muted")
        if chosen.first:
            first = literal(chosen.first[:PREVIEW])
        self.query_one("#export-first", Static).update(first)

    def _default_path(self) -> str:
        """Return a name after the project's, in the current folder; hidden characters are not repeated."""
        stem = quorum(self).require_project().path.stem
        name = stem if hidden_count(stem) == 0 and stem else "quorum"
        return f"{name}{'.messages' if self._format == 'messages' else ''}.jsonl"

    @on(Pick.Picked, "#export-format")
    def _format_picked(self, message: Pick.Picked) -> None:
        field = self.query_one("#export-path", Input)
        ours = field.value == self._default_path()
        self._format = message.id
        if ours:
            field.value = field_text(self._default_path())
        self._look()

    @on(Pick.Picked, "#export-include")
    def _include_picked(self, message: Pick.Picked) -> None:
        self._include = next(name for name in INCLUDES if name == message.id)
        self._look()

    @on(Button.Pressed)
    @on(Input.Submitted)
    async def _export_asked(self) -> None:
        await self.action_export()

    @shows_errors
    async def action_export(self) -> None:
        """Write the file; one that is there is asked about first."""
        text = self.query_one("#export-path", Input).value.strip()
        if not text:
            raise ExportError("There is no file name.", "Type where the rows shall go.")
        path = typed_path(text)
        if await asyncio.to_thread(path.is_file):

            async def answered(replace: bool | None) -> None:
                if replace:
                    self._write(path, True)

            self.app.push_screen(
                ConfirmScreen(
                    Content("This file is there already"),
                    literal_line(str(path.absolute()), 600),
                    yes=Content("replace it"),
                    no=Content("leave it"),
                ),
                answered,
            )
            return
        self._write(path, False)

    def _write(self, path: Path, force: bool) -> None:
        """Begin to write; one file at a time."""
        if self._writing:
            return
        self._writing = True
        self.query_one("#export-result", Static).update("writing …")
        self.add_class("-written")
        self.run_worker(self.write(path, force), group="export")

    @shows_errors
    async def write(self, path: Path, force: bool) -> None:
        """Write the rows to `path` and say what was written where."""
        try:
            await self._export(path, force)
        except QuorumError:
            self.remove_class("-written")
            raise
        finally:
            self._writing = False

    async def _export(self, path: Path, force: bool) -> None:
        project = quorum(self).require_project()
        report = await asyncio.to_thread(
            export, project, path, request(self._format, self._include), force=force
        )
        self.query_one("#export-result", Static).update(result_of(report))


def format_line(name: str) -> Content:
    """Return "messages   chat messages: user, assistant"."""
    return table([[literal_line(name), Content(about(name))]], [Column(18), Column(60)])


def include_line(name: Include, found: Preview) -> Content:
    """Return "consensus    34 rows   what you took, …", with what is left out for being empty."""
    cells = [literal_line(name), Content.styled(plural(found.rows, "row"), "bold"), Content(INCLUDES[name])]
    line = table([cells], [Column(10), Column(10, "right"), Column(60)])
    if not found.empty_skipped:
        return line
    return Content.assemble(line, (f", {found.empty_skipped:,} empty left out", "$foreground-muted"))


def result_of(report: ExportReport) -> Content:
    """Return what was written where."""
    line = Content.assemble(
        ("✓ ", "$text-success"),
        plural(report.rows, "row"),
        " written (",
        size(report.bytes),
        ") to ",
        literal_line(str(report.path), 600, "bold"),
    )
    if not report.empty_skipped:
        return line
    return Content.assemble(line, " · ", count(report.empty_skipped), " with an empty answer left out")
