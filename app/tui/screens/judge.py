"""Judge: items drawn at random, one at a time and blind; which answers are right decides nothing but figures.

What is shown is `app.store.judgements.ToJudge`, which holds no model, no vote and no score.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.errors import ProjectError, QuorumError
from app.method.gain import Gain, offer
from app.method.judging import Distinct, Grade, shuffled
from app.method.turns import in_lines
from app.run.learn import expected
from app.store import drawings, judgements
from app.store.connection import Connection
from app.store.drawings import Drawing
from app.store.filters import Filter
from app.store.judgements import Judgement, ToJudge
from app.store.project import Project
from app.tui import marking
from app.tui.drafts import draft_of
from app.tui.host import ProjectChanged, host, shows_errors
from app.tui.keys import CHANGES, DECIDES, FOOTER, LONG_TEXT, NEEDS_ITEM, NONE, ScreenKey
from app.tui.literal import SLICE, literal, with_emphasis
from app.tui.marking import Marks
from app.tui.screens.annotations import NoteScreen
from app.tui.screens.base import QuorumScreen
from app.tui.screens.guideline import GuidelineScreen
from app.tui.screens.learn import learn_on
from app.tui.screens.read import Reader
from app.tui.widgets.answers import Answers, JudgedTask, text_of
from app.tui.widgets.layout import Sides
from app.tui.widgets.text_body import TextBody, sliced
from app.words import count, plural

SIZE = 30
"""Items of a drawing where nobody says how many."""
BESIDE = 118
"""From this width on the guideline stands beside the item."""
MARK = Binding.Group("mark")
MARKED = "Mark the answer with that number: right, wrong, open. While grading: go to it."
GRADE = Binding.Group("grade")
GRADED = "Grade the answer at the cursor, and go to the next: a and b are right, c and d wrong."

KEYS = (
    ScreenKey("1", "mark(1)", MARKED, DECIDES | FOOTER, "right", "mark-1", "1-9", MARK),
    *(
        ScreenKey(f"{n}", f"mark({n})", MARKED, DECIDES, f"mark {n}", f"mark-{n}", None, MARK)
        for n in range(2, 10)
    ),
    ScreenKey("0", "none_right", "Mark every answer as wrong.", DECIDES | FOOTER, "none right"),
    ScreenKey("enter", "store", "Store what is marked and show the next item.", DECIDES | FOOTER, "next"),
    ScreenKey("v", "task", "Say that the task is not valid, or that it is.", DECIDES | FOOTER, "not valid"),
    ScreenKey("i", "input", "Say that the input does not fit the task, or that it does.", DECIDES),
    ScreenKey("o", "rest_open", "Leave open every answer that is not marked.", DECIDES, "leave open"),
    ScreenKey("g", "grading", "Grade answers from A to D, or mark right and wrong.", DECIDES | FOOTER, "A-D"),
    ScreenKey("a", "grade('A')", GRADED, DECIDES, "grade", "grade-a", "a-d", GRADE),
    *(
        ScreenKey(
            grade.lower(),
            f"grade('{grade}')",
            GRADED,
            DECIDES,
            f"grade {grade}",
            f"grade-{grade.lower()}",
            None,
            GRADE,
        )
        for grade in "BCD"
    ),
    ScreenKey("right,down,tab", "cursor(1)", "Go to the next answer.", NEEDS_ITEM, "next answer"),
    ScreenKey("left,up,shift+tab", "cursor(-1)", "Go back an answer.", NEEDS_ITEM, "answer before", "back"),
    ScreenKey("space", "mark_cursor", "Mark the answer at the cursor.", DECIDES, "mark this"),
    ScreenKey("u", "turn_back('undo')", "Undo your judgements one by one.", CHANGES | FOOTER, "undo", "undo"),
    ScreenKey("ctrl+r", "turn_back('redo')", "Redo what you undid.", CHANGES, "redo", "redo"),
    ScreenKey("n", "note", "Write a note on this item.", DECIDES),
    ScreenKey("k", "guideline", "Read and change what counts as right.", NONE),
    ScreenKey("z", "read", "Show task and answers in full.", NEEDS_ITEM, "read in full"),
    *LONG_TEXT,
    ScreenKey("R", "card", "See the report card: how right models and rules are.", FOOTER, "report card"),
    ScreenKey("L", "learn", "See what learning gains, and vote by it.", FOOTER),
    ScreenKey("plus", "more", "Draw more items to judge.", CHANGES | FOOTER, "draw more"),
)
TRAITS = {declared.name: declared.traits for declared in KEYS}


class JudgeScreen(QuorumScreen):
    """Walks through a drawing; a judgement is stored before the next item is shown."""

    NAME = "Judge"
    ABOUT = (
        "Shows items that were drawn at random, one after the other: the task and its distinct answers in "
        "random order, without who gave them and without what the vote says. Mark what is right by its "
        "number; what you do not mark is wrong. From this sample the report card says how right every model "
        "and every rule is; it changes no decision."
    )
    BINDINGS: ClassVar[list[BindingType]] = [declared.binding("judge") for declared in KEYS]

    def __init__(self, size: int = SIZE, wanted: Filter | None = None, seed: int | None = None) -> None:
        super().__init__()
        self._wish, self._wanted, self._seed = size, wanted or Filter(), seed
        self._drawing: Drawing | None = None
        self._order: list[str] = []
        self._judged: set[str] = set()
        self._left = 0  # as far as is known
        self._guideline = ""
        self._item: ToJudge | None = None
        self._answers: list[Distinct] = []
        self._marks = Marks(())
        self._cursor: int | None = None
        self._grading = False
        self._part = 0
        self._refused = ""

    def compose_body(self) -> ComposeResult:
        """Compose task, answers, the guideline beside them and the status."""
        with Horizontal(id="judge-desk"):
            with Vertical(id="judge-item"):
                yield JudgedTask(id="task")
                yield Answers(id="judge-answers")
            yield Static(id="judge-end")
            with VerticalScroll(id="judge-guideline", can_focus=False):
                yield Static(id="judge-rules", classes="dim")
        yield Sides("right", id="judge-status", classes="status")

    async def on_mount(self) -> None:
        """Resume the newest drawing, or draw."""
        self.show_title()
        await self._open()

    def about(self) -> str:
        """Explain the screen, and what counts as right."""
        return f"{self.ABOUT}\n\n{self._guideline.strip()}"

    @on(ProjectChanged)
    async def _project_changed(self) -> None:
        if host(self).project is not self._opened:
            await self._open()

    def on_resize(self, event: events.Resize) -> None:
        """Show the guideline where there is room for it."""
        super().on_resize(event)
        self.set_class(event.size.width >= BESIDE, "-beside")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys that mean something now."""
        traits, project = TRAITS.get(action, NONE), host(self).project
        if CHANGES in traits and (project is None or project.read_only):
            return False
        if NEEDS_ITEM in traits and self._item is None:
            return False
        if action == "mark" and not self._has(parameters[0]):
            return False
        if action == "grade" and not (self._grading and self._answers):
            return False
        if action == "input" and self._item is not None and self._item.kind != "A":
            return False
        if action in ("card", "learn") and self._item is not None:
            return False  # while it is judged, nothing may tell who is right
        if action == "more" and (self._item is not None or self._drawing is None or not self._left):
            return False
        return super().check_action(action, parameters)

    def _has(self, number: object) -> bool:
        return isinstance(number, int) and number <= len(self._answers)

    # ---- reading ----------------------------------------------------------------------------------

    async def _open(self) -> None:
        """Read the newest drawing from the filter; where there is none, draw."""
        self._opened, self._drawing, self._item = host(self).project, None, None
        self._refused = ""
        try:
            drawing = (
                await self._project.fetch(lambda c: judgements.current_drawing(c, str(self._wanted)))
                or await self._draw()
            )
            await self._take(drawing)
        except QuorumError as error:
            self._refused = f"{error.message} {error.hint}"
            await self._show(None)

    async def _draw(self) -> Drawing:
        if self._project.read_only:
            raise ProjectError("The project is open read-only.", "Judgements cannot be stored in it.")
        seed, self._seed = self._seed, None  # another drawing needs another seed
        return await self._project.write(
            partial(
                judgements.draw,
                reviewer=host(self).reviewer,
                size=self._wish,
                wanted=self._wanted,
                seed=seed,
            )
        )

    async def _take(self, drawing: Drawing) -> None:
        """Show what is left of a drawing."""
        who = host(self).reviewer

        def read(c: Connection) -> tuple[list[str], set[str], str]:
            order = [key for key, _ in drawings.drawn(c, drawing.id)]
            return order, judgements.judged_of(c, drawing.id, who), judgements.guideline(c).text

        self._drawing, self._left = drawing, self._wish
        self._order, self._judged, self._guideline = await self._project.fetch(read)
        self._show_guideline()
        await self._show_next()

    def _show_guideline(self) -> None:
        self.query_one("#judge-rules", Static).update(with_emphasis(self._guideline.strip()))

    async def _show_next(self) -> None:
        """Show the first item of the drawing that this reviewer has not judged."""
        await self._show(next((key for key in self._order if key not in self._judged), None))

    async def _show(self, instance_id: str | None, again: Judgement | None = None) -> None:
        """Show an item, or the end; with the marks of a judgement that was taken back."""
        self._part, self._cursor = 0, 0 if self._grading else None
        self._item, self._answers = None, []
        if instance_id is not None and self._drawing is not None:
            self._item = await self._project.fetch(lambda c: judgements.to_judge(c, instance_id))
            lot = f"{self._drawing.seed}/{instance_id}/{host(self).reviewer}"
            self._answers = shuffled(self._item.outputs, lot)
            fresh = marking.begin(self._item.kind, len(self._answers))
            self._marks = marking.again(again.verdict, self._answers) if again else fresh
        self.set_class(self._item is None, "-end")
        await self._draw_item()
        self._draw_marks()
        self.query_one("#judge-end", Static).update(self._end_text() if self._item is None else Content())
        if self._item is None and not self._refused:
            self.run_worker(self._say_what_comes_next(), group="gain", exclusive=True)

    @shows_errors
    async def _say_what_comes_next(self) -> None:
        """Count what is left to draw, measure what learning would gain, and say so if the end still shows."""
        who, wanted = host(self).reviewer, self._wanted
        self._left = await self._project.fetch(lambda c: judgements.left_to_draw(c, who, wanted))
        self.refresh_bindings()
        gain = await self._project.fetch(expected)
        if self._item is None:
            self.query_one("#judge-end", Static).update(self._end_text(gain))

    async def _draw_item(self) -> None:
        if self._item is not None:
            self.query_one(JudgedTask).show(self._item, self._part)
            await self.query_one(Answers).show(self._answers, self._part)

    def _draw_marks(self, hint: str = "") -> None:
        """Show title, marks and status."""
        if self._item is None:
            self.show_title()
            self.query_one("#judge-status", Sides).show(Content(), Content())
        else:
            at = self._order.index(self._item.instance_id) + 1
            self.show_title(Content(f"{count(at)} of {count(len(self._order))}"))
            self.query_one(Answers).mark(self._marks, self._cursor)
            right = literal(hint, "$text-warning") if hint else Content("Enter  next")
            self.query_one("#judge-status", Sides).show(status_of(self._marks), right)
        self.refresh_bindings()

    def _end_text(self, gain: Gain | None = None) -> Content:
        """Say what was judged, and what comes next; `gain` is what learning would bring, once it is known."""
        if self._refused or self._drawing is None:
            return literal(self._refused)
        chosen = literal(f" from {self._drawing.chosen}") if self._drawing.chosen else Content()
        helps = gain is not None and gain.all is not None and gain.all.is_clear
        learn, measured = offer(gain) if gain else ("let the vote learn from what was judged", "")
        keys = [
            ("R", Content("the report card: how right every model and every rule is")),
            ("L", literal(learn, "$text-success" if helps else "")),
            *([("", literal(measured))] if measured else []),
            ("+", literal(self._more())),
            ("u", Content("undo the last judgement")),
            ("Esc", Content("back")),
        ]
        lines = [Content.assemble((f"{key:<5}", "bold $primary"), words) for key, words in keys]
        done = Content.styled(f"✓ {plural(len(self._judged), 'item')} judged", "bold")
        return Content("\n").join([done.append(chosen), Content(), *lines])

    def _more(self) -> str:
        """Say what another drawing would bring."""
        if not self._left:
            return "no more to draw: every item has been drawn"
        return f"draw {count(min(self._wish, self._left))} more: the intervals become narrower"

    # ---- marking ----------------------------------------------------------------------------------

    def _mark(self, marks: Marks) -> None:
        self._marks = marks
        self._draw_marks()

    def action_mark(self, number: int) -> None:
        """Mark an answer, or while grading go to it."""
        if self._grading:
            self._cursor = number - 1
            self._draw_marks()
        else:
            self._mark(self._marks.toggled(number - 1))

    def action_mark_cursor(self) -> None:
        """Mark the answer at the cursor."""
        if self._cursor is not None:
            self._mark(self._marks.toggled(self._cursor))

    def action_none_right(self) -> None:
        """Mark every answer as wrong."""
        self._mark(self._marks.none_right())

    def action_rest_open(self) -> None:
        """Leave open what is not marked."""
        self._mark(self._marks.rest_open())

    def action_task(self) -> None:
        """Say that the task is not valid, or that it is."""
        self._mark(self._marks.with_task(not self._marks.task))

    def action_input(self) -> None:
        """Say that the input does not fit, or that it does."""
        self._mark(self._marks.with_input(not self._marks.input))

    def action_grading(self) -> None:
        """Grade, or mark right and wrong."""
        self._grading = not self._grading
        self._cursor = 0 if self._grading and self._answers else None
        self._draw_marks("a-d grades at the cursor; a and b are right." if self._grading else "")

    def action_grade(self, grade: Grade) -> None:
        """Grade the answer at the cursor and go to the next."""
        at = self._cursor or 0
        self._cursor = min(at + 1, len(self._answers) - 1)
        self._mark(self._marks.with_grade(at, grade))

    def action_cursor(self, by: int) -> None:
        """Move the cursor over the answers, round the ends."""
        if self._answers:
            start = (-1 if by > 0 else 0) if self._cursor is None else self._cursor
            self._cursor = (start + by) % len(self._answers)
            self._draw_marks()

    # ---- storing ----------------------------------------------------------------------------------

    @shows_errors
    async def action_store(self) -> None:
        """Store the judgement and show the next item."""
        item, drawing = self._item, self._drawing
        if item is None or drawing is None:
            return
        if missing := self._marks.missing:
            self._draw_marks(missing)
            return
        verdict = self._marks.verdict(self._answers)
        await self._project.write(
            partial(
                judgements.judge,
                reviewer=host(self).reviewer,
                instance_id=item.instance_id,
                verdict=verdict,
                drawing=drawing.id,
            )
        )
        self._judged.add(item.instance_id)
        await self._show_next()

    @shows_errors
    async def action_turn_back(self, which: str) -> None:
        """Undo or redo a judgement of this drawing; what was undone is shown with its marks."""
        if self._drawing is None:
            return
        turn, drawing, who = getattr(judgements, which), self._drawing.id, host(self).reviewer
        judgement: Judgement | None = await self._project.write(lambda c: turn(c, who, drawing))
        if judgement is None:
            host(self).say(Content(f"Nothing to {'undo' if which == 'undo' else 'redo'}."))
            return
        self._judged = await self._project.fetch(lambda c: judgements.judged_of(c, drawing, who))
        if which == "undo":
            await self._show(judgement.instance_id, judgement)
        else:
            await self._show_next()

    @shows_errors
    async def action_more(self) -> None:
        """Draw more items from the same."""
        await self._take(await self._draw())

    # ---- windows ----------------------------------------------------------------------------------

    def action_note(self) -> None:
        """Write a note; it is stored with the judgement."""
        item = self._item
        if item is None:
            return

        def written(text: str | None) -> None:
            if text is not None and self._item is item:
                self._mark(self._marks.with_note(text))

        self.app.push_screen(NoteScreen(item.number, self._marks.note), written)

    def action_guideline(self) -> None:
        """Read and change the guideline."""

        changes = self._opened is not None and not self._opened.read_only
        draft = draft_of(self._project, host(self).reviewer, "guideline")
        screen = GuidelineScreen(self._guideline, changes=changes, draft=draft)
        screen.stores = partial(self._save_guideline, self._project)
        self.app.push_screen(screen)

    @shows_errors
    async def _save_guideline(self, project: Project, text: str) -> bool:
        who = host(self).reviewer
        await project.write(lambda c: judgements.save_guideline(c, who, text))
        self._guideline = text
        self._show_guideline()
        return True

    def action_read(self) -> None:
        """Show task and answers in full."""
        if self._item is not None:
            self.app.push_screen(ReadBlindScreen(self._item, self._answers, self._part))

    async def action_part(self, by: int) -> None:
        """Show another part of texts that are longer than one."""
        if (item := self._item) is None:
            return
        texts = (in_lines(item.turns), item.instruction, item.input, *item.outputs.values())
        last = max(0, -(-max(map(len, texts)) // SLICE) - 1)
        part = min(max(self._part + by, 0), last)
        if part != self._part:
            self._part = part
            await self._draw_item()

    def action_card(self) -> None:
        """Go to the report card."""
        host(self).go("card")

    def action_learn(self) -> None:
        """Show what was learned, and vote by it if that is wanted."""
        learn_on(self, lambda: None)

    def action_scroll(self, pages: float) -> None:
        """Scroll long texts."""
        self.query_one(Answers).scroll_texts(pages)

    @on(TextBody.Moved)
    def _keep_inside(self, message: TextBody.Moved) -> None:
        message.stop()


def status_of(marks: Marks) -> Content:
    """Return what is said of task and input, and the note."""
    parts = [
        Content("task valid") if marks.task else Content.styled("✗ task not valid", "$text-error"),
    ]
    if marks.input is not None:
        fits = Content("input fits")
        parts.append(fits if marks.input else Content.styled("✗ input does not fit", "$text-error"))
    if marks.note:
        parts.append(literal(f"note: {marks.note}"))
    return Content(" · ").join(parts)


class ReadBlindScreen(Reader):
    """Shows task and answers of an item in full, by number alone."""

    def __init__(self, item: ToJudge, answers: list[Distinct], part: int) -> None:
        super().__init__()
        self._item, self._answers, self._part = item, answers, part

    def compose_texts(self) -> ComposeResult:
        """Compose the texts."""
        item, part = self._item, self._part
        if item.turns:
            turns = in_lines(item.turns).rstrip()
            yield Static(sliced(turns, part, "$foreground-muted"), classes="read-text")
        yield Static(sliced(item.instruction, part, "bold"), classes="read-text")
        if item.input:
            yield Static(sliced(item.input, part), classes="read-text")
        for number, answer in enumerate(self._answers, start=1):
            yield Static(Content.styled(f"{number:d}", "bold $primary"), classes="read-head")
            yield Static(text_of(answer.text, part), classes="read-text")
