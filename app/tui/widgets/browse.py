"""Browse: everything of a project as a list, what the chosen line is, and what can be done with it."""

from __future__ import annotations

from array import array

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from app.run import restoring
from app.store import browse, decisions, review
from app.store.browse import Told
from app.store.filters import Filter, parse
from app.store.review_state import ItemDecision
from app.tui.host import host, shows_errors
from app.tui.literal import literal, literal_line, reason_words
from app.tui.review_progress import DEEDS
from app.tui.widgets.browse_list import BrowseList
from app.tui.widgets.fields import FilterLine
from app.tui.widgets.layout import Drawn
from app.tui.widgets.queue_list import QueueList
from app.words import count

_SHOWN = 2_000
"""Characters of each text of an entry that are shown."""


class BrowseView(Vertical):
    """The list with its cursor, the line for a filter, and the entry under the cursor."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._wanted = Filter()
        self._keys = array("q")
        self._at = 0

    def compose(self) -> ComposeResult:
        """Compose list, entry and filter."""
        yield Static(id="browse-head", classes="dim")
        yield BrowseList(id="browse-list")
        yield EntryView(id="browse-entry")
        yield FilterLine(id="browse-filter")

    @property
    def key(self) -> int | None:
        """The key of the entry under the cursor, None where the list is empty."""
        return self._keys[self._at] if self._at < len(self._keys) else None

    @property
    def number(self) -> int | None:
        """The number of the item under the cursor; None for an instruction that became none."""
        key = self.key
        return key if key is not None and key > 0 else None

    @shows_errors
    async def read(self) -> None:
        """Read the list anew; the cursor stays where it is."""
        key, wanted, reviewer = self.key, self._wanted, host(self).reviewer
        project = host(self).require_project()
        self._keys = await project.fetch(lambda c: browse.keys(c, wanted, reviewer))
        self._at = self._keys.index(key) if key is not None and key in self._keys else 0
        self.query_one(BrowseList).forget()
        await self.show()

    async def show(self) -> None:
        """Draw the list, and the entry under the cursor."""
        listed = self.query_one(BrowseList)
        listed.show(np.array(self._keys, np.int64), self._at)
        filtered = literal_line(f"  {self._wanted}  ", 200) if self._wanted.terms else Content("  ")
        place = f"{min(self._at + 1, len(self._keys)):,d} of {len(self._keys):,d}"
        self.query_one("#browse-head", Static).update(Content.assemble(place, filtered))
        await self._show_entry()

    @shows_errors
    async def _show_entry(self) -> None:
        key, view = self.key, self.query_one(EntryView)
        if key is None:
            view.show(None, None)
            return
        project = host(self).require_project()
        await self.query_one(BrowseList).take([key])
        told = await project.fetch(lambda c: browse.told(c, key))
        if key == self.key:
            view.show(self.query_one(BrowseList).entry(key), told)

    async def move(self, by: int) -> None:
        """Move the cursor."""
        at = max(0, min(len(self._keys) - 1, self._at + by))
        if at != self._at:
            self._at = at
            await self.show()

    @property
    def total(self) -> int:
        """How many lines there are, seen or not."""
        return len(self._keys)

    def page(self) -> int:
        """Return how many lines the list shows."""
        return max(1, self.query_one(BrowseList).size.height - 1)

    @on(QueueList.Picked)
    async def _go_to(self, message: QueueList.Picked) -> None:
        self._at = message.place
        await self.show()

    def find(self) -> None:
        """Open the line for a filter."""
        self.query_one(FilterLine).open(str(self._wanted))

    @on(FilterLine.Typed)
    @shows_errors
    async def _filter(self, message: FilterLine.Typed) -> None:
        self._wanted = parse(message.text)  # one that cannot be read stays in its line, to be mended
        self.query_one(FilterLine).close()
        self._at = 0
        await self.read()

    # ---- what can be done with it -----------------------------------------------------------------

    @shows_errors
    async def restore(self) -> None:
        """Take the answer of an item that was dropped, or let an instruction that was dropped be answered.

        Both are decisions like any other, with undo.
        """
        app, key = host(self), self.key
        entry = self.query_one(BrowseList).entry(key) if key is not None else None
        if entry is None:
            return
        if not entry.dropped:
            app.say(Content("This was not dropped."))
            return
        project = app.require_project()
        if (number := self.number) is None:
            await project.write(lambda c: restoring.restore(c, app.reviewer, -entry.key))
            app.say(Content("The instruction is restored: resume the run to have it answered. u undoes."))
            await app.runs_changed()
            await self.read()
            return
        answers = await project.fetch(lambda c: browse.restorable(c, number))
        if len(answers) != 1:
            wanted = "Choose an answer" if answers else "No model answered this; you can write the answer"
            app.say(Content(f"{wanted}: Enter opens the item in Review."))
            return
        instance = await project.fetch(lambda c: review.id_of(c, number))
        taken = [ItemDecision(instance, answers[0])]
        await project.write(lambda c: decisions.decide(c, app.reviewer, "choose", taken))
        app.say(Content(f"#{number:04d} is restored; u undoes."))
        await self.read()

    @shows_errors
    async def undo(self) -> None:
        """Take back this reviewer's newest decision."""
        app = host(self)
        undone = await app.require_project().write(lambda c: restoring.undo_newest(c, app.reviewer))
        if undone is None:
            app.say(Content("Nothing to undo."))
            return
        app.say(Content.assemble("undone: ", DEEDS[undone]))
        await app.runs_changed()
        await self.read()


class EntryView(Drawn):
    """The entry under the cursor: its texts, and what became of it."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._shown: tuple[browse.Entry, Told] | None = None

    def show(self, entry: browse.Entry | None, told: Told | None) -> None:
        """Show an entry, or that there is none."""
        self._shown = (entry, told) if entry is not None and told is not None else None
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the entry."""
        if self._shown is None:
            return Content.styled("Nothing found. / finds something else.", "$foreground-muted")
        entry, told = self._shown
        lines = [_became(entry, told), literal(told.instruction[:_SHOWN], "bold")]
        lines += [literal(told.input[:_SHOWN])] if told.input.strip() else []
        lines += [literal(told.answer[:_SHOWN], "$foreground-muted")] if told.answer.strip() else []
        if told.nearest:
            lines.append(Content.assemble(("like: ", "$foreground-muted"), literal(told.nearest[:_SHOWN])))
        return Content("\n").join(lines)


def _became(entry: browse.Entry, told: Told) -> Content:
    """Say what became of an entry."""
    what = Content("instruction") if entry.key < 0 else Content(f"item #{entry.key:04d}")
    state = Content("kept by the vote") if entry.kept else Content("dropped")
    if entry.status not in ("undecided", "later"):
        state = literal_line(entry.status, 20)
    parts = [what, Content(f"run {count(entry.run)}"), state]
    if entry.dropped and entry.reason:
        parts.append(reason_words(entry.reason))
    if told.score is not None:
        parts.append(Content(f"similarity {told.score:.2f}"))
    return Content(" · ").join(parts)
