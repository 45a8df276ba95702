"""Similar: apply a rejection or an edit to items whose task is nearly the same, after looking at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from app.run.similar import Similar
from app.store import bulk
from app.store.review_state import Action
from app.store.views import ReviewItem
from app.tui.host import host, shows_errors
from app.tui.keys import key
from app.tui.literal import literal_line
from app.tui.screens.base import Question
from app.tui.widgets.item import STATUS
from app.words import score


class SimilarScreen(Question[tuple[Action, int]]):
    """Stores a decision for the marked items, and gives which and for how many.

    At first all undecided ones are marked whose task does not differ in a sign, number or symbol.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "turn", "mark", "Mark or unmark the item under the cursor.", "similar.mark"),
        key("ctrl+s", "apply", "apply", "Apply it to the marked items, as one step.", "similar.apply"),
    ]

    def __init__(self, item: ReviewItem, similar: Sequence[Similar]) -> None:
        super().__init__(classes="wide")
        self._item, self._similar = item, similar
        self._rejected = item.state.status == "rejected"
        self._left_out = {
            other.instance_id
            for other in similar
            if other.differs or other.status not in ("undecided", "later")
        }

    def compose_window(self) -> ComposeResult:
        """Compose what is applied and the items."""
        yield Static("Items like this one", classes="window-title")
        yield Static("Reject these too:" if self._rejected else "Give these the same answer:")
        yield OptionList(id="similar-list")
        yield Static("Space  mark     Ctrl+S  apply to the marked     Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """Focus the list."""
        self._project = host(self).require_project()
        self._show()
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def action_turn(self) -> None:
        """Mark or leave out the highlighted item."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._left_out ^= {self._similar[at].instance_id}
            self._show()

    @shows_errors
    async def action_apply(self) -> None:
        """Store it for what is marked."""
        keys = [other.instance_id for other in self._similar if other.instance_id not in self._left_out]
        if not keys:
            self.dismiss(None)
            return
        app, item = host(self), self._item
        stored = await self._project.write(lambda c: bulk.repeat(c, app.reviewer, item.instance_id, keys))
        self.dismiss(("reject" if self._rejected else "edit", stored))

    def _show(self) -> None:
        options = self.query_one(OptionList)
        at = options.highlighted
        options.clear_options()
        options.add_options(
            [
                Option(
                    Content.assemble(
                        "○ " if other.instance_id in self._left_out else "● ",
                        (score(other.score), "$foreground-muted"),
                        f"  #{other.number:04d}  ",
                        Content.assemble(STATUS[other.status][0], " ") if STATUS[other.status][0] else "",
                        ("other sign, number or symbol: ", "$text-warning") if other.differs else "",
                        literal_line(other.task, 60 if other.differs else 90),
                    )
                )
                for other in self._similar
            ]
        )
        options.highlighted = at or 0
