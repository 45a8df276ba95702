"""Review: one item, its candidates, the winner and why; one key decides and the next is there."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from app.errors import QuorumError
from app.store import decisions, review
from app.store.rows import Action, Filter, ItemDecision, Order
from app.store.views import ReviewItem, ReviewProgress
from app.tui.candidates import editing_base, number_of
from app.tui.literal import SLICE
from app.tui.messages import ProjectChanged, RunEnded, SnapshotTaken
from app.tui.review_keys import CHANGES, NEEDS_ITEM, REVIEW_KEYS
from app.tui.review_words import (
    DEEDS,
    ORDERS,
    VIEWS,
    end_text,
    last_line,
    progress_line,
    title_of,
)
from app.tui.screens.base import QuorumScreen, quorum, shows_errors
from app.tui.screens.edit import EditScreen
from app.tui.screens.read import ReadScreen, ThoughtsScreen
from app.tui.screens.vote import VoteScreen
from app.tui.walk import Walk
from app.tui.widgets.candidates import Candidates
from app.tui.widgets.sides import Sides
from app.tui.widgets.task import TaskView
from app.tui.widgets.text_body import TextBody

if TYPE_CHECKING:
    from app.store.project import Connection, Project

T = TypeVar("T")

NEWS_SECONDS = 1.0


class ReviewScreen(QuorumScreen):
    """Walks through the queue. What is looked at never moves by itself, also while a run adds items."""

    NAME = "Review"
    ABOUT = (
        "Shows one item: the task, what each model answered, which answer the vote prefers and why. "
        "Decide with one key and the next item is there. Every decision is stored at once under your "
        "name and can be undone, also tomorrow."
    )
    BINDINGS: ClassVar[list[BindingType]] = REVIEW_KEYS

    def __init__(self) -> None:
        super().__init__()
        self._walk = Walk()
        self._item: ReviewItem | None = None
        self._ahead: dict[str, ReviewItem] = {}
        self._progress: ReviewProgress | None = None
        self._order: Order = "disagreement"
        self._view: Filter = "undecided"
        self._part = 0
        self._compare = False
        self._waiting = 0
        self._votes_seen = -1
        self._looked_at = 0.0
        self._news: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Compose task, candidates, why and status."""
        with Vertical(id="review-item"):
            yield TaskView(id="task")
            yield Candidates(id="candidates")
        yield Static(id="review-end")
        yield Sides("right", id="review-status", classes="status")

    async def on_mount(self) -> None:
        """Read the queue and show its first item."""
        await self.begin()

    # ---- showing ----------------------------------------------------------------------------------

    @shows_errors
    async def begin(self, keep: str | None = None) -> None:
        """Read the queue anew and show its first item, or `keep` if it is in it."""
        queue = await self._queue()
        self._ahead.clear()
        self._waiting = 0
        self._walk.begin(queue, keep)
        await self._show_current()
        self._show_progress()

    async def _queue(self) -> list[str]:
        order, view = self._order, self._view
        return await self._project.fetch(lambda c: review.queue(c, order, view))

    @property
    def _project(self) -> Project:
        return quorum(self).require_project()

    @property
    def item(self) -> ReviewItem | None:
        """The item that is shown, None at the end of the list."""
        return self._item

    async def _show_current(self) -> None:
        """Show the item the walk is at, from the first line; read the next ones ahead."""
        self._part = 0
        id = self._walk.current
        if id is None:
            self._item = None
        else:
            self._item = self._ahead.pop(id, None) or await self._project.fetch(partial(_item, id=id))
        await self._draw()
        self.run_worker(self._read_ahead(), group="ahead", exclusive=True)

    async def _draw(self) -> None:
        item = self._item
        self.set_class(item is None, "-end")
        if item is not None:
            with self.app.batch_update():
                self.query_one(TaskView).show(item, self._part)
                await self.query_one(Candidates).show(item, self._part, self._compare)
        self._draw_title()
        self._draw_end()
        self.refresh_bindings()

    def _draw_title(self) -> None:
        self.show_title(title_of(self._walk.at + 1, len(self._walk.ids), self._order, self._view))

    def _draw_end(self) -> None:
        if self._item is None and self._progress is not None:
            waiting, going = self._waiting, quorum(self).running.going
            text = end_text(self._progress, self._view, waiting, going, len(self._walk.ids))
            self.query_one("#review-end", Static).update(text)

    async def _read_ahead(self) -> None:
        """Read the items a person may look at next, so that they are there at once."""
        near = self._walk.near()
        self._ahead = {id: item for id, item in self._ahead.items() if id in near}
        # What cannot be read ahead is read again when it is wanted, and its error is shown then.
        with suppress(QuorumError):
            for id in near:
                if id not in self._ahead:
                    self._ahead[id] = await self._project.fetch(partial(_item, id=id))

    def _show_progress(self) -> None:
        """Read how far review is; nobody waits for it, and only the newest answer is shown."""
        self.run_worker(self._read_progress(), group="progress", exclusive=True)

    @shows_errors
    async def _read_progress(self) -> None:
        reviewer = quorum(self).reviewer
        self._progress = await self._project.fetch(lambda c: review.progress(c, reviewer))
        self.query_one("#review-status", Sides).show(
            progress_line(self._progress), last_line(self._progress.last)
        )
        if self._item is None:
            self._waiting = len(await self._queue())
        self._draw_end()

    # ---- news of a run ----------------------------------------------------------------------------

    @on(SnapshotTaken)
    def _hear_of_votes(self, message: SnapshotTaken) -> None:
        votes = next((stage.done for stage in message.snapshot.stages if stage.name == "votes"), 0)
        if votes == self._votes_seen:
            return
        self._votes_seen = votes
        if self._news is None:
            wait = max(0.01, NEWS_SECONDS - (monotonic() - self._looked_at))
            self._news = self.set_timer(wait, self._take_news)

    @on(RunEnded)
    @on(ProjectChanged)
    def _take_news(self) -> None:
        self._news = None
        self.run_worker(self.follow(), group="follow", exclusive=True)

    @shows_errors
    async def follow(self) -> None:
        """Take up what the queue holds now; what is looked at stays."""
        self._looked_at = monotonic()
        if quorum(self).project is None:
            return
        self._ahead.clear()
        asked = (self._order, self._view)
        queue = await self._queue()
        if asked != (self._order, self._view):
            return  # another list is shown by now
        if self._item is not None:
            self._walk.follow(queue)
        self._draw_title()
        self._show_progress()

    # ---- deciding ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys that mean something now."""
        project = quorum(self).project
        if action in CHANGES and (project is None or project.read_only):
            return False
        item = self._item
        if action in NEEDS_ITEM and item is None:
            return False
        if action == "choose" and item is not None:
            return any(number_of(one) == parameters[0] for one in item.candidates)
        if action == "thoughts" and item is not None and not item.thoughts:
            return False
        return super().check_action(action, parameters)

    @shows_errors
    async def decide(
        self, action: Action, candidate: str | None = None, text: str | None = None, *, go: bool = True
    ) -> None:
        """Store a decision on the item that is shown; then show the next one, or this one as it is now."""
        item = self._item
        if item is None:
            return
        decision = ItemDecision(item.instance_id, candidate, text)
        reviewer = quorum(self).reviewer
        await self._project.write(lambda c: decisions.decide(c, reviewer, action, [decision]))
        self._ahead.pop(item.instance_id, None)
        if go:
            self._walk.settle(item.instance_id)
            self._walk.advance()
        await self._show_current()
        self._show_progress()

    async def action_accept(self) -> None:
        """Take the winner."""
        await self.decide("accept")

    async def action_choose(self, number: int) -> None:
        """Take the candidate of that number."""
        item = self._item
        found = next((one for one in item.candidates if number_of(one) == number), None) if item else None
        if found is not None:
            await self.decide("choose", found.id)

    async def action_reject(self) -> None:
        """Keep the item out."""
        await self.decide("reject")

    async def action_later(self) -> None:
        """Put the item off."""
        await self.decide("later")

    async def action_flag(self) -> None:
        """Set or clear the mark."""
        if self._item is not None:
            await self.decide("unflag" if self._item.state.flagged else "flag", go=False)

    def action_edit(self) -> None:
        """Open the editor; what is saved there is the decision."""
        item = self._item
        if item is None:
            return
        text, candidate = editing_base(item)

        async def edited(saved: str | None) -> None:
            if saved is not None and self._item is not None and self._item.instance_id == item.instance_id:
                await self.decide("edit", candidate, saved)

        self.app.push_screen(EditScreen(item.number, item.instruction, text), edited)

    @shows_errors
    async def action_undo(self) -> None:
        """Take back the last decision and show its item."""
        await self._turn_back("undo")

    @shows_errors
    async def action_redo(self) -> None:
        """Bring back what was undone and show its item."""
        await self._turn_back("redo")

    async def _turn_back(self, way: str) -> None:
        reviewer = quorum(self).reviewer
        turn = decisions.undo if way == "undo" else decisions.redo
        event = await self._project.write(lambda c: turn(c, reviewer))
        if event is None:
            nothing = "There is nothing to undo." if way == "undo" else "There is nothing to redo."
            quorum(self).say(Content(nothing))
            return
        for id in event.instances:
            self._ahead.pop(id, None)
        self._walk.visit(event.instances[0])
        await self._show_current()
        self._show_progress()
        quorum(self).say(Content.assemble("undone: " if way == "undo" else "again: ", DEEDS[event.action]))

    # ---- moving and looking -----------------------------------------------------------------------

    @shows_errors
    async def action_move(self, by: int) -> None:
        """Go to the item before or after; from the end, forward begins anew with what is left."""
        if self._item is None and by > 0:
            if self._waiting:
                await self.begin()
        elif self._walk.step(by):
            await self._show_current()
            if self._item is None:
                self._show_progress()

    @shows_errors
    async def action_edge(self, side: int) -> None:
        """Go to the first item, or to the end of the list."""
        if self._walk.step(side * len(self._walk.ids)):
            await self._show_current()
            if self._item is None:
                self._show_progress()

    def action_scroll(self, pages: float) -> None:
        """Scroll the long texts."""
        self.query_one(TaskView).scroll_texts(pages)
        self.query_one(Candidates).scroll_texts(pages)

    def action_thoughts(self) -> None:
        """Show what stands in front of the answers."""
        if self._item is not None:
            self.app.push_screen(ThoughtsScreen(self._item, self._part))

    def action_read(self) -> None:
        """Show all texts in full."""
        if self._item is not None:
            self.app.push_screen(ReadScreen(self._item, self._part))

    async def action_part(self, by: int) -> None:
        """Turn the parts of very long texts."""
        item = self._item
        if item is None:
            return
        outputs = [one.output for one in item.candidates]
        longest = max(map(len, (item.instruction, item.input, *outputs, *item.thoughts.values())))
        part = min(max(self._part + by, 0), max(0, -(-longest // SLICE) - 1))
        if part != self._part:
            self._part = part
            await self._draw()

    async def action_compare(self) -> None:
        """Mark the differing words, or do not."""
        self._compare = not self._compare
        await self._draw()

    def action_vote(self) -> None:
        """Show the whole vote."""
        if self._item is not None:
            self.app.push_screen(VoteScreen(self._item))

    async def action_view(self) -> None:
        """Change to the next list."""
        self._view = _after(self._view, list(VIEWS))
        await self.begin()

    async def action_order(self) -> None:
        """Change to the next order, and keep looking at the same item."""
        self._order = _after(self._order, list(ORDERS))
        await self.begin(self._item.instance_id if self._item else None)

    def action_export(self) -> None:
        """Go to Export."""
        quorum(self).go("export")

    @on(TextBody.Moved)
    def _texts_moved(self, message: TextBody.Moved) -> None:
        message.stop()


def _item(c: Connection, id: str) -> ReviewItem:
    return review.item(c, id)


def _after(now: T, all: list[T]) -> T:
    return all[(all.index(now) + 1) % len(all)]
