"""Review: one item, its candidates, the winner and why; one key decides and the next is there."""

from __future__ import annotations

import random
from functools import partial
from typing import ClassVar, Literal

from textual import on
from textual.binding import BindingType
from textual.content import Content

from app.run.similar import similar_to
from app.store import bulk, decisions, review
from app.store.bulk import BulkAction, BulkRule
from app.store.review_state import Action, How, ItemDecision, Rating, ReviewState
from app.store.rows import CandidateRow
from app.store.views import ReviewItem
from app.tui.candidates import answer_of, cursor_candidate, editing_base, groups, number_of
from app.tui.host import host, shows_errors
from app.tui.literal import SLICE, literal_line
from app.tui.review_keys import CHANGES, NEEDS_ITEM, REVIEW_KEYS
from app.tui.review_words import DEEDS
from app.tui.screens.annotations import NoteScreen, RateScreen, ReasonScreen, TagsScreen, TaskScreen
from app.tui.screens.bulk import BulkScreen
from app.tui.screens.edit import EditScreen
from app.tui.screens.questions import ConfirmScreen
from app.tui.screens.queue import QueueScreen, masked
from app.tui.screens.read import ReadScreen, ThoughtsScreen
from app.tui.screens.similar import SimilarScreen
from app.tui.screens.threshold import ThresholdScreen
from app.tui.screens.vote import VoteScreen
from app.tui.widgets.candidates import Candidates
from app.tui.widgets.queue_list import QueueList
from app.tui.widgets.task import TaskView
from app.tui.widgets.text_body import TextBody
from app.words import plural


