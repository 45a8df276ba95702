"""Audit: rows of an export one by one, right or wrong, and how right all of them are at least and at most.

Nothing here says which model answered or how the vote went: `app.store.audits.BlindRow` has only the texts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from app.errors import ProjectError, QuorumError
from app.export.audit import (
    CERTAINTY,
    Certificate,
    at_least,
    at_most,
    certificate,
    chosen_text,
    going_out,
    not_counted,
    once_more,
    record,
)
from app.export.request import ExportRequest, request
from app.method.turns import in_lines
from app.run.interval_lines import axis_for
from app.store import audits
from app.store.audits import BlindRow, Found
from app.store.connection import Connection
from app.store.drawings import Drawing
from app.store.project import Project
from app.tui.host import ProjectChanged, host, shows_errors
from app.tui.keys import key
from app.tui.literal import SLICE, failed_line, literal, literal_line
from app.tui.screens.base import QuorumScreen
from app.tui.widgets.intervals import interval, scale
from app.tui.widgets.layout import Drawn
from app.tui.widgets.text_body import TextBody, sliced
from app.words import count, plural

TARGET = 0.95
WIDEST = 100
"""Cells that the band takes at most."""


class AuditScreen(QuorumScreen):
    """Shows the next row that was drawn, and what is known so far."""

    NAME = "Audit"
    ABOUT = (
        "Shows rows that would be exported, drawn at random, one at a time and without saying which model "
        "answered. Press y if the answer is right and n if it is wrong; a wrong one is left out of exports. "
        "Below stands how many of all rows are right at least and at most. That holds with 95% confidence "
        "at whatever moment you stop, and exports say it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("y", "judge('right')", "right", "The answer is right.", "audit.right"),
        key("n", "judge('wrong')", "wrong", "The answer is wrong: leave it out.", "audit.wrong"),
        key("u", "turn_back('undo')", "undo", "Undo your verdicts one by one.", "audit.undo"),
        key("ctrl+r", "turn_back('redo')", "redo", "Redo what you undid.", "audit.redo", show=False),
        key("space,pagedown", "scroll(0.8)", "scroll", "Scroll a long text down.", "audit.down"),
        key("pageup", "scroll(-0.8)", "scroll up", "Scroll a long text up.", "audit.up", show=False),
        key(
            "greater_than_sign",
            "part(1)",
            "next part",
            "Show the next part of a very long text.",
            "audit.next-part",
            show=False,
        ),
        key(
            "less_than_sign",
            "part(-1)",
            "part before",
            "Show the part before it.",
            "audit.part-back",
            show=False,
        ),
    ]

    def __init__(self, asked: ExportRequest | None = None, target: float = TARGET) -> None:
        super().__init__()
        self._asked = asked or request("alpaca-jsonl")
        self._target = target
        self._found: Certificate | None = None
        self._row: BlindRow | None = None
        self._part = 0

    def compose_body(self) -> ComposeResult:
        """Compose the row, and below it what is known."""
        yield TextBody(id="audit-row")
        yield Static(id="audit-below")
        yield Standing(self._target, id="audit-standing")

    def on_mount(self) -> None:
        """Draw, and show the first row that is not judged yet."""
        self.show_title()
        self.query_one("#audit-below", Static).update(
            Content.styled("drawing from what would be exported …", "$foreground-muted")
        )
        self._read_again()

    @on(ProjectChanged)
    def _read_again(self) -> None:
        if host(self).project is not self._opened:  # what is shown is nothing of this one
            self._opened, self._found, self._row = host(self).project, None, None
        self.run_worker(self._read(), group="read", exclusive=True)

    @shows_errors
    async def _read(self) -> None:
        """Look at what would be exported now, and how the audit stands to it."""
        try:
            await self._draw_row()
        except QuorumError as error:
            self.query_one("#audit-below", Static).update(failed_line("Not drawn", error.message))
            raise

    async def _draw_row(self) -> None:
        project = self._project
        going = await project.fetch(lambda c: going_out(c, self._asked))
        if not going.rows and not going.taken:
            raise ProjectError("There is nothing to audit: no row goes out.", "Choose other rows on Export.")
        drawing = await self._drawing(project, len(going.rows))
        await self._show(await project.fetch(lambda c: certificate(c, drawing, going)))

    async def _drawing(self, project: Project, rows: int) -> Drawing:
        """Return the reviewer's audit, begun now if there is none."""
        reviewer = host(self).reviewer
        begun = await project.fetch(lambda c: audits.drawing_of(c, reviewer))
        if begun is not None:
            return begun
        _refuse_read_only(project)
        return await project.write(lambda c: audits.draw(c, reviewer, chosen_text(self._asked), rows))

    async def _show(self, found: Certificate) -> None:
        """Show what is known, and the next row."""
        self._found, self._part = found, 0
        upcoming = found.sample.next
        project = self._project
        self._row = None
        if upcoming is not None:
            self._row = await project.fetch(lambda c: audits.blind(c, upcoming))
        self.show_title(Content(f"{count(found.bound.drawn)} of {plural(found.bound.rows, 'row')} judged"))
        self.query_one(Standing).show(found)
        self._show_row()

    def _show_row(self) -> None:
        row = self._row
        shown = row_text(row, self._part) if row else Content("✓ Every row has been judged.")
        self.query_one("#audit-row", TextBody).show(shown)

    @on(TextBody.Moved)
    def _say_what_is_below(self, message: TextBody.Moved) -> None:
        message.stop()
        below = self.query_one("#audit-row", TextBody).below
        line = Content.styled(f"↓ {plural(below, 'more line')}", "$text-warning") if below else Content()
        self.query_one("#audit-below", Static).update(line)

    # ---- judging ----------------------------------------------------------------------------------

    @shows_errors
    async def action_judge(self, found: Found) -> None:
        """Write down what was found of the row that is shown, and show the next."""
        if self._found is None or self._row is None:
            return
        project = self._project
        _refuse_read_only(project)
        await self._show(await project.write(partial(record, before=self._found, found=found)))

    @shows_errors
    async def action_turn_back(self, way: str) -> None:
        """Undo or redo a verdict; its row is the next one again."""
        if self._found is None:
            return
        project = self._project
        _refuse_read_only(project)
        turn: Callable[[Connection, Drawing], str | None] = audits.undo if way == "undo" else audits.redo
        drawing = self._found.drawing
        touched = await project.write(lambda c: turn(c, drawing))
        if touched is None:
            host(self).say(literal(f"Nothing to {way}."))
            return
        known = await project.fetch(partial(once_more, before=self._found, touched=touched))
        await (self._show(known) if known else self._read())

    def action_scroll(self, pages: float) -> None:
        """Scroll the row by a part of the room it has."""
        body = self.query_one("#audit-row", TextBody)
        body.scroll_relative(y=int(body.size.height * pages), animate=False)

    def action_part(self, by: int) -> None:
        """Show another part of texts that are longer than one."""
        if self._row is None:
            return
        longest = max(len(in_lines(self._row.turns)), *map(len, _texts(self._row)))
        part = min(max(self._part + by, 0), max(0, -(-longest // SLICE) - 1))
        if part != self._part:
            self._part = part
            self._show_row()


class Standing(Drawn):
    """What is known so far: counts, the bounds with their band, what is still expected, what fell away."""

    def __init__(self, target: float, *, id: str) -> None:
        super().__init__(id=id)
        self._target = target
        self._found: Certificate | None = None

    def show(self, found: Certificate) -> None:
        """Show what an audit says."""
        self._found = found
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay it out."""
        return Content() if self._found is None else standing_text(self._found, self._target, width)


def row_text(row: BlindRow, part: int) -> Content:
    """Return a row in full: earlier turns, instruction, input, answer."""
    pieces = []
    if row.turns:
        pieces.append(sliced(in_lines(row.turns).rstrip(), part, "$foreground-muted"))
    pieces.append(sliced(row.instruction, part, "bold"))
    if row.input:
        pieces.append(sliced(row.input, part))
    answer = Content.styled("answer", "$foreground-muted")
    return Content("\n\n").join([*pieces, Content.assemble(answer, "\n", sliced(row.output, part))])


def standing_text(found: Certificate, target: float, width: int) -> Content:
    """Return what is known so far in lines of at most `width` cells; no bound before the first verdict."""
    bound = found.bound
    lines: list[Content] = []
    if bound.drawn:
        wrong = f", {count(bound.wrong)} wrong" if bound.wrong else ""
        axis = axis_for(min(bound.share_least, target), min(width, WIDEST))
        lines += [
            Content.assemble(
                f"judged {count(bound.drawn)}: {count(bound.right)} right{wrong}",
                literal(f" · {CERTAINTY} whenever you stop", "$foreground-muted"),
            ),
            Content.assemble(
                "right at least ",
                literal(f"{count(bound.least)} ({at_least(bound.share_least)})", "bold"),
                " and at most ",
                literal(f"{count(bound.most_remaining)} ({at_most(bound.share_most)})", "bold"),
                f" of {plural(bound.remaining, 'row')}",
            ),
            interval(axis, bound.share_least, bound.share_most),
            scale(axis, target),
        ]
    lines.append(_outlook(found, target))
    if other := not_counted(found):
        lines.append(literal_line(other, style="$text-warning"))
    return Content("\n").join(lines)


def _outlook(found: Certificate, target: float) -> Content:
    """Say how far it still is to the target."""
    share = f"{100 * target:.4g}%"
    if found.sample.next is None:
        return Content.assemble(("✓ ", "$text-success"), "everything is known")
    more = found.more_for(target)
    if not more and found.bound.drawn:
        return Content.assemble(
            ("✓ ", "$text-success"), f"at least {share} are right; stop whenever you like"
        )
    condition = "if it goes on as so far" if found.bound.drawn else "if all are right"
    return Content.styled(
        f"about {plural(more, 'more row')} until {share} are certain, {condition}", "$foreground-muted"
    )


def _texts(row: BlindRow) -> tuple[str, str, str]:
    return row.instruction, row.input, row.output


def _refuse_read_only(project: Project) -> None:
    if project.read_only:
        raise ProjectError("The project is open read-only.", "Verdicts cannot be stored in it.")
