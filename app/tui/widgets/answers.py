"""An item as it is judged: its task, and its distinct answers one under the other, by number alone.

Nothing here knows a model, a vote or a score, so nothing can show one.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.method.judging import GRADES, Distinct, Said
from app.method.turns import in_lines
from app.store.judgements import ToJudge
from app.tui.literal import literal
from app.tui.marking import Marks
from app.tui.widgets.candidates import EDGE, shares
from app.tui.widgets.text_body import TextBody, sliced
from app.words import plural

CHROME = 2
"""Lines of an answer that are not its text: its head, and the empty one below it."""


class JudgedTask(Vertical):
    """Shows the turns before the task, instruction and input; long ones scroll."""

    def compose(self) -> ComposeResult:
        """Compose the texts."""
        yield TextBody(id="task-turns")
        yield TextBody(id="task-instruction")
        yield TextBody(id="task-input")

    def show(self, item: ToJudge, part: int) -> None:
        """Show the task of an item."""
        turns, given = self.query_one("#task-turns", TextBody), self.query_one("#task-input", TextBody)
        turns.display, given.display = bool(item.turns), bool(item.input)
        turns.show(sliced(in_lines(item.turns).rstrip(), part, "$foreground-muted"))
        self.query_one("#task-instruction", TextBody).show(sliced(item.instruction, part, "bold"))
        given.show(sliced(item.input, part))


class AnswerView(Vertical):
    """Shows one answer under its number and mark."""

    def __init__(self) -> None:
        super().__init__(classes="candidate")
        self._head = Content()

    def compose(self) -> ComposeResult:
        """Compose head and text."""
        yield Static(classes="candidate-head")
        yield TextBody()

    @property
    def body(self) -> TextBody:
        """The scrolling text."""
        return self.query_one(TextBody)

    def mark(self, number: int, said: Said | None, *, cursor: bool) -> None:
        """Show number and mark; the text stays where it was scrolled to."""
        self.set_class(said is not None and said.is_right is True, "-chosen")
        self._head = Content.assemble(
            ("› " if cursor else "", "bold $primary"), (f"{number:d}", "bold $primary"), "  ", mark_of(said)
        )
        self.show_head()

    @on(TextBody.Moved)
    def show_head(self) -> None:
        """Show the head, and how much text lies below."""
        below = self.body.below
        more = Content.styled("  ↓ " + plural(below, "more line"), "$text-warning") if below else Content()
        self.query_one(Static).update(Content.assemble(self._head, more))


class Answers(VerticalScroll, can_focus=False):
    """Keeps one view per answer and uses them again for the next item."""

    async def show(self, answers: Sequence[Distinct], part: int) -> None:
        """Show these answers from their first lines."""
        views = list(self.query(AnswerView))
        missing = [AnswerView() for _ in range(len(answers) - len(views))]
        if missing:
            await self.mount(*missing)
        for at, view in enumerate([*views, *missing]):
            view.display = at < len(answers)
        for view, answer in zip([*views, *missing], answers, strict=False):
            view.body.show(text_of(answer.text, part))
        self.scroll_to(y=0, animate=False, immediate=True)
        self.call_after_refresh(self._share)

    def mark(self, marks: Marks, cursor: int | None) -> None:
        """Show the marks, and the cursor if there is one."""
        for at, view in enumerate(self.query(AnswerView)):
            if at < len(marks.answers):
                view.mark(at + 1, marks.shown(at), cursor=at == cursor)
                if at == cursor:
                    self.scroll_to_widget(view, animate=False)

    def scroll_texts(self, pages: float) -> None:
        """Scroll the answers, or where all are in sight every text, by `pages` of the height."""
        bodies = [self] if self.max_scroll_y else [view.body for view in self.query(AnswerView)]
        for body in bodies:
            lines = max(1, int(body.size.height * abs(pages)))
            body.scroll_relative(y=lines if pages > 0 else -lines, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Share the new room."""
        self._share()

    def _share(self) -> None:
        """Give each text its share of the lines: short ones what they need, the others the rest equally."""
        views = [view for view in self.query(AnswerView) if view.display]
        if views and self.size.height:
            wanted = [view.body.wanted(self.size.width - EDGE) for view in views]
            room = self.size.height - CHROME * len(views) + 1
            for view, lines in zip(views, shares(wanted, room), strict=True):
                view.body.fit(lines)


def text_of(text: str, part: int) -> Content:
    """Return an answer's text (foreign), or that it has none."""
    if not text.strip():
        return Content.styled("(empty)" if not text else "(only spaces)", "$foreground-muted italic")
    return sliced(text, part)


def mark_of(said: Said | None) -> Content:
    """Return a mark by glyph and word."""
    if said is None:
        return Content.styled("·", "$foreground-muted")
    grade = literal(f"{said.grade}  {GRADES[said.grade]}") if said.grade else None
    if said.is_right is None:
        return Content.styled("? open", "$text-warning")
    word, style = ("✓ right", "$text-success") if said.is_right else ("✗ wrong", "$text-error")
    return Content.assemble((word, style), "  ", grade) if grade else Content.styled(word, style)
