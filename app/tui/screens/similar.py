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
from app.tui.keys import key
from app.tui.literal import literal_line
from app.tui.screens.base import Question
from app.tui.widgets.task import STATUS
from app.words import score


class SimilarScreen(Question[list[str]]):
    """Gives the ids of the items that are marked; at first all that nobody has decided."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "turn", "mark", "Mark the item under the cursor, or do not.", "similar.mark"),
        key("ctrl+s", "apply", "apply", "Apply it to the marked items, as one step.", "similar.apply"),
    ]

    def __init__(self, rejected: bool, found: Sequence[Similar]) -> None:
        super().__init__(classes="wide")
        self._rejected, self._found = rejected, found
        self._left_out = {one.instance_id for one in found if one.status not in ("undecided", "later")}

    def compose_window(self) -> ComposeResult:
        """Compose what is applied and the items."""
        yield Static("Items like this one", classes="window-title")
        yield Static("Reject these too:" if self._rejected else "Give these the same answer:")
        yield OptionList(id="similar-list")
        yield Static("Space  mark     Ctrl+S  apply to the marked     Esc  leave", classes="window-keys")

    def on_mount(self) -> None:
        """Begin in the list."""
        self._show()
        self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def action_turn(self) -> None:
        """Mark or leave out the highlighted item."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._left_out ^= {self._found[at].instance_id}
            self._show()

    def action_apply(self) -> None:
        """Give what is marked."""
        self.dismiss([one.instance_id for one in self._found if one.instance_id not in self._left_out])

    def _show(self) -> None:
        options = self.query_one(OptionList)
        at = options.highlighted
        options.clear_options()
        options.add_options(
            [
                Option(
                    Content.assemble(
                        "○ " if one.instance_id in self._left_out else "● ",
                        (score(one.score), "$foreground-muted"),
                        f"  #{one.number:04d}  ",
                        Content.assemble(STATUS[one.status][0], " ") if STATUS[one.status][0] else "",
                        literal_line(one.task, 90),
                    )
                )
                for one in self._found
            ]
        )
        options.highlighted = at or 0
