"""Bulk: accept or reject at once what meets a rule, after seeing how many and ten of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from app.errors import QuorumError
from app.store import bulk
from app.store.bulk import BulkAction, BulkRule, Matching, RuleName
from app.store.filters import Filter
from app.store.project import Connection
from app.store.review_state import Action
from app.tui.host import host, shows_errors
from app.tui.keys import key
from app.tui.literal import failed_line, literal_line
from app.tui.queue_state import VIEWS
from app.tui.screens.base import Question
from app.words import count, plural, score

RULES: dict[RuleName, str] = {
    "unanimous": "all answers say the same",
    "exact": "the vote was decided by equal answers ¹",
    "mean": "the winner’s mean similarity ¹ is at least",
    "short": "the winner is short beside the others",
    "all": "everything undecided in the filter",
}
STEP = 0.05
_BESIDE, _NARROW, _WRAPPED = 14, 78, 3
"""Lines that the window needs beside the samples; and below how many columns it needs how many more."""


class BulkScreen(Question[tuple[Action, int]]):
    """Stores a decision for all that meet a rule; gives which one and for how many."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("a", "turn('accept')", "accept", "Accept the winners.", "bulk.accept"),
        key("x", "turn('reject')", "reject", "Reject the items.", "bulk.reject"),
        *(
            key(f"{number}", f"rule('{name}')", words, "Take this rule.", f"bulk.{name}")
            for number, (name, words) in enumerate(RULES.items(), start=1)
        ),
        key("right,l", "slide(1)", "more", "Raise the mean similarity.", "bulk.more"),
        key("left,h", "slide(-1)", "less", "Lower the mean similarity.", "bulk.less"),
        key("enter", "go", "do it", "Ask once more, then store it as one step.", "bulk.go"),
    ]

    def __init__(self, wanted: Filter) -> None:
        super().__init__(classes="wide")
        self._wanted = wanted
        self._action: BulkAction = "accept"
        self._rule = BulkRule()
        self._matching: Matching | None = None
        self._counting = False
        self._failed = ""
        """Why it could not be counted (foreign)."""
        self._sure = False

    def compose_window(self) -> ComposeResult:
        """Compose choice, rules, count and samples."""
        yield Static(id="bulk-title", classes="window-title")
        yield Static(id="bulk-rules")
        yield Static("¹ without those equal but for a sign, number or symbol", classes="dim")
        yield Static(id="bulk-count")
        yield Static(id="bulk-samples")
        yield Static(
            "a x  decision   1-5  rule   ← →  limit   Enter  do it   Esc  cancel",
            classes="window-keys",
        )

    def on_mount(self) -> None:
        """Show the first rule."""
        self._project = host(self).require_project()
        self._look()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the samples out for the new width."""
        super().on_resize(event)
        self._show()

    def action_turn(self, action: BulkAction) -> None:
        """Accept or reject."""
        self._action = action
        self._look()

    def action_rule(self, name: RuleName) -> None:
        """Take a rule."""
        self._rule = replace(self._rule, name=name)
        self._look()

    def action_slide(self, by: int) -> None:
        """Change what the rule "mean" asks for."""
        least = min(1.0, max(0.0, round(self._rule.least + by * STEP, 2)))
        self._rule = replace(self._rule, name="mean", least=least)
        self._look()

    @shows_errors
    async def action_go(self) -> None:
        """The first time ask, once it is counted; the second time store it. What failed is counted again."""
        if self._matching is None:
            if self._failed:
                self._look()
            self._sure = True
            return
        if not self._matching.count:
            return
        if not self._sure:
            self._sure = True
            self._show()
            return
        app, action, wanted, rule = host(self), self._action, self._wanted, self._rule
        # A hundred thousand of them take ten seconds and more.
        self.query_one("#bulk-count", Static).update("Storing the decisions …")
        try:
            stored = await self._project.write(lambda c: bulk.decide(c, action, wanted, rule, app.reviewer))
        except QuorumError:
            self._sure = False
            self._show()
            raise
        self.dismiss((action, stored))

    def _look(self) -> None:
        """Have counted what is chosen now; keys are heard meanwhile, as a million items take seconds."""
        self._sure, self._matching, self._failed = False, None, ""
        self._show()
        if not self._counting:
            self._counting = True
            self.run_worker(self._count(), group="bulk")

    @shows_errors
    async def _count(self) -> None:
        """Count until what was counted is what is chosen: one count at a time, however fast one types."""
        app, project, wanted = host(self), self._project, self._wanted
        try:
            while self._matching is None:
                action, rule = self._action, self._rule
                matching = await project.fetch(partial(_matching, action, wanted, rule, app.reviewer))
                if (action, rule) == (self._action, self._rule):
                    self._matching = matching
                    self._sure = self._sure and bool(matching.count)
        except QuorumError as error:
            self._failed, self._sure = error.message, False
            self._show()
            raise
        finally:
            self._counting = False
        self._show()

    def _show(self) -> None:
        matching = self._matching or Matching(0, ())
        what = "Accept the winners" if self._action == "accept" else "Reject all"
        where = Content.assemble(VIEWS[self._wanted.view], " ", literal_line(self._wanted.text, 60))
        self.query_one("#bulk-title", Static).update(
            Content.assemble(what, " where …", ("   in: ", "$foreground-muted"), where.rstrip())
        )
        rules = [
            Content.assemble(
                "● " if name == self._rule.name else "○ ",
                (f"{number:d}  ", "bold $primary"),
                words,
                f" {score(self._rule.least)}" if name == "mean" else "",
            )
            for number, (name, words) in enumerate(RULES.items(), start=1)
        ]
        self.query_one("#bulk-rules", Static).update(Content("\n").join(rules))
        counted = Content.assemble((count(matching.count), "bold"), " undecided of them")
        if self._failed:
            counted = failed_line("Not counted", self._failed) + Content("  Enter tries again.")
        elif self._matching is None:
            counted = Content("counting …")
        elif self._sure:
            verb = "accepts" if self._action == "accept" else "rejects"
            items = plural(min(matching.count, bulk.MOST), "item")
            asked = f"   Enter once more {verb} {items}; one u undoes them all."
            counted = Content.assemble(counted, (asked, "$text-warning"))
        self.query_one("#bulk-count", Static).update(counted)
        room = max(40, min(self.size.width * 94 // 100, 160) - 20)
        wrapped = _WRAPPED if self.size.width < _NARROW else 0
        fit = max(1, self.size.height - _BESIDE - wrapped)
        samples = [_sample(number, task, answer, room) for number, task, answer in matching.samples[:fit]]
        self.query_one("#bulk-samples", Static).update(Content("\n").join(samples))


def _matching(action: BulkAction, wanted: Filter, rule: BulkRule, reviewer: str, c: Connection) -> Matching:
    return bulk.matching(c, action, wanted, rule, reviewer)


def _sample(number: int, task: str, answer: str, room: int) -> Content:
    """Lay out an item in one line of `room` cells; a short answer leaves its share to the task."""
    said = literal_line(answer, room // 2)
    asked = literal_line(task, room - min(said.cell_length, room // 2))
    arrow = ("  →  ", "$foreground-muted")
    return Content.assemble((f"#{number:04d}  ", "$foreground-muted"), asked, arrow, said)
