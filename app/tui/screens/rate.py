"""Rate: two models' answers to the tasks of an evaluation, side by side and blind; the better one is named.

Which model is on which side is drawn for each task; no name is shown before the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from app.errors import QuorumError
from app.method.judging import Distinct, shuffled
from app.method.turns import from_json, in_lines
from app.run.rating import Comparison, Result, comparison, result
from app.store import evaluations, ratings
from app.store.connection import Connection
from app.store.judgements import ToJudge
from app.store.ratings import Verdict
from app.tui.host import ProjectChanged, host, shows_errors
from app.tui.keys import CHANGES, DECIDES, FOOTER, LONG_TEXT, NEEDS_ITEM, NONE, ScreenKey
from app.tui.literal import SLICE, literal
from app.tui.screens.base import QuorumScreen
from app.tui.screens.judge import ReadBlindScreen
from app.tui.widgets.answers import AnswerView, JudgedTask, text_of
from app.tui.widgets.text_body import TextBody
from app.words import count, plural

BETTER = Binding.Group("better")
BETTER_SENTENCE = "Say that the answer with that number is better, and show the next task."

KEYS = (
    ScreenKey("1", "better(1)", BETTER_SENTENCE, DECIDES | FOOTER, "better", "better-1", "1 2", BETTER),
    ScreenKey("2", "better(2)", BETTER_SENTENCE, DECIDES, "better", "better-2", None, BETTER),
    ScreenKey("b", "both", "Say that both answers are equally good.", DECIDES | FOOTER, "both good"),
    ScreenKey("0", "neither", "Say that neither answer is good.", DECIDES | FOOTER, "neither"),
    ScreenKey("u", "turn_back('undo')", "Undo your ratings one by one.", CHANGES | FOOTER, "undo", "undo"),
    ScreenKey("ctrl+r", "turn_back('redo')", "Redo what you undid.", CHANGES, "redo", "redo"),
    ScreenKey("z", "read", "Show task and answers in full.", NEEDS_ITEM | FOOTER, "read in full"),
    *LONG_TEXT,
)
TRAITS = {declared.name: declared.traits for declared in KEYS}


class RateScreen(QuorumScreen):
    """Walks through the tasks that two models answered differently; a rating is stored at once."""

    NAME = "Rate"
    ABOUT = (
        "Shows tasks of an evaluation that two models answered differently: both answers side by side, "
        "without whose they are. Say which is better by its number. At the end, and whenever you come back, "
        "it says how often each model's answer was better, with a 95% interval."
    )
    BINDINGS: ClassVar[list[BindingType]] = [declared.binding("rate") for declared in KEYS]

    def __init__(self, models: Sequence[str] = (), most: int | None = None) -> None:
        super().__init__()
        self._models, self._most = models, most
        self._compared: Comparison | None = None
        self._order: Sequence[int] = ()
        self._rated: set[int] = set()
        self._at: int | None = None
        self._item: ToJudge | None = None
        self._answers: list[Distinct] = []
        self._part = 0

    def compose_body(self) -> ComposeResult:
        """Compose the task, the two answers beside each other, and the end."""
        with Vertical(id="rate-item"):
            yield JudgedTask(id="task")
            with Horizontal(id="rate-answers"):
                yield AnswerView()
                yield AnswerView()
        yield Static(id="rate-end")

    async def on_mount(self) -> None:
        """Find what is compared, and show the first task that is not rated."""
        await self._open()

    @on(ProjectChanged)
    async def _project_changed(self) -> None:
        if host(self).project is not self._opened:
            await self._open()

    @shows_errors
    async def _open(self) -> None:
        self._opened, self._compared, self._item, self._at = host(self).project, None, None, None
        self.show_title()
        project, who = self._project, host(self).reviewer

        def read(c: Connection) -> tuple[Comparison, set[int]]:
            compared = comparison(c, self._models)
            return compared, ratings.rated(c, compared.pair, who)

        try:
            compared, self._rated = await project.fetch(read)
        except QuorumError as error:
            self.add_class("-end")
            self.query_one("#rate-end", Static).update(literal(f"{error.message} {error.hint}"))
            self.refresh_bindings()
            return
        self._compared, self._order = compared, compared.order[: self._most]
        await self._show_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys that mean something now."""
        traits, project = TRAITS.get(action, NONE), host(self).project
        if CHANGES in traits and (project is None or project.read_only or self._compared is None):
            return False
        if NEEDS_ITEM in traits and self._item is None:
            return False
        return super().check_action(action, parameters)

    # ---- showing ----------------------------------------------------------------------------------

    async def _show_next(self) -> None:
        await self._show(next((at for at in self._order if at not in self._rated), None))

    async def _show(self, at: int | None) -> None:
        """Show the task at a position, or the end."""
        self._at, self._item, self._part = at, None, 0
        compared = self._compared
        if compared is None:
            return
        project = self._project
        if at is not None:
            self._item = await project.fetch(lambda c: _to_rate(c, compared, at))
            lot = f"{compared.evaluation.id}/{at}/{host(self).reviewer}"
            self._answers = shuffled(self._item.outputs, lot)
            self._draw_item()
            left = self._order.index(at) + 1
            self.show_title(Content(f"{count(left)} of {count(len(self._order))}"))
        else:
            said = await project.fetch(lambda c: result(c, compared.pair))
            self.query_one("#rate-end", Static).update(end_text(compared, said))
            self.show_title()
        self.set_class(at is None, "-end")
        self.refresh_bindings()

    def _draw_item(self) -> None:
        if self._item is None:
            return
        self.query_one(JudgedTask).show(self._item, self._part)
        for number, (view, answer) in enumerate(
            zip(self.query(AnswerView), self._answers, strict=True), start=1
        ):
            view.body.show(text_of(answer.text, self._part))
            view.mark(number, None, cursor=False)

    # ---- rating -----------------------------------------------------------------------------------

    async def action_better(self, number: int) -> None:
        """Say that an answer is better."""
        if self._compared is not None and self._item is not None:
            (model,) = self._answers[number - 1].candidates
            await self._rate("first" if model == self._compared.pair.first else "second")

    async def action_both(self) -> None:
        """Say that both answers are good alike."""
        await self._rate("both")

    async def action_neither(self) -> None:
        """Say that neither answer is good."""
        await self._rate("neither")

    @shows_errors
    async def _rate(self, verdict: Verdict) -> None:
        at, compared, who = self._at, self._compared, host(self).reviewer
        if at is None or compared is None:
            return
        await self._project.write(lambda c: ratings.rate(c, compared.pair, who, at, verdict))
        self._rated.add(at)
        await self._show_next()

    @shows_errors
    async def action_turn_back(self, which: str) -> None:
        """Undo or redo a rating; the task of what was undone is shown again."""
        if (compared := self._compared) is None:
            return
        turn = ratings.undo if which == "undo" else ratings.redo
        project, who = self._project, host(self).reviewer
        at = await project.write(partial(turn, pair=compared.pair, reviewer=who))
        if at is None:
            host(self).say(Content(f"Nothing to {'undo' if which == 'undo' else 'redo'}."))
            return
        self._rated = await project.fetch(lambda c: ratings.rated(c, compared.pair, who))
        if which == "undo":
            await self._show(at)
        else:
            await self._show_next()

    # ---- long texts -------------------------------------------------------------------------------

    def action_read(self) -> None:
        """Show task and answers in full."""
        if self._item is not None:
            self.app.push_screen(ReadBlindScreen(self._item, self._answers, self._part))

    def action_part(self, by: int) -> None:
        """Show another part of texts that are longer than one."""
        if (item := self._item) is None:
            return
        texts = (in_lines(item.turns), item.instruction, item.input, *item.outputs.values())
        last = max(0, -(-max(map(len, texts)) // SLICE) - 1)
        part = min(max(self._part + by, 0), last)
        if part != self._part:
            self._part = part
            self._draw_item()

    def action_scroll(self, pages: float) -> None:
        """Scroll both answers."""
        for view in self.query(AnswerView):
            lines = max(1, int(view.body.size.height * abs(pages)))
            view.body.scroll_relative(y=lines if pages > 0 else -lines, animate=False)

    @on(TextBody.Moved)
    def _keep_inside(self, message: TextBody.Moved) -> None:
        message.stop()


def _to_rate(c: Connection, compared: Comparison, at: int) -> ToJudge:
    """Return a task and the answers of both models, by fingerprint."""
    task = evaluations.task_at(c, compared.evaluation.id, at)
    said = evaluations.outputs_at(c, compared.evaluation.id, at)
    outputs = {model: said[model] for model in (compared.pair.first, compared.pair.second)}
    return ToJudge(str(at), at + 1, task.kind, task.instruction, task.input, from_json(task.context), outputs)


def end_text(compared: Comparison, said: Result) -> Content:
    """Say how the two models compare; here their names are told."""
    first, second = (literal(compared.names[model]) for model in (compared.pair.first, compared.pair.second))
    lines = [Content.styled(f"✓ {plural(sum(said.verdicts.values()), 'rating')}", "bold"), Content()]
    if said.share is not None:
        share = said.share
        figures = f" was better in {100 * share.value:.0f}% ({100 * share.low:.0f}–{100 * share.high:.0f})"
        lines.append(
            Content.assemble(first, figures, f" of the {plural(said.better, 'task')} where one was better")
        )
        lines.append(Content())
    counted: tuple[tuple[Verdict, Content], ...] = (
        ("first", Content.assemble(first, " better")),
        ("second", Content.assemble(second, " better")),
        ("both", Content("both good")),
        ("neither", Content("neither good")),
    )
    lines += [Content.assemble(f"{said.verdicts.get(verdict, 0):>6,}  ", words) for verdict, words in counted]
    same = f"{count(compared.same)} of {plural(compared.evaluation.size, 'task')} got the same answer by both"
    return Content("\n").join([*lines, Content(), Content(f"{same} and are not shown.")])
