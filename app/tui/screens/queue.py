"""The queue under the Review screen: which items, in which order, where one is, and how far review is."""

from __future__ import annotations

from array import array
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, TypeVar, cast, get_args

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from app.errors import QuorumError
from app.store import review
from app.store.review_state import ReviewState
from app.store.rows import Filter, Order
from app.store.views import ReviewItem, ReviewProgress
from app.store.wanted import Wanted, parse
from app.tui.host import ProjectChanged, RunEnded, SnapshotTaken, host, shows_errors
from app.tui.memory import Desk
from app.tui.queue_cursor import Walk
from app.tui.review_words import ORDERS, VIEWS, end_text, last_line, progress_line, title_of
from app.tui.screens.base import QuorumScreen
from app.tui.widgets.candidates import Candidates
from app.tui.widgets.fields import FilterLine
from app.tui.widgets.layout import Sides
from app.tui.widgets.queue_list import QueueList
from app.tui.widgets.task import TaskView

if TYPE_CHECKING:
    from app.store.project import Connection, Project

T = TypeVar("T")

HEAD = 200
"""Items read before the first is shown; the others follow while it is looked at."""
NEWS_SECONDS = 1.0
NEWS_SHARE = 20
"""How many times longer than a look at the queue takes the next one waits at least."""
SEEDS = 25
LIST_WIDTH = 140
"""From this width on the list stands beside the item unless it was closed."""


