"""The queue as it is walked through: which items, in which order, which one is shown, how far it is."""

from __future__ import annotations

import asyncio

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from app.errors import QuorumError
from app.run.voting import judged_since
from app.store import review
from app.store.filters import View
from app.store.rows import Order
from app.store.views import ReviewItem, ReviewProgress
from app.tui import markdown, queue_state
from app.tui.host import ProjectChanged, RunEnded, SnapshotTaken, host, shows_errors
from app.tui.literal import literal_line
from app.tui.queue_state import ORDERS, VIEWS, LookPace, QueueState
from app.tui.review_progress import end_text, last_line, place_line, progress_line
from app.tui.screens.base import QuorumScreen
from app.tui.screens.menu import MenuScreen
from app.tui.widgets.fields import FilterLine
from app.tui.widgets.item import ItemView
from app.tui.widgets.layout import Sides
from app.tui.widgets.queue_list import QueueList
from app.tui.widgets.run_strip import RunStrip

LIST_WIDTH = 140
"""From this width on the list stands beside the item unless it was closed."""
REMEMBER_SECONDS = 2.0


class QueueScreen(QuorumScreen):
    """Walks through the queue; Review decides on what it shows.

    What is looked at never moves by itself, also while a run adds items.
    """

    def __init__(self, only: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.queue = QueueState()
        self._only = only
        """The project whose queue is shown."""
        self._progress: ReviewProgress | None = None
        self._more = 0
        """Items that the list has by now, counted at its end."""
        self._pace = LookPace()
        self._next_look: Timer | None = None
        self._listed: bool | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the list, task and candidates, the filter and status."""
        with Horizontal(id="review-desk"):
            yield QueueList(id="review-list")
            yield ItemView(id="review-item")
            yield Static(id="review-end")
        yield FilterLine(id="review-filter")
        yield RunStrip()
        yield Sides("right", id="review-status", classes="status")

    async def on_mount(self) -> None:
        """Show the queue, and remember the place from time to time."""
        self.set_interval(REMEMBER_SECONDS, self.put_down)
        self._show_run()
        await self._open(self._only)

    async def _open(self, only: tuple[int, ...] = ()) -> None:
        """Go to where review of this project stood the last time, else to its first item."""
        self._opened, self.queue, self._progress = host(self).require_project(), QueueState(), None
        keep = self._restore()
        if only:
            self.queue.list_only(only)
        self._show_list()
        await self.begin(None if only else keep)

    def _restore(self) -> int | None:
        """List what was listed the last time; return the number of the item that was shown."""
        if (place := host(self).memory.queue_place(self._project.path)) is None:
            return None
        self._listed = place.listed
        try:
            self.queue.restore(place)
        except QuorumError as error:
            what = literal_line(error.message, 100)
            host(self).say(Content.assemble("The filter used last cannot be read: ", what))
        return place.number

    def on_unmount(self) -> None:
        """Remember the place."""
        self.put_down()

    def put_down(self) -> None:
        """Remember order, filter, place and how much is decided for the next time."""
        memory, project = host(self).memory, host(self).project
        if project is None or project is not self._opened:
            return
        if not self.queue.wanted.only:
            memory.left(project.path, self.queue.place(self._listed))
        if self._progress is not None:
            memory.counted(project.path, self._progress)

    def on_resize(self, event: events.Resize) -> None:
        """Show the list where there is room for it."""
        self._show_list()

    # ---- reading the queue ------------------------------------------------------------------------

    @shows_errors
    async def begin(self, keep: int | None = None) -> None:
        """Read the queue anew and show its first item, or `keep` if it is in it."""
        self._more = 0
        await queue_state.read(self.queue, self._project, host(self).reviewer, keep)
        self.query_one(QueueList).forget()
        await self._show_current()
        self._show_progress()
        if not self.queue.whole:
            self.run_worker(self._read_rest(), group="queue", exclusive=True)

    @shows_errors
    async def _read_rest(self) -> None:
        if await queue_state.read_rest(self.queue, self._project, host(self).reviewer):
            self._draw_place()

    @on(SnapshotTaken)
    @on(RunEnded)
    def _show_run(self) -> None:
        """Show how far the run in progress is, if there is one."""
        running = host(self).running
        self.query_one(RunStrip).show(running.snapshot, going=running.going)

    @on(SnapshotTaken)
    def _look_later(self, message: SnapshotTaken) -> None:
        votes = next((stage.done for stage in message.snapshot.stages if stage.name == "votes"), 0)
        if (seconds := self._pace.wait(votes)) is not None and self._next_look is None:
            self._next_look = self.set_timer(seconds, self._look)

    @on(RunEnded)
    @on(ProjectChanged)
    def _look(self) -> None:
        self._next_look = None
        self.run_worker(self.follow(), group="follow", exclusive=True)

    @shows_errors
    async def follow(self) -> None:
        """Take up what the queue holds now; what is looked at stays, unless another project is open."""
        project = host(self).project
        if project is None:
            return
        if project is not self._opened:
            await self._open()
            return
        if self.queue.item is not None and self.queue.item.waiting and not host(self).running.going:
            await self._show_current()  # with the answers that it waited for
        with self._pace.look():
            listed = await queue_state.read_again(self.queue, project, host(self).reviewer)
        if listed:
            self._draw_place()
            self._show_progress()

    def _show_progress(self) -> None:
        """Read how far review is; nobody waits for it, and only the newest answer is shown."""
        self.run_worker(self._read_progress(), group="progress", exclusive=True)

    @shows_errors
    async def _read_progress(self) -> None:
        reviewer, wanted = host(self).reviewer, self.queue.wanted
        progress = self._progress = await self._project.fetch(lambda c: review.progress(c, reviewer))
        unlearned = await self._project.fetch(judged_since)
        self.query_one("#review-status", Sides).show(
            progress_line(progress, unlearned), last_line(progress.last)
        )
        if self.queue.item is None:
            self._more = await self._project.fetch(lambda c: review.count(c, wanted, reviewer))
        self._draw_end()

    @property
    def _blind(self) -> str:
        """The reviewer from whom the decisions of others are hidden; empty for none."""
        return host(self).reviewer if host(self).memory.blind else ""

    async def action_blind(self) -> None:
        """Hide what others decided until one decides oneself, or show it."""
        blind = not host(self).memory.blind
        host(self).memory.hides_others(blind)
        if blind and self.queue.wanted.view == "undecided":
            self.queue.take_view("unseen")  # what others decided is undecided to a blind reviewer
        await self.begin(self.queue.current)

    # ---- showing ----------------------------------------------------------------------------------

    @property
    def _present(self) -> ReviewItem:
        """The item that is shown, for keys that are off where there is none."""
        assert self.queue.item is not None
        return self.queue.item

    async def _show_current(self) -> None:
        """Show the item at the place, from its first line; read the next ones ahead."""
        await self._show(await queue_state.read_item(self.queue, self._project, self._blind))
        self.run_worker(self._read_ahead(), group="ahead", exclusive=True)

    async def _read_ahead(self) -> None:
        """Read the next items, and draw what is Markdown in them beside the loop."""
        await queue_state.read_ahead(self.queue, self._project, self._blind)
        texts = [candidate.output for item in self.queue.items_ahead for candidate in item.candidates]
        await asyncio.to_thread(markdown.prepare, texts)

    async def _show(self, item: ReviewItem | None) -> None:
        self.queue.item = item
        self.set_class(item is None, "-end")
        if item is not None:
            await self.query_one(ItemView).show(item)
        self._draw_place()
        self._draw_end()
        self.refresh_bindings()

    def _draw_place(self) -> None:
        self.show_title(place_line(self.queue, blind=bool(self._blind)))
        self.query_one(QueueList).hide_from(self._blind)
        self.query_one(QueueList).show(self.queue.numbers, self.queue.at)

    def _draw_end(self) -> None:
        if self.queue.item is None and self._progress is not None:
            going, gate = host(self).running.going, host(self).gate_open
            text = end_text(self.queue, self._progress, self._more, run_in_progress=going, gate_open=gate)
            self.query_one("#review-end", Static).update(text)

    # ---- the list beside the item -----------------------------------------------------------------

    def _show_list(self) -> None:
        listed = self.size.width >= LIST_WIDTH if self._listed is None else self._listed
        if self.query_one(QueueList).display != listed:
            self.query_one(QueueList).display = listed
            self.query_one(QueueList).show(self.queue.numbers, self.queue.at)

    def action_list(self) -> None:
        """Show or hide the list."""
        self._listed = not self.query_one(QueueList).display
        self._show_list()

    @on(QueueList.Picked)
    @shows_errors
    async def _go_to_line(self, message: QueueList.Picked) -> None:
        if self.queue.go(message.place):
            await self._show_current()

    # ---- moving and choosing what is in the queue --------------------------------------------------

    async def _arrive(self) -> None:
        """Show the item at the place, or at the end how much there is."""
        await self._show_current()
        if self.queue.item is None:
            self._show_progress()

    @shows_errors
    async def action_move(self, by: int) -> None:
        """Go to the next or previous item; from the end, forward begins anew with what is left."""
        if self.queue.item is None and by > 0:
            if self._more:
                await self.begin()
        elif self.queue.step(by):
            await self._arrive()

    @shows_errors
    async def action_edge(self, side: int) -> None:
        """Go to the first item, or to the end of the list."""
        if self.queue.step(side * len(self.queue)):
            await self._arrive()

    async def look_at(self, numbers: tuple[int, ...]) -> None:
        """Show these items alone, until another list is chosen."""
        self.queue.list_only(numbers)
        await self.begin()

    def action_view(self) -> None:
        """Choose another list, with nothing else filtered."""
        counted, _ = self.queue.countable()

        async def taken(view: View | None) -> None:
            if view is not None:
                self.queue.take_view(view)
                await self.begin()

        self.app.push_screen(MenuScreen("Which items", VIEWS, self.queue.wanted.view, counted), taken)

    def action_order(self) -> None:
        """Choose another order, and keep looking at the same item."""
        _, counted = self.queue.countable()

        async def taken(order: Order | None) -> None:
            if order is not None:
                self.queue.take_order(order)
                await self.begin(self.queue.current)

        self.app.push_screen(MenuScreen("In which order", ORDERS, self.queue.order, counted), taken)

    def action_find(self) -> None:
        """Open the line for filters."""
        self.query_one(FilterLine).open(self.queue.wanted.text)

    @on(FilterLine.Typed)
    @shows_errors
    async def _filter(self, message: FilterLine.Typed) -> None:
        line = self.query_one(FilterLine)
        try:
            self.queue.filter(message.text)
        except QuorumError as error:
            line.refuse(error)  # it stays in its line, to be mended
            return
        line.close()
        await self.begin(self.queue.current)

    @shows_errors
    async def action_back(self) -> None:  # type: ignore[override]  # Textual awaits what an action returns
        """Clear the filter; without one, go back to the previous screen."""
        if self.queue.clear_filter():
            await self.begin(self.queue.current)
        else:
            super().action_back()