class ReviewScreen(QueueScreen):
    """Decides on the item that the queue is at. Every decision is stored before the next item is shown."""

    NAME = "Review"
    ABOUT = (
        "Shows one item: the task, what each model answered, which answer the vote prefers and why. "
        "Decide with one key and the next item is there. Every decision is stored at once under your "
        "name and can be undone, also tomorrow."
    )
    BINDINGS: ClassVar[list[BindingType]] = REVIEW_KEYS

    def __init__(self, only: tuple[int, ...] = ()) -> None:
        super().__init__(only)
        self._again: ReviewItem | None = None
        """The item that is shown again unmarked, as it really is."""
        self._accept_stale: set[str] = set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys that mean something now."""
        project = host(self).project
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

    # ---- deciding ---------------------------------------------------------------------------------

    @shows_errors
    async def decide(
        self, action: Action, candidate: str | None = None, text: str | None = None, *, go: bool = True
    ) -> None:
        """Store a decision on the item that is shown; then show the next one, or this one as it is now."""
        item = self._item
        if item is None:
            return
        decision = ItemDecision(item.instance_id, candidate, text)
        reviewer, how = host(self).reviewer, self._how(item, go)
        await self._project.write(lambda c: decisions.decide(c, reviewer, action, [decision], how=how))
        self._ahead.pop(item.number, None)
        self.query_one(QueueList).forget(item.number)
        if go and self._again is None:
            self._walk.settle(item.number)
            self._walk.advance()
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
        return "settle" if item.state.conflict and self._wanted.view == "conflicts" else ""

    async def _show_current(self) -> None:
        self._again = None
        await super()._show_current()

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

    @property
    def _beside(self) -> ReviewState:
        """What stands beside the decision of the item that is shown, also where it is shown unmarked."""
        item = self._again or self._item
        return item.state if item else ReviewState()

    @shows_errors
    async def action_accept(self) -> None:
        """Take the winner; where it answers an earlier text of the task, ask once."""
        item = self._item
        if item is None or not item.stale or item.instance_id in self._accept_stale:
            await self.decide("accept")
            return

        async def answered(yes: bool | None) -> None:
            if yes and self._item is item:
                self._accept_stale.add(item.instance_id)
                await self.decide("accept")

        self.app.push_screen(
            ConfirmScreen(
                Content("The task was changed"),
                Content("The winner answers the earlier text. + asks the models again instead."),
                yes=Content("take it as the answer to the present text"),
                no=Content("go back"),
            ),
            answered,
        )

    async def action_choose(self, number: int) -> None:
        """Take the candidate of that number."""
        item = self._item
        found = next((one for one in item.candidates if number_of(one) == number), None) if item else None
        if found is not None:
            await self.decide("choose", found.id)

    async def action_choose_cursor(self) -> None:
        """Take the candidate under the cursor."""
        found = self._under_cursor
        if found is not None:
            await self.decide("choose", found.id)

    @property
    def _under_cursor(self) -> CandidateRow | None:
        return None if self._item is None else cursor_candidate(self._item, self._cursor)

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
        item = self._item
        if item is None:
            return
        text, candidate = editing_base(item, self._under_cursor)
        self._ask(EditScreen(item.number, item.instruction, text), "edit", candidate, go=True)

    # ---- what stands beside a decision ------------------------------------------------------------

    async def action_flag(self) -> None:
        """Set or clear the mark."""
        if self._item is not None:
            await self.decide("unflag" if self._beside.flagged else "flag", go=False)

    def action_note(self) -> None:
        """Write a note."""
        if self._item is not None:
            self._ask(NoteScreen(self._item.number, self._beside.note), "note")

    @shows_errors
    async def action_tags(self) -> None:
        """Give tags."""
        if self._item is not None:
            known = await self._project.fetch(review.tags)
            self._ask(TagsScreen(self._beside.tags, known), "tags")

    def action_rate(self) -> None:
        """Grade the item."""
        if self._item is not None:
            self._ask(RateScreen(self._beside.rating or Rating()), "rate")

    def action_task(self) -> None:
        """Change instruction or input."""
        item = self._item
        if item is not None:
            self._ask(TaskScreen(item.number, item.instruction, item.input), "task")

    @shows_errors
    async def action_ask(self) -> None:
        """Ask every answerer for one more candidate."""
        item = self._item
        if item is None:
            return
        if why_not := await self._project.fetch(lambda c: review.refusal(c, item.instance_id)):
            host(self).say(literal_line(why_not))
            return
        await self.decide("ask", go=False)
        going = host(self).running.going
        when = "while the run goes on." if going else "when the run goes on: g on Home."
        host(self).say(Content("The models are asked again " + when))

    def _ask(
        self,
        screen: ReasonScreen | EditScreen | NoteScreen | TagsScreen | RateScreen | TaskScreen,
        action: Literal["reject", "edit", "note", "tags", "rate", "task"],
        candidate: str | None = None,
        *,
        go: bool = False,
    ) -> None:
        """Open a window over this item; the text it gives is the decision, None is none."""
        item = self._item

        async def answered(text: str | None) -> None:
            if text is not None and self._item is item:
                await self.decide(action, candidate, text, go=go)

        self.app.push_screen(screen, answered)

    # ---- many at once -----------------------------------------------------------------------------

    def action_bulk(self) -> None:
        """Decide on all that meet a rule."""
        wanted = self._wanted

        @shows_errors
        async def answered(screen: ReviewScreen, chosen: tuple[BulkAction, BulkRule] | None) -> None:
            if chosen is not None:
                reviewer = host(screen).reviewer
                # A hundred thousand of them take ten seconds and more.
                host(screen).say(Content("storing the decisions …"))
                done = await screen._project.write(
                    lambda c: bulk.decide(c, chosen[0], wanted, chosen[1], reviewer)
                )
                await screen._tell_many(done, chosen[0])

        self.app.push_screen(BulkScreen(wanted), partial(answered, self))

    async def _tell_many(self, done: int, action: Action) -> None:
        host(self).say(Content.assemble(DEEDS[action], f": {plural(done, 'item')}. u takes it back."))
        await self.begin(self._walk.current)

    @shows_errors
    async def action_similar(self) -> None:
        """Apply what was decided here to items like this one."""
        item = self._item
        if item is None:
            return
        if item.state.status not in ("rejected", "edited"):
            host(self).say(Content("Reject or edit this item first; then S applies that to items like it."))
            return
        found = await self._project.fetch(lambda c: similar_to(c, item.instance_id))
        if not found:
            host(self).say(Content("There is no item like this one."))
            return
        rejected = item.state.status == "rejected"

        @shows_errors
        async def answered(screen: ReviewScreen, keys: list[str] | None) -> None:
            if keys:
                reviewer = host(screen).reviewer
                done = await screen._project.write(lambda c: bulk.repeat(c, reviewer, item.instance_id, keys))
                await screen._tell_many(done, "reject" if rejected else "edit")

        self.app.push_screen(SimilarScreen(rejected, found), partial(answered, self))

    def action_threshold(self) -> None:
        """Go to the threshold."""
        self.app.push_screen(ThresholdScreen())

    # ---- undo -------------------------------------------------------------------------------------

    @shows_errors
    async def action_undo(self) -> None:
        """Take back the last decision and show its item."""
        await self._turn_back("undo")

    @shows_errors
    async def action_redo(self) -> None:
        """Bring back what was undone and show its item."""
        await self._turn_back("redo")

    async def _turn_back(self, way: str) -> None:
        reviewer = host(self).reviewer
        turn = decisions.undo if way == "undo" else decisions.redo
        event = await self._project.write(lambda c: turn(c, reviewer))
        if event is None:
            nothing = "There is nothing to undo." if way == "undo" else "There is nothing to redo."
            host(self).say(Content(nothing))
            return
        self._ahead.clear()
        self.query_one(QueueList).forget()
        first = event.instances[0]
        self._walk.visit(await self._project.fetch(lambda c: review.number_of(c, first)))
        await self._show_current()
        self._show_progress()
        host(self).say(Content.assemble("undone: " if way == "undo" else "again: ", DEEDS[event.action]))

    # ---- looking ----------------------------------------------------------------------------------

    async def action_cursor(self, by: int) -> None:
        """Move the cursor over the candidates."""
        if self._item is not None:
            of = len(groups(self._item))
            start = -1 if by > 0 else 0
            self._cursor = ((start if self._cursor is None else self._cursor) + by) % max(1, of)
            await self._draw()

    def action_copy(self) -> None:
        """Copy an answer to the clipboard."""
        item = self._item
        if item is None:
            return
        found = self._under_cursor
        text = found.output if found else answer_of(item)
        self.app.copy_to_clipboard(text)
        host(self).say(Content("copied (where the terminal allows it)"))

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

    def action_export(self) -> None:
        """Go to Export."""
        host(self).go("export")

    @on(TextBody.Moved)
    def _texts_moved(self, message: TextBody.Moved) -> None:
        message.stop()
