"""The whole vote of an item: every pair of answers, the rule and its figures."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.method.reasons import in_words
from app.store.rows import CandidateRow, VoteRow
from app.store.views import ReviewItem
from app.tui.candidates import number_of, support, why
from app.tui.keys import key
from app.tui.literal import literal, literal_line, reason_words
from app.tui.screens.base import Question
from app.tui.widgets.table import Column, table
from app.tui.words import count, plural, score

DECIDED_BY = {"exact": "equal answers", "rouge": "similarity", "only-one": "the only answer"}
ENDED = {
    "end": "came to its end",
    "stop": "came to its end",
    "length": "cut by the length limit",
    "error": "error",
}


class VoteScreen(Question[None]):
    """Shows the pair matrix and everything the rule recorded."""

    BINDINGS: ClassVar[list[BindingType]] = [key("w,enter,q", "back", "close", "Close this.", "vote.close")]

    def __init__(self, item: ReviewItem) -> None:
        super().__init__(classes="wide")
        self._item = item

    def compose_window(self) -> ComposeResult:
        """Compose sentence, figures, matrix and models."""
        item = self._item
        yield Static(
            Content.assemble("The vote on ", (f"#{item.number:04d}", "bold")), classes="window-title"
        )
        with VerticalScroll(classes="window-text", can_focus=False):
            yield Static(literal(why(item)), id="vote-why")
            if item.vote is not None:
                yield Static(figures(item.vote), id="vote-figures")
                yield Static(matrix(item, item.vote), id="vote-matrix")
            yield Static(models(item), id="vote-models")
        yield Static("Esc  close", classes="window-keys")


def figures(vote: VoteRow) -> Content:
    """Return rule, threshold and outcome, one a line."""
    outcome = (
        Content("kept") if vote.keep else Content.assemble("dropped: ", literal_line(in_words(vote.reason)))
    )
    parts = [outcome]
    if vote.tie:
        parts.append(Content("tie"))
    if vote.short:
        parts.append(Content("winner is short"))
    rows = [
        [Content("outcome"), Content(" · ").join(parts)],
        [Content("decided by"), literal_line(DECIDED_BY.get(vote.decided_by, vote.decided_by))],
        [Content("rule"), Content.assemble(literal_line(vote.rule), " ", count(vote.rule_version))],
        [Content("threshold"), Content(f"{vote.threshold:g}")],
        [Content("lowest pair"), Content(score(vote.lowest))],
        [Content("winner’s mean"), Content(score(vote.mean))],
        [Content("disagreement"), Content(score(vote.disagreement))],
    ]
    columns = [Column(14), Column(60)]
    return table([[name.stylize("$foreground-muted"), value] for name, value in rows], columns)


def matrix(item: ReviewItem, vote: VoteRow) -> Content:
    """Return the similarity of every pair (ROUGE-L F1), the winner's row marked."""
    rows = {one.id: one for one in item.candidates}
    order = [rows[id] for id in vote.candidates if id in rows]
    head = [
        Content(),
        *(Content.assemble((f"{number_of(one):d}", "bold $primary")) for one in order),
        Content("mean"),
    ]
    lines = [[*head, Content()]]
    for at, one in enumerate(order):
        mean = support(vote, one.id)
        cells = [
            Content.styled("·", "$foreground-muted")
            if at == other
            else Content(score(vote.matrix[at][other]))
            for other in range(len(order))
        ]
        lines.append(
            [
                Content.assemble(
                    (f"{number_of(one):d}", "bold $primary"), "  ", literal_line(one.model_name, 40)
                ),
                *cells,
                Content(score(mean)) if mean is not None else Content("–"),
                Content.styled("● winner", "$primary") if one.id == vote.winner else Content(),
            ]
        )
    return table(lines, [Column(24), *(Column(5, "right") for _ in order), Column(5, "right"), Column(10)])


def models(item: ReviewItem) -> Content:
    """Return who wrote each candidate, how long it is and why it ended."""
    return Content("\n").join(_model_line(one) for one in item.candidates)


def _model_line(one: CandidateRow) -> Content:
    return Content.assemble(
        (f"{number_of(one):d}", "bold $primary"),
        "  ",
        literal_line(one.model_name, 40),
        " ",
        literal_line(one.quantisation, 12, "$foreground-muted"),
        "  ",
        literal_line(one.role, 12),
        (" · ", "$foreground-muted"),
        plural(one.words, "word"),
        (" · ", "$foreground-muted"),
        Content.assemble("dropped: ", reason_words(one.reason)) if one.reason else ENDED[one.ended],
    )
