"""Data: what the data is like, as tables and pictures, a sheet for each question."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static, Tab, Tabs

from app.errors import QuorumError
from app.insight.compare import QUESTION, compared, sides
from app.insight.insight import insight
from app.insight.keeping import counted
from app.insight.sheets import UNCOUNTED, Sheet, sheets
from app.store import runs
from app.store.project import Connection, Project
from app.store.rows import RunRow
from app.tui.host import ProjectChanged, RunEnded, host, shows_errors
from app.tui.keys import key
from app.tui.literal import failed_line, literal, literal_line
from app.tui.screens.base import QuorumScreen
from app.tui.widgets.browse import BrowseView
from app.tui.widgets.sheets import SheetView
from app.words import plural

BROWSE = Sheet("browse", "Browse", "")
"""Stands for the list of everything among the sheets."""
ASKED = (*UNCOUNTED, Sheet("compare", "Compare", QUESTION), BROWSE)
"""All sheets before anything is counted: Browse needs no figures, so it can be turned to at once."""
LOOK_SECONDS = 0.2
"""How often it is said how much is counted."""


class DataScreen(QuorumScreen):
    """Shows statistics, which are counted in a thread and kept: the second time only what has changed."""

    NAME = "Data"
    ABOUT = (
        "Shows what the data is like: what became of everything, which model earns its place, which models "
        "agree, how long, how new and how varied the texts are, and whether more generation is worth it. "
        "What is right is known only of what was judged: shares have their 95% "
        "interval, and few judged items are called too few. Browse lists everything, dropped things too: "
        "Enter opens an item in Review, a restores it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("right,l,tab", "turn(1)", "next", "Show the next sheet.", "data.next"),
        key("left,h,shift+tab", "turn(-1)", "before", "Show the sheet before.", "data.before"),
        key("s", "scope", "other run", "Show another run, or all runs together.", "data.scope"),
        key("enter", "open", "open", "Show the item under the cursor in Review.", "data.open"),
        key("slash", "find", "find", "Find by words, or filter as in Review.", "data.find", display="/"),
        key("a", "restore", "restore", "Take the answer of an item that was dropped.", "data.restore"),
        key("u", "undo", "undo", "Undo your decisions one by one.", "data.undo"),
        key("down,j", "move(1)", "down", "Move down.", "data.down", show=False),
        key("up,k", "move(-1)", "up", "Move up.", "data.up", show=False),
        key("pagedown", "page(1)", "page down", "Move down a page.", "data.page-down", show=False),
        key("pageup", "page(-1)", "page up", "Move up a page.", "data.page-up", show=False),
        key("home,g", "end_of(-1)", "first", "Go to the first line.", "data.first", show=False),
        key("end,G", "end_of(1)", "last", "Go to the last line.", "data.last", show=False),
        key("r", "review", "review", "Decide what is good.", "data.review"),
        key("E", "export", "export", "Write the result to a file.", "data.export", display="E", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._of: Project | None = None
        self._runs: tuple[RunRow, ...] = ()
        self._run: int | None = None
        self._sheets = ASKED
        self._counted = False
        self._at = 0
        self._left = False
        self._done = (0, 0)
        self._look: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the names of the sheets, and the one that is shown."""
        names = (Tab(literal(sheet.name), id=f"sheet-{sheet.id}") for sheet in ASKED)
        yield Tabs(*names, id="data-tabs")
        yield Static("Counting …", id="data-waiting")
        yield SheetView(id="data-sheet")
        yield BrowseView(id="data-browse")

    async def on_mount(self) -> None:
        """Count what has changed, and show it."""
        self.query_one(Tabs).can_focus = False
        self.show_title()
        self._look = self.set_interval(LOOK_SECONDS, self._tell, pause=True)
        self._of = host(self).project
        await self._show()
        self._read_again()

    def on_unmount(self) -> None:
        """Let a count that is in progress stop: what is counted is kept."""
        self._left = True

    @on(ProjectChanged)
    @on(RunEnded)
    def _read_again(self) -> None:
        self.run_worker(self._read(), group="data", exclusive=True)

    @shows_errors
    async def _read(self) -> None:
        project = host(self).require_project()
        if project is not self._of:
            self._of, self._run, self._at = project, None, 0
            self._sheets, self._counted = ASKED, False
            self.query_one("#data-waiting", Static).update("Counting …")
            await self._show()
        if self._look is not None:
            self._look.resume()
        try:
            self._sheets, self._runs = await asyncio.to_thread(self._count, project)
        except QuorumError as error:
            self.query_one("#data-waiting", Static).update(failed_line("Not counted", error.message))
            raise
        finally:
            if self._look is not None:
                self._look.pause()
        self._counted = True
        await self._show()

    def _count(self, project: Project) -> tuple[tuple[Sheet, ...], tuple[RunRow, ...]]:
        """Count in a thread; `_note` hears how far it is."""
        known = counted(project, self._note)

        def put_together(c: Connection) -> tuple[tuple[Sheet, ...], tuple[RunRow, ...]]:
            beside = compared(sides(c, known, "run"))
            shown = (*sheets(insight(c, known, self._of_runs())), beside, BROWSE)
            return shown, tuple(runs.all_runs(c))

        return project.read(put_together)

    def _of_runs(self) -> frozenset[int] | None:
        return None if self._run is None else frozenset({self._run})

    def _note(self, done: int, of: int) -> bool:
        self._done = (done, of)
        return not self._left

    def _tell(self) -> None:
        done, of = self._done
        if of:
            self.query_one("#data-waiting", Static).update(
                Content(
                    f"Counting: {done:d} of {of:d} thousands. It is kept, so the next time takes a moment."
                )
            )

    @property
    def _browsing(self) -> bool:
        """Whether the list of everything is shown, in place of a sheet."""
        return self._sheets[self._at] is BROWSE

    async def _show(self) -> None:
        sheet = self._sheets[self._at]
        self.query_one(Tabs).active = f"sheet-{sheet.id}"
        self.query_one("#data-waiting").display = not (self._counted or self._browsing)
        self.query_one(SheetView).display = not self._browsing
        self.query_one(BrowseView).display = self._browsing
        if self._browsing:
            await self.query_one(BrowseView).read()
        else:
            await self.query_one(SheetView).show(sheet)
        self.show_title(None if self._browsing else self._scope())
        self.refresh_bindings()

    def _scope(self) -> Content:
        run = next((run for run in self._runs if run.number == self._run), None)
        if run is not None:
            return Content.assemble(f"run {run.number:d}  ", literal_line(run.recipe_name, 40))
        words = ["all runs"] if len(self._runs) > 1 else []
        if hidden := sum(1 for run in self._runs if run.hidden):
            words.append(f"without {plural(hidden, 'hidden run')}")
        return Content(" · ".join(words))

    @on(Tabs.TabActivated)
    async def _take_tab(self, event: Tabs.TabActivated) -> None:
        at = next(
            (at for at, sheet in enumerate(self._sheets) if f"sheet-{sheet.id}" == event.tab.id), self._at
        )
        if at != self._at:
            self._at = at
            await self._show()

    async def action_turn(self, by: int) -> None:
        """Show the next sheet, or the one before."""
        self._at = (self._at + by) % len(self._sheets)
        await self._show()

    def action_scope(self) -> None:
        """Show the next run; after the last one all together."""
        numbers = [None, *(run.number for run in self._runs)]
        self._run = numbers[(numbers.index(self._run) + 1) % len(numbers)] if self._run in numbers else None
        self._read_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer another run where there is one, and what is done with an entry where there are entries."""
        if action == "scope" and (len(self._runs) < 2 or self._browsing):
            return False
        if action in ("open", "find", "restore", "undo") and not self._browsing:
            return False
        project = host(self).project
        if action in ("restore", "undo") and (project is None or project.read_only):
            return False
        return super().check_action(action, parameters)

    async def action_move(self, by: int) -> None:
        """Move the cursor of the list, or scroll a sheet that does not fit."""
        if self._browsing:
            await self.query_one(BrowseView).move(by)
        else:
            self.query_one(SheetView).scroll_relative(y=2 * by, animate=False)

    async def action_page(self, by: int) -> None:
        """Move by a page."""
        if self._browsing:
            await self.query_one(BrowseView).move(by * self.query_one(BrowseView).page())
        else:
            self.query_one(SheetView).scroll_relative(y=by * (self.size.height - 8), animate=False)

    async def action_end_of(self, by: int) -> None:
        """Go to one end of the list, or of a sheet."""
        if self._browsing:
            await self.query_one(BrowseView).move(by * self.query_one(BrowseView).total)
        elif by < 0:
            self.query_one(SheetView).scroll_home(animate=False)
        else:
            self.query_one(SheetView).scroll_end(animate=False)

    async def action_open(self) -> None:
        """Show the item under the cursor in Review."""
        number = self.query_one(BrowseView).number
        if number is None:
            host(self).say(Content("This instruction became no item."))
        else:
            await host(self).review_only((number,))

    def action_find(self) -> None:
        """Open the line for a filter."""
        self.query_one(BrowseView).find()

    async def action_restore(self) -> None:
        """Take the answer of an item that was dropped."""
        await self.query_one(BrowseView).restore()

    async def action_undo(self) -> None:
        """Undo the newest decision."""
        await self.query_one(BrowseView).undo()

    def action_review(self) -> None:
        """Go to Review."""
        host(self).go("review")

    def action_export(self) -> None:
        """Go to Export."""
        host(self).go("export")
