"""Export: which format, what goes in, where to; a row and the warnings before anything is written.

All names and texts from outside pass through `literal`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import ClassVar, Final, get_args

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from app.errors import ExportError, QuorumError
from app.export.layout import standing_at
from app.export.lint import CHECKS, LintReport
from app.export.pairs import LEFT_OUT
from app.export.request import FORMATS, ExportRequest, about, request
from app.export.sinks import line
from app.export.write import (
    ExportReport,
    Hidden,
    Preview,
    at_most,
    export,
    first_row,
    hidden_items,
    lint,
    preview,
)
from app.method.terms import FAULTS
from app.store.project import Project
from app.store.rows import Include
from app.tui.host import ProjectChanged, host, shows_errors
from app.tui.keys import TAB, key
from app.tui.literal import failed_line, field_text, literal, literal_line
from app.tui.screens.audit import AuditScreen
from app.tui.screens.base import QuorumScreen
from app.tui.screens.questions import ConfirmScreen
from app.tui.widgets.choices import Choice, Pick
from app.tui.widgets.fields import PathInput, typed_path
from app.tui.widgets.layout import Column, table
from app.visible import hidden_count
from app.words import count, plural, size

PREVIEW = 4000
BESIDE = 150
"""Cells from which on a row and the warnings stand beside the form."""
NAMES = re.compile(r'^ *("(?:[^"\\]|\\.)*")(?=: )', re.MULTILINE)
"""The names of the values in a row that is indented."""
SUFFIXES: Final = {"alpaca": ".json", "csv": ".csv", "parquet": ".parquet", "datasets": ""}
"""How the file of a format is called; all others are JSONL."""

INCLUDES: Final[dict[Include, str]] = {
    "consensus": "what you took, else what the vote keeps",
    "accepted": "only what you accepted, chose or edited",
    "all": "every item once, whatever was decided",
}


class ExportScreen(QuorumScreen):
    """Shows what would be written, and writes it."""

    NAME = "Export"
    ABOUT = (
        "Writes the result in a format that trainers read. Choose the format and what to include; a row in "
        "the highlighted format is shown as it will be written. What looks wrong is counted, and Enter on "
        "such a line reviews those items. Rows with an empty answer are never written. An existing file is "
        "replaced only after you confirm it. A condition such as kind:A score>=0.5 status:edited,chosen "
        "narrows the rows; a split such as 90/5/5 makes one file each for train, validation and test."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "export", "export", "Write the file.", "export.write"),
        key("l", "warned", "warnings", "Review the items with warnings.", "export.warned"),
        key(
            "p",
            "provenance",
            "provenance",
            "Also write a second file that says where each row came from, or not.",
            "export.provenance",
        ),
        key(
            "A",
            "audit",
            "audit",
            "Judge rows drawn from these at random, to know how right they are.",
            "export.audit",
            display="A",
        ),
        TAB,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._format = "alpaca-jsonl"
        self._shown = "alpaca-jsonl"
        self._include: Include = "consensus"
        self._provenance = False
        self._writing = False
        self._warnings: LintReport | None = None
        self._stopped = Event()

    def compose_body(self) -> ComposeResult:
        """Compose the choices, then a row and the warnings."""
        with VerticalScroll(id="export-body", can_focus=False), Container(id="export-parts"):
            with Vertical(id="export-form"):
                yield Static("format", classes="dim")
                yield Pick(id="export-format")
                yield Static("what to include", classes="dim")
                yield Pick(id="export-include")
                yield Static(id="export-hidden")
                with Horizontal(id="export-more"):
                    yield PathInput(placeholder="only rows with … (kind:A score>=0.5)", id="export-only")
                    yield PathInput(placeholder="split, as 90/5/5", id="export-split")
                yield Static("where to", classes="dim", id="export-where-head")
                with Horizontal(id="export-where"):
                    yield PathInput(placeholder="path of the new file", id="export-path")
                    yield Button("Export", id="export-go", compact=True)
            with Vertical(id="export-found"):
                yield Static(id="export-result")
                yield Static(id="export-warnings")
                yield OptionList(id="export-checks", compact=True)
                yield Static(id="export-first-head", classes="dim")
                yield Static(id="export-first")

    def on_resize(self, event: events.Resize) -> None:
        """Put a row and the warnings beside the form where there is room for both."""
        self.set_class(event.size.width >= BESIDE, "-beside")

    def on_mount(self) -> None:
        """Count and show the first row; Enter on Export is ready to press."""
        self.show_title()
        self.query_one("#export-format", Pick).show(
            [Choice(name, Content(), format_line(name)) for name in FORMATS], self._format
        )
        self.query_one("#export-path", Input).value = field_text(self._default_path())
        self._look()
        self.query_one("#export-go").focus()

    def on_unmount(self) -> None:
        """Stop counting."""
        self.put_down()

    def put_down(self) -> None:
        """Stop counting before the project is closed, which would wait for it."""
        self._stopped.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the warnings only where there are some."""
        if action == "warned" and not (self._warnings and self._warnings.counts):
            return False
        return super().check_action(action, parameters)

    # ---- what would be written --------------------------------------------------------------------

    def _request(self, format: str | None = None, include: Include | None = None) -> ExportRequest:
        """Return what is asked for now. Raises QuorumError for a condition or split that is not valid."""
        return request(
            format or self._format,
            include or self._include,
            where=self.query_one("#export-only", Input).value,
            reviewer=host(self).reviewer,
            split=self.query_one("#export-split", Input).value.strip(),
            provenance=self._provenance,
        )

    @on(ProjectChanged)
    def _look(self) -> None:
        """Count anew; nobody waits for it, and only the newest answer is shown."""
        self._stopped.set()
        self._stopped = Event()
        self.run_worker(self.look(self._stopped), group="look", exclusive=True)
        self._show_row()

    @shows_errors
    async def look(self, stopped: Event) -> None:
        """Count what each choice holds, the chosen one first; then look for what is wrong with it."""
        project = host(self).require_project()
        self._warn(None)
        previews: dict[Include, Preview] = {}
        try:
            most = {
                name: await asyncio.to_thread(at_most, project, self._request(include=name))
                for name in INCLUDES
            }
            self._show_counts(previews, most)
            self._show_hidden(await asyncio.to_thread(hidden_items, project, self._request()))
            for include in sorted(get_args(Include), key=lambda name: name != self._include):
                asked = self._request(include=include)
                previews[include] = await asyncio.to_thread(preview, project, asked, stopped)
                self._show_counts(previews, most)
            self._warn(await asyncio.to_thread(lint, project, self._request(), stopped))
        except QuorumError as error:
            self.query_one("#export-warnings", Static).update(failed_line("Not checked", error.message))
            raise

    def _show_counts(self, previews: Mapping[Include, Preview], most: Mapping[Include, int | None]) -> None:
        """Show how many rows each choice has, or at most has as long as they are not counted."""
        lines = [
            Choice(name, Content(), include_line(name, previews.get(name), most[name])) for name in INCLUDES
        ]
        self.query_one("#export-include", Pick).show(lines, self._include)

    def _show_hidden(self, hidden: Hidden) -> None:
        """Say what hidden runs keep back, where there are any."""
        line = self.query_one("#export-hidden", Static)
        line.display = hidden.items > 0
        line.update(literal(f"Left out: {hidden}; H on Home shows them again."))

    def _warn(self, report: LintReport | None) -> None:
        self._warnings = report
        self.query_one("#export-warnings", Static).update(warnings_line(report))
        found = report.counts if report else {}
        checks = self.query_one("#export-checks", OptionList)
        checks.display = bool(found)
        checks.clear_options()
        checks.add_options(Option(check_line(name, number), id=name) for name, number in found.items())
        self.refresh_bindings()

    def _show_row(self) -> None:
        self.run_worker(self.show_row(), group="row", exclusive=True)

    @shows_errors
    async def show_row(self) -> None:
        """Show the first row in the highlighted form."""
        project, name = host(self).require_project(), self._shown
        asked = self._request(name)
        row_text = await asyncio.to_thread(first_row, project, asked)
        head = Content.assemble("the first row as ", literal_line(name))
        row = row_content(row_text[:PREVIEW])
        if not row_text:
            head = Content.assemble("no rows yet; as ", literal_line(name), " a row has these keys")
            row = row_content(line(asked.example())).stylize("$foreground-muted")
        self.query_one("#export-first-head", Static).update(head)
        self.query_one("#export-first", Static).update(row)

    def _default_path(self) -> str:
        """Return a name after the project's, in the current folder; hidden characters are not repeated."""
        stem = host(self).require_project().path.stem
        name = stem if hidden_count(stem) == 0 and stem else "quorum"
        mark = "" if self._format == "alpaca-jsonl" or self._format in SUFFIXES else f".{self._format}"
        return f"{name}{mark}{SUFFIXES.get(self._format, '.jsonl')}"

    # ---- choosing ---------------------------------------------------------------------------------

    @on(Pick.Picked, "#export-format")
    def _format_picked(self, message: Pick.Picked) -> None:
        field = self.query_one("#export-path", Input)
        ours = field.value == self._default_path()
        self._format = self._shown = message.id
        if ours:
            field.value = field_text(self._default_path())
        self._look()

    @on(OptionList.OptionHighlighted, "#export-format")
    def _format_highlighted(self, message: OptionList.OptionHighlighted) -> None:
        if message.option_id is not None and message.option_id != self._shown:
            self._shown = message.option_id
            self._show_row()

    @on(Pick.Picked, "#export-include")
    def _include_picked(self, message: Pick.Picked) -> None:
        self._include = next(name for name in INCLUDES if name == message.id)
        self._look()

    @on(Input.Submitted, "#export-only")
    @on(Input.Submitted, "#export-split")
    def _narrowed(self, message: Input.Submitted) -> None:
        message.stop()
        self._look()

    def action_provenance(self) -> None:
        """Write the sidecar, or not."""
        self._provenance = not self._provenance
        more = "  + a second file: where each row came from" if self._provenance else ""
        self.query_one("#export-where-head", Static).update(Content(f"where to{more}"))

    @shows_errors
    async def action_warned(self) -> None:
        """Open Review with the items that have warnings."""
        if self._warnings is not None:
            await host(self).review_only(tuple(self._warnings.numbers))

    @on(OptionList.OptionSelected, "#export-checks")
    @shows_errors
    async def _check_picked(self, message: OptionList.OptionSelected) -> None:
        """Open Review with the items that one check found."""
        if self._warnings is not None and message.option_id is not None:
            await host(self).review_only(tuple(self._warnings.by_check[message.option_id]))

    @shows_errors
    async def action_audit(self) -> None:
        """Audit what is chosen."""
        self.app.push_screen(AuditScreen(self._request()))

    # ---- writing ----------------------------------------------------------------------------------

    @on(Button.Pressed)
    @on(Input.Submitted, "#export-path")
    async def _export_asked(self) -> None:
        await self.action_export()

    @shows_errors
    async def action_export(self) -> None:
        """Write the file; ask first if it already exists."""
        text = self.query_one("#export-path", Input).value.strip()
        if not text:
            raise ExportError("Enter a file name.", "For example rows.jsonl.")
        path, asked, project = typed_path(text), self._request(), host(self).require_project()
        standing = await asyncio.to_thread(standing_at, path, asked)
        if standing is None:
            self._write(project, path, asked, False)
            return

        async def answered(replace: bool | None) -> None:
            if replace:
                self._write(project, path, asked, True)

        self.app.push_screen(
            ConfirmScreen(
                Content("This file already exists"),
                literal_line(str(standing.absolute()), 600),
                yes=Content("replace it"),
                no=Content("keep it"),
            ),
            answered,
        )

    def _write(self, project: Project, path: Path, asked: ExportRequest, force: bool) -> None:
        """Begin to write; one export at a time."""
        if self._writing:
            return
        self._writing = True
        self.query_one("#export-result", Static).update("writing …")
        self.add_class("-written")
        # It is the app's: who leaves this screen meanwhile is still asked before quitting.
        self.app.run_worker(self.write(project, path, asked, force), group="export")

    @shows_errors
    async def write(self, project: Project, path: Path, asked: ExportRequest, force: bool) -> None:
        """Write the rows to `path` and say what was written where."""
        try:
            report = await asyncio.to_thread(export, project, path, asked, force=force)
            if self.is_attached:
                self.query_one("#export-result", Static).update(result_of(report))
            else:
                host(self).say(result_of(report))
        except QuorumError:
            self.remove_class("-written")
            raise
        finally:
            self._writing = False


