"""An item in Review: its task above its candidates, and what a person looks at in them."""

from __future__ import annotations

from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from app.method.turns import in_lines
from app.store.rows import CandidateRow
from app.store.views import ReviewItem, Said
from app.tui.candidates import cursor_candidate, groups
from app.tui.literal import SLICE, literal_line
from app.tui.review_progress import DEEDS
from app.tui.widgets.candidates import Candidates
from app.tui.widgets.pairs import PairTable
from app.tui.widgets.text_body import TextBody, sliced

STATUS = {
    "undecided": ("", "", ""),
    "accepted": ("✓", "accepted", "$text-success"),
    "chosen": ("✓", "chosen", "$text-success"),
    "edited": ("✎", "edited", "$text-success"),
    "rejected": ("✗", "rejected", "$text-error"),
    "later": ("↷", "later", "$text-warning"),
}


ROOMY = 34
"""Lines that task and answers have before how alike the answers are is shown below them."""
BADGES = 3
"""The part of a line that badges may take beside the instruction: a third."""


class ItemView(Vertical):
    """Shows one item; knows which part of very long texts is shown, and where the cursor is."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._item: ReviewItem | None = None
        self._cursor: int | None = None
        self._compare = False
        self._as_markdown = True
        self.part = 0

    def compose(self) -> ComposeResult:
        """Compose task and candidates."""
        yield TaskView(id="task")
        yield Candidates(id="candidates")
        yield PairTable(id="review-pairs")

    async def show(self, item: ReviewItem) -> None:
        """Show `item` from its first line, without a cursor."""
        self._item, self.part, self._cursor = item, 0, None
        await self._draw()

    @property
    def under_cursor(self) -> CandidateRow | None:
        """The candidate under the cursor; None where there is no cursor."""
        return None if self._item is None else cursor_candidate(self._item, self._cursor)

    async def move_cursor(self, by: int) -> None:
        """Move the cursor over the candidates, round the ends."""
        if self._item is not None:
            start = -1 if by > 0 else 0
            at = start if self._cursor is None else self._cursor
            self._cursor = (at + by) % max(1, len(groups(self._item)))
            await self._draw()

    async def turn_part(self, by: int) -> None:
        """Show another part of texts that are longer than one."""
        if (item := self._item) is None:
            return
        outputs = [candidate.output for candidate in item.candidates]
        task = (in_lines(item.turns), item.instruction, item.input)
        longest = max(map(len, (*task, *outputs, *item.thoughts.values())))
        part = min(max(self.part + by, 0), max(0, -(-longest // SLICE) - 1))
        if part != self.part:
            self.part = part
            await self._draw()

    async def toggle_comparison(self) -> None:
        """Mark the words that the winner lacks, or do not."""
        self._compare = not self._compare
        await self._draw()

    async def toggle_markdown(self) -> bool:
        """Draw answers as Markdown, or as they are stored; return which."""
        self._as_markdown = not self._as_markdown
        await self._draw()
        return self._as_markdown

    def scroll_texts(self, pages: float) -> None:
        """Scroll the long texts."""
        self.query_one(TaskView).scroll_texts(pages)
        self.query_one(Candidates).scroll_texts(pages)

    async def _draw(self) -> None:
        if self._item is not None:
            with self.app.batch_update():
                self.query_one(TaskView).show(self._item, self.part)
                self._show_pairs()
                candidates = self.query_one(Candidates)
                await candidates.show(
                    self._item, self.part, self._compare, self._cursor, as_markdown=self._as_markdown
                )

    def _show_pairs(self) -> None:
        """Show how alike the answers are, where nobody misses the lines."""
        vote = None if self._item is None else self._item.vote
        pairs = self.query_one(PairTable)
        pairs.display = vote is not None and len(vote.candidates) <= self.size.height - ROOMY
        if self._item is not None and pairs.display:
            pairs.show(self._item)

    def on_resize(self) -> None:
        """Show more in a larger terminal."""
        self._show_pairs()

    @on(TextBody.Moved)
    def _keep_inside(self, message: TextBody.Moved) -> None:
        message.stop()


class TaskView(Vertical):
    """Shows the turns before the task, instruction and input; all scroll when they are long."""

    _label = Content()

    def compose(self) -> ComposeResult:
        """Compose the earlier turns, the instruction beside its label, the input below."""
        yield TextBody(id="task-turns")
        with Horizontal(id="task-head"):
            yield TextBody(id="task-instruction")
            yield Static(id="task-label")
        yield TextBody(id="task-input")
        yield Static(id="task-beside")
        yield Static(id="task-said")

    def show(self, item: ReviewItem, part: int) -> None:
        """Show the task of `item`."""
        turns = self.query_one("#task-turns", TextBody)
        turns.display = bool(item.turns)
        turns.show(sliced(in_lines(item.turns).rstrip(), part, "$foreground-muted"))
        self.query_one("#task-instruction", TextBody).show(sliced(item.instruction, part, "bold"))
        self._label = label_of(item)
        self.query_one("#task-label", Static).update(self._label)
        self._place_label()
        shown = self.query_one("#task-input", TextBody)
        shown.display = bool(item.input)
        shown.show(sliced(item.input, part))
        annotations = beside_of(item)
        self.query_one("#task-beside", Static).display = bool(annotations)
        self.query_one("#task-beside", Static).update(annotations)
        self.query_one("#task-said", Static).display = bool(item.said)
        self.query_one("#task-said", Static).update(
            Content("\n").join([said_line(said) for said in item.said])
        )

    def on_resize(self) -> None:
        """Place the label for the new width."""
        self._place_label()

    def _place_label(self) -> None:
        """Put many badges below the instruction, so that it keeps most of its line."""
        self.set_class(self._label.cell_length > self.size.width // BADGES, "-badges")

    def scroll_texts(self, pages: float) -> None:
        """Scroll both texts by `pages` of their own height."""
        for body in self.query(TextBody):
            lines = max(1, int(body.size.height * abs(pages)))
            body.scroll_relative(y=lines if pages > 0 else -lines, animate=False)


def label_of(item: ReviewItem) -> Content:
    """Return "✓ accepted · dropped · A · #0142 ⚑"."""
    glyph, word, style = STATUS[item.state.status]
    parts: list[Content] = []
    if word:
        parts.append(Content.assemble((glyph, style), " ", (word, style)))
    if item.state.reason:
        parts.append(literal_line(item.state.reason, 20, "$text-error"))
    if item.state.conflict:
        parts.append(Content.styled("⚡ reviewers differ", "$text-warning"))
    if item.vote is not None and not item.vote.keep:
        parts.append(Content.styled("dropped by the vote", "$text-warning"))
    parts.append(Content.styled("with input" if item.kind == "A" else "no input", "$foreground-muted"))
    parts.append(Content.assemble(("#", "$foreground-muted"), f"{item.number:04d}"))
    if item.state.flagged:
        parts.append(Content.styled("⚑ flagged", "$text-warning"))
    if item.state.rating and item.state.rating.grade:
        parts.append(Content.assemble("graded ", literal_line(item.state.rating.grade, 1, "bold")))
    return Content(" · ").join(parts)


def said_line(said: Said) -> Content:
    """Return "⚡ ann chose 2 · 28 Nov 10:31 · note: the river": what one of several reviewers decided."""
    what = Content.assemble(DEEDS[said.action], f" {said.candidate:d}" if said.candidate else "")
    parts = [Content.assemble(("⚡ ", "$text-warning"), literal_line(said.reviewer, 30, "bold"), " ", what)]
    if said.text:
        parts.append(literal_line(said.text, 60))
    parts.append(literal_line(f"{datetime.fromisoformat(said.at).astimezone():%d %b %H:%M}"))
    if said.note:
        parts.append(Content.assemble("note: ", literal_line(said.note, 100)))
    return Content(" · ").join(parts)


def beside_of(item: ReviewItem) -> Content:
    """Return the changed mark, tags, note and references of an item, in one line; empty without any."""
    parts: list[Content] = []
    if item.state.instruction is not None:
        parts.append(Content.styled("✎ task changed", "$text-warning"))
    if item.state.tags:
        parts.append(Content.assemble("tags: ", literal_line(", ".join(item.state.tags), 200)))
    if item.state.note:
        parts.append(Content.assemble("note: ", literal_line(item.state.note, 300)))
    if item.references:
        known = " | ".join(item.references)
        parts.append(Content.assemble("reference: ", literal_line(known, 300, "$text-success")))
    if item.waiting:
        parts.append(Content.styled("… waiting for further answers", "$foreground-muted"))
    return Content(" · ").join(parts)
