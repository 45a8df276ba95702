"""One candidate (or several equal ones) in Review: who wrote it, what, and its marks."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from app.store.rows import CandidateRow
from app.tui.candidates import Group
from app.tui.literal import literal, literal_line, slice_of
from app.tui.widgets.sides import Sides
from app.tui.widgets.text_body import TALL, TextBody, sliced
from app.tui.words import plural, score


class CandidateView(Vertical):
    """Shows one group of equal candidates."""

    def __init__(self) -> None:
        super().__init__(classes="candidate")
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
    ) -> None:
        """Show `group`; `ranges` are the words of this part of its text that the winner's lacks."""
        self._group = group
        self.set_class(group.winner, "-winner")
        self.set_class(chosen, "-chosen")
        names = Content.assemble(("› ", "bold $primary"), names_of(group)) if cursor else names_of(group)
        self.query_one(Sides).show(names, marks_of(group, chosen))
        self.body.show(text_of(group, part, ranges))
        self._marks = figures_of(group)
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
        self._marks = Content(plural(len(text.split()), "word"))
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
    return Content.assemble(numbers, "  ", Content(" = ").join(name_of(one) for one in group.members))


def name_of(one: CandidateRow) -> Content:
    """Return a candidate's model, and that it is the writer."""
    name = literal_line(one.model_name, 60)
    return Content.assemble(name, (" writer", "$foreground-muted")) if one.role == "writer" else name


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
    pieces: list[Content] = []
    at = 0
    for start, end in ranges:
        pieces += [literal(text[at:start]), literal(text[start:end], "bold underline $text-warning")]
        at = end
    return Content.assemble(*pieces, literal(text[at:]))


def figures_of(group: Group) -> Content:
    """Return length and support, and the marks that a reviewer must not miss."""
    parts = [Content(plural(len(group.output.split()), "word"))]
    if group.thought:
        parts.append(Content.assemble("thought first, ", plural(group.thought, "word"), (" (h)", "bold")))
    if group.support is not None:
        parts.append(Content("support " + score(group.support)))
    if group.earlier:
        parts.append(Content.styled("answers the earlier text", "$text-warning"))
    if group.tie:
        parts.append(Content.styled("tie, the earlier wins", "$text-warning"))
    if group.short:
        parts.append(Content.styled("short", "$text-warning"))
    if group.cut:
        parts.append(Content.styled("✂ cut by length", "$text-warning"))
    if group.hidden:
        parts.append(Content.styled("⚠ " + plural(group.hidden, "hidden character"), "$text-warning"))
    return Content(" · ").join(parts)