def row_content(text: str) -> Content:
    """Return a row with a line for each value and its names coloured; what is no JSON as it is written."""
    try:
        shown = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return literal(text)
    row = literal(shown)
    for name in NAMES.finditer(row.plain):
        row = row.stylize("$primary", *name.span(1))
    return row


def format_line(name: str) -> Content:
    """Return "messages   chat messages: user, assistant"."""
    return table([[literal_line(name), Content(about(name))]], [Column(18), Column(60)])


def include_line(name: Include, counted: Preview | None, most: int | None = None) -> Content:
    """Return "consensus    34 rows   what you took, …", with what is left out for being empty; while the rows
    are counted, how many they are at most."""
    if counted is not None:
        rows = Content.styled(plural(counted.rows, "row"), "bold")
    else:
        rows = Content("counting …" if most is None else f"≤ {most:,}")
    cells = [literal_line(name), rows, Content(INCLUDES[name])]
    line = table([cells], [Column(10), Column(14, "right"), Column(60)])
    if counted is None or not counted.empty_skipped:
        return line
    return Content.assemble(line, (f", {counted.empty_skipped:,} empty left out", "$foreground-muted"))


def warnings_line(report: LintReport | None) -> Content:
    """Return "▲ 5 items may be wrong, l reviews them all", or that nothing looks wrong."""
    if report is None:
        return Content.styled("checking …", "$foreground-muted")
    parts = []
    if report.counts:
        many = plural(len(report.numbers), "item looks wrong", "items look wrong")
        hint = ("   l reviews them all, Enter those of one line", "$foreground-muted")
        parts.append(Content.assemble(("▲ ", "$text-warning"), many, hint))
    if report.unchecked:
        parts.append(Content("▲ too many instructions to look for near-duplicates"))
    if not parts:
        return Content.assemble(("✓ ", "$text-success"), ("nothing looks wrong", "$foreground-muted"))
    return Content("\n").join(parts)


