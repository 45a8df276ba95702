"""Review: one item, its candidates, the winner and why; one key decides and the next is there."""

from __future__ import annotations

import asyncio
import random
from typing import ClassVar, Literal

from textual import events, on
from textual.binding import BindingType
from textual.content import Content

from app.run.similar import similar_to
from app.run.written import OVER_CONTEXT
from app.store import decisions, review
from app.store.project import Project
from app.store.review_state import Action, How, ItemDecision, Rating, ReviewState
from app.store.views import ReviewItem
from app.tui.candidates import answer_of, editing_base, groups, number_of
from app.tui.drafts import draft_of
from app.tui.host import Place, host, shows_errors
from app.tui.keys import CHANGES, NEEDS_ITEM, NONE
from app.tui.literal import literal_line
from app.tui.queue_state import masked
from app.tui.review_keys import KEYS, TRAITS
from app.tui.review_progress import DEEDS
from app.tui.screens.annotations import NoteScreen, RateScreen, ReasonScreen, TagsScreen, TaskScreen
from app.tui.screens.base import Question
from app.tui.screens.bulk import BulkScreen
from app.tui.screens.edit import EditScreen
from app.tui.screens.learn import learn_on
from app.tui.screens.questions import ConfirmScreen
from app.tui.screens.queue import QueueScreen
from app.tui.screens.read import ReadScreen, ThoughtsScreen
from app.tui.screens.similar import SimilarScreen
from app.tui.screens.threshold import ThresholdScreen
from app.tui.screens.vote import VoteScreen
from app.tui.widgets.candidates import marks_of, names_of
from app.tui.widgets.item import ItemView
from app.tui.widgets.queue_list import QueueList
from app.words import plural

SOON = 0.3
"""Seconds that looking for something may take before it is said that it is looked for."""


