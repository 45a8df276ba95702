"""The candidates of an item in Review: side by side where they fit, else one under the other."""

from __future__ import annotations

import asyncio
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from app.method.equality import DIFFERENCE
from app.method.intervals import probable
from app.method.lengths import measured
from app.method.terms import Fault
from app.store.rows import CandidateRow
from app.store.views import ReviewItem
from app.tui import markdown
from app.tui.candidates import Group, all_differs, decided_candidate, differing, groups, why, winner_of
from app.tui.literal import literal, literal_line, reason_words, slice_of
from app.tui.widgets.layout import Sides
from app.tui.widgets.text_body import TALL, TextBody, sliced
from app.words import plural, score

WIDE = 100
MIN_COLUMN = 30
EDGE = 4
"""Cells of a candidate's width that are not text: its left edge and padding, and the scrollbar."""
COLUMN_EDGE = EDGE + 2
STACK_GAPS = 1
"""Empty lines of a stacked candidate: the one below it."""
COLUMN_GAPS = 2
"""Empty lines of a candidate in a column: below its head and above its foot."""

MARKS: Final[dict[Fault, str]] = {
    "echo": "repeats the task",
    "loop": "repeats itself",
    "merged": "another task in it",
    "leaked": "prompt in it",
    "numbering": "numbered",
    "truncated": "breaks off",
    "unclosed": "not closed",
    "refusal": "refuses",
    "language": "other language",
    "email": "e-mail address",
    "phone": "phone number",
    "secret": "key",
}
"""What looks wrong with a candidate, in the few words there is room for."""


class CandidateView(Vertical):
    """Shows one group of equal candidates."""

    def __init__(self) -> None:
        super().__init__(classes="candidate")
        self.display = False  # until it is built and has something to show
        self._group: Group | None = None
        self._marks = Content()

    def compose(self) -> ComposeResult:
        """Compose head, text and foot."""
        yield Sides(classes="candidate-head")
        yield TextBody()
        yield Static(classes="candidate-foot")

    @property
    def body(self) -> TextBody:
        """The scrolling text."""
        return self.query_one(TextBody)

    def show(
        self,
        group: Group,
        chosen: bool,
        part: int,
        ranges: list[tuple[int, int]] | None,
        cursor: bool = False,
        as_markdown: bool = False,
    ) -> None:
        """Show `group`; `ranges` are the words of this part of its text that the winner's lacks.

        `as_markdown`: what is known to be Markdown is drawn as such, where nothing is compared.
        """
        self._group = group
        self.set_class(group.winner, "-winner")
        self.set_class(chosen, "-chosen")
        names = Content.assemble(("› ", "bold $primary"), names_of(group)) if cursor else names_of(group)
        self.query_one(Sides).show(names, marks_of(group, chosen))
        drawn = markdown.kept(group.output) if as_markdown and may_be_markdown(group) else None
        how = Content()
        if ranges is not None and all_differs(slice_of(group.output, part).text, ranges):
            how = Content.assemble(" · ", ("≠ all of it differs", "$foreground-muted"))
        elif drawn is not None and ranges is None:
            how = Content.assemble(" · ", markdown_word(group), (" (M)", "bold"))
        self._marks = Content.assemble(figures_of(group), how)
        self.body.show(text_of(group, part, ranges) if drawn is None or ranges is not None else drawn)
        self.show_foot()

    def show_edited(self, text: str, part: int) -> None:
        """Show the text a person wrote."""
        self._group = None
        self.set_class(False, "-winner")
        self.set_class(True, "-chosen")
        self.query_one(Sides).show(
            Content.styled("edited", "bold"), Content.styled("✎ kept", "$text-success")
        )
        self.body.show(sliced(text, part))
        self._marks = Content(plural(*measured(text)))
        self.show_foot()

    @on(TextBody.Moved)
    def show_foot(self) -> None:
        """Show the figures, and how much text lies below."""
        self.query_one(".candidate-foot", Static).update(self._foot(self.body.below))

    def foot_height(self, width: int) -> int:
        """Return how many lines the foot may take at `width` cells."""
        return max(1, self._foot(TALL).get_height({}, max(1, width)))

    def _foot(self, below: int) -> Content:
        more = Content.styled("↓ " + plural(below, "more line"), "$text-warning") if below else Content()
        return Content(" · ").join([part for part in (more, self._marks) if part])


def names_of(group: Group) -> Content:
    """Return "1 = 3  model  writer": the keys that choose it and who wrote it."""
    numbers = Content(" = ").join(
        Content.assemble((f"{number:d}", "bold $primary")) for number in group.numbers
    )
    # A model that says the same in several samples is named once.
    members = {(candidate.role, candidate.model): candidate for candidate in group.members}
    names = Content(" = ").join([name_of(member) for member in members.values()])
    said = literal(f"  {group.samples}", "$foreground-muted") if group.samples else ""
    return Content.assemble(numbers, "  ", names, said)