class QueueScreen(QuorumScreen):
    """Walks through the queue. What is looked at never moves by itself, also while a run adds items."""

    def __init__(self, only: tuple[int, ...] = ()) -> None:
        super().__init__()
        self._only = only
        self._walk = Walk()
        self._item: ReviewItem | None = None
        self._ahead: dict[int, ReviewItem] = {}
        self._progress: ReviewProgress | None = None
        self._order: Order = "disagreement"
        self._wanted = Wanted()
        self._seed = 0
        self._listed: bool | None = None
        self._whole = True
        self._part = 0
        self._cursor: int | None = None
        self._compare = False
        self._waiting = 0
        self._votes_seen = -1
        self._look_ended = 0.0
        self._look_took = 0.0
        self._news: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the list, task and candidates, the filter and status."""
        with Horizontal(id="review-desk"):
            yield QueueList(id="review-list")
            with Vertical(id="review-item"):
                yield TaskView(id="task")
                yield Candidates(id="candidates")
            yield Static(id="review-end")
        yield FilterLine(id="review-filter")
        yield Sides("right", id="review-status", classes="status")

    async def on_mount(self) -> None:
        """Go to where review stood the last time, else to the first item."""
        keep = self._take_up(host(self).memory.desk(self._project.path))
        if self._only:
            self._wanted, keep = Wanted(view="all", only=self._only), None
        self.set_interval(2.0, self.put_down)
        self._show_list()
        await self.begin(keep)

    def on_unmount(self) -> None:
        """Remember where one is."""
        self.put_down()

    def on_resize(self, event: events.Resize) -> None:
        """Have the list where there is room for it."""
        self._show_list()

    # ---- where one is -----------------------------------------------------------------------------

    def _take_up(self, desk: Desk | None) -> int | None:
        if desk is None:
            return None
        if desk.order in get_args(Order):
            self._order = cast(Order, desk.order)
        with suppress(QuorumError):
            view = cast(Filter, desk.view if desk.view in get_args(Filter) else "undecided")
            self._wanted = parse(desk.terms, view)
        self._seed, self._listed = desk.seed % SEEDS, desk.listed
        return desk.number

    async def look_at(self, numbers: tuple[int, ...]) -> None:
        """Show these items alone, until another list is chosen."""
        self._wanted = Wanted(view="all", only=numbers)
        await self.begin()

    def put_down(self) -> None:
        """Remember order, filter and place for the next time."""
        app = host(self)
        if app.project is not None and not self._wanted.only:
            desk = Desk(
                *(self._order, self._wanted.view, self._wanted.terms),
                *(self._walk.current, self._seed, self._listed),
            )
            app.memory.left(app.project.path, desk)

    # ---- showing ----------------------------------------------------------------------------------

    @shows_errors
    async def begin(self, keep: int | None = None) -> None:
        """Read the queue anew and show its first item, or `keep` if it is in it."""
        head = await self._queue(HEAD)
        self._whole = len(head) < HEAD
        if not self._whole and keep is not None and keep not in head and await self._passes(keep):
            head = array("q", [keep])
        self._ahead.clear()
        self._waiting = 0
        self._walk.begin(head, keep)
        self.query_one(QueueList).forget()
        await self._show_current()
        self._show_progress()
        if not self._whole:
            self.run_worker(self._take_whole(), group="queue", exclusive=True)

    @shows_errors
    async def _take_whole(self) -> None:
        """Read all of a long queue, of which the beginning is shown already."""
        asked = self._asked
        queue = await self._queue()
        if asked == self._asked:
            if self._walk.at == 0:
                self._walk.begin(queue, self._walk.current)
            else:
                self._walk.follow(queue)
            self._whole = True
            self._draw_place()

    @property
    def _asked(self) -> tuple[Order, Wanted, int]:
        return self._order, self._wanted, self._seed

    async def _queue(self, limit: int = -1) -> array[int]:
        order, wanted, seed = self._asked
        reviewer = host(self).reviewer
        return await self._project.fetch(
            lambda c: review.numbers(c, order, wanted, reviewer=reviewer, seed=seed, limit=limit)
        )

    async def _passes(self, number: int) -> bool:
        wanted, reviewer = self._wanted, host(self).reviewer
        return await self._project.fetch(lambda c: review.passes(c, number, wanted, reviewer))

    @property
    def _project(self) -> Project:
        return host(self).require_project()

    @property
    def item(self) -> ReviewItem | None:
        """The item that is shown, None at the end of the list."""
        return self._item

    async def _show_current(self) -> None:
        """Show the item the walk is at, from the first line; read the next ones ahead."""
        number = self._walk.current
        item = None
        if number is not None:
            item = self._ahead.pop(number, None) or await self._project.fetch(partial(_item, number=number))
        await self._show(item)
        self.run_worker(self._read_ahead(), group="ahead", exclusive=True)

    async def _show(self, item: ReviewItem | None) -> None:
        self._part, self._cursor, self._item = 0, None, item
        await self._draw()

    async def _draw(self) -> None:
        item = self._item
        self.set_class(item is None, "-end")
        if item is not None:
            with self.app.batch_update():
                self.query_one(TaskView).show(item, self._part)
                await self.query_one(Candidates).show(item, self._part, self._compare, self._cursor)
        self._draw_place()
        self._draw_end()
        self.refresh_bindings()

    def _draw_place(self) -> None:
        of = len(self._walk) if self._whole else None
        self.show_title(title_of(self._walk.at + 1, of, self._order, self._wanted))
        self.query_one(QueueList).show(self._walk.numbers, self._walk.at)

    def _draw_end(self) -> None:
        if self._item is None and self._progress is not None:
            app = host(self)
            waiting, going, gate = self._waiting, app.running.going, app.gate_open
            text = end_text(self._progress, self._wanted, waiting, going, len(self._walk), gate=gate)
            self.query_one("#review-end", Static).update(text)

    async def _read_ahead(self) -> None:
        """Read the items a person may look at next, so that they are there at once."""
        near = self._walk.near()
        self._ahead = {number: item for number, item in self._ahead.items() if number in near}
        # What cannot be read ahead is read again when it is wanted, and its error is shown then.
        with suppress(QuorumError):
            for number in near:
                if number not in self._ahead:
                    self._ahead[number] = await self._project.fetch(partial(_item, number=number))

    def _show_progress(self) -> None:
        """Read how far review is; nobody waits for it, and only the newest answer is shown."""
        self.run_worker(self._read_progress(), group="progress", exclusive=True)

    @shows_errors
    async def _read_progress(self) -> None:
        reviewer, wanted = host(self).reviewer, self._wanted
        self._progress = await self._project.fetch(lambda c: review.progress(c, reviewer))
        self.query_one("#review-status", Sides).show(
            progress_line(self._progress), last_line(self._progress.last)
        )
        if self._item is None:
            self._waiting = await self._project.fetch(lambda c: review.count(c, wanted, reviewer))
        self._draw_end()

    # ---- the list beside the item -----------------------------------------------------------------

    def _show_list(self) -> None:
        listed = self.size.width >= LIST_WIDTH if self._listed is None else self._listed
        if self.query_one(QueueList).display != listed:
            self.query_one(QueueList).display = listed
            self.query_one(QueueList).show(self._walk.numbers, self._walk.at)

    def action_list(self) -> None:
        """Show or hide the list."""
        self._listed = not self.query_one(QueueList).display
        self._show_list()

    @on(QueueList.Missing)
    def _fill_list(self, message: QueueList.Missing) -> None:
        self.run_worker(self._read_lines(message.numbers), group="lines")

    @shows_errors
    async def _read_lines(self, numbers: list[int]) -> None:
        self.query_one(QueueList).put(await self._project.fetch(lambda c: review.lines(c, numbers)))

    @on(QueueList.Picked)
    async def _go_to_line(self, message: QueueList.Picked) -> None:
        if self._walk.go(message.place):
            await self._show_current()

    # ---- news of a run ----------------------------------------------------------------------------

    @on(SnapshotTaken)
    def _hear_of_votes(self, message: SnapshotTaken) -> None:
        votes = next((stage.done for stage in message.snapshot.stages if stage.name == "votes"), 0)
        if votes == self._votes_seen:
            return
        self._votes_seen = votes
        if self._news is None:
            pause = max(NEWS_SECONDS, NEWS_SHARE * self._look_took)
            self._news = self.set_timer(max(0.01, pause - (monotonic() - self._look_ended)), self._take_news)

    @on(RunEnded)
    @on(ProjectChanged)
    def _take_news(self) -> None:
        self._news = None
        self.run_worker(self.follow(), group="follow", exclusive=True)

    @shows_errors
    async def follow(self) -> None:
        """Take up what the queue holds now; what is looked at stays."""
        if host(self).project is None:
            return
        began = monotonic()
        self._ahead.clear()
        asked = self._asked
        queue = await self._queue()
        self._look_ended = monotonic()
        self._look_took = self._look_ended - began
        if asked != self._asked:
            return  # another list is shown by now
        if self._item is not None:
            self._walk.follow(queue)
            self._whole = True
        self._draw_place()
        self._show_progress()

    # ---- moving and choosing what is in the queue --------------------------------------------------

    async def go_on(self) -> None:
        """Show where the walk is now, and at the end how much there is."""
        await self._show_current()
        if self._item is None:
            self._show_progress()

    @shows_errors
    async def action_move(self, by: int) -> None:
        """Go to the item before or after; from the end, forward begins anew with what is left."""
        if self._item is None and by > 0:
            if self._waiting:
                await self.begin()
        elif self._walk.step(by):
            await self.go_on()

    @shows_errors
    async def action_edge(self, side: int) -> None:
        """Go to the first item, or to the end of the list."""
        if self._walk.step(side * len(self._walk)):
            await self.go_on()

    async def action_view(self) -> None:
        """Change to the next list, with nothing else filtered."""
        self._wanted = Wanted(view=_after(self._wanted.view, list(VIEWS)))
        await self.begin()

    async def action_order(self) -> None:
        """Change to the next order, and keep looking at the same item."""
        self._order = _after(self._order, list(ORDERS))
        if self._order == "random":
            self._seed = (self._seed + 1) % SEEDS
        await self.begin(self._walk.current)

    def action_find(self) -> None:
        """Open the line for filters."""
        self.query_one(FilterLine).open(self._wanted.terms)

    @on(FilterLine.Typed)
    @shows_errors
    async def _filter(self, message: FilterLine.Typed) -> None:
        view = self._wanted.view
        # Who looks for a text wants it wherever it is.
        self._wanted = parse(message.text, "all" if view == "undecided" and message.text else view)
        await self.begin(self._walk.current)


def masked(item: ReviewItem) -> ReviewItem:
    """Return an item as if nobody had said anything about it; a changed task stays as it reads now."""
    state = ReviewState(instruction=item.state.instruction, input=item.state.input, task=item.state.task)
    return replace(item, state=state, last=None)


def _item(c: Connection, number: int) -> ReviewItem:
    return review.item(c, review.id_of(c, number))


def _after(now: T, all: list[T]) -> T:
    return all[(all.index(now) + 1) % len(all)] if now in all else all[0]