class ReviewScreen(QueueScreen):
    """Decides on what the queue shows. Every decision is stored before the next item is shown."""

    NAME = "Review"
    ABOUT = (
        "Shows one item: the task, what each model answered, which answer the vote prefers and why. "
        "Decide with one key, and the next item appears. Every decision is stored at once under your "
        "name and can be undone, even tomorrow."
    )
    BINDINGS: ClassVar[list[BindingType]] = [declared.binding("review") for declared in KEYS]

    def __init__(self, only: tuple[int, ...] = ()) -> None:
        super().__init__(only)
        self._again: ReviewItem | None = None
        """The item that is shown once more unmarked, as it really is."""
        self._accept_stale: set[str] = set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys that mean something now."""
        traits, item, project = TRAITS.get(action, NONE), self.queue.item, host(self).project
        if CHANGES in traits and (project is None or project.read_only):
            return False
        if NEEDS_ITEM in traits and item is None:
            return False
        if action == "choose" and item is not None:
            return any(number_of(item, candidate) == parameters[0] for candidate in item.candidates)
        if action == "thoughts" and item is not None and not item.thoughts:
            return False
        return super().check_action(action, parameters)

    async def _show_current(self) -> None:
        self._again = None
        await super()._show_current()

    # ---- deciding ---------------------------------------------------------------------------------

    async def decide(
        self, action: Action, candidate: str | None = None, text: str | None = None, *, go: bool = True
    ) -> None:
        """Store a decision on the item that is shown; then show the next one, or this one as it is now."""
        item = self._present
        if await self._store(self._project, item, action, candidate, text, go=go):
            await self._show_decided(item, go=go)

    @shows_errors
    async def _store(
        self,
        project: Project,
        item: ReviewItem,
        action: Action,
        candidate: str | None,
        text: str | None,
        *,
        go: bool,
    ) -> bool:
        """Store a decision on an item of a project; True once it is stored."""
        decision = ItemDecision(item.instance_id, candidate, text)
        reviewer, how = host(self).reviewer, self._how(item, go)
        await project.write(lambda c: decisions.decide(c, reviewer, action, [decision], how=how))
        return True

    @shows_errors
    async def _show_decided(self, item: ReviewItem, *, go: bool) -> None:
        """Take up that an item was decided on: show the next one, or this one as it is now."""
        self.queue.take_ahead(item.number)
        self.query_one(QueueList).forget(item.number)
        if go and self._again is None and self.queue.current == item.number:
            self.queue.settle(item.number)
        if not go and self._again is not None:
            await self._show_unmarked(item.instance_id)
        elif not (go and await self._show_one_again()):
            await self._show_current()
        self._show_progress()

    def _how(self, item: ReviewItem, answering: bool) -> How:
        if not answering:
            return ""
        if self._again is not None:
            return "again"
        return "settle" if item.state.conflict and self.queue.wanted.view == "conflicts" else ""

    async def _show_one_again(self) -> bool:
        """Now and then, as often as it is set, show an item that one decided before, unmarked."""
        if self._again is not None or random.random() * 100 >= host(self).memory.again:
            return False
        reviewer, draw = host(self).reviewer, random.random()
        key = await self._project.fetch(lambda c: review.decided_before(c, reviewer, draw))
        if key is None:
            return False
        await self._show_unmarked(key)
        return True

    async def _show_unmarked(self, key: str) -> None:
        """Show an item as if nobody had decided it."""
        self._again = await self._project.fetch(lambda c: review.item(c, key))
        await self._show(masked(self._again))

    async def action_accept(self) -> None:
        """Take the winner; where it answers an earlier text of the task, ask once."""
        item = self._present
        if not item.stale or item.instance_id in self._accept_stale:
            await self.decide("accept")
            return

        async def answered(yes: bool | None) -> None:
            if yes and self.queue.item is item:
                self._accept_stale.add(item.instance_id)
                await self.decide("accept")

        self.app.push_screen(
            ConfirmScreen(
                Content("The task was changed"),
                Content("The winner answers the earlier text. + asks the models again instead."),
                yes=Content("accept it as the answer to the present text"),
                no=Content("go back"),
            ),
            answered,
        )

    async def action_choose(self, number: int) -> None:
        """Take the candidate with that number."""
        item = self._present
        chosen = next(candidate for candidate in item.candidates if number_of(item, candidate) == number)
        await self.decide("choose", chosen.id)

    async def action_choose_cursor(self) -> None:
        """Take the candidate under the cursor."""
        if (chosen := self.query_one(ItemView).under_cursor) is not None:
            await self.decide("choose", chosen.id)

    async def action_reject(self) -> None:
        """Keep the item out."""
        await self.decide("reject")

    def action_reject_because(self) -> None:
        """Keep the item out and say why."""
        self._ask(ReasonScreen(), "reject", go=True)

    async def action_later(self) -> None:
        """Put the item off."""
        await self.decide("later")

    def action_edit(self) -> None:
        """Open the editor; what is saved there is the decision."""
        item = self._present
        text, candidate = editing_base(item, self.query_one(ItemView).under_cursor)
        others = [
            (Content.assemble(names_of(group), "  ", marks_of(group, False)), group.output or group.error)
            for group in groups(item)
            if not any(member.id == candidate for member in group.members)
        ]
        # A text that was begun on one answer is no edit of another.
        draft = draft_of(self._project, host(self).reviewer, item.instance_id, candidate or "")
        screen = EditScreen(item.number, item.instruction, text, others, draft)
        self._ask(screen, "edit", candidate, go=True)

    @shows_errors
    async def action_turn_back(self, way: Literal["undo", "redo"]) -> None:
        """Undo the last decision, or redo what was undone; show its item."""
        reviewer = host(self).reviewer
        turn = decisions.undo if way == "undo" else decisions.redo
        event = await self._project.write(lambda c: turn(c, reviewer))
        if event is None:
            host(self).say(Content("Nothing to undo." if way == "undo" else "Nothing to redo."))
            return
        self.queue.forget_ahead()
        self.query_one(QueueList).forget()
        first = event.instances[0]
        self.queue.visit(await self._project.fetch(lambda c: review.number_of(c, first)))
        await self._show_current()
        self._show_progress()
        host(self).say(Content.assemble("undone: " if way == "undo" else "redone: ", DEEDS[event.action]))

    # ---- what stands beside a decision ------------------------------------------------------------

    @property
    def _beside(self) -> ReviewState:
        """What stands beside the decision of the item that is shown, also where it is shown unmarked."""
        return (self._again or self._present).state

    async def action_flag(self) -> None:
        """Set or remove the flag."""
        await self.decide("unflag" if self._beside.flagged else "flag", go=False)

    def action_note(self) -> None:
        """Write a note."""
        item = self._present
        draft = draft_of(self._project, host(self).reviewer, item.instance_id, "note")
        self._ask(NoteScreen(item.number, self._beside.note, draft), "note")

    def action_tags(self) -> None:
        """Give tags."""
        self._ask(TagsScreen(self._beside.tags), "tags")

    def action_rate(self) -> None:
        """Grade the item."""
        self._ask(RateScreen(self._beside.rating or Rating()), "rate")

    def action_task(self) -> None:
        """Change instruction or input."""
        item = self._present
        self._ask(TaskScreen(item.number, item.instruction, item.input), "task")

    @shows_errors
    async def action_ask(self) -> None:
        """Ask every answerer for one more candidate."""
        item = self._present
        if why_not := await self._project.fetch(lambda c: review.refusal(c, item.instance_id)):
            host(self).say(literal_line(why_not))
            return
        if self.queue.item is not item:
            return
        await self.decide("ask", go=False)
        if any(candidate.reason == OVER_CONTEXT for candidate in item.candidates):
            host(self).say(Content("Asked when the run resumes with a longer --context."))
        elif host(self).running.going:
            host(self).say(Content("The run in progress asks the models."))
        else:
            host(self).say(Content("The models are asked."))
            host(self).answer_asked()

    def _ask(
        self, screen: Question[str], action: Action, candidate: str | None = None, *, go: bool = False
    ) -> None:
        """Open a window over this item; the text it gives is stored as the decision before it closes."""
        item, project = self._present, self._project

        async def answered(text: str | None) -> None:
            if text is not None:
                await self._show_decided(item, go=go)

        screen.stores = lambda text: self._store(project, item, action, candidate, text, go=go)
        self.app.push_screen(screen, answered)

    # ---- many at once -----------------------------------------------------------------------------

    def action_bulk(self) -> None:
        """Decide on all items that meet a rule."""
        self.app.push_screen(BulkScreen(self.queue.wanted), self._show_many)

    def action_similar(self) -> None:
        """Apply what was decided here to items like this one."""
        item = self._present
        if item.state.status not in ("rejected", "edited"):
            host(self).say(Content("Reject or edit this item first; then S applies that to similar items."))
            return
        self.run_worker(self._offer_similar(item), group="similar", exclusive=True)

    @shows_errors
    async def _offer_similar(self, item: ReviewItem) -> None:
        """Look for items like this one, and show them; it ends where the reviewer moves on meanwhile."""
        looking = asyncio.ensure_future(self._project.fetch(lambda c: similar_to(c, item.instance_id)))
        try:
            if not (await asyncio.wait({looking}, timeout=SOON))[0]:
                host(self).say(Content("Looking for items like this one …"))
            similar = await looking
        finally:
            looking.cancel()
        if similar:
            self.app.push_screen(SimilarScreen(item, similar), self._show_many)
        else:
            host(self).say(Content("No other item is like this one."))

    async def _show(self, item: ReviewItem | None) -> None:
        if self.queue.item is None or item is None or item.number != self.queue.item.number:
            self._look_no_more()
        await super()._show(item)

    @on(events.ScreenSuspend)
    def _look_no_more(self) -> None:
        """End looking for items like one that is not shown any more."""
        self.workers.cancel_group(self, "similar")

    async def _show_many(self, stored: tuple[Action, int] | None) -> None:
        """Say what a window stored for how many items, and show the list as it is now."""
        if stored is not None:
            words = f": {plural(stored[1], 'item')}. Press u to undo it."
            host(self).say(Content.assemble(DEEDS[stored[0]], words))
            await self.begin(self.queue.current)

    # ---- looking ----------------------------------------------------------------------------------

    async def action_cursor(self, by: int) -> None:
        """Move the cursor over the candidates."""
        await self.query_one(ItemView).move_cursor(by)

    def action_copy(self) -> None:
        """Copy an answer to the clipboard."""
        chosen = self.query_one(ItemView).under_cursor
        self.app.copy_to_clipboard(chosen.output if chosen else answer_of(self._present))
        host(self).say(Content("Copied, where the terminal allows it."))

    def action_scroll(self, pages: float) -> None:
        """Scroll the long texts."""
        self.query_one(ItemView).scroll_texts(pages)

    async def action_part(self, by: int) -> None:
        """Show another part of very long texts."""
        await self.query_one(ItemView).turn_part(by)

    async def action_compare(self) -> None:
        """Mark the differing words, or do not."""
        await self.query_one(ItemView).toggle_comparison()

    async def action_markdown(self) -> None:
        """Show answers as they are stored, or as Markdown."""
        drawn = await self.query_one(ItemView).toggle_markdown()
        host(self).say(Content("Markdown is drawn." if drawn else "Answers are shown as they are stored."))

    def action_thoughts(self) -> None:
        """Show what models thought before they answered."""
        self.app.push_screen(ThoughtsScreen(self._present, self.query_one(ItemView).part))

    def action_read(self) -> None:
        """Show all texts in full."""
        self.app.push_screen(ReadScreen(self._present, self.query_one(ItemView).part))

    def action_vote(self) -> None:
        """Show the whole vote."""
        self.app.push_screen(VoteScreen(self._present))

    def action_threshold(self) -> None:
        """Go to the threshold."""
        self.app.push_screen(ThresholdScreen())

    def action_learn(self) -> None:
        """Show what was learned, and vote by it if that is wanted."""
        learn_on(self, lambda: self.run_worker(self.begin(self.queue.current), group="learned"))

    def action_go(self, place: Place) -> None:
        """Go to another screen."""
        host(self).go(place)