def name_of(candidate: CandidateRow) -> Content:
    """Return a candidate's model, and that it is the writer."""
    name = literal_line(candidate.model_name, 60)
    return Content.assemble(name, (" writer", "$foreground-muted")) if candidate.role == "writer" else name


def marks_of(group: Group, chosen: bool) -> Content:
    """Return the winner's and the person's marks, by glyph and word."""
    marks: list[Content] = []
    if chosen:
        marks.append(Content.styled("✓ kept", "$text-success"))
    if group.winner:
        marks.append(Content.styled("● winner", "bold $primary"))
    return Content("  ").join(marks)


def text_of(group: Group, part: int, ranges: list[tuple[int, int]] | None) -> Content:
    """Return the text, or why there is none; differing words are underlined."""
    if group.error:
        return Content.assemble(("✗ no answer: ", "$text-error"), literal(group.error[:2000], "$text-error"))
    if not group.output.strip():
        return Content.styled("(empty)" if not group.output else "(only spaces)", "$foreground-muted italic")
    if ranges is None:
        return sliced(group.output, part)
    text = slice_of(group.output, part).text
    if all_differs(text, ranges):
        return literal(text, "$foreground-muted")
    pieces: list[Content] = []
    at = 0
    for start, end in ranges:
        pieces += [literal(text[at:start]), literal(text[start:end], "bold underline $text-warning")]
        at = end
    return Content.assemble(*pieces, literal(text[at:]))


def may_be_markdown(group: Group) -> bool:
    """Say whether the text of a group is worth drawing as Markdown."""
    return not group.error and markdown.is_likely(group.output)


def markdown_word(group: Group) -> Content:
    """Return how the text of a group is drawn."""
    return Content("code" if markdown.language_of(group.output) else "Markdown")


def figures_of(group: Group) -> Content:
    """Return length and support, and the marks that a reviewer must not miss."""
    parts = [Content(plural(*measured(group.output)))]
    if group.thought:
        parts.append(Content.assemble("thought first, ", plural(*measured(group.thought)), (" (h)", "bold")))
    if group.probability is not None:
        parts.append(literal(f"right {probable(group.probability)}", "bold"))
    if group.support is not None:
        parts.append(Content("support " + score(group.support)))
    if group.equal:
        parts.append(literal(f"{group.equal} equal"))
    if group.difference:
        parts.append(literal(f"≠ {DIFFERENCE[group.difference]}", "$text-warning"))
    if group.earlier:
        parts.append(Content.styled("answers the earlier text", "$text-warning"))
    if group.settled:
        parts.append(literal(group.settled, "$text-warning"))
    if group.barred:
        parts.append(Content.assemble(("did not vote: ", "$text-warning"), reason_words(group.barred)))
    if group.short:
        parts.append(Content.styled("short", "$text-warning"))
    if group.cut:
        parts.append(Content.styled("✂ cut by length", "$text-warning"))
    if group.hidden:
        parts.append(Content.styled("⚠ " + plural(group.hidden, "hidden character"), "$text-warning"))
    parts += [Content.styled(f"⚠ {MARKS[name]}", "$text-warning") for name in group.faults]
    return Content(" · ").join(parts)


def why_line(item: ReviewItem) -> Content:
    """Return "why 1: largest mean similarity …"."""
    if item.stale:
        head = Content.styled("the task was changed: the vote is about the earlier text", "$text-warning")
        asked = "the models are asked again" if item.waiting else "+ asks the models again"
        return Content.assemble(head, " · ", asked, (" · w for more", "$foreground-muted"))
    winner = next((group for group in groups(item) if group.winner), None)
    head = Content.assemble("why ", (f"{winner.numbers[0]:d}", "bold")) if winner else Content("no winner")
    return Content.assemble(head, ": ", literal_line(why(item), 500), (" · w for more", "$foreground-muted"))