def check_line(name: str, number: int) -> Content:
    """Return "3  output refuses   lint:refusal": how many, what, and the filter that finds them in Review."""
    filtered = literal(f"lint:{name}" if name in FAULTS else "", "$foreground-muted")
    return table(
        [[Content(count(number)), literal(CHECKS[name]), filtered]],
        [Column(7, "right"), Column(44), Column(16)],
    )


def result_of(report: ExportReport) -> Content:
    """Return what was written where, and what stayed behind."""
    names = [file.path.name for file in report.files]
    where = str(report.path) if len(names) == 1 else f"{report.path.parent}: {', '.join(names)}"
    line = Content.assemble(
        ("✓ ", "$text-success"),
        plural(report.rows, "row"),
        " written (",
        size(report.bytes),
        ") to ",
        literal_line(where, 600, "bold"),
    )
    parts = [line]
    if report.split is not None:
        sizes = ", ".join(f"{file.part} {file.rows:,}" for file in report.files)
        nearest = f"nearest across parts: ROUGE-L {report.split.highest:.2f}"
        parts.append(literal_line(f"{sizes}; {nearest}"))
    if report.empty_skipped:
        parts.append(Content.assemble(count(report.empty_skipped), " with an empty answer left out"))
    for why, number in report.left_out.items():
        parts.append(Content.assemble(count(number), " left out ", literal_line(LEFT_OUT[why])))  # type: ignore[index]
    if report.escaped:
        parts.append(Content.assemble(count(report.escaped), " cells made safe from formulas"))
    return Content("\n").join([Content(" · ").join(parts), *map(literal_line, report.audit)])