class Views(VerticalScroll, can_focus=False):
    """The views; they scroll where there are more than there is room for."""

    class Moved(Message):
        """Other candidates are in sight."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that others are in sight."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())

    def watch_virtual_size(self, size: Size) -> None:
        """Tell that there are more or fewer."""
        self.post_message(self.Moved())


class Candidates(Vertical):
    """Keeps one view per candidate and uses them again for the next item; below them stands why."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown = 0
        self._cursor: int | None = None
        self._why = Content()
        self._line = Content()
        self._asked: tuple[ReviewItem, int, bool, int | None] | None = None

    def compose(self) -> ComposeResult:
        """Compose the room for the views, and the line below."""
        yield Views(id="candidate-views")
        yield Static(id="review-why")

    async def show(
        self,
        item: ReviewItem,
        part: int,
        compare: bool,
        cursor: int | None = None,
        *,
        as_markdown: bool = False,
    ) -> None:
        """Show the candidates of `item`, the group at `cursor` marked; with `compare`, differing words."""
        grouped = groups(item)
        self._asked = asked = (item, part, compare, cursor)
        kept = decided_candidate(item)
        edited = item.state.text if item.state.status == "edited" else None
        await self._need(len(grouped) + (edited is not None))
        views = list(self.query(CandidateView))
        if edited is not None:
            views.pop(0).show_edited(edited, part)
        for place, (view, group) in enumerate(zip(views, grouped, strict=False)):
            chosen = kept is not None and any(candidate.id == kept.id for candidate in group.members)
            ranges = _ranges(item, group, part) if compare else None
            view.show(group, chosen, part, ranges, place == cursor, as_markdown)
        self._why = why_line(item)
        self._cursor = cursor if cursor is None or edited is None else cursor + 1
        if cursor is None:
            self.query_one(Views).scroll_to(y=0, animate=False, immediate=True)
        self._show_why()
        self._arrange()
        self.call_after_refresh(self._share)
        texts = [group.output for group in grouped if may_be_markdown(group)] if as_markdown else []
        if any(markdown.kept(text) is None for text in texts):
            self.run_worker(self._draw_markdown(texts, asked), group="markdown", exclusive=True)

    async def _draw_markdown(self, texts: list[str], asked: tuple[ReviewItem, int, bool, int | None]) -> None:
        """Draw texts as Markdown beside the loop, then show them so, if they are still what is looked at."""
        await asyncio.to_thread(markdown.prepare, texts)
        if self._asked is asked and all(markdown.kept(text) is not None for text in texts):
            await self.show(*asked, as_markdown=True)

    @on(Views.Moved)
    def _show_why(self) -> None:
        """Show why, and before it how many candidates lie below what is in sight."""
        views = self.query_one(Views)
        bottom = views.size.height + views.scroll_y
        below = sum(
            1 for view in views.query(CandidateView) if view.display and view.virtual_region.y >= bottom
        )
        more = Content.styled(f"↓ {plural(below, 'more answer')} · ", "$text-warning") if below else Content()
        line = Content.assemble(more, self._why)
        if line != self._line:
            self._line = line
            self.query_one("#review-why", Static).update(line)
            self.call_after_refresh(self._share)  # it may take another number of lines

    def scroll_texts(self, pages: float) -> None:
        """Scroll the candidates by `pages`, or where all are in sight every text by `pages` of its height."""
        views = self.query_one(Views)
        if views.max_scroll_y:
            lines = max(1, int(views.size.height * abs(pages)))
            views.scroll_relative(y=lines if pages > 0 else -lines, animate=False)
            return
        for view in self.query(CandidateView):
            if view.display:
                lines = max(1, int(view.body.size.height * abs(pages)))
                view.body.scroll_relative(y=lines if pages > 0 else -lines, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Arrange for the new room."""
        self._arrange()
        self._share()

    async def _need(self, count: int) -> None:
        """Have at least `count` views, and show exactly that many."""
        self._shown = count
        views = list(self.query(CandidateView))
        missing = [CandidateView() for _ in range(count - len(views))]
        if missing:
            await self.query_one("#candidate-views").mount(*missing)
        for at, view in enumerate([*views, *missing]):
            view.display = at < count

    def _arrange(self) -> None:
        width = self.size.width
        columns = width >= WIDE and width // max(1, self._shown) >= MIN_COLUMN
        self.set_class(columns, "-columns")

    def _share(self) -> None:
        """Give each text its share of the lines: short ones what they need, the others the rest equally."""
        views = [view for view in self.query(CandidateView) if view.display]
        if not views or not self.size.height:
            return
        room = self.size.height - self.query_one("#review-why").outer_size.height - 1
        self.query_one(Views).styles.max_height = max(1, room + 1)
        if self.has_class("-columns"):
            width = self.size.width // len(views) - COLUMN_EDGE
            for view in views:
                view.body.fit(room - COLUMN_GAPS - 1 - view.foot_height(width))
            return
        width = self.size.width - EDGE
        wanted = [view.body.wanted(width) for view in views]
        chrome = sum(STACK_GAPS + 1 + view.foot_height(width) for view in views)
        for view, lines in zip(views, shares(wanted, room + 1 - chrome), strict=True):
            view.body.fit(lines)
        # Once after the cursor was moved: from then on the person scrolls.
        cursor, self._cursor = self._cursor, None
        if cursor is not None and cursor < len(views):
            self.query_one(Views).scroll_to_widget(views[cursor], animate=False)


def shares(wanted: list[int], room: int) -> list[int]:
    """Share `room` lines: nobody gets more than wanted, at least one each, the tall ones equally."""
    given = [0] * len(wanted)
    left, hungry = max(room, len(wanted)), sorted(range(len(wanted)), key=lambda at: wanted[at])
    for place, at in enumerate(hungry):
        given[at] = max(1, min(wanted[at], left // (len(hungry) - place)))
        left -= given[at]
    return given


def _ranges(item: ReviewItem, group: Group, part: int) -> list[tuple[int, int]] | None:
    """Return what this part of the text has and the winner has not; None where nothing is compared."""
    winner = winner_of(item)
    if winner is None or group.winner or group.error:
        return None
    return differing(slice_of(group.output, part).text, slice_of(winner.output, part).text)
